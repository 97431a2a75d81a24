"""Exit code 0 when the migrations have one head and make exactly what the models say."""

import contextlib
import os
import sys
import tempfile

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError


def main() -> int:
    """Migrate an empty database to the newest revision and compare it with the models."""
    config = Config(toml_file="pyproject.toml")
    heads = ScriptDirectory.from_config(config).get_heads()
    if len(heads) != 1:
        print(f"The migrations have {len(heads)} heads, but must have one: {', '.join(heads)}")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/check.db"
        try:
            with contextlib.redirect_stdout(sys.stderr):
                command.upgrade(config, "head")
                command.check(config)
        except CommandError as error:
            print(f"The models and the migrations differ: {error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
