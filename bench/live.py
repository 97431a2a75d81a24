"""From a POST to the last open page, against a bare Node `ws` broadcast; and five thousand held."""

import gc
import http.client
import time

from bench import load
from bench.crowd import Crowd
from bench.figures import Figure, Figures
from bench.processes import Running, node_broadcast
from bench.site import Site, middle, new_post

CROWD = 1_000
LARGE_CROWD = 5_000
POSTS = 15
PAUSE = 0.3  # seconds between posts, so that each is measured alone

THREADS = ("200",)


def measure(site: Site) -> Figures:
    """Milliseconds to the last socket, here and in Node, and what five thousand sockets cost."""
    posts = 8 if site.is_quick else POSTS
    mine, message, lost = _fan_out(site, CROWD, posts)
    yield Figure("live.1000.last_socket", mine, "ms")
    yield Figure("live.1000.lost", lost, "messages", 0)
    yield Figure("live.frame", len(message), "bytes")
    try:
        with node_broadcast(site.folder) as node:
            bare_ms = bare(node, message, posts, CROWD)
    except LookupError as missing:
        print(f"  not compared, for want of {missing}")
    else:
        yield Figure("live.1000.bare_ws", bare_ms, "ms")
        yield Figure("live.1000.to_bare_ws", mine / bare_ms, "×", 2.5)
    large, _message, lost = _fan_out(site, LARGE_CROWD, 3 if site.is_quick else 6)
    yield Figure("live.5000.last_socket", large, "ms")
    yield Figure("live.5000.lost", lost, "messages", 0)
    yield Figure("live.5000.memory", site.dialog.megabytes(), "MB")


def _fan_out(site: Site, size: int, posts: int) -> tuple[float, bytes, int]:
    """Median ms from POST to the last socket, one message as it came, and how many were lost."""
    thread_id = site.ground.threads["200"]
    crowd = Crowd(site.dialog.port, size, lambda _number: f"thread:{thread_id}:da")
    writer = http.client.HTTPConnection("127.0.0.1", site.dialog.port)
    times, lost = [], 0
    for number in range(posts):
        words = f"Indlæg {number} til {size}: jeg vil gerne se regnestykket bag forslaget."
        request = new_post(site.ground.citizens[number % 16], thread_id, words)
        seconds, missed = timed(site.dialog.port, request, crowd, number + 1)
        times.append(1000 * seconds)
        lost += missed
    message = crowd.listeners[0].last
    writer.close()
    crowd.close()
    time.sleep(1)  # the server says goodbye to all of them
    return middle(times), message, lost


def bare(node: Running, message: bytes, posts: int, size: int) -> float:
    """Median ms until the last of `size` sockets at the bare server has the message."""
    crowd = Crowd(node.port, size, lambda _number: None)
    request = load.post("/", message)
    times = [1000 * timed(node.port, request, crowd, number + 1)[0] for number in range(posts)]
    crowd.close()
    return middle(times)


def timed(port: int, request: bytes, crowd: Crowd, messages: int) -> tuple[float, int]:
    """Seconds from the first byte of the POST until everyone has heard, and how many did not."""
    sender = _Sender(port)
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    sender.send(request)
    ended, lost = crowd.hear_all(messages, 10)
    gc.enable()
    sender.finish()
    time.sleep(PAUSE)
    return ended - began, lost


class _Sender:
    """A connection that is open before the clock runs."""

    def __init__(self, port: int) -> None:
        import socket

        self._sock = socket.create_connection(("127.0.0.1", port), timeout=10)

    def send(self, request: bytes) -> None:
        self._sock.sendall(request)

    def finish(self) -> None:
        """Raises: RuntimeError unless the post was taken."""
        said = self._sock.recv(1 << 16)
        self._sock.close()
        if b" 201 " not in said[:16]:
            raise RuntimeError(said[:300].decode(errors="replace"))
