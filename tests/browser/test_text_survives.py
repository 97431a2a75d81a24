"""What somebody has written is never lost, and never sent twice."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Street, sign_in
from tests.browser.town import CITIZEN, OTHER_CITIZEN, Town
from tests.browser.writing import follow, post_with, write

pytestmark = pytest.mark.before_the_store  # what the browser keeps of a text

PARKING = "Skal det koste penge at parkere i Midtbyen?"


def begin(page: Page, town: Town, words: str) -> None:
    """Opens the form for a comment in the thread, and writes in it."""
    page.goto(town.thread(PARKING))
    page.get_by_role("link", name="Skriv en kommentar").click()
    page.locator("#composer-body").fill(words)


def test_a_session_that_ended_meanwhile_keeps_the_text_until_it_is_sent(
    street: Street, town: Town
) -> None:
    page = street.open(CITIZEN)
    begin(page, town, "Hvor skal håndværkerne holde?")
    page.context.clear_cookies()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Du er logget ud.")
    expect(page.locator("#composer-body")).to_have_value("Hvor skal håndværkerne holde?")
    street.expected("400", "401")
    page.get_by_role("link", name="Log ind, og send så").click()
    sign_in(page, CITIZEN)
    expect(page.locator("#composer-body")).to_have_value("Hvor skal håndværkerne holde?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(post_with(page, "Hvor skal håndværkerne holde?")).to_have_count(1)


def test_without_scripts_an_ended_session_gives_the_text_back(street: Street, town: Town) -> None:
    page = street.open(CITIZEN, java_script_enabled=False)
    page.goto(town.thread(PARKING))
    page.get_by_role("link", name="Skriv en kommentar").click()
    page.locator("#composer-body").fill("Jeg cykler alligevel.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_label("Din tekst er ikke væk")).to_have_value("Jeg cykler alligevel.")
    page.get_by_role("button", name="Send igen").click()
    expect(page.get_by_text("Din tekst er gemt imens")).to_be_visible()
    sign_in(page, CITIZEN)
    expect(page.locator("#composer-body")).to_have_value("Jeg cykler alligevel.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(post_with(page, "Jeg cykler alligevel.")).to_have_count(1)
    street.expected("400")


def test_a_reload_keeps_the_draft(street: Street, town: Town) -> None:
    page = street.open(CITIZEN)
    begin(page, town, "To timer er for lidt til tandlægen")
    page.reload()
    page.get_by_role("link", name="Skriv en kommentar").click()
    expect(page.locator("#composer-body")).to_have_value("To timer er for lidt til tandlægen")


def test_a_draft_is_gone_once_it_is_sent_from_a_page_of_its_own(street: Street, town: Town) -> None:
    page = street.open(CITIZEN)
    opening = town.one("SELECT id FROM posts WHERE path = '' AND thread_id = :t", t=number(town))
    page.goto(f"/posts/{opening}/reply")
    write(page, "Der er altid plads ved havnen.")
    expect(page.get_by_text("Dit indlæg er sendt")).to_be_visible()
    page.wait_for_load_state()
    page.goto(f"/posts/{opening}/reply")
    expect(page.locator("#composer-body")).to_have_value("")


def test_two_quick_clicks_make_one_post(street: Street, town: Town) -> None:
    page = street.open(CITIZEN)
    begin(page, town, "Så kører folk bare til Ringby.")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(post_with(page, "Så kører folk bare til Ringby.")).to_be_visible()
    assert count(town, "Så kører folk bare til Ringby.") == 1


def test_the_same_form_sent_twice_makes_one_post(street: Street, town: Town) -> None:
    page = street.open(CITIZEN, java_script_enabled=False)
    page.goto(town.thread(PARKING))
    page.get_by_role("link", name="Skriv en kommentar").click()
    write(page, "Søndag bør være gratis.")
    expect(page.get_by_text("Dit indlæg er sendt")).to_be_visible()  # stepping back needs it
    page.wait_for_load_state()
    page.go_back()
    write(page, "Søndag bør være gratis.")
    expect(post_with(page, "Søndag bør være gratis.")).to_be_visible()
    assert count(town, "Søndag bør være gratis.") == 1


def test_without_a_connection_the_text_stays_and_is_sent_later(street: Street, town: Town) -> None:
    page = street.open(CITIZEN)
    begin(page, town, "Lad os få en p-skive.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Der er ingen forbindelse lige nu.")
    expect(page.locator("#composer-body")).to_have_value("Lad os få en p-skive.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(post_with(page, "Lad os få en p-skive.")).to_have_count(1)
    street.expected("ERR_INTERNET_DISCONNECTED")


def test_a_page_that_was_away_finds_out_what_it_missed(street: Street, town: Town) -> None:
    reader, writer = street.open(), street.open(OTHER_CITIZEN)
    follow(reader, town.thread(PARKING))
    reader.context.set_offline(True)
    expect(reader.locator("[data-connection-lost]")).to_be_visible()
    begin(writer, town, "Handlen i Midtbyen skal leve.")
    writer.get_by_role("button", name="Send", exact=True).click()
    expect(post_with(writer, "Handlen i Midtbyen skal leve.")).to_be_visible()
    reader.context.set_offline(False)
    expect(reader.locator("[data-connection-back]")).to_be_visible()
    reader.get_by_role("button", name="1 nyt indlæg i tråden").click()
    expect(post_with(reader, "Handlen i Midtbyen skal leve.")).to_be_focused()
    street.expected("ERR_INTERNET_DISCONNECTED")


def number(town: Town) -> int:
    return int(town.thread(PARKING).rpartition("/")[2])


def count(town: Town, words: str) -> int:
    return int(town.one("SELECT count(*) FROM posts WHERE source = :words", words=words))
