"""Work that no request waits for."""

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from dialog.core import jobs
from dialog.core.db import Database

NOW = datetime(2028, 9, 13, 10, 0, tzinfo=UTC)


@pytest.fixture
def own_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_jobs", {})


def test_a_job_is_told_the_moment(own_jobs: None, app: Flask) -> None:
    told: list[datetime] = []
    jobs.job("listening", every=timedelta(seconds=1))(told.append)
    assert jobs.run(app, "listening", NOW)
    assert told == [NOW]


@pytest.mark.before_the_store  # the plans are SQLite's, which lets nobody else be served meanwhile
def test_no_job_looks_through_all_posts(app: Flask) -> None:
    database: Database = app.extensions["database"]
    asked: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, given: Any, *_more: object) -> None:
        asked.append((statement, given))

    for engine in (database.reader, database.writer):
        event.listen(engine, "before_cursor_execute", note)
    assert all(jobs.run(app, name, NOW) for name in jobs.names())
    with database.reader.connect() as store:
        plans = [
            (statement, row[3])
            for statement, given in list(asked)
            if statement.startswith(("SELECT", "UPDATE", "DELETE"))
            for row in store.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        ]
    assert plans
    assert [one for one in plans if re.match(r"SCAN posts(?! USING)", one[1])] == []


def test_a_job_that_fails_stops_nobody(own_jobs: None, app: Flask) -> None:
    @jobs.job("failing", every=timedelta(seconds=1))
    def fail(now: datetime) -> None:
        raise RuntimeError("the disk is full")

    assert not jobs.run(app, "failing", NOW)


def test_a_job_that_waits_holds_up_no_other_and_all_end_when_told(
    own_jobs: None, app: Flask
) -> None:
    stop, told = threading.Event(), threading.Event()

    @jobs.job("waiting", every=timedelta(seconds=1))
    def wait(now: datetime) -> None:
        assert told.wait(5), "the other job never had its turn"
        stop.set()

    jobs.job("quick", every=timedelta(seconds=1))(lambda _now: told.set())
    jobs.run_forever(app, stop)
    assert told.is_set()


def test_the_mail_is_a_job(app: Flask) -> None:
    assert {"mail", "announcements", "digest"} <= set(jobs.names())
