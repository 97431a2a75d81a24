"""The demo municipality on a server of its own, as the browser tests meet it."""

import email
import email.policy
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from config import Settings
from dialog.app import create_app
from dialog.people.models import User
from dialog.permissions import Actor
from tests import servers

PASSWORD = "demo-fjordby"
BUDGET, SCHOOLS = "/consultations/budget-2028", "/consultations/ny-skolestruktur"
CITIZEN, OTHER_CITIZEN = "borger", "borger2"
POLITICIAN, CHIEF, MODERATOR, ADMIN = "politiker", "kommunikation", "moderator", "admin"
PATIENCE = 20  # seconds; the machine may be busy

Found = TypeVar("Found")


@dataclass
class Town:
    """The server's address, and what lies behind it."""

    address: str
    instance: Path
    database_url: str

    @cached_property
    def _engine(self) -> Engine:
        return create_engine(self.database_url)

    def one(self, question: str, **values: Any) -> Any:
        """The first column of the first row, or None."""
        with self._engine.connect() as connection:
            return connection.execute(text(question), values).scalar()

    def column(self, question: str, **values: Any) -> list[Any]:
        """The first column of every row."""
        with self._engine.connect() as connection:
            return list(connection.execute(text(question), values).scalars())

    def thread(self, title: str) -> str:
        """The path of the thread with this title."""
        return f"/threads/{self.one('SELECT id FROM threads WHERE title = :t', t=title)}"

    def flask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """What a command of `flask` said, run beside the server."""
        return flask(self.database_url, self.instance, *words, BASE_URL=self.address)

    def mail_to(self, address: str, about: str) -> str:
        """The text of the newest mail to `address` with these words in it, once it is there."""
        return eventually(lambda: self._mail(address, about))

    def ten_minutes_pass(self) -> None:
        """Lets the mails that wait for their ten minutes leave."""
        with self._engine.begin() as connection:
            connection.execute(
                text("UPDATE outgoing_mails SET leaves_at = created_at, next_try_at = created_at")
            )

    def _mail(self, address: str, about: str) -> str | None:
        for file in sorted(self.instance.glob("mail/*.eml"), key=_number, reverse=True):
            with file.open("rb") as opened:
                mail = email.message_from_binary_file(opened, policy=email.policy.default)
            body = mail.get_body(("plain",))
            told = body.get_content() if body else ""
            if address in str(mail["To"]) and about in f"{mail['Subject']}\n{told}":
                return told
        return None

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def behind(town: Town) -> Iterator[Flask]:
    """The app on the town's own store, beside the server."""
    app = create_app(Settings(database_url=town.database_url, secret_key="beside the server"))
    yield app
    app.extensions["database"].dispose()


def person(db: Session, who: str) -> Actor:
    """Someone of the demo, as commands know him."""
    user = db.scalars(select(User).where(User.email == f"{who}@fjordby.example")).one()
    return Actor(user.id, user.role, user.name)


@contextmanager
def demo_town(database_url: str, instance: Path) -> Iterator[Town]:
    """A town in an empty database; it lives as long as the block."""
    done = flask(database_url, instance, "demo")
    assert done.returncode == 0, done.stderr
    with servers.dialog_server(database_url, INSTANCE=str(instance)) as address:
        town = Town(address, instance, database_url)
        try:
            yield town
        finally:
            town.close()


def flask(
    database_url: str, instance: Path, *words: str, **env: str
) -> "subprocess.CompletedProcess[str]":
    """What a command of `flask` said about this database."""
    own = {"DATABASE_URL": database_url, "INSTANCE": str(instance), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=servers.ROOT,
        env={**os.environ, **own, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def eventually(
    find: Callable[[], Found | None], rest: Callable[[float], None] = time.sleep
) -> Found:
    """What `find` finds, as soon as it finds anything.

    rest: how to let so many seconds pass.
    """
    end = time.monotonic() + PATIENCE
    while (found := find()) is None:
        assert time.monotonic() < end, "it did not happen in time"
        rest(0.05)
    return found


def _number(file: Path) -> int:
    return int(file.name.partition("-")[0])
