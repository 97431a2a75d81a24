"""Real mail servers on loopback: one that works, and some that do not."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests import servers
from tests.notifications.post_office import read


class Postbox:
    """What a server took, and how it answers. An answer is a line of SMTP, or None for yes."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to_receiver: Callable[[str], str | None] = lambda _address: None
        self.to_mail: Callable[[EmailMessage], str | None] = lambda _mail: None

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        refusal = self.to_receiver(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = read(envelope.content)
        refusal = self.to_mail(mail)
        if refusal == "hang up":
            server.transport.abort()
            return "421 gone"
        if refusal is None or refusal == "take and hang up":
            self.taken.append(mail)
        if refusal == "take and hang up":
            server.transport.abort()
            return "421 gone"
        return refusal or "250 OK"

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken, in order."""
        return [str(mail["Message-ID"]) for mail in self.taken]


@contextmanager
def mail_server(postbox: Postbox) -> Iterator[str]:
    """The address of an SMTP server that puts what it takes into the postbox."""
    port = servers.free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


@contextmanager
def bare_server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of a server that holds each connection as `talk` does."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            held.append(connection)
            with suppress(OSError):
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for one in held:
            one.close()
        thread.join(5)


def says_nothing(_connection: socket.socket) -> None:
    """A server that takes the connection and falls silent."""


def says_little(connection: socket.socket) -> None:
    """A server that is ready, and then answers one sign at a time, for ever."""
    connection.sendall(b"220 ready\r\n")
    while True:
        time.sleep(0.05)
        connection.sendall(b"2")


def hangs_up(connection: socket.socket) -> None:
    """A server that greets and goes."""
    connection.sendall(b"220 ready\r\n")
    connection.recv(1000)
    connection.close()
