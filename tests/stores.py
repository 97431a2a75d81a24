"""Stores for tests: migrated once for each worker, then copied for whoever wants one.

The same few words on both engines. `new` gives a store of one's own, `empty` clears one that was
used, and neither runs a migration again.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from alembic import command
from alembic.config import Config

from config import ROOT
from dialog import tables
from tests import servers

PATIENCE = "20s"  # whoever still holds a lock when the store is cleared has forgotten to let go


class Stores(Protocol):
    """Where a worker has its stores."""

    def bare(self, name: str) -> str:
        """The address of a new store of that name with nothing in it, not even tables."""

    def new(self, name: str) -> str:
        """The address of a new store of that name, as the migrations leave it."""

    def empty(self, url: str) -> None:
        """Makes a store that `new` gave as it was."""


def migrate(url: str, revision: str = "head") -> None:
    """Brings the database at `url` up to `revision`."""
    command.upgrade(_alembic(url), revision)


def migrate_back(url: str, revision: str) -> None:
    """Takes the database at `url` down to `revision`."""
    command.downgrade(_alembic(url), revision)


def _alembic(url: str) -> Config:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


# --- SQLite ---------------------------------------------------------------------------------------


class Files:
    """SQLite: a store is a file, and a new one a copy of the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        migrate(f"sqlite:///{self._template}")

    def bare(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}.db"

    def new(self, name: str) -> str:
        url = self.bare(name)
        self.empty(url)
        return url

    def empty(self, url: str) -> None:
        file = Path(url.removeprefix("sqlite:///"))
        for left in file.parent.glob(f"{file.name}*"):  # with what SQLite keeps beside it
            left.unlink()
        shutil.copyfile(self._template, file)


# --- PostgreSQL -----------------------------------------------------------------------------------


class Databases:
    """PostgreSQL: a new store is made with the first as its template, and emptied of its rows."""

    def __init__(self, server: str, worker: str) -> None:
        self._server, self._worker = server, worker
        self._template = self._name("template")
        self._made: dict[str, psycopg.Connection] = {}
        migrate(self.bare("template"))

    def bare(self, name: str) -> str:
        return self._create(name, "TEMPLATE template0 ENCODING 'UTF8'")

    def new(self, name: str) -> str:
        return self._create(name, f'TEMPLATE "{self._template}"')

    def empty(self, url: str) -> None:
        if url not in self._made:
            self._made[url] = psycopg.connect(servers.plain_url(url), autocommit=True)
        self._made[url].execute(_EMPTY.encode())

    def close(self) -> None:
        """Drops every store."""
        for connection in self._made.values():
            connection.close()
        with servers.administrator(self._server) as administrator:
            names = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            for (name,) in administrator.execute(names, [self._name("")]).fetchall():
                administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    def _name(self, name: str) -> str:
        return f"dialog_{self._worker}_{name}"

    def _create(self, name: str, how: str) -> str:
        name = self._name(name)
        with servers.administrator(self._server) as administrator:
            administrator.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            administrator.execute(f'CREATE DATABASE "{name}" {how}'.encode())
        return f"{self._server.rpartition('/')[0]}/{name}"


def _emptying() -> str:
    """SQL that takes out every row, quicker than TRUNCATE, which makes each table's files anew."""
    deletes = "\n".join(f'DELETE FROM "{table.name}";' for table in tables.metadata.tables.values())
    return f"""DO $$ BEGIN
        SET LOCAL lock_timeout = '{PATIENCE}';
        SET LOCAL session_replication_role = replica;  -- no order among tables, and no triggers
        {deletes}
        PERFORM setval(format('%I.%I', schemaname, sequencename), 1, false)
            FROM pg_sequences WHERE last_value IS NOT NULL;
        INSERT INTO site_rev (id, rev) VALUES (1, 1);
    END $$"""


_EMPTY = _emptying()


@contextmanager
def databases(worker: str) -> Iterator[Databases]:
    """The stores of a worker on a PostgreSQL, which lives as long as the block."""
    with servers.postgres_url() as server:
        made = Databases(server, worker)
        yield made
        made.close()
