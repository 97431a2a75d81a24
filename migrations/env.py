"""How Alembic reaches the store: the URL from `config.py`, the tables from the rooms."""

from typing import Any

from alembic import context
from sqlalchemy import create_engine

from config import Settings
from dialog import tables

URL = context.config.get_main_option("sqlalchemy.url") or Settings.from_environ().database_url


def is_a_models(_thing: Any, name: str | None, _kind: str, _found: bool, _model: Any) -> bool:
    """Whether the models know of it. Searching has tables and an index of its engine alone."""
    return not (name or "").startswith(("post_search", "ix_posts_search"))


def run() -> None:
    """Runs the asked-for migrations in one transaction each."""
    engine = create_engine(URL)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=tables.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            include_object=is_a_models,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
