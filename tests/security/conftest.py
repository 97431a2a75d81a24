"""One app and one town for the whole folder; a test that changes it puts it back."""

import shutil
from collections.abc import Iterator

import pytest

from tests import conftest as ground
from tests import servers
from tests.security.ground import Site


@pytest.fixture(scope="package")
def site(migrated: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """The app with everything in it."""
    folder = tmp_path_factory.mktemp("security")
    if not ground.ON_POSTGRES:
        file = folder / "dialog.db"
        shutil.copyfile(migrated.removeprefix("sqlite:///"), file)
        made = Site(f"sqlite:///{file}", folder)
        yield made
        made.close()
        return
    with servers.postgres_database(f"dialog_{worker_id}_security") as url:
        ground.migrate(url)
        made = Site(url, folder)
        yield made
        made.close()
