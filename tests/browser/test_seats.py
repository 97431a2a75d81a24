"""A seat at a meeting, on a phone and a desktop, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Street
from tests.browser.town import CHIEF, Town

PHONE, DESKTOP = 390, 1280


def meeting(town: Town, title: str) -> str:
    """The path of the meeting with this title."""
    return f"/meetings/{town.one('SELECT id FROM meetings WHERE title = :t', t=title)}"


def sign_up(page: Page, name: str, seats: int, button: str = "Tilmeld mig") -> str:
    """The code, from the page that shows it once."""
    page.get_by_label("Navn").fill(name)
    page.get_by_label("Mailadresse").fill(f"{name.split()[0].lower()}@gaest.example")
    page.get_by_label(str(seats), exact=True).check()
    page.get_by_role("button", name=button).click()
    expect(page.locator(".code__signs")).to_be_visible()
    return page.locator(".code__signs").inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_seat_is_taken_found_again_changed_and_given_back(
    street: Street, town: Town, width: int, scripts: bool
) -> None:
    name = f"Guri{width}{scripts} Holm"
    page = street.open(width=width, java_script_enabled=scripts)
    page.goto(meeting(town, "Skoler og dagtilbud"))
    page.get_by_role("link", name="Tilmeld dig", exact=True).click()
    code = sign_up(page, name, 2)
    expect(page.get_by_role("heading", level=1)).to_have_text("Du er tilmeldt")
    page.goto("/seat")
    page.get_by_label("Kode").fill(code.lower())
    page.get_by_role("button", name="Find min tilmelding").click()
    expect(page.get_by_text("Du har 2 pladser.")).to_be_visible()
    page.get_by_label("3", exact=True).check()
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Du har 3 pladser.")).to_be_visible()
    page.get_by_role("button", name="Meld mig fra").click()
    expect(page.get_by_text("Du er meldt fra.")).to_be_visible()
    assert town.one("SELECT count(*) FROM meeting_sign_ups WHERE name = :n", n=name) == 0


def test_the_pages_of_a_seat_hinder_nobody(street: Street, town: Town) -> None:
    page = street.open()
    page.goto(f"{meeting(town, 'Skoler og dagtilbud')}/sign-up")
    page.get_by_role("button", name="Tilmeld mig").click()
    expect(page.get_by_text("Skriv dit navn.").first).to_be_visible()
    street.expected("422 (UNPROCESSABLE ENTITY)")
    told = axe.complaints(page)
    code = sign_up(page, "Yrsa Dam", 1)
    told += axe.complaints(page)
    page.goto(f"/seat/{code}")
    told += axe.complaints(page)
    assert not told, "\n".join(told)
    page.get_by_role("button", name="Meld mig fra").click()


def test_a_full_hall_has_a_line_and_the_door_lets_people_in(street: Street, town: Town) -> None:
    path = meeting(town, "Ældre, sundhed og handicap")
    guest = street.open(width=PHONE)
    guest.goto(path)
    expect(guest.get_by_text("Alle 60 pladser er taget.")).to_be_visible()
    guest.get_by_role("link", name="Skriv dig på ventelisten").click()
    sign_up(guest, "Zita Bohn", 1, "Skriv mig på ventelisten")
    expect(guest.get_by_text(re.compile(r"Du er nummer \d+ i køen"))).to_be_visible()
    staff = street.open(CHIEF)
    staff.goto(f"{path}/door?q=Aase")
    staff.get_by_role("button", name="Alle 2 er her").click()
    expect(staff.get_by_text("2 er her")).to_be_visible()
    staff.get_by_role("button", name="Fortryd").click()
    expect(staff.get_by_role("button", name="Alle 2 er her")).to_be_visible()


def test_a_seat_is_taken_by_the_keyboard_alone(street: Street, town: Town) -> None:
    page = street.open()
    page.goto(f"{meeting(town, 'Skoler og dagtilbud')}/sign-up")
    page.get_by_label("Navn").focus()
    page.keyboard.type("Tasta Tur")
    page.keyboard.press("Tab")
    page.keyboard.type("tasta@gaest.example")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vi har holdt 2 pladser til jer.")).to_be_visible()


def test_a_printed_slip_makes_its_finder_a_verified_resident(street: Street, town: Town) -> None:
    chief = street.open(CHIEF)
    chief.goto("/slips")
    chief.get_by_label("Hvor bliver de delt ud?").fill("Prøven")
    chief.get_by_label("Hvor mange sedler?").fill("2")
    chief.get_by_role("button", name="Lav sedler til udskrift").click()
    expect(chief.locator(".slips img")).to_have_count(2)
    code = chief.locator(".slips b").first.inner_text()
    told = axe.complaints(chief)
    assert not told, "\n".join(told)
    citizen = street.open("borger2", width=PHONE)
    citizen.goto(f"/me/verify?code={code}")
    citizen.get_by_label("By eller bydel").fill("Lyngholm")
    citizen.get_by_role("button", name="Brug koden").click()
    expect(citizen.get_by_text("Du er verificeret borger.")).to_be_visible()
