"""The load: many keep-alive connections from one loop on raw sockets.

Nothing but `epoll`, `send` and `recv`: on loopback it could ask several times faster than a
WSGI server in Python can answer. `Tally.client_share` shows how busy it was.
"""

import heapq
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

MOST_AT_ONCE = 1 << 18  # bytes taken by one recv


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `seconds` from the request's first byte to the answer's last."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """A header's value, or "" without it."""
        _before, found, after = self.head.partition(f"\r\n{name}: ".encode())
        return after.partition(b"\r\n")[0].decode() if found else ""


class Client(Protocol):
    """Someone with one connection."""

    def request(self) -> bytes:
        """The next request, whole."""
        ...

    def answered(self, answer: Answer) -> float:
        """Seconds to wait before the next request."""
        ...


@dataclass
class Tally:
    """What a load came to."""

    seconds: float = 0.0
    answers: int = 0
    waits: list[float] = field(default_factory=list)  # seconds, one for each answer
    client_share: float = 0.0  # of one core, that the load itself used

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


class Same:
    """A client that asks for one thing again and again."""

    def __init__(self, request: bytes, status: int) -> None:
        self._request, self._status = request, status

    def request(self) -> bytes:
        return self._request

    def answered(self, answer: Answer) -> float:
        if answer.status != self._status:
            raise RuntimeError(f"answered {answer.status}, not {self._status}")
        return 0.0


def get(path: str, **headers: str) -> bytes:
    """A GET as a browser sends it; `If_None_Match` is If-None-Match."""
    return _head("GET", path, {"Accept_Encoding": "gzip, deflate, br", **headers})


def post(path: str, body: bytes, **headers: str) -> bytes:
    """A POST of a form."""
    form = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": str(len(body))}
    return _head("POST", path, {**form, **headers}) + body


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class _Connection:
    __slots__ = ("asked_at", "body_from", "client", "got", "parts", "sock", "whole")

    def __init__(self, port: int, client: Client) -> None:
        self.client = client
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> None:
        self.parts: list[bytes] = []
        self.got = self.whole = 0
        self.asked_at = time.perf_counter()
        self.sock.sendall(self.client.request())

    def hear(self) -> bool:
        """True once the answer is whole."""
        part = self.sock.recv(MOST_AT_ONCE)
        if not part:
            raise RuntimeError("the server hung up")
        self.parts.append(part)
        self.got += len(part)
        if not self.whole:
            self._measure()
        return bool(self.whole) and self.got >= self.whole

    def _measure(self) -> None:
        if len(self.parts) > 1:
            self.parts = [b"".join(self.parts)]
        head, ended, _body = self.parts[0].partition(b"\r\n\r\n")
        if not ended:
            return
        _before, found, after = head.partition(b"Content-Length: ")
        length = int(after.partition(b"\r\n")[0]) if found else 0
        self.body_from = len(head) + 4
        self.whole = self.body_from + length

    def answer(self) -> Answer:
        seconds = time.perf_counter() - self.asked_at
        all_of_it = self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)
        head = all_of_it[: self.body_from]
        return Answer(int(head[9:12]), head, all_of_it[self.body_from :], seconds)


def once(port: int, request: bytes) -> Answer:
    """The answer to one request."""
    connection = _Connection(port, Same(request, 0))
    connection.ask()
    while not connection.hear():
        pass
    connection.sock.close()
    return connection.answer()


def drive(
    port: int,
    clients: Sequence[Client],
    seconds: float,
    *,
    spread: float = 0.0,
    beside: tuple[int, Callable[[], None]] | None = None,
) -> Tally:
    """What these clients got done. Raises: RuntimeError, OSError for anything that goes wrong.

    spread: seconds in which they begin, one after the other. beside: something else to watch,
    by its file number, and what to do when it has news.
    """
    connections = [_Connection(port, client) for client in clients]
    try:
        return _Loop(connections, seconds, spread, beside).run()
    finally:
        for connection in connections:
            connection.sock.close()


class _Loop:
    def __init__(
        self,
        connections: list[_Connection],
        seconds: float,
        spread: float,
        beside: tuple[int, Callable[[], None]] | None,
    ) -> None:
        self._seconds = seconds
        self._spread = spread / len(connections)
        self._beside = beside
        self._selector = selectors.EpollSelector()
        self._waiting: list[tuple[float, int]] = []
        self._connections = connections
        for number, connection in enumerate(connections):
            self._selector.register(connection.sock, selectors.EVENT_READ, number)
        if beside:
            self._selector.register(beside[0], selectors.EVENT_READ, None)
        self._tally = Tally()

    def run(self) -> Tally:
        began, cpu = time.perf_counter(), time.process_time()
        end = began + self._seconds
        for number in range(len(self._connections)):
            heapq.heappush(self._waiting, (began + number * self._spread, number))
        while (now := time.perf_counter()) < end:
            self._ask_those_due(now)
            for key, _events in self._selector.select(self._until_next(now, end)):
                self._hear(key.data)
        self._selector.close()
        self._tally.seconds = time.perf_counter() - began
        self._tally.client_share = (time.process_time() - cpu) / self._tally.seconds
        return self._tally

    def _until_next(self, now: float, end: float) -> float:
        due = min(self._waiting[0][0], end) if self._waiting else end
        return max(0.0, due - now)

    def _ask_those_due(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            self._connections[heapq.heappop(self._waiting)[1]].ask()

    def _hear(self, number: int | None) -> None:
        if number is None:
            assert self._beside
            self._beside[1]()
            return
        connection = self._connections[number]
        if not connection.hear():
            return
        answer = connection.answer()
        self._tally.answers += 1
        self._tally.waits.append(answer.seconds)
        pause = connection.client.answered(answer)
        if pause:
            heapq.heappush(self._waiting, (time.perf_counter() + pause, number))
        else:
            connection.ask()
