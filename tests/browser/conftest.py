"""One Chromium and one town for each worker; every test has browsers of its own in them.

A test fails when a page it opened wrote an error to its console, broke the content security
policy or let an exception escape.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from playwright.sync_api import expect as expects

from tests import servers
from tests.browser import town as towns
from tests.browser.town import Town
from tests.stores import Stores

HERE = Path(__file__).parent
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The worker's Chromium."""
    path = servers.chromium_path()
    expects.set_options(timeout=towns.PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def town(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The worker's town. Its tests share it, so each looks only at what it has made itself."""
    with towns.demo_town(stores.new("town"), tmp_path_factory.mktemp("town")) as town:
        yield town


class Street:
    """Opens browsers for people, and hears what their pages complain of."""

    def __init__(self, chromium: Browser, town: Town, cookies: dict[str, Any]) -> None:
        self.chromium = chromium
        self.town = town
        self.cookies = cookies
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.ignored: tuple[str, ...] = ()

    def open(self, who: str = "", *, width: int = 1280, height: int = 900, **more: Any) -> Page:
        """A new page in a browser where `who` is signed in; nobody where it is empty."""
        context = self.chromium.new_context(
            base_url=self.town.address,
            locale="da-DK",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            storage_state=self._signed_in(who) if who else None,
            **more,
        )
        context.set_default_timeout(towns.PATIENCE * 1000)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.contexts.append(context)
        return context.new_page()

    def expected(self, *words: str) -> None:
        """Forgets complaints with one of these words in them: the test brought them about."""
        self.ignored += words

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.page and message.page.url}: {message.text}")

    def _signed_in(self, who: str) -> Any:
        """The cookies of a sign-in that the worker's tests share."""
        if who not in self.cookies:
            page = self.open()
            sign_in(page, who)
            self.cookies[who] = page.context.storage_state()
        return self.cookies[who]


@pytest.fixture(scope="session")
def cookies() -> dict[str, Any]:
    """The sign-ins that are shared, by the name before the @."""
    return {}


@pytest.fixture
def street(chromium: Browser, town: Town, cookies: dict[str, Any]) -> Iterator[Street]:
    """A street of browsers that closes with the test."""
    street = Street(chromium, town, cookies)
    yield street
    street.close()
    told = [one for one in street.complaints if not any(word in one for word in street.ignored)]
    assert not told, "\n".join(told)


def sign_in(page: Page, who: str, password: str = towns.PASSWORD) -> None:
    """Signs in through the form, from wherever the page is."""
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    page.get_by_label("Mailadresse").fill(who if "@" in who else f"{who}@fjordby.example")
    page.get_by_label("Adgangskode", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
