"""The journeys of a citizen, a politician and a comms chief with the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Street
from tests.browser.keyboard import SEEN, press, tab_to, tab_to_back
from tests.browser.town import CHIEF, CITIZEN, POLITICIAN, Town
from tests.browser.writing import post_with

pytestmark = pytest.mark.before_the_store  # focus and keys; the same journeys by mouse run on both

CARE = "Færre hænder på plejecentrene, og skal Søbakken lukke?"
HELD = "Klubber, ledelse, plejefamilier og den fælles ramme på børneområdet"


def test_a_citizen_finds_a_thread_asks_and_replies_by_keyboard(street: Street, town: Town) -> None:
    page = street.open(CITIZEN)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til indholdet")).to_be_focused()
    page.keyboard.press("Enter")
    press(page, page.get_by_role("main").get_by_role("link", name=re.compile("Budget 2028")).first)
    press(page, page.get_by_role("link", name="Debat", exact=True))
    press(page, page.get_by_role("main").get_by_role("link", name=CARE))
    press(page, page.get_by_role("link", name="Stil et spørgsmål"))
    expect(page.locator("#composer-topic")).to_be_focused()
    page.keyboard.type("Nætterne")
    tab_to(page, page.locator("#composer-body"))
    page.keyboard.type("Hvem er der om natten?")
    press(page, page.locator("#composer").get_by_role("button", name="Send", exact=True))
    mine = post_with(page, "Hvem er der om natten?")
    expect(mine).to_be_focused()
    assert page.evaluate(SEEN)
    press(page, mine.get_by_role("link", name=re.compile("^Svar")))
    expect(page.locator("#composer-body")).to_be_focused()
    page.keyboard.type("Og hvem i weekenden?")
    press(page, page.locator("#composer").get_by_role("button", name=re.compile("^Send")))
    expect(post_with(page, "Og hvem i weekenden?")).to_be_focused()


def test_a_branch_folds_and_a_form_closes_by_keyboard(street: Street, town: Town) -> None:
    page = street.open(CITIZEN)
    page.goto(town.thread(CARE))
    fold = page.locator("[data-fold]").first
    press(page, fold, "Space")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(fold).to_be_focused()
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "true")
    reply = page.locator("article.post").first.get_by_role("link", name=re.compile("^Svar"))
    reply.focus()
    page.keyboard.press("Enter")
    press(page, page.locator("#composer").get_by_role("link", name="Luk uden at sende"))
    expect(page.locator("#composer")).to_have_count(0)
    expect(reply).to_be_focused()


def test_a_politician_signs_in_and_answers_by_keyboard(street: Street, town: Town) -> None:
    asker = street.open(CITIZEN)
    asker.goto(town.thread(HELD))
    press(asker, asker.get_by_role("link", name="Stil et spørgsmål"))
    to = asker.get_by_label("Hvem spørger du?")
    tab_to_back(asker, to)
    to.press("A")  # a select is chosen from by its first letter
    tab_to(asker, asker.locator("#composer-body"))
    asker.keyboard.type("Må klubben bruge hallen?")
    press(asker, asker.locator("#composer").get_by_role("button", name="Send", exact=True))
    expect(post_with(asker, "Må klubben bruge hallen?")).to_be_focused()

    page = street.open(POLITICIAN)
    page.goto("/desk")
    press(page, page.get_by_role("link", name=re.compile("Må klubben bruge hallen")))
    tab_to(page, page.locator("#composer-body"))
    page.keyboard.type("Ja, fra klokken fire.")
    press(page, page.get_by_role("button", name="Send svaret"))
    expect(page.get_by_text("Dit svar er sendt")).to_be_visible()


def test_a_chief_begins_a_dialogue_and_follows_the_gate_by_keyboard(
    street: Street, town: Town
) -> None:
    page = street.open(CHIEF)
    page.goto("/set-up/new")
    tab_to(page, page.get_by_label("Hvad hedder dialogen?"))
    page.keyboard.type("Budget 2033")
    press(page, page.get_by_label("Budget", exact=True), "Space")
    press(page, page.get_by_role("button", name="Opret dialogen"))
    expect(page.get_by_role("heading", name="Forløbet", level=1)).to_be_visible()
    page.goto("/set-up/budget-2033/gate")
    press(page, page.get_by_role("button", name="Åbn dialogen"))
    expect(page.get_by_text("Dialogen kan ikke åbne endnu.")).to_be_visible()
    press(page, page.get_by_role("link", name=re.compile("^Tilføj en målgruppe")))
    tab_to(page, page.get_by_label("Hvem skal være med?"))
    page.keyboard.type("Forældre")
    press(page, page.get_by_role("button", name="Gem", exact=True))
    expect(page.get_by_label("Hvem skal være med?")).to_have_value("Forældre")
