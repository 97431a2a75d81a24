"""One app and one town for the whole folder; a test that changes it puts it back."""

from collections.abc import Iterator

import pytest

from tests.security.ground import Site
from tests.stores import Stores


@pytest.fixture(scope="package")
def site(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app with everything in it."""
    made = Site(stores.new("security"), tmp_path_factory.mktemp("security"))
    yield made
    made.close()
