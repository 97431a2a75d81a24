"""A meeting planned before anyone counted seats keeps everything, up and down the migrations."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, create_engine, insert, select

from config import ROOT
from tests import servers
from tests.conftest import ON_POSTGRES, migrate

LONG_AGO = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001  (as a plain driver gives it back)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it, not even tables."""
    if not ON_POSTGRES:
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    with servers.postgres_database("dialog_up_and_down") as address:
        yield address


def back_to(url: str, revision: str) -> None:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.downgrade(config, revision)


def put(engine: Engine, table: str, **given: Any) -> None:
    """A row with whatever its columns ask for."""
    known = MetaData()
    known.reflect(engine)
    needed = {
        column.name: LONG_AGO if "DATETIME" in f"{column.type}" or "TIMESTAMP" in f"{column.type}"
        else False if "BOOL" in f"{column.type}" else 1 if "INT" in f"{column.type}" else "x"
        for column in known.tables[table].columns
        if not column.nullable and not column.primary_key
    }  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(known.tables[table]).values(needed | given))


def meeting(engine: Engine) -> dict[str, Any]:
    known = MetaData()
    known.reflect(engine, only=["meetings"])
    with engine.connect() as connection:
        return dict(connection.execute(select(known.tables["meetings"])).one()._mapping)


def test_an_old_meeting_goes_up_and_down_and_up_again(url: str) -> None:
    engine = create_engine(url)
    migrate(url, "0004")
    put(engine, "consultations", slug="budget", kind="budget", state="open")
    put(engine, "meetings", title="Skoler", version=3)
    before = meeting(engine)
    migrate(url, "0005")
    after = meeting(engine)
    assert after.items() >= before.items()
    assert after["changed_at"].astimezone(UTC) == LONG_AGO.replace(
        tzinfo=after["changed_at"].tzinfo
    ).astimezone(UTC)
    assert (after["room"], after["hearing_loop"], after["capacity"]) == ("", False, None)
    back_to(url, "0004")
    assert meeting(engine) == before
    migrate(url)
    assert meeting(engine).items() >= before.items()
    engine.dispose()
