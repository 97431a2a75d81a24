"""Bringing the store to the shape that this code expects."""

import re
from pathlib import Path

from sqlalchemy import create_engine, inspect, text

ROOT = Path(__file__).resolve().parent.parent.parent
MIGRATIONS = ROOT / "migrations"


class UnknownVersionError(Exception):
    """The database was written by a newer Dialog than this one."""


def migrate(database_url: str) -> bool:
    """Whether anything had to be done. Raises: SQLAlchemyError, UnknownVersionError."""
    present = _present(database_url)
    if present == newest():
        return False  # without waking Alembic, so that a second start is quick
    if present is not None and present not in _versions():
        raise UnknownVersionError(present)
    _upgrade(database_url)
    return True


def newest() -> str:
    """The version that this code expects."""
    return _versions()[-1]


def _versions() -> list[str]:
    """The versions this code knows, oldest first: the numbers that the files begin with."""
    names = (file.name for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    return sorted(name.partition("_")[0] for name in names)


def _present(database_url: str) -> str | None:
    """The version of the database, or None for an empty one."""
    _make_folder(database_url)
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found) if found else None
    finally:
        engine.dispose()


def _make_folder(database_url: str) -> None:
    file = re.fullmatch(r"sqlite:///(.+)", database_url)
    if file:
        Path(file[1]).parent.mkdir(parents=True, exist_ok=True)


def _upgrade(database_url: str) -> None:
    # Here, because most starts can spare the time it takes to load.
    from alembic import command
    from alembic.config import Config

    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    command.upgrade(config, "head")
