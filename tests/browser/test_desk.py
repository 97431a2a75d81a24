"""The desk with the keyboard alone, on a phone and on a desktop."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dialog.core import clock
from dialog.debates import triaging
from dialog.people.models import UserSession
from dialog.rules.workdays import add_working_days
from tests import make
from tests.browser.asking import arrange, is_clean
from tests.browser.conftest import Street, sign_in
from tests.browser.keyboard import choose, pick, press, tab_to, type_day, type_into
from tests.browser.town import CHIEF, PASSWORD, POLITICIAN, Town, behind, person

WIDTHS = pytest.mark.parametrize("width", [390, 1280])
TODAY = clock.local(clock.now()).date()
SOON, LATER = add_working_days(TODAY, 2), TODAY + timedelta(days=30)
SECRETARY = "sekretariat"


def lay_together(town: Town, question: int, into: int) -> None:
    with behind(town) as app, make.committed(app) as db:
        triaging.merge_questions(
            db, person(db, CHIEF), question_id=question, into_id=into, now=clock.now()
        )


def open_on_desk(page: Page, question: int) -> None:
    """From the desk's list to the question, by Tab and Enter."""
    page.goto("/desk")
    press(page, page.locator(f".desk__list a[href='/desk/{question}']"))
    expect(page.get_by_role("heading", level=1)).to_have_attribute("id", "q-title")


def go(page: Page, link: str, heading: str) -> None:
    """By a link to the page with this heading."""
    press(page, page.get_by_role("main").get_by_role("link", name=link))
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def is_off_the_desk(page: Page, question: int) -> None:
    expect(page).to_have_url(re.compile("/desk$"))
    expect(page.locator(f".desk__list a[href='/desk/{question}']")).to_have_count(0)


@WIDTHS
def test_the_urgent_one_first_and_answers_that_promise_and_reach_all_who_asked(
    street: Street, town: Town, width: int
) -> None:
    asked = arrange(
        town,
        [
            (f"Hvornår bliver taget på Vestskolen tæt ({width})?", 1),
            (f"Hvem passer på de små, når Vestskolen bygges om ({width})?", 15),
            (f"Hvad med taget over gymnastiksalen ({width})?", 1),
            (f"Hvornår bliver taget på Vestskolen endelig tæt igen ({width})?", 1),
        ],
    )
    roof, late, same, also = asked.questions
    lay_together(town, same, roof)
    page, visitor = street.open(POLITICIAN, width=width), street.open(width=width)
    street.expected("422")

    # The one over its deadline stands first; j and k walk the list, r goes to the answer.
    page.goto("/desk")
    lines = page.locator(".desk__list a")
    hrefs = [str(line.get_attribute("href")) for line in lines.all()]
    assert hrefs.index(f"/desk/{late}") < hrefs.index(f"/desk/{roof}")
    expect(page.locator(f".desk__list a[href='/desk/{late}']")).to_contain_text("Over fristen i")
    is_clean(page)
    tab_to(page, lines.first)
    for _step in range(hrefs.index(f"/desk/{late}")):
        page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(f".desk__list a[href='/desk/{late}']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hvem passer på de små")
    page.wait_for_load_state()  # the keys are there once the page's script is
    page.keyboard.press("r")
    expect(page.locator("#composer-body")).to_be_focused()
    is_clean(page)

    # A promise without a day is no promise; nothing that was written is lost.
    page.keyboard.type("Vi lejer pavillonerne ved hallen.")
    press(page, page.get_by_text("Lov noget i dit svar"))
    choose(page, page.get_by_label("Hvad lover du?"), "Jeg u")
    type_into(page, page.get_by_label("Med dine egne ord"), "Jeg finder ud af, hvor de små spiser.")
    press(page, page.get_by_role("button", name="Send svaret"))
    expect(page.get_by_text("Ret det her, så er du videre")).to_be_visible()
    expect(page.locator("#composer-body")).to_have_value("Vi lejer pavillonerne ved hallen.")
    is_clean(page)
    type_day(page, page.locator("#promise-day"), LATER)
    press(page, page.get_by_role("button", name="Send svaret"))
    expect(page.get_by_text("Dit svar er sendt.")).to_be_visible()
    is_off_the_desk(page, late)
    visitor.goto(f"/posts/{late}")
    expect(visitor.locator(f"#p{late} .clock--done")).to_contain_text("Besvaret")
    promise = visitor.locator(".post--politician .clock")
    expect(promise).to_contain_text("Undersøger senest")
    expect(promise).to_contain_text("Jeg finder ud af, hvor de små spiser.")
    is_clean(visitor)

    # The promise is on the desk now; whoever cannot keep it says why, in public.
    page.reload()
    press(page, page.locator(".desk__list a", has_text="Jeg finder ud af, hvor de små spiser."))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jeg finder ud af")
    is_clean(page)
    go(page, "Sig, hvorfor det ikke kan lade sig gøre", "Løftet kan ikke holdes")
    is_clean(page)
    type_into(page, page.get_by_role("textbox"), "Pavillonerne har intet køkken.")
    press(page, page.get_by_role("button", name="Sig, at det ikke kan holdes"))
    expect(page.get_by_text("Alle kan nu læse, hvorfor løftet ikke kan holdes.")).to_be_visible()
    visitor.reload()
    expect(promise).to_contain_text("Pavillonerne har intet køkken.")
    is_clean(visitor)

    # One answer, for the question, for the one laid together with it, and for one more.
    open_on_desk(page, roof)
    expect(page.get_by_text("Svaret gælder også det spørgsmål")).to_be_visible()
    is_clean(page)
    type_into(page, page.locator("#composer-body"), "Taget bliver lagt i uge 32.")
    press(page, page.locator(f"#other-{also}"), "Space")
    press(page, page.get_by_role("button", name="Send svaret"))
    expect(page.get_by_text("alle, der spurgte, får besked")).to_be_visible()
    visitor.goto(asked.thread)
    for question in (roof, same, also):
        expect(visitor.locator(f"#p{question} .clock--done")).to_contain_text("Besvaret")
    expect(visitor.locator("article", has_text="Taget bliver lagt i uge 32.")).to_have_count(1)
    is_clean(visitor)


@WIDTHS
def test_whoever_cannot_answer_hands_on_declines_pauses_or_asks_for_facts_in_public(
    street: Street, town: Town, width: int
) -> None:
    asked = arrange(
        town,
        [(f"{words} ({width})?", 1) for words in ("Bussen", "Skatten", "Haven", "Prognosen")],
    )
    bus, tax, garden, figures = asked.questions
    page, visitor = street.open(POLITICIAN, width=width), street.open(width=width)
    street.expected("422")

    open_on_desk(page, bus)
    go(page, "Giv det videre", "Giv spørgsmålet videre")
    is_clean(page)
    choose(page, page.get_by_label("Giv spørgsmålet videre til"), "Lone")
    type_into(page, page.get_by_label("Hvorfor?"), "Lone er formand for det udvalg, der kører bus.")
    press(page, page.get_by_role("button", name="Giv det videre"))
    is_off_the_desk(page, bus)

    open_on_desk(page, tax)
    go(page, "Afvis med en grund", "Afvis spørgsmålet")
    first = page.get_by_label("Der er svaret på det her et andet sted")
    pick(page, first, page.get_by_label("Det er ikke kommunens sag"))
    is_clean(page)
    type_into(page, page.get_by_label("Forklar det"), "Det er Folketinget, der bestemmer skatten.")
    press(page, page.get_by_role("button", name="Afvis spørgsmålet"))
    is_off_the_desk(page, tax)

    open_on_desk(page, garden)
    go(page, "Sæt uret på pause", "Sæt uret på pause")
    type_into(page, page.get_by_label("Grunden, som alle kan læse"), "Jeg ligger med feber.")
    type_day(page, page.get_by_label("Sidste dag på pause"), LATER)
    press(page, page.get_by_role("button", name="Sæt på pause"))
    expect(page.get_by_text("Ret det her, så er du videre")).to_be_visible()  # more than ten days
    is_clean(page)
    type_day(page, page.get_by_label("Sidste dag på pause"), SOON)
    press(page, page.get_by_role("button", name="Sæt på pause"))
    expect(page.get_by_text("Uret står stille, og grunden kan læses.")).to_be_visible()

    open_on_desk(page, figures)
    go(page, "Bed forvaltningen om fakta", "Bed forvaltningen om fakta")
    is_clean(page)
    type_into(page, page.get_by_label("Hvad mangler du at vide?"), "Hvor mange børn er der i 2030?")
    type_day(page, page.get_by_label("Senest"), SOON)
    press(page, page.get_by_role("button", name="Bed om fakta"))
    expect(page.get_by_role("heading", name="Hos forvaltningen")).to_be_visible()
    open_on_desk(page, figures)
    expect(page.get_by_text("Forvaltningen finder fakta til dig")).to_be_visible()
    is_clean(page)
    press(page, page.get_by_role("button", name="Tag det tilbage nu"))
    expect(page.get_by_text("Spørgsmålet ligger på dit bord igen.")).to_be_visible()

    visitor.goto(asked.thread)
    for question, told in (
        (bus, "Lone Steensgaard"),
        (tax, "Det er Folketinget, der bestemmer skatten."),
        (garden, "Jeg ligger med feber."),
    ):
        expect(visitor.locator(f"#p{question} .clock")).to_contain_text(told)
    is_clean(visitor)


def test_a_secretarys_draft_is_published_by_the_politician_alone_who_says_who_he_is(
    street: Street, town: Town
) -> None:
    question = arrange(town, [("Hvad sker der med skolehaven?", 1)]).questions[0]
    secretary = street.open(SECRETARY, width=1280)
    street.expected("422")
    secretary.goto(f"/desk/{question}")
    type_into(secretary, secretary.locator("#composer-body"), "Skolehaven bliver, hvor den er.")
    press(secretary, secretary.get_by_role("button", name="Gem udkastet"))
    expect(secretary.get_by_text("Udkastet ligger klar hos politikeren.")).to_be_visible()
    is_clean(secretary)
    visitor = street.open()
    visitor.goto(f"/posts/{question}")
    expect(visitor.get_by_text("Skolehaven bliver")).to_have_count(0)

    page = street.open(width=390)
    sign_in(page, POLITICIAN)
    six_minutes_pass(town)
    page.goto("/desk")
    line = page.locator(f".desk__list a[href='/desk/{question}']")
    expect(line).to_contain_text("Udkast fra sekretariatet")
    press(page, line)
    draft = page.get_by_role("region", name="Udkast fra sekretariatet")
    expect(draft).to_contain_text("Kun du kan sende det.")
    is_clean(page)
    press(page, draft.get_by_role("button", name="Brug udkastet"))
    field = page.locator("#composer-body")
    expect(field).to_be_focused()
    expect(field).to_have_value("Skolehaven bliver, hvor den er.")
    page.keyboard.type(" Det har jeg lovet børnene.")
    press(page, page.get_by_role("button", name="Send svaret"))

    for password in ("forkert", PASSWORD):
        expect(page.get_by_role("heading", level=1)).to_have_text("Bekræft, at det er dig")
        is_clean(page)
        type_into(page, page.get_by_label("Adgangskode", exact=True), password)
        press(page, page.get_by_role("button", name="Fortsæt"))
    expect(page.get_by_text("Dit svar er sendt.")).to_be_visible()
    visitor.reload()
    answer = visitor.locator(".post--politician")
    expect(answer).to_contain_text("Skolehaven bliver, hvor den er. Det har jeg lovet børnene.")
    expect(answer).to_contain_text("Skrevet med hjælp fra sekretariatet")
    is_clean(visitor)


def six_minutes_pass(town: Town) -> None:
    """The newest sign-in is no longer one of just now."""
    with behind(town) as app, make.committed(app) as db:
        newest = db.scalars(select(UserSession).order_by(UserSession.id.desc()).limit(1)).one()
        newest.created_at = clock.now() - timedelta(minutes=6)
