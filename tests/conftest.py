"""The ground of every test: a migrated store, an app on it, and a writing session.

`TEST_DATABASE=postgres` runs the same suite on PostgreSQL. Each worker migrates one
database; SQLite tests then work on a copy of the file, PostgreSQL tests on emptied tables.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from config import ROOT, Settings
from dialog import tables
from dialog.app import create_app
from dialog.core import db as store
from tests import servers

ON_POSTGRES = os.environ.get("TEST_DATABASE") == "postgres"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is about the other engine: it is not missing, it is not asked."""
    engine = "postgresql" if ON_POSTGRES else "sqlite"
    marks = {item: item.get_closest_marker("engine") for item in items}
    others = [item for item, mark in marks.items() if mark and mark.args[0] != engine]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With REQUIRE_ALL=1 a skip is a failure: what was skipped was not shown to work."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("REQUIRE_ALL") == "1" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def migrate(url: str, revision: str = "head") -> None:
    """Brings the database at `url` to `revision`."""
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, revision)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of a migrated, empty database of this worker."""
    if not ON_POSTGRES:
        url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'template.db'}"
        migrate(url)
        yield url
        return
    with servers.postgres_database(f"dialog_{worker_id}") as url:
        migrate(url)
        yield url


@pytest.fixture
def database_url(migrated: str, tmp_path: Path) -> str:
    """The address of a migrated, empty database of this test alone."""
    if ON_POSTGRES:
        _empty(migrated)
        return migrated
    copy = tmp_path / "dialog.db"
    shutil.copyfile(migrated.removeprefix("sqlite:///"), copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a development installation without limits."""
    return Settings(
        database_url=database_url,
        secret_key="a secret that is only good for tests",
        base_url="http://localhost",
        trusted_hosts=("localhost",),
        instance=tmp_path,
        limits=False,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole app on this test's database."""
    app = create_app(settings)
    app.testing = True
    yield app
    app.extensions["database"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def db(app: Flask) -> Iterator[Session]:
    """A writing session inside the app, for commands. Commit with `keep(db)`."""
    database: store.Database = app.extensions["database"]
    with app.test_request_context(), Session(database.writer, expire_on_commit=False) as session:
        yield session


def _empty(url: str) -> None:
    engine = create_engine(url)
    names = ", ".join(f'"{table.name}"' for table in tables.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        connection.execute(text("INSERT INTO site_rev (id, rev) VALUES (1, 1)"))
    engine.dispose()
