"""The server: gevent's own, with the patience and the limits that it lacks.

A reader who sends slowly, endlessly or nonsense costs one greenlet for a bounded time, and nobody
else notices. The caller has patched the standard library with gevent before it imports this.
"""

import gc
import logging
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import gevent
from gevent import pywsgi
from gevent.event import Event
from gevent.pool import Pool

from dialog.core import frames
from dialog.core import headers as safe

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

# Seconds; source: the limits of docs/security.md.
HEADER_PATIENCE = 10
BODY_PATIENCE = 30
IDLE_PATIENCE = 30
STOP_PATIENCE = 10

QUIET_HOUR = 2  # UTC: nobody reads
OLDEST = 2  # the generation of the collector's full round

MOST_HEADER_BYTES = 16 * 1024
MOST_CONNECTIONS = 8000  # sockets of open pages for the most part, about 60 kB each
MOST_OPEN_FILES = 65536
WAITING_CONNECTIONS = 1024  # that the kernel holds until they are accepted
ONE_SEND = 64 * 1024  # bytes of a body that leave together with their head


def serve(
    wsgi_app: "WSGIApplication",
    host: str,
    port: int,
    *,
    on_ready: Callable[[], None] | None = None,
) -> None:
    """Answer requests until SIGTERM or SIGINT, then finish what is under way and return.

    `on_ready` is called once the port is open. Raises: SystemExit with a plain sentence when the
    port cannot be had.
    """
    _allow_many_connections()
    frames.bound_messages()
    server = Server(listener(host, port), wsgi_app, host)
    gevent.spawn(_keep_the_collector_short)
    server.start()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, _stop_or_quit, stop)
    if on_ready:
        on_ready()
    stop.wait()
    server.finish()


def listener(host: str, port: int) -> socket.socket:
    """A listening socket. Raises: SystemExit with a plain sentence when it cannot be had."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Header and body leave in two sends: without this the second one waits 40 ms for the reader's
    # acknowledgement. Accepted connections inherit it.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        made.bind((host, port))
        made.listen(WAITING_CONNECTIONS)
    except OSError as error:
        made.close()
        sys.exit(_cannot_listen(host, port, error))
    made.setblocking(False)
    return made


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"Port {port} needs more rights than this user has. Choose one above 1023: PORT=8000"
    if error.errno == 98 or "in use" in str(error):
        return f"Port {port} is taken by another program. Choose another one: PORT={port + 1}"
    return f"Cannot listen on {host}:{port}: {error.strerror or error}."


def _allow_many_connections() -> None:
    """Raise the soft limit on open files; the default of 1,024 is fewer than our connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _keep_the_collector_short() -> None:
    """Never returns: has nobody wait while all that lives is looked through for what is gone.

    A full round over a thousand open pages and the posts kept for them stops everyone for a tenth
    of a second. So what has come through one is left out of the next, and all of it is looked
    through at night.
    """
    gc.callbacks.append(_leave_out_what_lives)
    gc.collect()
    while True:
        gevent.sleep(60 * 60)
        if datetime.now(UTC).hour == QUIET_HOUR:
            gc.unfreeze()
            gc.collect()


def _leave_out_what_lives(phase: str, info: dict[str, int]) -> None:
    if phase == "stop" and info["generation"] == OLDEST:
        gc.freeze()


def _stop_or_quit(stop: Event) -> None:
    """Ask for the end; whoever asks twice does not want to wait."""
    if stop.is_set():
        sys.exit(1)
    stop.set()


class Server(pywsgi.WSGIServer):  # type: ignore[misc]  # gevent ships no types
    """A WSGI server that knows how many answers are under way."""

    def __init__(self, listening: socket.socket, wsgi_app: "WSGIApplication", host: str) -> None:
        super().__init__(
            listening,
            wsgi_app,
            spawn=Pool(MOST_CONNECTIONS),
            log=None,  # an access log would hold addresses of people
            error_log=logging.getLogger("dialog.server"),
            handler_class=Handler,
            environ={"SERVER_NAME": host},  # else it is looked up, which can take seconds
        )
        self.answering = 0
        self.stopping = False

    def finish(self) -> None:
        """Accept nothing new, let answers under way go out, then cut what is left."""
        self.stopping = True
        self.close()
        end = time.monotonic() + STOP_PATIENCE
        while self.answering and time.monotonic() < end:
            gevent.sleep(0.02)
        self.stop(timeout=0.2)  # idle connections and sockets; browsers connect again by themselves


class Refused(ValueError):
    """A request that gets no further; `status` is the answer's status line."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class Handler(pywsgi.WSGIHandler):  # type: ignore[misc]  # gevent ships no types
    """One connection, with a deadline on everything that the other end sends."""

    server: Server
    is_first_request = True

    def read_requestline(self) -> str:
        """The request line, or "" when it does not come in time."""
        patience = HEADER_PATIENCE if self.is_first_request else IDLE_PATIENCE
        self.is_first_request = False
        line = ""
        with gevent.Timeout(patience, False):
            line = str(super().read_requestline())
        return line  # noqa: RET504  the timeout leaves the block in silence

    def read_request(self, raw_requestline: str) -> bool:
        """True once the header block is read. Raises: ValueError for one that is refused."""
        with gevent.Timeout(HEADER_PATIENCE, Refused("408 Request Timeout")):
            understood = bool(super().read_request(raw_requestline))
        self._refuse_doubtful_body()
        return understood

    def MessageClass(self, *_args: Any) -> Any:  # noqa: N802  the name that pywsgi calls
        """The parsed header block, of bounded size."""
        return super().MessageClass(_BoundedLines(self.rfile))

    def _refuse_doubtful_body(self) -> None:
        """Raises: Refused where another server could see another end of this request than we do."""
        coding = self.headers.get("transfer-encoding")
        lengths = self.headers.get_all("content-length", [])
        if coding is not None and coding.strip().lower() != "chunked":
            raise Refused("501 Not Implemented")
        if len(lengths) > 1 or (self.request_version or "") < "HTTP/1.0":
            raise Refused("400 Bad Request")
        upgrade = self._connection_upgrade_requested()
        if upgrade and (self.command != "GET" or coding or self.content_length):
            raise Refused("400 Bad Request")

    def get_environ(self) -> dict[str, Any]:
        """The WSGI environment, whose body comes in time or not at all."""
        environ: dict[str, Any] = super().get_environ()
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        if chunked or self.content_length:
            self.wsgi_input = environ["wsgi.input"] = _TimelyInput(self, chunked)
            self.wsgi_input.socket = self.socket if "HTTP_EXPECT" in environ else None
        return environ

    def handle_one_response(self) -> None:
        """Answer, and count the answer while it is under way unless it is an endless socket."""
        if self._connection_upgrade_requested():
            super().handle_one_response()
            self.close_connection = True
            return
        self.server.answering += 1
        try:
            super().handle_one_response()
        finally:
            self.server.answering -= 1
        self.close_connection = self.close_connection or self.server.stopping

    def _write_with_headers(self, data: bytes) -> None:
        """Sends head and body at once, where pywsgi wakes the reader twice."""
        if len(data) > ONE_SEND:
            super()._write_with_headers(data)
            return
        self.headers_sent = True
        self.finalize_headers()
        lines = [b"HTTP/1.1 " + self.status]
        lines += [name + b": " + value for name, value in self.response_headers]
        head = b"\r\n".join(lines) + b"\r\n\r\n"
        if self.response_use_chunked:
            self._sendall(head)
            self._write(data)
        else:
            self._sendall(head + data)

    def _handle_client_error(self, ex: Exception) -> tuple[str, bytes]:
        """Status and whole answer for a request that could not be read."""
        status = ex.status if isinstance(ex, Refused) else "400 Bad Request"
        log.info("refused a request that could not be read: %s (%s)", status, type(ex).__name__)
        lines = [f"HTTP/1.1 {status}", "Connection: close", "Content-Length: 0"]
        lines += [f"{name}: {value}" for name, value in safe.BARE]
        return status[:3], ("\r\n".join(lines) + "\r\n\r\n").encode()


class _BoundedLines:
    """A reader of lines that refuses to read more than a header block may hold."""

    def __init__(self, rfile: Any) -> None:
        self._rfile = rfile
        self._left = MOST_HEADER_BYTES

    def readline(self, _most: int = -1) -> bytes:
        line: bytes = self._rfile.readline(self._left + 1)
        self._left -= len(line)
        if self._left < 0:
            raise Refused("431 Request Header Fields Too Large")
        return line


class _TimelyInput(pywsgi.Input):  # type: ignore[misc]  # gevent ships no types
    """A request body that must be read whole before its deadline."""

    __slots__ = ("_ends_at", "_handler")

    def __init__(self, handler: Handler, chunked: bool) -> None:
        super().__init__(handler.rfile, handler.content_length, chunked_input=chunked)
        self._handler = handler
        self._ends_at = time.monotonic() + BODY_PATIENCE

    def read(self, length: int | None = None) -> bytes:
        with self._in_time():
            return bytes(super().read(length))

    def readline(self, size: int | None = None) -> bytes:
        with self._in_time():
            return bytes(super().readline(size))

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Raises: TimeoutError, and gives up the connection: the rest may come and be misread."""
        left = max(self._ends_at - time.monotonic(), 0.001)
        try:
            with gevent.Timeout(left, TimeoutError("the request body came too slowly")):
                yield
        except OSError:
            self._handler.close_connection = True
            raise
