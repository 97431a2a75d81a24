"""The store: what SQLite is told, one writer at a time, and nothing that yields in a write."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import gevent
import greenlet  # type: ignore[import-untyped]
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import Session

from config import ROOT
from dialog.core import db as store
from dialog.core.db import Database
from dialog.debates import commands
from dialog.debates.models import Thread
from dialog.moderation import commands as moderation
from dialog.people.models import Committee, User
from dialog.permissions import Role
from tests import make
from tests.make import NOW

only_sqlite = pytest.mark.engine("sqlite")


def database_of(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


class Broken(Exception):
    """What stops a transaction in these tests."""


def break_off(app: Flask, work: Callable[[Session], object]) -> None:
    """Does the work and breaks off before it is whole."""
    with make.committed(app) as db:
        work(db)
        raise Broken


def committees(app: Flask) -> list[str]:
    with database_of(app).reading() as db:
        return [one.name for one in db.query(Committee).order_by(Committee.id)]


# --- Reading and writing --------------------------------------------------------------------------


@only_sqlite
@pytest.mark.parametrize(("name", "value"), store.SQLITE_PRAGMAS.items())
def test_every_connection_keeps_our_pragmas(app: Flask, name: str, value: object) -> None:
    database = database_of(app)
    for engine in (database.reader, database.writer):
        with engine.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value


@only_sqlite
def test_a_reading_session_cannot_write(app: Flask) -> None:
    with database_of(app).reading() as db, pytest.raises(OperationalError, match="readonly"):
        db.execute(text("DELETE FROM committees"))


@only_sqlite
def test_a_write_takes_the_lock_from_its_first_word(app: Flask) -> None:
    path = str(database_of(app).writer.url.database)
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    with database_of(app).transaction() as db:
        db.execute(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_foreign_key_to_nothing_is_refused(app: Flask) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), make.committed(app) as db:
        db.add(Thread(consultation_id=99, meeting_id=99, title="Uden hold", created_at=NOW))


def test_a_change_is_whole(app: Flask) -> None:
    with make.committed(app) as db:
        make.make_committee(db)
    assert committees(app) == ["Ældreudvalget"]


def test_a_change_that_fails_leaves_nothing(app: Flask) -> None:
    with pytest.raises(Broken):
        break_off(app, make.make_committee)
    assert committees(app) == []


def test_readers_see_a_change_once_it_is_whole(app: Flask) -> None:
    with make.committed(app) as db:
        make.make_committee(db)
        db.flush()
        assert committees(app) == []
    assert committees(app) == ["Ældreudvalget"]


@only_sqlite
def test_there_is_one_writer_at_a_time(app: Flask) -> None:
    inside, most = 0, 0

    def write() -> None:
        nonlocal inside, most
        with database_of(app).transaction() as db:
            inside += 1
            most = max(most, inside)
            db.execute(text("SELECT 1"))
            inside -= 1

    threads = [threading.Thread(target=write) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=20)
    assert most == 1


_WHO_COMMITS = """
from gevent import monkey; monkey.patch_all()
import sys
from sqlalchemy import event, text
from dialog.core.db import Database

thread = monkey.get_original("_thread", "get_ident")
database, commits = Database(sys.argv[1]), []
note = lambda said: commits.append(thread()) if said == "COMMIT" else None
event.listen(database.writer, "connect", lambda raw, _record: raw.set_trace_callback(note))
with database.transaction() as db:
    db.execute(text("CREATE TABLE words (word TEXT)"))
with database.reading() as db:
    kept = db.scalar(text("SELECT count(*) FROM words"))
print(kept, len(commits), thread() in commits, database.commits)
"""


@only_sqlite
def test_the_server_waits_for_the_disk_beside_its_hub(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _WHO_COMMITS, f"sqlite:///{tmp_path / 'words.db'}"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.split() == ["0", "1", "False", "1"]


# --- Moments --------------------------------------------------------------------------------------


def test_moments_come_back_aware_and_in_utc(app: Flask) -> None:
    summer = datetime(2028, 7, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    with make.committed(app) as db:
        made = make.make_citizen(db, created_at=summer)
    with database_of(app).reading() as db:
        kept = db.get_one(User, made.id).created_at
    assert (kept, kept.tzinfo) == (datetime(2028, 7, 1, 12, tzinfo=UTC), UTC)


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    naive = NOW.replace(tzinfo=None)
    user = User(email="a@b.dk", name="A", role=Role.CITIZEN, created_at=naive)
    with pytest.raises(StatementError, match="without a zone"), make.committed(app) as db:
        db.add(user)


# --- After the commit -----------------------------------------------------------------------------


def test_what_waits_for_the_commit_runs_after_it(app: Flask) -> None:
    seen: list[list[str]] = []
    with make.committed(app) as db:
        store.after_commit(db, lambda: seen.append(committees(app)))
        make.make_committee(db)
        assert seen == []
    assert seen == [["Ældreudvalget"]]


def test_a_change_that_fails_forgets_what_waited(app: Flask) -> None:
    seen: list[int] = []
    with pytest.raises(Broken):
        break_off(app, lambda db: store.after_commit(db, lambda: seen.append(1)))
    assert seen == []


def test_an_effect_that_fails_does_not_take_the_change_with_it(app: Flask) -> None:
    seen: list[int] = []
    with make.committed(app) as db:
        make.make_committee(db)
        store.after_commit(db, lambda: 1 / 0)
        store.after_commit(db, lambda: seen.append(1))
    assert (committees(app), seen) == (["Ældreudvalget"], [1])


# --- Nothing yields inside a write ----------------------------------------------------------------


class Switches:
    """Notes every switch to another greenlet while a write transaction is open."""

    def __init__(self) -> None:
        self.inside = False
        self.seen: list[str] = []

    def __call__(self, kind: str, _args: object) -> None:
        if self.inside:
            self.seen.append(kind)


@contextmanager
def watched(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Switches]:
    """Every transaction of the app under watch. The tracer stays off outside the block."""
    database, switches = database_of(app), Switches()
    original = database.transaction

    @contextmanager
    def transaction() -> Iterator[Session]:
        with original() as db:
            switches.inside = True
            try:
                yield db
                db.flush()
            finally:
                switches.inside = False

    monkeypatch.setattr(database, "transaction", transaction)
    before = greenlet.settrace(switches)
    try:
        yield switches
    finally:
        greenlet.settrace(before)


def in_a_greenlet(work: Callable[[], object]) -> None:
    """Does the work as the server does, with another greenlet that would like a turn."""
    busy = True

    def other() -> None:
        while busy:
            gevent.sleep(0)

    beside = gevent.spawn(other)
    worker = gevent.spawn(work)
    worker.get(timeout=20)
    busy = False
    beside.join(timeout=5)


@only_sqlite
def test_the_watch_sees_a_greenlet_that_yields_inside_a_write(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleepy() -> None:
        with make.committed(app):
            gevent.sleep(0)

    with watched(app, monkeypatch) as switches:
        in_a_greenlet(sleepy)
    assert switches.seen


def scene(app: Flask) -> dict[str, Any]:
    with make.committed(app) as db:
        thread = make.make_thread(db)
        return {
            "thread": thread,
            "karen": make.make_citizen(db),
            "toft": make.make_politician(db),
            "moderator": make.make_moderator(db),
        }


@only_sqlite
def test_nothing_that_the_debate_writes_yields(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    on = scene(app)

    def work() -> None:
        with make.committed(app) as db:
            question = make.make_question(db, on["thread"], on["karen"])
        with make.committed(app) as db:
            make.make_post(db, on["thread"], on["toft"], under=question, body="**Ja**, det gør vi.")
        with make.committed(app) as db:
            moderation.hide_post(
                db, on["moderator"], post_id=question.id, reason="Navngiver nogen", now=NOW
            )
        with make.committed(app) as db:
            moderation.restore_post(
                db, on["moderator"], post_id=question.id, reason="Det var en fejl", now=NOW
            )
        with make.committed(app) as db:
            commands.withdraw_post(db, on["karen"], post_id=question.id, now=NOW)

    with watched(app, monkeypatch) as switches:
        in_a_greenlet(work)
    assert switches.seen == []


def test_whoever_finds_every_connection_taken_is_told_to_come_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool: Any = database_of(app).reader.pool
    monkeypatch.setattr(pool, "_timeout", 0.01)  # seconds, not a minute
    taken = [pool.connect() for _ in range(pool.size() + pool._max_overflow)]
    answer = app.test_client().get("/meetings")
    for connection in taken:
        connection.close()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Dialog har for travlt lige nu" in answer.text
    assert app.test_client().get("/meetings").status_code == 200
