"""How many readers a second: the kept page and its 304 against the raw hello."""

from bench import load
from bench.figures import Figure, Figures
from bench.site import Site, middle

CONNECTIONS = 8
ROUNDS = 5  # of all of them in turn, so that a busy moment of the machine hits them alike

THREADS = ("200",)


def measure(site: Site) -> Figures:
    """Requests a second, and ratios to the hello that was asked the same in the same round."""
    path = f"/threads/{site.ground.threads['200']}"
    tag = load.once(site.dialog.port, load.get(path)).header("ETag")
    again = load.get(path, If_None_Match=tag)
    asked = {
        "hello": (site.hello.port, load.get(path), 200),
        "page": (site.dialog.port, load.get(path), 200),
        "hello_asked_again": (site.hello.port, again, 200),
        "not_modified": (site.dialog.port, again, 304),
    }
    rounds = 3 if site.is_quick else ROUNDS
    rates: dict[str, list[float]] = {name: [] for name in asked}
    shares: list[float] = []
    for _round in range(rounds):
        for name, (port, request, status) in asked.items():
            clients = [load.Same(request, status) for _ in range(CONNECTIONS)]
            tally = load.drive(port, clients, 1.0 if site.is_quick else 2.0)
            rates[name].append(tally.rate)
            shares.append(tally.client_share)
    for name, found in rates.items():
        yield Figure(f"read.{name}", middle(found), "requests/s")
    pairs = (("page", "hello", 0.60), ("not_modified", "hello_asked_again", 0.85))
    for name, twin, goal in pairs:  # the hello is sent the very same request
        ratios = [mine / raw for mine, raw in zip(rates[name], rates[twin], strict=True)]
        yield Figure(f"read.{name}_to_hello", middle(ratios), "×", goal, "more")
    yield Figure("read.client_share", max(shares), "of a core")
