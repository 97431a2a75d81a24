"""Looking new questions through with the keyboard alone, on a phone and on a desktop."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import arrange, is_clean, newcomer
from tests.browser.conftest import Street
from tests.browser.keyboard import choose, pick, press, type_into
from tests.browser.town import CITIZEN, MODERATOR, Town

ALIKE = "Hvem rydder sneen på stien mellem Kær og Lyngholm Skole"


def line(page: Page, question: int) -> Locator:
    """The question in the queue."""
    return page.locator(".asked > li", has=page.locator(f"a[href='/posts/{question}']"))


def step(page: Page, question: int, name: str, heading: str) -> None:
    """From the queue to the page of one decision."""
    press(page, line(page, question).get_by_role("link", name=name))
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize("width", [390, 1280])
def test_new_questions_are_taken_on_laid_together_sent_elsewhere_and_turned_down(
    street: Street, town: Town, width: int
) -> None:
    known = arrange(town, [(f"{ALIKE} ({width})?", 1)], CITIZEN).questions[0]
    asked = arrange(
        town,
        [
            (f"Må børnene få mælk i skolen ({width})?", 0),
            (f"{ALIKE} om vinteren ({width})?", 0),
            (f"Hvornår kører den sidste bus ({width})?", 0),
            (f"Hvorfor må min nabo larme om natten ({width})?", 0),
        ],
        newcomer(town),
    )
    milk, snow, bus, noise = asked.questions
    page, visitor = street.open(MODERATOR, width=width), street.open(width=width)
    visitor.goto(asked.thread)
    expect(visitor.locator(f"#p{milk} .clock")).to_contain_text("bliver set igennem først")
    page.goto("/triage")
    is_clean(page)

    press(page, line(page, milk).get_by_role("button", name="Lad det gå videre"))
    expect(page.get_by_text("ligger hos den, der skal svare.")).to_be_visible()
    expect(line(page, milk)).to_have_count(0)

    suggested = (
        line(page, snow).get_by_role("listitem").filter(has_text=f"Lyngholm Skole ({width})?")
    )
    press(page, suggested.get_by_role("link", name="læg dem sammen"))
    expect(page.get_by_label("Læg sammen med")).to_have_value(str(known))
    is_clean(page)
    press(page, page.get_by_role("button", name="Læg dem sammen"))
    expect(page.get_by_text("Spørgsmålene er lagt sammen.")).to_be_visible()

    step(page, bus, "Send det til en anden", "Send spørgsmålet til en anden")
    is_clean(page)
    choose(page, page.get_by_label("Giv spørgsmålet videre til"), "Lone")
    type_into(page, page.get_by_label("Hvorfor?"), "Lone er formand for det udvalg, der kører bus.")
    press(page, page.get_by_role("button", name="Send det videre"))
    expect(page.get_by_text("Spørgsmålet er sendt det rigtige sted hen.")).to_be_visible()

    street.expected("422")
    step(page, noise, "Afvis med en grund", "Afvis spørgsmålet")
    first = page.get_by_label("Der er svaret på det her et andet sted")
    pick(page, first, page.get_by_label("Det er en personsag"))
    press(page, page.get_by_role("button", name="Afvis spørgsmålet"))
    expect(page.get_by_text("Ret det her, så er du videre")).to_be_visible()
    is_clean(page)
    type_into(
        page, page.get_by_label("Forklar det"), "Ring til politiet, når det larmer om natten."
    )
    press(page, page.get_by_role("button", name="Afvis spørgsmålet"))
    expect(page.get_by_text("Spørgsmålet er afvist, og grunden kan læses.")).to_be_visible()

    # What still waits says for how long; and everybody can read what was decided.
    press(page, page.get_by_role("link", name="Alt, der venter"))
    expect(page.locator(".asked > li").first).to_contain_text("arbejdsdage")
    is_clean(page)
    visitor.reload()
    for question, told in (
        (milk, "Svar skyldes senest"),
        (snow, "Bliver besvaret sammen med et spørgsmål, der ligner."),
        (bus, "Lone Steensgaard skal svare."),
        (noise, "Det handler om en personlig sag. Ring til politiet, når det larmer om natten."),
    ):
        expect(visitor.locator(f"#p{question} .clock")).to_contain_text(told)
    expect(visitor.locator(f"#p{milk} .clock")).not_to_contain_text("set igennem")
    is_clean(visitor)
