"""How many posts a second, and how long one waits for its acknowledgement."""

from collections.abc import Sequence

from bench import load
from bench.figures import Figure, Figures
from bench.site import Poster, Site, middle

CLIENTS = 16
HELLO_CONNECTIONS = 8
ROUNDS = 3

THREADS = ("200", "posted", "100000")


def measure(site: Site) -> Figures:
    """The rate against the raw hello, and the wait by the size of the thread."""
    rates, ratios, waits = [], [], []
    seconds = 2.0 if site.is_quick else 5.0
    for number in range(ROUNDS):
        hello = [load.Same(load.get("/"), 200) for _ in range(HELLO_CONNECTIONS)]
        raw = load.drive(site.hello.port, hello, 1.0)
        tally = load.drive(site.dialog.port, _posters(site, CLIENTS, "posted", number), seconds)
        rates.append(tally.rate)
        ratios.append(tally.rate / raw.rate)
        waits += tally.waits
    yield Figure("post.rate", middle(rates), "posts/s")
    yield Figure("post.rate_to_hello", middle(ratios), "×", 0.04, "more")
    yield Figure("post.p95_with_16_clients", 1000 * sorted(waits)[int(len(waits) * 0.95)], "ms")
    small, large = _acknowledged(site)
    yield Figure("post.200.acknowledged", 1000 * small, "ms")
    yield Figure("post.100000.acknowledged", 1000 * large, "ms")
    yield Figure("post.acknowledged_growth", large / small, "×", 1.2)


def _acknowledged(site: Site) -> tuple[float, float]:
    """Median seconds for one citizen alone, in turn in the small and in the large thread."""
    waits: dict[str, list[float]] = {"200": [], "100000": []}
    for number in range(4 if site.is_quick else 10):
        for name, found in waits.items():
            posters = _posters(site, 1, name, 100 + number)
            found.extend(load.drive(site.dialog.port, posters, 0.4).waits)
    return middle(waits["200"]), middle(waits["100000"])


def _posters(site: Site, count: int, name: str, number: int) -> Sequence[Poster]:
    thread_id = site.ground.threads[name]
    return [
        Poster(citizen, thread_id, f"{name}-{number}-{who}")
        for who, citizen in enumerate(site.ground.citizens[:count])
    ]
