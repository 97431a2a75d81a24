"""The server against readers who are slow, endless, wrong or many."""

import gc
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import socketio
import websocket

from dialog.core import server
from tests import servers


class Site:
    """A running small site."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process, self.port = process, port

    def connect(self) -> socket.socket:
        """An open connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(self, request: str) -> bytes:
        """The whole answer to these bytes, until the server closes."""
        with self.connect() as connection:
            connection.sendall(request.replace("\n", "\r\n").encode("latin-1"))
            return everything(connection)


def everything(connection: socket.socket) -> bytes:
    """All bytes until the other end closes."""
    answer = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            answer += piece
    return answer


def start() -> Site:
    port = servers.free_port()
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "tests.core.small_site", str(port)],
        cwd=servers.ROOT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return Site(process, port)


def end(site: Site) -> None:
    assert site.process.stdout is not None
    site.process.kill()
    site.process.wait()
    site.process.stdout.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    running = start()
    yield running
    end(running)


@pytest.fixture
def mortal_site() -> Iterator[Site]:
    running = start()
    yield running
    end(running)


GET = "GET / HTTP/1.1\nHost: 127.0.0.1\n"


def test_many_requests_on_one_connection_take_no_forty_milliseconds_each(site: Site) -> None:
    with site.connect() as connection:
        began = time.monotonic()
        for _ in range(50):
            connection.sendall(f"{GET}\n".replace("\n", "\r\n").encode())
            answer = b""
            while not answer.endswith(b"hello"):
                answer += connection.recv(65536)
    assert time.monotonic() - began < 1


def test_a_request_line_that_does_not_come_closes_the_connection(site: Site) -> None:
    with site.connect() as connection:
        connection.sendall(b"GET / HT")
        began = time.monotonic()
        assert everything(connection) == b""
        assert time.monotonic() - began < 5


def test_headers_that_trickle_are_answered_with_a_timeout(site: Site) -> None:
    assert site.ask(GET).startswith(b"HTTP/1.1 408 ")


def test_an_idle_connection_is_closed(site: Site) -> None:
    began = time.monotonic()
    assert site.ask(f"{GET}\n").endswith(b"hello")
    assert 1 < time.monotonic() - began < 5


def test_a_body_that_trickles_is_given_up(site: Site) -> None:
    began = time.monotonic()
    answer = site.ask("POST /length HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 10\n\nabc")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert time.monotonic() - began < 3


def test_the_rest_of_a_late_body_is_never_read_as_a_request(site: Site) -> None:
    with site.connect() as connection:
        head = "POST /length HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 60\n\nabc"
        connection.sendall(head.replace("\n", "\r\n").encode())
        time.sleep(1.3)
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(f"{GET}\n".replace("\n", "\r\n").encode())
        assert everything(connection).count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("expect", ["", "Expect: 100-continue\n"])
def test_a_body_in_time_arrives_whole(site: Site, expect: str) -> None:
    body = "x" * 50_000
    head = f"POST /length HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n{expect}"
    assert site.ask(f"{head}Content-Length: {len(body)}\n\n{body}").endswith(b"\r\n50000")


def test_a_chunked_body_arrives_whole(site: Site) -> None:
    head = "POST /length HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n"
    answer = site.ask(f"{head}Transfer-Encoding: chunked\n\n3\nabc\n2\nde\n0\n\n")
    assert answer.endswith(b"\r\n5")


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (GET + "X: " + "x" * 17_000 + "\n\n", b"431"),
        (GET + "".join(f"X-{n}: {'x' * 200}\n" for n in range(90)) + "\n", b"431"),
        (GET + "".join(f"X-{n}: x\n" for n in range(150)) + "\n", b"400"),
        ("GET /" + "x" * 9_000 + " HTTP/1.1\n\n", b"414"),
        ("GET /\n\n", b"400"),
        (GET + "Content-Length: 3\nContent-Length: 4\n\nabc", b"400"),
        (GET + "Content-Length: -3\n\n", b"400"),
        (GET + "Transfer-Encoding: gzip, chunked\n\n0\n\n", b"501"),
        (GET + "Upgrade: websocket\nContent-Length: 3\n\nabc", b"400"),
    ],
)  # fmt: skip
def test_a_doubtful_request_is_refused(site: Site, request_text: str, status: bytes) -> None:
    answer = site.ask(request_text)
    assert answer.split(b" ")[1] == status
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_refusal_of_the_server_itself_carries_the_safe_headers(site: Site) -> None:
    assert b"\r\nX-Content-Type-Options: nosniff\r\n" in site.ask("GET /\n\n")


def test_a_large_answer_arrives_whole(site: Site) -> None:
    answer = site.ask("GET /big HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n")
    assert len(answer.split(b"\r\n\r\n", 1)[1]) == 3_000_000


def test_a_socket_answers_without_polling(site: Site) -> None:
    with socketio.SimpleClient() as client:
        client.connect(f"http://127.0.0.1:{site.port}", transports=["websocket"])
        assert client.call("echo", "hej", timeout=5) == "hej"


@contextmanager
def open_websocket(site: Site) -> Iterator[websocket.WebSocket]:
    """A bare WebSocket to the site's Socket.IO."""
    address = f"ws://127.0.0.1:{site.port}/socket.io/?EIO=4&transport=websocket"
    connection = websocket.create_connection(address, timeout=5)
    try:
        yield connection
    finally:
        connection.shutdown()  # type: ignore[no-untyped-call]


def test_frames_to_a_slow_reader_arrive_whole(site: Site) -> None:
    with open_websocket(site) as connection:
        connection.send("40")
        connection.send('42["flood"]')
        time.sleep(0.5)  # the server fills every buffer and waits
        messages = [connection.recv() for _ in range(22)]
    floods = [json.loads(message[2:]) for message in messages if str(message).startswith("42")]
    assert [payload["number"] for _event, payload in floods] == list(range(20))


def test_a_message_that_is_too_long_ends_its_socket(site: Site) -> None:
    with open_websocket(site) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.send("4" + "x" * 100_000)
        assert ends(connection)


def test_a_message_in_endless_pieces_ends_its_socket(site: Site) -> None:
    frames, sent = websocket.ABNF, 0
    with open_websocket(site) as connection, suppress(OSError):
        connection.send_frame(frames.create_frame("4" + "x" * 9_999, frames.OPCODE_TEXT, 0))
        while sent < 50_000_000:
            piece = frames.create_frame("x" * 10_000, frames.OPCODE_CONT, 0)
            sent += connection.send_frame(piece)
    assert sent < 50_000_000


def ends(connection: websocket.WebSocket) -> bool:
    """Whether the server closes this socket within its time."""
    try:
        while True:
            opcode, _data = connection.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return True
    except (websocket.WebSocketConnectionClosedException, ConnectionResetError):
        return True


def test_other_readers_are_served_while_hundreds_send_slowly(site: Site) -> None:
    slow = [site.connect() for _ in range(300)]
    for connection in slow:
        connection.sendall(b"GET / HTTP/1.1\r\n")
    began = time.monotonic()
    assert b"hello" in site.ask("GET / HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n")
    assert time.monotonic() - began < 1.5
    for connection in slow:
        connection.close()


def test_asked_to_stop_it_finishes_the_answer_under_way(mortal_site: Site) -> None:
    with open_websocket(mortal_site), mortal_site.connect() as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(0.3)
        mortal_site.process.send_signal(signal.SIGTERM)
        assert everything(connection).endswith(b"at last")
    assert mortal_site.process.wait(timeout=3) == 0


def test_asked_to_stop_it_does_not_wait_for_idle_connections(mortal_site: Site) -> None:
    with mortal_site.connect():
        began = time.monotonic()
        mortal_site.process.send_signal(signal.SIGINT)
        assert mortal_site.process.wait(timeout=5) == 0
    assert time.monotonic() - began < 1.5


def test_a_taken_port_is_one_plain_sentence(site: Site) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "tests.core.small_site", str(site.port)],
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert second.stderr == (
        f"Port {site.port} is taken by another program. Choose another one: PORT={site.port + 1}\n"
    )


def test_what_came_through_a_full_round_of_the_collector_is_left_out_of_the_next() -> None:
    alive: list[list[int]] = [[] for _ in range(1_000)]
    before = gc.get_freeze_count()
    gc.callbacks.append(server._leave_out_what_lives)
    try:
        gc.collect()
        assert gc.get_freeze_count() - before >= len(alive)
        assert not any(one is alive[0] for one in gc.get_objects())
    finally:
        gc.callbacks.remove(server._leave_out_what_lives)
        gc.unfreeze()
