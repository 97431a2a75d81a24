"""A thousand readers and fifty writers at once: no error, nothing stale, never a long wait."""

import gzip
import random
import re

from bench import load
from bench.crowd import Crowd
from bench.figures import Figure, Figures
from bench.ground import MIXED_THREADS, Citizen
from bench.site import Site, created, new_post

THREADS = tuple(f"mixed{number}" for number in range(MIXED_THREADS))
READERS = 1_000
WRITERS = 50
SECONDS, QUICK_SECONDS = 120.0, 15.0
READ_EVERY = (1.0, 5.0)  # seconds: a reader looks again after a while between these
WRITE_EVERY = (4.0, 12.0)
_REV = re.compile(rb'data-rev="(\d+)"')


class Truth:
    """The rev of each thread that has been acknowledged to somebody."""

    def __init__(self) -> None:
        self.acknowledged: dict[int, int] = {}
        self.stale = 0
        self.reads = self.posts = 0

    def note(self, thread_id: int, rev: int) -> None:
        """Somebody was told that the thread stands at `rev`."""
        self.acknowledged[thread_id] = max(rev, self.acknowledged.get(thread_id, 0))

    def check(self, shown: int, least: int) -> None:
        """Counts a page that shows less than what was acknowledged before it was asked for."""
        self.reads += 1
        self.stale += shown < least


class Reader:
    """Reads a thread again and again, as a browser that has kept it."""

    def __init__(self, truth: Truth, thread_id: int, pace: random.Random) -> None:
        self._truth, self._thread_id, self._pace = truth, thread_id, pace
        self._tag = ""
        self._least = 0

    def request(self) -> bytes:
        self._least = self._truth.acknowledged.get(self._thread_id, 0)
        path = f"/threads/{self._thread_id}"
        return load.get(path, If_None_Match=self._tag) if self._tag else load.get(path)

    def answered(self, answer: load.Answer) -> float:
        if answer.status not in (200, 304):
            raise RuntimeError(f"a reader was answered with {answer.status}")
        self._tag = answer.header("ETag")
        self._truth.check(int(self._tag.strip('"').split("-")[0]), self._least)
        return self._pace.uniform(*READ_EVERY)


class Writer:
    """Writes, and at once reads the page that must show it."""

    def __init__(self, truth: Truth, thread_id: int, citizen: Citizen, number: int) -> None:
        self._truth, self._thread_id, self._citizen = truth, thread_id, citizen
        self._pace = random.Random(number)
        self._number, self._sent, self._wrote = number, 0, False
        self._least = 0

    def request(self) -> bytes:
        self._wrote = not self._wrote
        if not self._wrote:
            self._least = self._truth.acknowledged.get(self._thread_id, 0)
            return load.get(f"/threads/{self._thread_id}", Cookie=self._citizen.cookie)
        self._sent += 1
        words = f"Indlæg {self._sent} fra skribent {self._number}: hvad med dem uden bil?"
        return new_post(self._citizen, self._thread_id, words)

    def answered(self, answer: load.Answer) -> float:
        if self._wrote:
            self._truth.posts += 1
            self._truth.note(self._thread_id, created(answer)["rev"])
            return 0.0
        shown = _REV.search(gzip.decompress(answer.body))
        assert shown is not None
        self._truth.check(int(shown[1]), self._least)
        return self._pace.uniform(*WRITE_EVERY)


def measure(site: Site) -> Figures:
    """What went wrong, which should be nothing, and how long the longest wait was."""
    threads = [site.ground.threads[name] for name in THREADS]
    _warm_up(site, threads)
    crowd = Crowd(site.dialog.port, READERS, lambda n: f"thread:{threads[n % MIXED_THREADS]}:da")
    truth = Truth()
    seconds = QUICK_SECONDS if site.is_quick else SECONDS
    for server in (site.dialog, site.hello):
        server.heartbeat()
    tally = load.drive(
        site.dialog.port,
        _people(site, truth, threads),
        seconds,
        spread=READ_EVERY[1],
        beside=(crowd.selector.fileno(), crowd.listen),
    )
    blocked, idle = site.dialog.heartbeat()["longest"], site.hello.heartbeat()["longest"]
    waits = sorted(tally.waits)
    lost = _lost(crowd, truth.posts)
    crowd.close()
    yield Figure("mixed.reads", truth.reads, "reads")
    yield Figure("mixed.posts", truth.posts, "posts")
    yield Figure("mixed.errors", 0, "errors", 0)  # the first one would have ended the measure
    yield Figure("mixed.stale_pages", truth.stale, "pages", 0)
    yield Figure("mixed.lost_messages", lost, "messages", 0)
    yield Figure("mixed.hub_blocked", 1000 * blocked[-1], "ms", 100)
    yield Figure("mixed.idle_blocked", 1000 * idle[-1], "ms")  # of a server that nobody asks
    yield Figure("mixed.wait_median", 1000 * waits[len(waits) // 2], "ms")
    yield Figure("mixed.wait_p99", 1000 * waits[int(len(waits) * 0.99)], "ms")
    yield Figure("mixed.client_share", tally.client_share, "of a core")


def _warm_up(site: Site, threads: list[int]) -> None:
    """One read of each page and one post: a server that has just started compiles its templates."""
    for thread_id in threads:
        load.once(site.dialog.port, load.get(f"/threads/{thread_id}"))
    words = "Det første indlæg, som ingen måler på."
    created(load.once(site.dialog.port, new_post(site.ground.citizens[0], threads[0], words)))


def _people(site: Site, truth: Truth, threads: list[int]) -> list[load.Client]:
    pace = random.Random(0)
    people: list[load.Client] = [
        Reader(truth, threads[number % MIXED_THREADS], pace) for number in range(READERS)
    ]
    people += [
        Writer(truth, threads[number % MIXED_THREADS], citizen, number)
        for number, citizen in enumerate(site.ground.citizens[-WRITERS:])
    ]
    pace.shuffle(people)
    return people


def _lost(crowd: Crowd, posts: int) -> int:
    """Messages that did not come: each post is told to the readers of its thread."""
    wanted = posts * READERS // MIXED_THREADS
    for _wait in range(60):
        if crowd.heard >= wanted:
            break
        crowd.listen(0.05)
    return max(0, wanted - crowd.heard)
