"""A meeting planned before anyone counted seats keeps everything, up and down the migrations."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, create_engine, insert, select

from tests.stores import Stores, migrate, migrate_back

LONG_AGO = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001  (as a plain driver gives it back)


@pytest.fixture
def url(stores: Stores) -> str:
    """The address of a database with nothing in it, not even tables."""
    return stores.bare("up_and_down")


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
    migrate_back(url, "0004")
    assert meeting(engine) == before
    migrate(url)
    assert meeting(engine).items() >= before.items()
    engine.dispose()
