"""Work that no request waits for."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dialog.core import jobs

NOW = datetime(2028, 9, 13, 10, 0, tzinfo=UTC)


@pytest.fixture
def own_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_jobs", {})


def test_a_job_is_told_the_moment(own_jobs: None, app: Flask) -> None:
    told: list[datetime] = []
    jobs.job("listening", every=timedelta(seconds=1))(told.append)
    assert jobs.run(app, "listening", NOW)
    assert told == [NOW]


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
