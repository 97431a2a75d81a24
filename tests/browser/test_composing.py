"""Writing a post: looking first, questions asked before, drafts, and two who should rest."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Street, sign_in
from tests.browser.town import CITIZEN, OTHER_CITIZEN, Town
from tests.browser.writing import follow, pen, post_with, reply_to, write

pytestmark = pytest.mark.before_the_store  # the form while one writes; what is sent runs on both

LIBRARIES = "Skal bibliotekerne i Kær og Lyngholm lukke?"
MEETING = "Kan du nå at hente, hvis SFO og børnehave lukker tidligere?"
BUSES = "Hvordan kommer man hjem, hvis der ikke kører bus om aftenen?"
WIDTHS = pytest.mark.parametrize("width", [390, 1280])


def begin(page: Page, thread: str, what: str = "Skriv en kommentar") -> None:
    """Opens the form at the top of the thread."""
    follow(page, thread)
    page.get_by_role("link", name=what).click()
    expect(page.locator("#composer-body")).to_be_visible()


@WIDTHS
def test_a_text_is_looked_at_before_it_is_sent(street: Street, town: Town, width: int) -> None:
    page = street.open(CITIZEN, width=width)
    begin(page, town.thread(BUSES))
    field = page.locator("#composer-body")
    field.fill(f"Natbussen er **vigtig** {width}")
    page.get_by_role("button", name="Se først").click()
    shown = page.get_by_role("region", name="Sådan kommer det til at se ud")
    expect(shown).to_be_focused()
    expect(shown.locator("strong")).to_have_text("vigtig")
    expect(shown).to_contain_text("Det er ikke sendt endnu.")
    expect(post_with(page, f"Natbussen er vigtig {width}")).to_have_count(0)
    expect(field).to_have_value(f"Natbussen er **vigtig** {width}")
    field.fill("æ" * 5001)
    page.get_by_role("button", name="Se først").click()
    expect(page.get_by_role("alert")).to_contain_text("1 tegn for lang")
    expect(field).to_have_value("æ" * 5001)
    street.expected("422")


@WIDTHS
def test_a_question_that_was_asked_before_is_shown_with_its_state_and_stops_nobody(
    street: Street, town: Town, width: int
) -> None:
    pen(street, town, OTHER_CITIZEN, BUSES).write(
        "Hvornår kører den sidste natbus fra sygehuset?", kind="question"
    )
    page = street.open(CITIZEN, width=width)
    page.clock.install()
    begin(page, town.thread(BUSES), "Stil et spørgsmål")
    words = f"Hvornår kører sidste natbus fra sygehuset om fredagen {width}?"
    page.locator("#composer-body").fill(words)
    page.clock.run_for(2000)  # a writer who pauses
    told = page.locator("[data-similar]")
    expect(told).to_contain_text("Der er allerede spurgt om det her")
    expect(told.get_by_role("link", name=re.compile("den sidste natbus")).first).to_be_visible()
    expect(told.locator(".clock").first).to_contain_text("Svar skyldes senest")
    page.clock.run_for(100)
    expect(page.locator("[data-status]")).to_contain_text("Der er allerede spurgt om det her")
    page.locator("#composer").get_by_role("button", name="Send", exact=True).click()
    expect(post_with(page, words)).to_be_focused()


def test_the_friendly_word_fits_what_one_writes(street: Street, town: Town) -> None:
    page = street.open(CITIZEN, width=390)
    begin(page, town.thread(BUSES))
    hint = page.locator("#composer-hint")
    expect(hint).to_contain_text("det flytter mere end store ord")
    page.get_by_label("Et spørgsmål, som en politiker skal svare på").check()
    expect(hint).to_contain_text("Spørg om én ting ad gangen")
    page.get_by_text("Eller noget andet").click()
    page.get_by_label("En erfaring").check()
    expect(hint).to_contain_text("Fortæl, hvad du selv har oplevet")
    page.locator("#composer-body").fill("Jeg gik hjem i regnen i 40 minutter.")
    page.get_by_role("button", name="Send", exact=True).click()
    mine = post_with(page, "Jeg gik hjem i regnen")
    expect(mine.locator(".post__kind")).to_have_text("Erfaring")


@WIDTHS
def test_one_form_at_a_time_stands_under_its_post_with_both_in_sight(
    street: Street, town: Town, width: int
) -> None:
    writer = pen(street, town, OTHER_CITIZEN, BUSES)
    one, other = writer.write(f"Linje 4 {width}"), writer.write(f"Linje 7 {width}")
    page = street.open(CITIZEN, width=width, height=640)
    follow(page, writer.thread)
    field = page.locator("#composer-body")
    reply_to(page.locator(f"#p{one}"))
    expect(field).to_be_focused()
    field.fill("Den er altid fuld")
    reply_to(page.locator(f"#p{other}"))
    expect(page.get_by_label("Dit svar til Jonas Kvist")).to_be_focused()
    expect(page.locator("form.composer")).to_have_count(1)
    expect(page.locator(f"#p{other} form.composer")).to_have_count(1)
    expect(page.locator(f"#p{other} .post__text")).to_be_in_viewport()
    expect(field).to_be_in_viewport(ratio=1)
    expect(field).to_have_value("")
    reply_to(page.locator(f"#p{one}"))
    expect(page.locator(f"#p{one} #composer-body")).to_have_value("Den er altid fuld")


def begun_to(name: str) -> str:
    return f"Skriv videre på dit svar til {name}"


def test_a_draft_is_offered_again_here_and_on_another_computer(street: Street, town: Town) -> None:
    post = pen(street, town, OTHER_CITIZEN, LIBRARIES).write("Hvem låner stadig bøger?")
    page, elsewhere = street.open(CITIZEN), street.open(CITIZEN)
    follow(page, town.thread(LIBRARIES))
    reply_to(page.locator(f"#p{post}"))
    page.locator("#composer-body").fill("Det gør min mor")
    with page.expect_response(re.compile("/draft$")):
        page.get_by_role("link", name="Luk uden at sende").click()
    page.reload()
    begun = page.get_by_role("link", name=begun_to("Jonas Kvist"))
    begun.click()
    expect(page.locator(f"#p{post} #composer-body")).to_have_value("Det gør min mor")
    expect(begun).to_have_count(0)

    beside = pen(street, town, OTHER_CITIZEN, LIBRARIES).write("Et helt andet sted i tråden")
    elsewhere.goto(f"/posts/{beside}")  # where the post that it answers is not on the page
    expect(elsewhere.get_by_role("link", name=begun_to("Jonas Kvist"))).to_be_visible()
    elsewhere.goto(town.thread(LIBRARIES))
    elsewhere.get_by_role("link", name=begun_to("Jonas Kvist")).click()
    expect(elsewhere.locator("#composer-body")).to_have_value("Det gør min mor")
    elsewhere.locator("#composer").get_by_role("button", name="Send svaret").click()
    expect(post_with(elsewhere, "Det gør min mor")).to_be_focused()
    elsewhere.reload()
    expect(elsewhere.locator("#sort")).to_be_visible()
    expect(elsewhere.locator("[data-begun]")).to_be_hidden()


@WIDTHS
def test_two_who_go_on_and_on_are_asked_to_wait_and_offered_the_meeting(
    street: Street, town: Town, width: int
) -> None:
    two = [pen(street, town, who, MEETING) for who in (CITIZEN, OTHER_CITIZEN)]
    last = two[0].write(f"Klokken fem er for tidligt {width}")
    for turn in range(1, 5):
        last = two[turn % 2].write(f"{'Nej' if turn % 2 else 'Jo'} {turn}", under=last)
    page = street.open(OTHER_CITIZEN, width=width)
    follow(page, two[0].thread)
    reply_to(page.locator(f"#p{last}"))
    word = page.locator(".cooling")
    expect(word).to_contain_text("I to har skrevet sammen 5 gange her.")
    expect(word).to_contain_text("tag spørgsmålet med på borgermødet")
    write(page, "Nej og atter nej")
    refused = page.locator("[data-complaint]")
    expect(refused).to_contain_text("Vent til kl.")
    expect(page.locator("#composer-body")).to_have_value("Nej og atter nej")
    refused.get_by_role("link", name="Se borgermødet").click()
    expect(page).to_have_url(re.compile(r"/meetings/\d+$"))
    street.expected("429")
    pen(street, town, "politiker", MEETING).write("Jeg læser med", under=last)  # nobody else waits


def test_a_late_edit_is_public_word_by_word(street: Street, town: Town) -> None:
    page = street.open(CITIZEN, width=390)
    number = town.one(
        "SELECT min(p.id) FROM posts p JOIN users u ON u.id = p.author_id"
        " WHERE u.name = 'Karen Møllegaard' AND p.state = 'visible' AND p.depth > 0"
        " AND p.edited_at IS NULL"
    )
    page.goto(f"/posts/{number}")
    page.locator(f"#p{number}").get_by_role("link", name=re.compile("^Ret")).click()
    expect(page.get_by_role("main")).to_contain_text("Derfor kan alle se, hvad du retter.")
    field = page.locator("#composer-body")
    old = field.input_value()
    field.fill(f"{old} Det er ikke rimeligt.")
    page.get_by_role("button", name="Gem rettelsen").click()
    expect(page.get_by_role("main")).to_contain_text("Dit indlæg er rettet.")
    visitor = street.open(width=390)
    visitor.goto(f"/posts/{number}")
    visitor.locator(f"#p{number}").get_by_role("link", name=re.compile("^rettet")).click()
    expect(visitor.locator(".diff ins")).to_contain_text("Det er ikke rimeligt.")
    expect(visitor.locator(".versions > li")).to_have_count(2)
    expect(visitor.locator(".versions > li").last).to_contain_text(old[:30])


def test_a_visitor_who_signs_in_to_write_comes_back_to_the_form(street: Street, town: Town) -> None:
    post = pen(street, town, OTHER_CITIZEN, BUSES).write("Hvad med os på landet?")
    page = street.open(width=390)
    page.goto(town.thread(BUSES))
    reply_to(page.locator(f"#p{post}"))
    page.wait_for_url(re.compile("/sign-in"))
    sign_in(page, CITIZEN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Svar Jonas Kvist")
    expect(page.locator(f"#p{post}")).to_be_visible()
    write(page, "Vi har slet ingen bus.")
    expect(post_with(page, "Vi har slet ingen bus.")).to_be_visible()
