"""A small site behind the real server, started by test_server.py as its own process."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
import time  # noqa: E402

from flask import Flask, Response, request  # noqa: E402
from flask_socketio import SocketIO  # noqa: E402

from dialog.core import headers, server  # noqa: E402

server.HEADER_PATIENCE = 2
server.BODY_PATIENCE = 1
server.IDLE_PATIENCE = 2
server.STOP_PATIENCE = 5

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64_000
socketio = SocketIO(app, async_mode="gevent", transports=["websocket"], max_http_buffer_size=64_000)


@app.get("/")
def hello() -> str:
    """A greeting."""
    return "hello"


@app.post("/length")
def length() -> str:
    """How long the body was."""
    return str(len(request.get_data()))


@app.get("/slow")
def slow() -> str:
    """An answer that takes a while."""
    time.sleep(1)
    return "at last"


@app.get("/big")
def big() -> Response:
    """An answer that is larger than a socket's buffer."""
    return Response(b"x" * 3_000_000, mimetype="text/plain")


@socketio.on("echo")
def echo(text: str) -> str:
    """The same text."""
    return text


@socketio.on("flood")
def flood() -> None:
    """More than a socket's buffer holds, in frames that must arrive whole."""
    for number in range(20):
        socketio.emit("flood", {"number": number, "text": "x" * 200_000}, to=request.sid)  # type: ignore[attr-defined]


if __name__ == "__main__":
    guarded = headers.HeadersMiddleware(app.wsgi_app, https=False, trusted_hosts=["127.0.0.1"])
    server.serve(guarded, "127.0.0.1", int(sys.argv[1]), on_ready=lambda: print("ready"))  # noqa: T201
