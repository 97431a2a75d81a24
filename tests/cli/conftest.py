"""The demo, loaded once for the tests that only read it."""

from collections.abc import Iterator
from datetime import date, datetime, time

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config import Settings
from dialog.app import create_app
from dialog.core import clock
from dialog.core import db as store
from dialog.demo import load
from tests.stores import Stores

TODAY = date(2026, 11, 21)  # a Saturday


def noon(day: date) -> datetime:
    """Noon in Denmark."""
    return datetime.combine(day, time(12), clock.COPENHAGEN)


@pytest.fixture(scope="module")
def fjordby(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app with the demo in its store. Nothing may be written there."""
    settings = Settings(
        database_url=stores.new("fjordby"),
        secret_key="a secret that is only good for tests",
        base_url="http://localhost",
        instance=tmp_path_factory.mktemp("fjordby"),
        limits=False,
    )
    app = create_app(settings)
    load.load_demo(app, today=TODAY, now=noon(TODAY))
    yield app
    app.extensions["database"].dispose()


@pytest.fixture
def reading(fjordby: Flask) -> Iterator[Session]:
    """A reading session on the demo."""
    with fjordby.test_request_context():
        yield store.session()
