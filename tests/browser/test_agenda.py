"""The agenda in the hands of its chair, and before the eyes of those who follow it."""

import re

from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Street
from tests.browser.keyboard import press, tab_to
from tests.browser.pages import address_of
from tests.browser.town import CHIEF, CITIZEN, Town

AGENDA = "/meetings/{coming}/agenda"


def points(page: Page) -> list[str]:
    return page.locator(".agenda > .point h3").all_inner_texts()


def test_the_chair_plans_by_keyboard_and_those_at_home_see_it_happen(
    street: Street, town: Town
) -> None:
    reader, chair = street.open(), street.open(CHIEF)
    reader.goto(address_of(AGENDA, town))
    expect(reader.locator("[data-agenda]")).to_have_attribute("data-joined", "1")
    link = reader.locator(".agenda h3 a").first
    link.focus()
    chair.goto(address_of(f"{AGENDA}/plan", town))
    tab_to(chair, chair.get_by_label("Punkt", exact=True))
    chair.keyboard.type("Spørgsmål fra salen")
    press(chair, chair.get_by_role("button", name="Sæt på", exact=True).first)
    expect(chair.get_by_text("Punktet står på dagsordenen nu.")).to_be_visible()
    expect(reader.get_by_role("heading", name="Spørgsmål fra salen")).to_be_visible()
    expect(reader.locator("[data-status]")).to_have_text("Dagsordenen er ændret.")
    expect(link).to_be_focused()
    *before, last = points(reader)
    assert last == "Spørgsmål fra salen"
    mine = chair.locator(".point", has_text="Spørgsmål fra salen")
    press(chair, mine.get_by_role("button", name=re.compile("^Op")))
    expect(chair).to_have_url(re.compile(r"plan#[B-V]\d\d$"))
    moved = reader.locator(".agenda > .point", has_text="Spørgsmål fra salen")
    expect(moved.locator("xpath=following-sibling::*[contains(@class, 'point')]")).to_have_count(1)
    mine = chair.locator(".point", has_text="Spørgsmål fra salen")
    press(chair, mine.get_by_role("link", name=re.compile("^Tag af")))
    tab_to(chair, chair.get_by_label("Hvorfor bliver det taget af?"))
    chair.keyboard.type("Salen har fået sin egen tid")
    press(chair, chair.get_by_role("button", name="Tag det af"))
    expect(chair.get_by_text("Punktet er taget af.")).to_be_visible()
    expect(reader.get_by_role("heading", name="Spørgsmål fra salen")).to_have_count(0)
    assert set(before) <= set(points(reader))  # the clockwork may have put on more meanwhile


def test_the_chair_puts_a_proposal_on_moves_it_and_takes_it_off_by_keyboard(
    street: Street, town: Town
) -> None:
    chair = street.open(CHIEF, width=390)
    chair.goto(address_of(f"{AGENDA}/plan", town))
    choice = chair.get_by_label("Forslag", exact=True)
    tab_to(chair, choice)
    chair.keyboard.press("ArrowDown")
    name = choice.locator("option:checked").inner_text()
    tab_to(chair, chair.locator("#proposal_minutes"))
    chair.keyboard.press("Control+a")
    chair.keyboard.type("25")
    press(chair, chair.get_by_role("button", name="Sæt forslaget på"))
    expect(chair.get_by_text("Forslaget står på dagsordenen nu.")).to_be_visible()
    mine = chair.locator(".point", has_text=name)
    expect(mine.get_by_label(re.compile("^Minutter"))).to_have_value("25")
    press(chair, mine.get_by_role("button", name=re.compile("^Op")))
    expect(chair).to_have_url(re.compile(r"plan#[B-V]\d\d$"))
    press(chair, mine.get_by_role("link", name=re.compile("^Tag af")))
    tab_to(chair, chair.get_by_label("Hvorfor bliver det taget af?"))
    chair.keyboard.type("Det kommer på det næste møde")
    press(chair, chair.get_by_role("button", name="Tag det af"))
    expect(chair.get_by_text("Punktet er taget af.")).to_be_visible()
    expect(mine).to_have_count(0)
    expect(choice.locator("option", has_text=name)).to_have_count(1)


def test_nothing_hinders_anyone_at_the_agenda(street: Street, town: Town) -> None:
    told: list[str] = []
    for who, paths in {
        "": [AGENDA, "/meetings/{held}/agenda", "/meetings/{coming}/pack", "/meetings/{coming}"],
        CITIZEN: ["/posts/{deep}/suggest"],
        CHIEF: [AGENDA, f"{AGENDA}/plan", f"{AGENDA}/rule", f"{AGENDA}/{{point}}/off"],
    }.items():
        page = street.open(who)
        for path in paths:
            page.goto(address_of(path, town))
            told += [f"{path} {one}" for one in axe.complaints(page)]
    assert not told, "\n".join(told)
