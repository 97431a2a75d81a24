"""A citizen reads, signs up, asks, replies and shares; another sees it live."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Street, sign_in
from tests.browser.town import CITIZEN, OTHER_CITIZEN, Town
from tests.browser.writing import post_with, reply_to, write

BUSES = "Hvordan kommer man hjem, hvis der ikke kører bus om aftenen?"
SCHOOL = "Skal Lyngholm Skole lukke?"


def test_everything_is_found_from_the_front_page_without_an_account(street: Street) -> None:
    page = street.open()
    page.goto("/")
    page.get_by_role("link", name="Budget 2028").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Budget 2028")
    tabs = page.get_by_role("navigation", name="Budget 2028")
    tabs.get_by_role("link", name="Grundlag").click()
    expect(page.get_by_role("heading", name="Det er besluttet")).to_be_visible()
    tabs.get_by_role("link", name="Forslag").click()
    page.locator("main").get_by_role("link", name=re.compile("Lyngholm Skole")).first.click()
    page.get_by_role("link", name=re.compile(re.escape(SCHOOL))).first.click()
    expect(page.get_by_role("heading", level=1, name=SCHOOL)).to_be_visible()
    page.get_by_role("complementary").get_by_role("link", name="Se mødet").first.click()
    expect(page).to_have_url(re.compile(r"/meetings/\d+$"))


def test_a_thread_shows_the_way_in_to_who_has_not_signed_in_and_leads_back(
    street: Street, town: Town
) -> None:
    visitor, citizen = street.open(), street.open(CITIZEN)
    for page in (visitor, citizen):
        page.goto(town.thread(BUSES))
    menu = visitor.get_by_role("navigation", name="Hovedmenu")
    expect(menu.get_by_role("link", name="Min side")).to_have_count(0)
    menu.get_by_role("link", name="Log ind").click()
    expect(visitor).to_have_url(re.compile(re.escape(f"/sign-in?next={town.thread(BUSES)}") + "$"))
    menu = citizen.get_by_role("navigation", name="Hovedmenu")
    expect(menu.get_by_role("link", name="Min side")).to_be_visible()


def test_a_new_citizen_confirms_the_address_and_lands_where_the_writing_was_meant(
    street: Street, town: Town
) -> None:
    page = street.open()
    page.goto(town.thread(BUSES))
    page.get_by_role("link", name="Stil et spørgsmål").click()
    page.get_by_role("link", name="Opret konto").click()
    page.get_by_label("Navn").fill("Birgit Aagaard")
    page.get_by_label("Mailadresse").fill("birgit@example.dk")
    page.get_by_label("Adgangskode").fill("fire grønne cykler")
    page.get_by_role("button", name="Opret konto").click()
    expect(page.get_by_text("Vi har sendt en mail til birgit@example.dk")).to_be_visible()
    link = re.search(r"http\S+/confirm/\S+", town.mail_to("birgit@example.dk", "/confirm/"))
    assert link
    page.goto(link[0])
    page.get_by_role("button", name="Bekræft min mailadresse").click()
    sign_in(page, "birgit@example.dk", "fire grønne cykler")
    write(page, "Kører natbussen stadig?")
    expect(post_with(page, "Kører natbussen stadig?")).to_contain_text("Birgit Aagaard")


def test_a_reply_deep_down_has_a_permalink_that_opens_it_with_what_it_answers(
    street: Street, town: Town
) -> None:
    page = street.open(CITIZEN)
    page.goto(town.thread(BUSES))
    page.get_by_role("link", name="Skriv en kommentar").click()
    write(page, "Min mor tager den sidste bus fra sygehuset.")
    for words in ("Hun er der til klokken 23.", "Og en taxa koster 400 kr.", "Hver eneste aften."):
        reply_to(page.locator("article.post:focus"))
        write(page, words)
        expect(post_with(page, words)).to_be_focused()
    visitor = street.open()
    link = post_with(page, "Hver eneste aften.").locator(".post__meta a")
    visitor.goto(str(link.get_attribute("href")))
    expect(post_with(visitor, "Hver eneste aften.")).to_be_in_viewport()
    expect(visitor.locator(".ancestors a")).to_have_count(3)
    expect(visitor.locator(".ancestors a").first).to_contain_text("Min mor tager den sidste bus")


def test_a_new_post_is_announced_and_moves_nothing_under_a_reader_who_writes(
    street: Street, town: Town
) -> None:
    writer, reader = street.open(CITIZEN), street.open(OTHER_CITIZEN)
    half = "Jeg er ved at skrive, at"
    reader.goto(town.thread(SCHOOL))
    posts = reader.locator("article.post:not(.post--gone)")
    middle = posts.nth(posts.count() // 2)
    reply_to(middle)
    draft = reader.locator("#composer-body")
    draft.fill(half)
    draft.evaluate("field => field.scrollIntoView({ block: 'center' })")
    before = standing(reader)

    last = posts.last.get_attribute("data-post")
    writer.goto(f"{town.thread(SCHOOL)}#p{last}")
    reply_to(writer.locator(f"#p{last}"))
    write(writer, "Det har vi også tænkt på hjemme hos os.")
    news = reader.get_by_role("button", name="1 nyt svar her")
    expect(news).to_be_attached()
    expect(reader.get_by_role("button", name="1 nyt indlæg i tråden")).to_be_in_viewport()
    expect(post_with(reader, "Det har vi også tænkt på")).to_have_count(0)
    assert standing(reader) == before
    expect(draft).to_have_value(half)
    expect(draft).to_be_focused()

    news.click()
    expect(post_with(reader, "Det har vi også tænkt på")).to_be_focused()
    expect(reader.get_by_role("button", name="nyt indlæg i tråden")).to_be_hidden()
    expect(draft).to_have_value(half)


@pytest.mark.parametrize("anchors", [True, False])
def test_a_post_above_what_one_reads_does_not_push_it_down(
    street: Street, town: Town, anchors: bool
) -> None:
    writer, reader = street.open(CITIZEN), street.open(width=390, height=700)
    if not anchors:  # as Safari, which keeps no place by itself
        reader.add_init_script(WITHOUT_ANCHORS)
    reader.goto(town.thread(SCHOOL))
    reader.locator("article.post").nth(20).evaluate("post => post.scrollIntoView()")
    before = reader.locator("article.post").nth(20).bounding_box()
    writer.goto(town.thread(SCHOOL))
    first = writer.locator("article.post:not(.post--gone)").first
    reply_to(first)
    write(writer, f"Og hvem spørger børnene? {anchors}")
    expect(reader.get_by_role("button", name="1 nyt svar her")).to_be_attached()
    assert reader.locator("article.post").nth(20).bounding_box() == before


WITHOUT_ANCHORS = """
    CSS.supports = () => false;
    document.addEventListener("DOMContentLoaded", () => {
        document.documentElement.style.overflowAnchor = "none";
    });
"""


def standing(page: Page) -> object:
    """Where the reader has scrolled to."""
    return page.evaluate("[window.scrollX, window.scrollY]")
