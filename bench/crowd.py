"""A crowd of WebSockets, open at once: each joins a thread as an open page does, and listens."""

import base64
import json
import os
import selectors
import socket
import struct
import time
from collections.abc import Callable

PATIENCE = 30  # seconds, until a wave of sockets has joined
WAVE = 200  # sockets that are opened at a time
_PING, _PONG = b"2", b"3"


class Listener:
    """One socket, and what it has heard."""

    __slots__ = ("buffer", "heard", "is_ready", "last", "room", "sock")

    def __init__(self, port: int, path: str, room: str | None) -> None:
        self.room = room
        self.buffer = b""
        self.is_ready = False
        self.heard = 0
        self.last = b""
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket"]
        lines += ["Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._shake_hands()
        self.sock.setblocking(False)

    def _shake_hands(self) -> None:
        while b"\r\n\r\n" not in self.buffer:
            part = self.sock.recv(4096)
            if not part:
                raise RuntimeError("no WebSocket here")
            self.buffer += part
        head, _ended, self.buffer = self.buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head[:16]:
            raise RuntimeError(head.decode(errors="replace"))
        self.is_ready = self.room is None
        self._take_all()  # the first words may have come with the handshake

    def hear(self) -> int:
        """How many messages for the reader came with what was there to read."""
        part = self.sock.recv(1 << 16)
        if not part:
            raise RuntimeError("a socket was closed")
        self.buffer += part
        before = self.heard
        self._take_all()
        return self.heard - before

    def _take_all(self) -> None:
        while (message := self._message()) is not None:
            self._take(message)

    def _message(self) -> bytes | None:
        data = self.buffer
        if len(data) < 2:
            return None
        length, start = data[1] & 127, 2
        if length == 126:
            if len(data) < 4:
                return None
            (length,), start = struct.unpack_from("!H", data, 2), 4
        elif length == 127:
            if len(data) < 10:
                return None
            (length,), start = struct.unpack_from("!Q", data, 2), 10
        if len(data) < start + length:
            return None
        self.buffer = data[start + length :]
        return data[start : start + length]

    def _take(self, message: bytes) -> None:
        """Socket.IO's few words: open, connected, joined, ping, event."""
        if self.room is None or message.startswith(b"42"):
            self.heard += 1
            self.last = message
        elif message == _PING:
            self._say(_PONG)
        elif message.startswith(b"0"):
            self._say(b"40")
        elif message.startswith(b"40"):
            self._say(b"420" + json.dumps(["join", self.room]).encode())
        elif message.startswith(b"430"):
            self.is_ready = json.loads(message[3:]) == [{"ok": True}]

    def _say(self, words: bytes) -> None:
        """A text frame; the mask that a client must use is the one that changes nothing."""
        self.sock.sendall(bytes([0x81, 0x80 | len(words), 0, 0, 0, 0]) + words)


class Crowd:
    """Many listeners watched by one loop."""

    def __init__(self, port: int, size: int, room: Callable[[int], str | None]) -> None:
        """`room` is what each listener joins, by its number; None where there are no rooms."""
        self.selector = selectors.EpollSelector()
        self.listeners: list[Listener] = []
        self.heard = 0  # messages, by all of them together
        for start in range(0, size, WAVE):
            numbers = range(start, min(size, start + WAVE))
            self._join([self._open(port, room(number)) for number in numbers])

    def _open(self, port: int, room: str | None) -> Listener:
        path = "/socket.io/?EIO=4&transport=websocket" if room else "/"
        made = Listener(port, path, room)
        self.listeners.append(made)
        self.selector.register(made.sock, selectors.EVENT_READ, made)
        return made

    def _join(self, wave: list[Listener]) -> None:
        end = time.monotonic() + PATIENCE
        while not all(one.is_ready for one in wave):
            if time.monotonic() > end:
                raise TimeoutError("some sockets could not join")
            self.listen(0.1)

    def listen(self, timeout: float = 0.0) -> None:
        """Takes in what is there; waits at most `timeout` seconds for it."""
        for key, _events in self.selector.select(timeout):
            self.heard += key.data.hear()

    def hear_all(self, messages: int, timeout: float) -> tuple[float, int]:
        """When (perf_counter) everyone had heard so many in all, and how many were lost."""
        wanted = messages * len(self.listeners)
        end = time.monotonic() + timeout
        while self.heard < wanted and time.monotonic() < end:
            self.listen(0.05)
        return time.perf_counter(), wanted - self.heard

    def close(self) -> None:
        """Ends every socket."""
        self.selector.close()
        for one in self.listeners:
            one.sock.close()
