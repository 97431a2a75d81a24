"""What a page costs when it has to be made: after a write, and in threads of any size.

Measured inside one process without a socket: the time of one call of the whole WSGI application
(headers, page cache, compression included), in which nothing but the server works.
"""

import gc
import time
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import EnvironBuilder

from bench import ground
from bench.figures import Figure, Figures
from bench.site import Site, middle
from dialog.app import create_app
from dialog.core import clock, db
from dialog.debates import commands
from dialog.permissions import Actor, Role

WRITES = 40
SIZES = THREADS = ("200", "10000", "100000", "dense")


@dataclass
class Cost:
    """What the pages of one thread cost, in ms, and weighed, in bytes."""

    after_write: float
    from_nothing: float
    plain: int
    packed: int
    queries: int


def measure(site: Site) -> Figures:
    """Costs by size, and how much more the large ones are."""
    app = create_app(ground.settings(site.folder))
    statements: list[str] = []
    _count_statements(app, statements)
    costs = {name: _cost(app, site, site.ground.threads[name], statements) for name in SIZES}
    app.extensions["database"].dispose()
    small = costs["200"]
    yield Figure("page.after_write", small.after_write, "ms", 10)
    yield Figure("page.queries", max(cost.queries for cost in costs.values()), "queries", 8)
    for name, cost in costs.items():
        yield Figure(f"page.{name}.from_nothing", cost.from_nothing, "ms")
        yield Figure(f"page.{name}.after_write", cost.after_write, "ms")
        yield Figure(f"page.{name}.kilobytes", cost.packed / 1000, "kB")
        if name == "200":
            continue
        goal = None if name == "dense" else 1.2
        time_ratio = cost.from_nothing / small.from_nothing
        write_ratio = cost.after_write / small.after_write
        yield Figure(f"page.{name}.cost_growth", max(time_ratio, write_ratio), "×", goal)
        yield Figure(f"page.{name}.size_growth", cost.plain / small.plain, "×", goal)


def _cost(app: Flask, site: Site, thread_id: int, statements: list[str]) -> Cost:
    writes = 10 if site.is_quick else WRITES
    after, nothing, queries = [], [], []
    for number in range(writes):
        _post(app, thread_id, f"Måling {number} i tråd {thread_id}.")
        statements.clear()
        seconds, plain = _read(app, thread_id)
        after.append(seconds)
        queries.append(len(statements))
    for number in range(max(3, writes // 4)):
        _post(app, thread_id, f"Måling {number} fra bunden i tråd {thread_id}.")
        app.extensions["debate_fragments"].clear()
        nothing.append(_read(app, thread_id)[0])
    packed = _read(app, thread_id, "gzip")[1]
    return Cost(1000 * middle(after), 1000 * middle(nothing), plain, packed, max(queries))


def _read(app: Flask, thread_id: int, coding: str = "") -> tuple[float, int]:
    """Seconds for one read, and the bytes of the body."""
    headers = [("Accept-Encoding", coding)]
    base = "http://127.0.0.1"
    environ = EnvironBuilder(f"/threads/{thread_id}", base, headers=headers).get_environ()
    said: list[str] = []

    def start_response(status: str, _headers: Any, _error: Any = None) -> Any:
        said.append(status)

    gc.collect()
    began = time.perf_counter()
    body = b"".join(app.wsgi_app(environ, start_response))
    seconds = time.perf_counter() - began
    if said != ["200 OK"]:
        raise RuntimeError(f"the page was answered with {said}")
    return seconds, len(body)


def _post(app: Flask, thread_id: int, words: str) -> None:
    citizen = Actor(2, Role.CITIZEN, "Karen Aagaard")
    with app.test_request_context(base_url="http://127.0.0.1"), db.transaction() as writing:
        commands.post_reply(
            writing, citizen, thread_id=thread_id, parent_id=None, body=words, now=clock.now()
        )


def _count_statements(app: Flask, statements: list[str]) -> None:
    """Every statement that a reader sends, those past SQLAlchemy included."""
    reader = app.extensions["database"].reader

    def note(statement: str) -> None:
        if not statement.startswith(("PRAGMA", "--")):  # "--" is told by a trigger or an index
            statements.append(statement)

    @event.listens_for(reader, "connect")
    def _trace(raw: Any, _record: object) -> None:
        raw.set_trace_callback(note)
