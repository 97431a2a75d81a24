"""A citizen closes her account on a phone, by keyboard, and those who read see it at once."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Street, sign_in
from tests.browser.keyboard import press, tab_to
from tests.browser.town import Town
from tests.browser.writing import Pen, follow, post_with

CARE = "Færre hænder på plejecentrene, og skal Søbakken lukke?"
EMAIL, PASSWORD = "else@example.dk", "fire grønne cykler"
WORDS = "Min mand bor på Søbakken, og han kan ikke flytte igen."


def join(page: Page, town: Town) -> None:
    """Signs Else Brodersen up, confirms her address and signs her in."""
    page.goto("/sign-up")
    page.get_by_label("Navn").fill("Else Brodersen")
    page.get_by_label("Mailadresse").fill(EMAIL)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Opret konto").click()
    link = re.search(r"http\S+/confirm/\S+", town.mail_to(EMAIL, "/confirm/"))
    assert link
    page.goto(link[0])
    page.get_by_role("button", name="Bekræft min mailadresse").click()
    sign_in(page, EMAIL, PASSWORD)


def test_an_account_is_closed_by_keyboard_and_its_posts_lose_their_name_before_every_reader(
    street: Street, town: Town
) -> None:
    page, reader = street.open(width=390, height=844), street.open(width=390, height=844)
    join(page, town)
    Pen(page, town.thread(CARE)).write(WORDS)
    follow(reader, town.thread(CARE))
    expect(post_with(reader, WORDS)).to_contain_text("Else Brodersen")

    page.goto("/me")
    street.expected("422")  # once, for a choice that was not made
    press(page, page.get_by_role("link", name="Se, hvad der sker, og luk din konto"))
    expect(page.get_by_role("heading", level=1, name="Luk din konto")).to_be_visible()
    press(page, page.get_by_role("button", name="Luk min konto"))
    expect(page.get_by_role("alert")).to_contain_text("Vælg, hvad der skal ske med dine indlæg")
    tab_to(page, page.get_by_label("Lad dem stå uden mit navn"))
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Luk min konto"))

    expect(page.get_by_text("Din konto er lukket")).to_be_visible()
    expect(page.get_by_role("link", name="Log ind").first).to_be_visible()
    expect(post_with(reader, WORDS)).to_contain_text("Tidligere deltager")
    expect(post_with(reader, WORDS)).not_to_contain_text("Else Brodersen")
    reader.reload()
    expect(post_with(reader, WORDS)).to_contain_text("Tidligere deltager")
