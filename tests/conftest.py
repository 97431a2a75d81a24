"""The ground of every test: a store as the migrations leave it, an app on it, a writing session.

`TEST_DATABASE=postgres` runs on PostgreSQL whatever asks for a store, and nothing else: what never
asks an engine anything cannot answer differently on another.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from config import Settings
from dialog.core import db as store
from tests.apps import Apps
from tests.stores import Files, Stores, databases

TOWNS = {"town", "site", "fjordby"}  # the fixtures that make a whole municipality

# What a test draws at random is checked for what it says, not for how long this machine takes.
hypothesis.settings.register_profile("dialog", deadline=None)
hypothesis.settings.load_profile("dialog")

ON_POSTGRES = os.environ.get("TEST_DATABASE") == "postgres"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the quick tests, and leaves out what is not about this engine.

    That is not missing: it is not asked.
    """
    for item in items:
        if _is_quick(item):
            item.add_marker(pytest.mark.unit)
    others = [item for item in items if not _is_asked(item)]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if _is_asked(item)]


def _is_asked(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("engine")
    if mark:
        return bool(mark.args[0] == ("postgresql" if ON_POSTGRES else "sqlite"))
    if not ON_POSTGRES:
        return True
    is_beyond = item.get_closest_marker("before_the_store") is None
    return is_beyond and "stores" in getattr(item, "fixturenames", ())


def _is_quick(item: pytest.Item) -> bool:
    """Whether the test starts no program and shares no town: it asks one thing of one room."""
    module = vars(getattr(item, "module", pytest))
    starts_programs = "servers" in module or "subprocess" in module
    return not starts_programs and TOWNS.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With REQUIRE_ALL=1 a skip is a failure: what was skipped was not shown to work."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("REQUIRE_ALL") == "1" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Stores]:
    """Where this worker has its stores, on the engine that is asked about."""
    if ON_POSTGRES:
        with databases(worker_id) as made:
            yield made
    else:
        yield Files(tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="session")
def own_database(stores: Stores) -> str:
    """The address of the store that this worker's tests have one after the other."""
    return stores.new("own")


@pytest.fixture(scope="session")
def apps() -> Iterator[Apps]:
    """The apps that this worker has made."""
    made = Apps()
    yield made
    made.close()


@pytest.fixture
def database_url(stores: Stores, own_database: str) -> str:
    """The address of a store that holds nothing of an earlier test."""
    stores.empty(own_database)
    return own_database


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
def app(apps: Apps, settings: Settings) -> Iterator[Flask]:
    """The whole app on this test's store."""
    app = apps.get(settings)
    yield app
    if not ON_POSTGRES:
        app.extensions["database"].dispose()  # the next test has a file of its own


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def db(app: Flask) -> Iterator[Session]:
    """A writing session inside the app, for commands. Its commits count as the app's own."""
    database: store.Database = app.extensions["database"]

    def count(_session: Session) -> None:
        database.commits += 1

    with app.test_request_context(), Session(database.writer, expire_on_commit=False) as session:
        event.listen(session, "after_commit", count)
        yield session
