"""An evening without a mouse: the chair leads it, phones raise hands, and seats come and go."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Street
from tests.browser.keyboard import press, tab_to, type_into
from tests.browser.test_evening import FIRST, SECOND, arrange
from tests.browser.town import CHIEF, Town

pytestmark = pytest.mark.before_the_store  # focus and keys; the same evening by mouse runs on both

WIDTHS = pytest.mark.parametrize("width", [390, 1280])


def fits(page: Page) -> None:
    """Nothing sticks out to the side, and nothing hinders anybody."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe.violations(page) == []


def raise_hand(page: Page, code: str, name: str) -> None:
    """Comes in by the code, and raises a hand."""
    page.goto("/salen")
    type_into(page, page.get_by_label("Kode"), code)
    page.keyboard.press("Enter")
    type_into(page, page.get_by_label("Hvad skal mødelederen kalde dig?"), name)
    press(page, page.get_by_role("button", name="Ræk hånden op"))
    expect(page.locator("[data-own-state]")).to_contain_text("Du er nummer")


@WIDTHS
def test_the_chair_leads_the_evening_by_keyboard(street: Street, town: Town, width: int) -> None:
    evening = arrange(town)
    chair = street.open(CHIEF, width=width)
    chair.goto(evening.at("chair"))
    press(chair, chair.get_by_role("button", name="Åbn salen"))
    code = chair.locator(".hall__code--small").inner_text()
    phones = [street.open(width=390, height=844) for _name in range(2)]
    for phone, name in zip(phones, ("Anna", "Bo"), strict=True):
        raise_hand(phone, code, name)
    anna, bo = phones
    expect(chair.locator(".chair__line li")).to_have_count(2)

    # The next point, and who answers it: the focus stays with the one who works.
    press(chair, chair.get_by_role("button", name="Næste punkt"))
    expect(chair.locator(".hallnow__q").first).to_have_text(FIRST)
    expect(chair.get_by_role("button", name="Næste punkt")).to_be_focused()
    press(chair, chair.get_by_role("button", name=re.compile("^Anders Toft")))
    expect(chair.get_by_role("button", name=re.compile("svarer nu$"))).to_be_focused()
    fits(chair)

    # The word goes to each in turn; when nobody is left, the focus is where the line was.
    press(chair, chair.get_by_role("button", name="Giv ordet til Anna"))
    expect(anna.locator("[data-own-state]")).to_have_text("Du har ordet nu.")
    expect(chair.get_by_role("button", name="Giv ordet til Bo")).to_be_focused()
    chair.keyboard.press("Enter")
    expect(bo.locator("[data-own-state]")).to_have_text("Du har ordet nu.")
    expect(chair.get_by_role("heading", name="Ordet", exact=True)).to_be_focused()
    press(chair, chair.get_by_role("button", name="Tak for ordet"))
    expect(bo.locator("[data-own-state]")).to_have_text("Du har haft ordet.")

    # Anna has more to say; one without a phone is put in line, whatever happens meanwhile.
    tab_to(chair, chair.get_by_label("Sæt en fra salen i kø"))
    chair.keyboard.type("Ole")
    press(anna, anna.get_by_role("link", name="Ræk hånden op igen"))
    press(anna, anna.get_by_role("button", name="Ræk hånden op"))
    expect(chair.locator(".chair__line li")).to_have_count(1)
    expect(chair.get_by_label("Sæt en fra salen i kø")).to_have_value("Ole")
    chair.keyboard.press("Enter")
    expect(chair.locator(".chair__line li")).to_have_count(2)
    expect(chair.locator(".chair__line li").first).to_contain_text("Ole")

    # Both points are closed.
    press(chair, chair.get_by_role("button", name="Færdig: besvaret"))
    expect(chair.get_by_text("Ingen punkter er i gang.")).to_be_visible()
    press(chair, chair.get_by_role("button", name="Næste punkt"))
    expect(chair.locator(".hallnow__q").first).to_have_text(SECOND)
    press(chair, chair.get_by_role("button", name="Færdig: ikke besvaret"))
    expect(chair.get_by_role("heading", name="På skærmen nu")).to_be_focused()
    fits(chair)


@WIDTHS
def test_a_hand_is_raised_and_lowered_by_keyboard(street: Street, town: Town, width: int) -> None:
    evening = arrange(town)
    chair = street.open(CHIEF)
    chair.goto(evening.at("chair"))
    chair.get_by_role("button", name="Åbn salen").click()
    code = chair.locator(".hall__code--small").inner_text()
    phone = street.open(width=width)
    raise_hand(phone, code, "Dorte")
    fits(phone)
    press(phone, phone.get_by_role("button", name="Tag hånden ned"))
    expect(phone.get_by_role("button", name="Ræk hånden op")).to_be_visible()
    expect(chair.locator(".chair__line li")).to_have_count(0)
    # What the hall is at leads to its thread, where one can ask.
    chair.get_by_role("button", name="Næste punkt").click()
    expect(phone.locator(".hallnow__q")).to_have_text(FIRST)
    press(phone, phone.get_by_role("link", name=FIRST))
    expect(phone).to_have_url(re.compile(r"/posts/\d+"))


@WIDTHS
def test_a_seat_is_taken_and_given_back_by_keyboard(street: Street, town: Town, width: int) -> None:
    page, name = street.open(width=width), f"Tove{width} Tast"
    coming = town.one("SELECT id FROM meetings WHERE title = 'Skoler og dagtilbud'")
    page.goto(f"/meetings/{coming}")
    press(page, page.get_by_role("link", name="Tilmeld dig", exact=True))
    type_into(page, page.get_by_label("Navn"), name)
    type_into(page, page.get_by_label("Mailadresse"), f"tove{width}@gaest.example")
    press(page, page.get_by_role("button", name="Tilmeld mig"))
    expect(page.locator(".code__signs")).to_be_visible()
    code = page.locator(".code__signs").inner_text()
    fits(page)
    page.goto("/seat")
    type_into(page, page.get_by_label("Kode"), code)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Du har 1 plads.")).to_be_visible()
    fits(page)
    press(page, page.get_by_role("button", name="Meld mig fra"))
    expect(page.get_by_text("Du er meldt fra.")).to_be_visible()
    assert town.one("SELECT count(*) FROM meeting_sign_ups WHERE name = :n", n=name) == 0
