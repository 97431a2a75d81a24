"""One line of JSON for everything worth knowing, on stderr, and nothing about people.

A request is its method, the name of its page, its status and how long it took. No address, no
query string, no name: what is not written down cannot leak.
"""

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime

from flask import Flask, Response, request
from flask.signals import request_finished, request_started

log = logging.getLogger("dialog.requests")

_STARTED = "dialog.started"  # key in the request's environ
_QUIET = {"engineio": logging.ERROR, "socketio": logging.ERROR, "alembic": logging.WARNING}


class JsonLines(logging.Formatter):
    """Each record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. Of an error its kind and its places: its own words may quote what was sent."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
            line["where"] = _places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str) -> None:
    """Sends every log line of this process to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)


def register(app: Flask) -> None:
    """Makes the app tell of each request it answered."""
    request_started.connect(_note_start, app)
    request_finished.connect(_tell, app)


def _note_start(_app: Flask, **_extra: object) -> None:
    request.environ[_STARTED] = time.perf_counter()


def _tell(_app: Flask, response: Response, **_extra: object) -> None:
    started = request.environ.get(_STARTED, time.perf_counter())
    fields = {
        "method": request.method,
        "endpoint": request.endpoint,
        "status": response.status_code,
        "ms": round((time.perf_counter() - started) * 1000, 1),
    }
    log.info("request", extra={"fields": fields})


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
