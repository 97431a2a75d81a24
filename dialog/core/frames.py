"""WebSocket frames that are bounded on the way in and whole on the way out.

simple-websocket, which Flask-SocketIO uses under gevent, checks a message's size only once it has
gathered all of it, and trusts `send` to take every byte at once. Neither holds for a stranger: one
could send without end, or read so slowly that half a frame is left behind and the stream is broken.
"""

import functools
import socket
import struct
from typing import Any

import gevent
from engineio.async_drivers import gevent as driver
from gevent.lock import BoundedSemaphore

MOST_BYTES = 64_000  # of one message from outside; ours to the reader may be longer
SEND_PATIENCE = 20  # seconds that a reader may leave one frame unread before we hang up


def bound_messages() -> None:
    """Let no WebSocket message from outside be longer than `MOST_BYTES`; call before serving."""

    class BoundedWebSocket(driver.WebSocketWSGI):  # type: ignore[misc]  # untyped package
        def __init__(self, handler: Any, server: Any) -> None:
            reader = handler.__self__  # engineio's side of the connection
            super().__init__(lambda websocket: handler(_whole_frames(websocket, reader)), server)
            self.server_args["max_message_size"] = MOST_BYTES

    driver._async["websocket"] = BoundedWebSocket


def send_at_once(reader: Any, frame: bytes) -> bool:
    """Whether the frame is on its way; if not, it has to take its turn in the reader's queue."""
    patient: _PatientSocket | None = getattr(reader, "patient_socket", None)
    if patient is None or reader.closed or not reader.queue.empty():
        return False
    return patient.begin(frame)


def _whole_frames(websocket: Any, reader: Any) -> Any:
    """The same WebSocket, sending whole frames one at a time."""
    patient = reader.patient_socket = _PatientSocket(websocket.ws.sock)
    websocket.ws.sock = patient
    in_general = websocket.send

    def send(message: str | bytes) -> None:
        if isinstance(message, bytes) or not websocket.ws.connected:
            in_general(message)  # raises, if it is closed
        else:
            patient.send(text_frame(message))

    websocket.send = send
    return websocket


@functools.lru_cache(maxsize=16)
def text_frame(message: str) -> bytes:
    """The frame of a text from the server: made once, since it is the same for a whole crowd."""
    data = message.encode()
    if len(data) < 126:
        head = struct.pack("!BB", 0x81, len(data))
    elif len(data) < 1 << 16:
        head = struct.pack("!BBH", 0x81, 126, len(data))
    else:
        head = struct.pack("!BBQ", 0x81, 127, len(data))
    return head + data


class _PatientSocket:
    """A socket whose `send` sends everything, in turn, or hangs up."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._turn = BoundedSemaphore(1)

    def send(self, data: bytes) -> int:
        """Number of bytes, always all of them. Raises: OSError once the reader is given up."""
        try:
            sent = self._at_once(data)
            if sent < len(data):
                self._in_time(data[sent:])
        except OSError:
            self._hang_up()
            raise
        return len(data)

    def begin(self, data: bytes) -> bool:
        """False if the kernel takes nothing now; else all of it leaves, the rest in due course."""
        try:
            sent = self._at_once(data)
        except OSError:
            self._hang_up()
            return True
        if 0 < sent < len(data):
            self._turn.acquire()  # free, or `_at_once` had sent nothing
            gevent.spawn(self._finish, data[sent:])
        return sent > 0

    def _finish(self, rest: bytes) -> None:
        try:
            with gevent.Timeout(SEND_PATIENCE, TimeoutError("nobody reads")):
                self._sock.sendall(rest)
        except OSError:
            self._hang_up()
        finally:
            self._turn.release()

    def _at_once(self, data: bytes) -> int:
        """How much the kernel took without a wait: nearly always all of it."""
        if self._turn.locked():  # somebody's frame is half out
            return 0
        try:
            return int(self._sock._sock.send(data))
        except BlockingIOError:
            return 0

    def _in_time(self, rest: bytes) -> None:
        with gevent.Timeout(SEND_PATIENCE, TimeoutError("nobody reads")), self._turn:
            self._sock.sendall(rest)

    def recv(self, most: int) -> bytes:
        return bytes(self._sock.recv(most))

    def close(self) -> None:
        self._sock.close()

    def _hang_up(self) -> None:
        """End the connection both ways, so that whoever waits to receive wakes up."""
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
