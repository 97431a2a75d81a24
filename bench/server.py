"""`python -m bench.server hello|dialog`: what is measured, on the server that we ship.

`hello` is a WSGI application of one line, `dialog` the whole product with its mail delivery. On
SIGUSR1 the process writes how late its heartbeat has been since the last time it was asked.
"""

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402  the standard library must be patched before anything else is imported

import argparse
import json
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import gevent

from bench import ground
from dialog.app import create_app
from dialog.core import jobs, logs, server, templates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BEAT = 0.005  # seconds


def hello(_environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
    """The least that a WSGI application can say."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]


class Heartbeat:
    """A greenlet that wants to run every few milliseconds, and notes how long it had to wait."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._waits: list[float] = []

    def run_forever(self) -> None:
        """Never returns."""
        while True:
            before = time.monotonic()
            gevent.sleep(BEAT)
            self._waits.append(time.monotonic() - before - BEAT)

    def tell(self) -> None:
        """Writes the longest waits in seconds, and begins anew."""
        waits, self._waits = sorted(self._waits), []
        told = {"beats": len(waits), "longest": waits[-20:]}
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(told))
        draft.rename(self._file)


def main() -> None:
    """Serves until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("app", choices=("hello", "dialog"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    wanted = parser.parse_args()
    app = hello if wanted.app == "hello" else _dialog(wanted.folder, wanted.port)
    heartbeat = Heartbeat(wanted.folder / f"heartbeat-{wanted.app}.json")
    gevent.spawn(heartbeat.run_forever)
    gevent.signal_handler(signal.SIGUSR1, heartbeat.tell)
    server.serve(app, "127.0.0.1", wanted.port)


def _dialog(folder: Path, port: int) -> "WSGIApplication":
    settings = ground.settings(folder, port)
    logs.configure(settings.log_level)
    app = create_app(settings)
    gevent.spawn(jobs.run_forever, app)
    gevent.spawn(templates.compile_all, app)
    return app.wsgi_app


if __name__ == "__main__":
    main()
