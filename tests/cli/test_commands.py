"""The commands of `flask`."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from config import Settings
from dialog.app import create_app
from dialog.cli import migrating
from dialog.consultations import commands as consultations
from dialog.consultations.models import Kind
from dialog.people import queries as people
from dialog.permissions import SYSTEM, Role
from tests.make import NOW


@pytest.fixture
def begun(app: Flask) -> Flask:
    """An app on a store where somebody has begun a consultation."""
    with app.test_request_context(), app.extensions["database"].transaction() as db:
        consultations.create_consultation(db, SYSTEM, title="Havnen", kind=Kind.BUDGET, now=NOW)
    return app


def test_the_demo_is_loaded_only_into_an_empty_store(begun: Flask) -> None:
    result = begun.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "Demoen skal have en tom" in result.output


def test_once_says_nothing_where_there_is_a_consultation(begun: Flask) -> None:
    result = begun.test_cli_runner().invoke(args=["demo", "--once"])
    assert (result.exit_code, result.output) == (0, "")


def test_no_demo_where_it_is_switched_off(settings: Settings) -> None:
    app = create_app(replace(settings, demo=False))
    result = app.test_cli_runner().invoke(args=["demo"])
    app.extensions["database"].dispose()
    assert result.exit_code == 1
    assert "DEMO=on" in result.output


def test_a_first_admin_gets_a_link_to_a_password(app: Flask, client: FlaskClient) -> None:
    result = app.test_cli_runner().invoke(args=["create-admin", "Rita@Fjord.dk", "--name", "Rita"])
    link = next(line for line in result.output.splitlines() if line.startswith("http"))
    assert client.get(link).status_code == 200
    with app.extensions["database"].reading() as db:
        user = people.user_by_email(db, "rita@fjord.dk")
        assert user is not None
        assert user.role is Role.ADMIN


def test_the_first_admin_may_come_before_the_tables(settings: Settings, tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty' / 'dialog.db'}"
    app = create_app(replace(settings, database_url=empty))
    result = app.test_cli_runner().invoke(args=["create-admin", "rita@fjord.dk"])
    app.extensions["database"].dispose()
    assert (result.exit_code, "/reset-password/" in result.output) == (0, True)


def test_an_address_that_cannot_be_is_refused_in_one_sentence(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["create-admin", "rita"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")


def test_migrate_makes_the_store_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'dialog.db'}"
    assert migrating.migrate(url)
    assert not migrating.migrate(url)


def test_a_store_from_a_newer_dialog_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dialog.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
    engine.dispose()
    with pytest.raises(migrating.UnknownVersionError, match="9999"):
        migrating.migrate(url)


def test_the_quick_look_finds_the_same_head_as_alembic(db: Session) -> None:
    found = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert found == migrating.newest()
