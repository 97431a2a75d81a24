"""Sockets carry what is public to whoever belongs here, and end with the sign-in."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Street, sign_in
from tests.browser.town import OTHER_CITIZEN, Town
from tests.browser.writing import follow

LIBRARIES = "Skal bibliotekerne i Kær og Lyngholm lukke?"
OPEN_ONE = """address => new Promise((resolve) => {
    const socket = new WebSocket(address);
    socket.onmessage = (event) => resolve(`heard ${event.data}`);
    socket.onclose = (event) => resolve(`closed ${event.code}`);
})"""


def test_a_page_from_elsewhere_gets_no_socket(street: Street, town: Town) -> None:
    page = street.open(OTHER_CITIZEN)
    page.route("http://elsewhere.example/", lambda route: route.fulfill(body="<p>Hello"))
    page.goto("http://elsewhere.example/")
    address = town.address.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    assert page.evaluate(OPEN_ONE, address) == "closed 1006"
    street.expected("WebSocket connection")

    page.goto("/healthz")
    assert str(page.evaluate(OPEN_ONE, address)).startswith("heard 0")


def test_signing_out_ends_the_sockets_of_every_tab(street: Street, town: Town) -> None:
    page = street.open()
    sign_in(page, OTHER_CITIZEN)
    tab = page.context.new_page()
    socket = follow(tab, town.thread(LIBRARIES))
    with socket.expect_event("close"):
        page.get_by_role("button", name="Log ud").first.click()
    expect(page.get_by_text("Du er logget ud.")).to_be_visible()


def test_the_same_post_is_pushed_to_everyone_with_nothing_of_its_writer(
    street: Street, town: Town
) -> None:
    page, listener = street.open(OTHER_CITIZEN), street.open()
    heard: list[str] = []
    socket = follow(listener, town.thread(LIBRARIES))
    socket.on("framereceived", lambda frame: heard.append(str(frame)))
    page.goto(town.thread(LIBRARIES))
    page.get_by_role("link", name="Skriv en kommentar").click()
    page.locator("#composer-body").fill("Jeg henter tre film om ugen.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(listener.get_by_role("button", name="1 nyt indlæg i tråden")).to_be_visible()
    told = "".join(heard)
    assert "Jeg henter tre film om ugen." in told
    assert not re.search("csrf|borger2@|type=.hidden", told)
