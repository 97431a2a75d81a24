"""The app with the town in it, its readers, and the way back to how everything was."""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pypdfium2
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection, Table, select, text, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Settings
from dialog import tables
from dialog.app import create_app
from dialog.audit.models import SiteRev
from dialog.core import clock
from dialog.core.db import Database
from dialog.debates.models import Post, Thread
from dialog.people import commands as people
from dialog.permissions import Role
from tests import servers
from tests.security.world import ROLES, World, make_world

VISITOR = "visitor"
READERS = ("line", "rasmus", VISITOR, *(key for key in ROLES if key not in ("line", "rasmus")))
"""Those who see most come first: what a page remembers of them would show to the next."""
UNTIL_ALL_IS_DONE = timedelta(hours=1)  # no sign-in grows old, or is noted again, while tests run

_RAW_TOKEN = "0123456789abcdef" * 2
_TOKEN = re.compile(r'(name="csrf_token"[^>]*value=")[^"]*')
_HERE = re.compile(r' aria-current="[a-z]*"')


def _every_row_of(table: Table) -> str:
    columns = ", ".join(f'"{each.name}"' for each in table.columns if each.name != "seen_at")
    keys = ", ".join(each.name for each in table.primary_key.columns)
    return f'SELECT {columns} FROM "{table.name}" ORDER BY {keys}'


_EVERY_ROW = [_every_row_of(table) for table in tables.metadata.sorted_tables]


class Closing(Protocol):
    """What has to be closed in the end."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class Reader:
    """Someone with a browser. `cookie` is empty for nobody: a visitor has one, with a token."""

    key: str
    role: Role
    id: int | None
    cookie: str


class Site:
    """One app on one town, put back after whatever a test did to it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.settings = Settings(
            database_url=url,
            secret_key="a secret that is only good for tests",
            base_url="http://localhost",
            trusted_hosts=("localhost",),
            instance=folder,
            demo=False,
            limits=False,
        )
        self.app: Flask = create_app(self.settings)
        self.database: Database = self.app.extensions["database"]
        with self.app.test_request_context(), self.database.transaction() as db:
            self.world: World = make_world(db)
        self.readers = {key: self._reader(key) for key in READERS}
        self.csrf_token = self._csrf_token()
        self._kept = _Copy(self.database)
        self._watch, self._probe = _watch(self.database)
        self._turns = 0
        self._looked: dict[tuple[str, str], TestResponse] = {}
        self.changed_by_looking: list[str] = []

    def client(self, key: str = VISITOR) -> FlaskClient:
        """A fresh browser of this reader."""
        client = self.app.test_client()
        client.set_cookie(self.settings.session_cookie, self.readers[key].cookie)
        return client

    def look(self, key: str, path: str) -> TestResponse:
        """What this reader sees there. Asked for once, looked at from many sides."""
        if (key, path) not in self._looked:
            before = self.mark()
            answer = self.client(key).get(path)
            answer.get_data()
            answer.close()
            if self.mark() != before:
                self.changed_by_looking.append(f"{key} at {path}")
            self._looked[key, path] = answer
        return self._looked[key, path]

    def post(
        self, key: str, path: str, fields: Mapping[str, Any] | None = None, **more: Any
    ) -> TestResponse:
        """The answer to a form that this reader sends with a good token."""
        sent = {"csrf_token": self.csrf_token, **(fields or {})}
        return self.client(key).post(path, data=sent, **more)

    def mark(self) -> str:
        """Another word after each commit that changed something."""
        return self._probe()

    def state(self) -> str:
        """A mark of everything in the store but when sign-ins were last used."""
        mark = hashlib.sha256()
        with self.database.reader.connect() as connection:
            for wanted in _EVERY_ROW:
                rows = connection.exec_driver_sql(wanted).all()
                mark.update(repr((wanted, rows)).encode())
        return mark.hexdigest()

    def restore(self) -> None:
        """Everything as it was when the town was made."""
        self._kept.put_back()
        with self.database.transaction() as db:
            self.turn(db)

    def turn(self, db: Session) -> None:
        """Has every page and part of one made anew, as after a change of everything.

        No number is used twice: what was remembered under one is never taken for another.
        """
        self._turns += 1
        for table in (Thread, Post, SiteRev):
            db.execute(update(table).values(rev=table.rev + 1000 * self._turns))

    def close(self) -> None:
        """Gives every connection back."""
        self._kept.close()
        self._watch.close()
        self.database.dispose()

    def _reader(self, key: str) -> Reader:
        if key == VISITOR:
            return Reader(key, Role.VISITOR, None, self._cookie({}))
        user_id = self.world.users[key]
        with self.app.app_context(), self.database.transaction() as db:
            token = people.start_session(db, user_id, now=clock.now() + UNTIL_ALL_IS_DONE)
        return Reader(key, ROLES[key][1], user_id, self._cookie({"_user_id": token}))

    def _cookie(self, content: dict[str, Any]) -> str:
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(signer.dumps({"csrf_token": _RAW_TOKEN, "_fresh": True, **content}))

    def _csrf_token(self) -> str:
        with self.app.test_request_context() as context:
            context.session["csrf_token"] = _RAW_TOKEN
            return str(generate_csrf())


_COUNT_CHANGES = """
    CREATE TABLE changes (number integer NOT NULL);
    INSERT INTO changes VALUES (0);
    CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN UPDATE changes SET number = number + 1; RETURN NULL; END $$;
"""


def _watch(database: Database) -> tuple[Closing, Callable[[], str]]:
    """A connection of its own, and a word from it that turns with every change.

    SQLite counts commits by itself; PostgreSQL is taught to count what changes a table.
    """
    url = database.writer.url
    if database.is_sqlite:
        file = sqlite3.connect(str(url.database))
        return file, lambda: str(file.execute("PRAGMA data_version").fetchone()[0])
    address = servers.plain_url(url.render_as_string(hide_password=False))
    watch = psycopg.connect(address, autocommit=True)
    watch.execute(_COUNT_CHANGES.encode())
    for name in tables.metadata.tables:
        watch.execute(
            f'CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON "{name}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION count_change()".encode()
        )
    return watch, lambda: str(watch.execute("SELECT number FROM changes").fetchone())


class _Copy:
    """What the store held, to be put back. Pages on SQLite, rows on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages = sqlite3.connect(":memory:", check_same_thread=False)
        self._rows: list[tuple[Table, list[dict[str, Any]]]] = []
        with database.writer.connect() as connection:
            if database.is_sqlite:
                _raw(connection).backup(self._pages)
                return
            for table in tables.metadata.sorted_tables:
                found = connection.execute(select(table).order_by(*table.primary_key))
                self._rows.append((table, [dict(row) for row in found.mappings()]))

    def put_back(self) -> None:
        with self._database.writer.connect() as connection:
            if self._database.is_sqlite:
                self._pages.backup(_raw(connection))
            else:
                self._insert_again(connection)

    def close(self) -> None:
        self._pages.close()

    def _insert_again(self, connection: Connection) -> None:
        # No order among the tables, and none of their triggers.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table, rows in self._rows:
            connection.execute(table.delete())
            if rows:
                connection.execute(table.insert(), rows)
        connection.commit()


def _raw(connection: Connection) -> sqlite3.Connection:
    raw: Any = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def plain(answer: TestResponse, path: str) -> str:
    """The body without what differs from one address and one request to the next."""
    body = _TOKEN.sub(r"\1", answer.get_data(as_text=True))
    return _HERE.sub("", body).replace(path, "")


def told(answer: TestResponse) -> str:
    """Everything that the answer tells, headers and body."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{headers}\n\n{_words_of(answer)}"


def _words_of(answer: TestResponse) -> str:
    """The body as text; of a PDF what a reader sees on its pages."""
    if answer.mimetype != "application/pdf":
        return answer.get_data(as_text=True)
    with pypdfium2.PdfDocument(answer.get_data()) as document:
        return " ".join(page.get_textpage().get_text_range() for page in document)
