"""The store: two kinds of session, and the only commit in the house.

Reading sessions run in autocommit and never hold a transaction open. Everything that
changes something happens inside `transaction()`. On SQLite one connection writes, one
greenlet at a time: a greenlet that yielded inside a write would stall every other one
for the whole busy timeout. Only the commit itself yields, while the disk is waited for.
"""

import enum
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import gevent
from flask import current_app, g
from gevent import monkey
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Text,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session

log = logging.getLogger(__name__)

# The acknowledged word of a citizen survives a power cut: FULL waits for the disk in every commit.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "mmap_size": 0,
    "trusted_schema": 0,
    "busy_timeout": 5000,  # milliseconds
}

PATIENCE = 60  # seconds that a request waits for a connection to PostgreSQL when all are taken

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware moments in UTC. A naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table. Relationships are not used: queries load what their reader needs."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        str: Text,
        # Words, not numbers and not the engine's own enum types: readable and portable.
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=20,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


class Database:
    """The engines of one installation, and the two ways to speak with them."""

    def __init__(self, url: str) -> None:
        self._kept: dict[str, Any] = {}
        self.commits = 0  # of this process
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.writer, self.reader = _sqlite_engines(url)
            # One writer at a time; cooperative once gevent has patched threading.
            self._turn: Any = threading.BoundedSemaphore(1)
        else:
            self.writer = create_engine(
                url, pool_size=20, max_overflow=20, pool_pre_ping=True, pool_timeout=PATIENCE
            )
            self.reader = self.writer.execution_options(isolation_level="AUTOCOMMIT")
            self._turn = nullcontext()

    def reading(self) -> Session:
        """A session that reads the latest committed state, statement by statement.

        Its `info["kept"]` outlives it, for rooms that keep what they have read.
        """
        return Session(self.reader, autoflush=False, info={"kept": self._kept})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One change, whole or not at all, and on the disk when the block is left.

        What `after_commit` queued runs once it is safe.
        """
        with self._turn, Session(self.writer, expire_on_commit=False) as db:
            yield db
            db.commit()
            self.commits += 1  # only now: whoever reads meanwhile still sees the state before
        for effect in db.info.pop("after_commit", ()):
            _run(effect)

    def dispose(self) -> None:
        """Closes every connection."""
        self.reader.dispose()
        self.writer.dispose()


def after_commit(db: Session, effect: Callable[[], object]) -> None:
    """Queues `effect` until the transaction is durable; a rollback forgets it."""
    db.info.setdefault("after_commit", []).append(effect)


def session() -> Session:
    """The request's reading session."""
    if "db" not in g:
        g.db = current_app.extensions["database"].reading()
    found: Session = g.db
    return found


@contextmanager
def transaction() -> Iterator[Session]:
    """The running app's `Database.transaction`.

    The request gives back the connection it read with: many at once that kept theirs while they
    wait for one to write with would leave none to wait for.
    """
    database: Database = current_app.extensions["database"]
    if "db" in g:
        g.db.close()
    with database.transaction() as db:
        yield db


def close_session(_error: BaseException | None = None) -> None:
    """Gives the request's connection back."""
    db = g.pop("db", None)
    if db is not None:
        db.close()


def _run(effect: Callable[[], object]) -> None:
    try:
        effect()
    except Exception:  # the change stands; a missed live event heals itself by `rev`
        log.exception("after-commit effect failed")


def _sqlite_engines(url: str) -> tuple[Engine, Engine]:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {
        "connect_args": {"isolation_level": None, "check_same_thread": False},
    }
    writer = create_engine(url, pool_size=1, max_overflow=0, **options)
    if monkey.is_module_patched("threading"):
        writer.dialect.do_commit = _commit_beside_the_hub  # type: ignore[assignment, method-assign]
    reader = create_engine(url, pool_size=5, max_overflow=50, **options)
    event.listen(writer, "connect", _set_pragmas)
    event.listen(writer, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "connect", _set_pragmas)
    event.listen(reader, "connect", lambda raw, _record: raw.execute("PRAGMA query_only=1"))
    return writer, reader


def _commit_beside_the_hub(raw: Any) -> None:
    """Waits for the disk in a thread of its own: a slow one would else stop every reader."""
    gevent.get_hub().threadpool.apply(raw.commit)


def _set_pragmas(raw: Any, _record: object) -> None:
    for name, value in SQLITE_PRAGMAS.items():
        raw.execute(f"PRAGMA {name}={value}")
        kept = raw.execute(f"PRAGMA {name}").fetchone()[0]
        if kept != value:
            raise RuntimeError(f"SQLite keeps {name}={kept}, and we promise {value}")
