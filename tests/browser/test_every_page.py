"""Every page for everyone who may see it: nothing hinders, nothing is wider than a small phone,
and nothing complains in the console."""

import json
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.exceptions import HTTPException

from tests.browser import axe
from tests.browser.conftest import Street
from tests.browser.pages import PAGES, address_of
from tests.browser.town import CHIEF, CITIZEN, POLITICIAN, Town
from tests.browser.writing import post_with, reply_to, write

# Layout, axe and the console: tests/security asks for every page on both engines.
pytestmark = pytest.mark.before_the_store

SCHOOL = "Skal Lyngholm Skole lukke?"
CHUNK = 9  # pages a test, so that the workers share them evenly
NO_PAGES = {
    "static",
    "web.healthz",
    "web.brand_css",
    "pages.set_language",
    "debates.reader",
    "debates.since",
    "debates.replies",
    "agenda.pack_pdf",
    "meetings.ics",
    "meetings.all_ics",
    "meetings.ics_of_consultation",
    "meetings.short",
    # Opened by a code that only whoever signs up has: see test_seats.py.
    "meetings.signed_up",
    "meetings.seat",
    "hall.state",
    # Of a promise of one's own: see test_desk.py.
    "pages.give_up_promise",
    "pages.answers_csv",
    "pages.answers_atom",
}
CHUNKS = [
    (who, paths[start : start + CHUNK])
    for who, paths in PAGES.items()
    for start in range(0, len(paths), CHUNK)
]


@pytest.mark.parametrize(
    ("who", "paths"), CHUNKS, ids=[f"{who or 'visitor'}{paths[0]}" for who, paths in CHUNKS]
)
def test_nothing_on_the_page_hinders_anyone(
    street: Street, town: Town, who: str, paths: list[str]
) -> None:
    page = street.open(who)
    street.expected("404 (NOT FOUND)", "410 (GONE)")
    told: list[str] = []
    for path in paths:
        page.goto(address_of(path, town))
        told += [f"{path} {one}" for one in axe.complaints(page)]
    assert not told, "\n".join(told)


def test_the_list_has_every_page_there_is(app: Flask, town: Town) -> None:
    there = {
        rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())
    } - NO_PAGES
    map_ = app.url_map.bind("localhost")
    visited: set[str] = set()
    for path in {path for paths in PAGES.values() for path in paths}:
        try:
            visited.add(map_.match(address_of(path, town).partition("?")[0])[0])
        except HTTPException:
            continue  # the page for what is not found
    assert there - visited == set()


def test_nothing_hinders_while_one_writes_and_news_come_in(street: Street, town: Town) -> None:
    page, writer = street.open(CITIZEN), street.open(POLITICIAN)
    page.goto(town.thread(SCHOOL))
    first = page.locator("article.post:not(.post--gone)").first
    number = first.get_attribute("data-post")
    page.locator("[data-fold]").nth(1).click()
    reply_to(first)
    page.locator("#composer-body").fill("Jeg er ved at skrive")
    writer.goto(f"/posts/{number}/reply")
    write(writer, "Jeg læser med her.")
    expect(page.get_by_role("button", name="1 nyt svar her")).to_be_visible()
    assert axe.complaints(page) == []
    page.get_by_role("button", name="1 nyt svar her").click()
    expect(post_with(page, "Jeg læser med her.")).to_be_visible()
    assert axe.complaints(page) == []


def test_nothing_hinders_where_something_is_wrong(street: Street, town: Town) -> None:
    page = street.open(CHIEF)
    street.expected("422")
    for path, button in (
        ("/set-up/new", "Opret dialogen"),
        ("/set-up/biblioteker-2028/meetings/new", "Gem mødet"),
        ("/set-up/biblioteker-2028/proposals/new", "Gem forslaget"),
    ):
        page.goto(path)
        without_checks(page)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_text("Ret det her, så er du videre")).to_be_visible()
        assert axe.complaints(page) == [], path
    visitor = street.open()
    visitor.goto("/sign-up")
    without_checks(visitor)
    visitor.get_by_role("button", name="Opret konto").click()
    expect(visitor.get_by_text("Ret det her, så er du videre")).to_be_visible()
    assert axe.complaints(visitor) == []


def test_a_very_long_word_makes_no_page_wider_and_is_cut_nowhere(
    street: Street, town: Town, tmp_path: Path
) -> None:
    word = "Kommunalbestyrelsesmedlemsvederlagsregulativændringsforslaget"
    said = {"author": "Anna", "created_at": "2026-01-02T03:04:05+00:00", "text": word}
    lines = [{"id": "1", "title": word, **said}, {"id": "2", "parent_id": "1", **said}]
    file = tmp_path / "long.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    done = town.flask("import-thread", str(file), "--consultation", "ny-skolestruktur")
    assert done.returncode == 0, done.stderr
    page = street.open(width=320, height=800)
    page.goto(town.thread(word))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 800})
    line = page.locator("[data-overview] b").first
    expect(line).to_have_text(word)
    told, room = line.bounding_box(), page.locator("[data-overview]").bounding_box()
    assert told
    assert room
    assert told["x"] + told["width"] <= room["x"] + room["width"]


def test_on_a_phone_the_button_of_a_filter_stands_beside_its_choice(street: Street) -> None:
    page = street.open(width=390, height=800)
    page.goto("/consultations/budget-2028/threads")
    choice = page.get_by_label("Vis kun tråde om").bounding_box()
    button = page.get_by_role("button", name="Vis", exact=True).bounding_box()
    assert choice
    assert button
    assert abs(choice["y"] + choice["height"] / 2 - button["y"] - button["height"] / 2) < 5


def without_checks(page: Page) -> None:
    """Lets the server check the forms, as it does for those whose browser does not."""
    page.evaluate("for (const form of document.forms) form.noValidate = true")
