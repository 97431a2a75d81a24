"""The log tells of requests and errors, and nothing of people."""

import io
import json
import logging
from typing import Any

import pytest
from flask import Flask

from dialog.core import logs


@pytest.fixture
def lines(app: Flask) -> Any:
    """A function that gives the log lines so far."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLines())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logs.register(app)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_request_is_its_method_page_status_and_time(app: Flask, lines: Any) -> None:
    app.test_client().get("/healthz")
    told = lines()[-1]
    assert (told["method"], told["endpoint"], told["status"]) == ("GET", "web.healthz", 200)
    assert told["ms"] >= 0


def test_neither_query_nor_address_is_written(app: Flask, lines: Any) -> None:
    app.test_client().get("/nobody/rita@fjord.dk?email=rita@fjord.dk")
    assert "rita" not in json.dumps(lines())
    assert "127.0.0.1" not in json.dumps(lines())


def test_an_error_tells_its_kind_and_place_but_not_its_words(lines: Any) -> None:
    try:
        raise ValueError("rita@fjord.dk")
    except ValueError:
        logging.getLogger("dialog").exception("something failed")
    told = lines()[-1]
    assert told["error"] == "ValueError"
    assert "test_logs.py" in told["where"][0]
    assert "rita" not in json.dumps(told)
