"""What those who want an answer say: not yet, thank you, me too, tell me. By keyboard alone."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import arrange, is_clean
from tests.browser.conftest import Street
from tests.browser.keyboard import press, tab_to, type_into
from tests.browser.town import CITIZEN, MODERATOR, OTHER_CITIZEN, POLITICIAN, Town
from tests.browser.writing import Pen, follow

TOP = "one => Math.round(one.getBoundingClientRect().top)"


def asked_whether(page: Page, question: int) -> Locator:
    return page.locator(f"#p{question}").get_by_role("link", name="Fik du svar?")


def test_the_asker_says_once_that_it_was_no_answer_and_thanks_for_the_next(
    street: Street, town: Town
) -> None:
    asked = arrange(town, [("Hvornår åbner svømmehallen?", 1)])
    question = asked.questions[0]
    anders = Pen(street.open(POLITICIAN), asked.thread)
    page, visitor = street.open(CITIZEN, width=390), street.open(width=1280)
    follow(page, asked.thread)
    expect(asked_whether(page, question)).to_have_count(0)

    # The answer comes while the page is open, and the question whether it was one comes with it.
    anders.write("Det er et godt spørgsmål.", under=question)
    press(page, asked_whether(page, question))
    expect(page.get_by_role("heading", level=1)).to_have_text("Fik du svar?")
    expect(page.get_by_text("Det er et godt spørgsmål.")).to_be_visible()
    is_clean(page)
    type_into(page, page.get_by_role("textbox"), "Jeg spurgte, hvornår den åbner.")
    press(page, page.get_by_role("button", name="Nej, jeg mangler svar"))
    expect(page.get_by_text("politikeren har fået en kortere frist")).to_be_visible()
    is_clean(page)
    visitor.goto(f"/posts/{question}")
    clock = visitor.locator(f"#p{question} .clock")
    expect(clock).to_contain_text("Svar skyldes senest")
    expect(clock).to_contain_text("mener ikke, at det svarer på spørgsmålet")
    expect(asked_whether(visitor, question)).to_have_count(0)

    page.goto(f"/posts/{question}/answered")
    expect(page.get_by_text("Det kan man gøre én gang.")).to_be_visible()
    anders.write("Den åbner den 3. februar.", under=question)
    page.reload()
    expect(page.get_by_role("button", name="Nej, jeg mangler svar")).to_have_count(0)
    press(page, page.get_by_role("button", name="Ja, jeg fik svar"))
    expect(page.get_by_text("Tak. Det står nu ved spørgsmålet.")).to_be_visible()
    visitor.reload()
    expect(clock).to_contain_text("Spørgeren siger tak for svaret.")
    is_clean(visitor)


def test_one_stands_behind_a_question_where_one_reads_it(street: Street, town: Town) -> None:
    asked = arrange(town, [("Må vi bade i havnen?", 2)], OTHER_CITIZEN)
    question = asked.questions[0]
    page = street.open(CITIZEN, width=390)
    follow(page, asked.thread)
    button = page.locator(f"#p{question}").get_by_role("button", name=re.compile("^Jeg vil også"))
    tab_to(page, button)
    before = button.evaluate(TOP)
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("Jeg vil også have svar (1)")
    expect(button).to_be_focused()
    assert button.evaluate(TOP) == before
    expect(page.locator("[data-status]")).to_have_text("Du vil også have svar.")
    assert page.url.endswith(asked.thread)
    is_clean(page)
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    press(page, button, "Space")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).not_to_contain_text("(1)")

    for who in (MODERATOR, POLITICIAN, OTHER_CITIZEN):  # two who cannot, and whoever asked
        other = street.open(who)
        with other.expect_response(re.compile("/reader$")):
            other.goto(asked.thread)
        expect(other.locator(f"#p{question} .tools").get_by_text("Jeg vil også")).to_be_hidden()
    plain = street.open(CITIZEN, java_script_enabled=False)
    plain.goto(asked.thread)
    press(plain, plain.get_by_role("link", name=re.compile("^Jeg vil også have svar")))
    press(plain, plain.get_by_role("button", name="Jeg vil også have svar"))
    expect(plain.get_by_text("Du vil også have svar.")).to_be_visible()


def test_a_thread_and_a_question_are_followed_in_place_and_mails_are_switched_off(
    street: Street, town: Town
) -> None:
    asked = arrange(town, [("Hvor skal legepladsen ligge?", 1)], OTHER_CITIZEN)
    page = street.open(CITIZEN, width=390)
    follow(page, asked.thread)
    line = page.locator("[data-follow-thread]")
    link, question = line.get_by_role("link"), page.locator("a[data-follow-question]")
    press(page, link)
    expect(link).to_have_text("Følg ikke tråden længere")
    expect(line).to_contain_text("Er der nyt, står det i din daglige mail.")
    expect(link).to_be_focused()
    press(page, question)
    expect(question).to_contain_text("Følg det ikke længere")
    is_clean(page)
    page.reload()
    expect(link).to_have_text("Følg ikke tråden længere")
    expect(question).to_contain_text("Følg det ikke længere")
    press(page, line.get_by_role("button", name="Slå alle mails om tråden fra"))
    expect(line).to_contain_text("Du har slået mails om tråden fra.")
    expect(line.get_by_role("button")).to_be_hidden()
    expect(link).to_be_focused()
    is_clean(page)
    page.reload()
    press(page, line.get_by_role("link", name="Slå mails til igen"))
    expect(link).to_have_text("Følg ikke tråden længere")
    press(page, link)
    expect(link).to_have_text("Følg tråden")
    expect(line.get_by_role("button")).to_be_hidden()

    page.goto(f"{asked.thread}/follow")
    press(page, page.get_by_role("button", name="Slå alle mails om tråden fra"))
    expect(page.get_by_text("Du får ingen mails om tråden.")).to_be_visible()
    is_clean(page)


def test_without_scripts_one_click_where_one_reads_ends_the_mails(
    street: Street, town: Town
) -> None:
    asked = arrange(town, [("Hvor skal legepladsen ligge?", 1)], CITIZEN)
    page = street.open(CITIZEN, width=390, java_script_enabled=False)
    page.goto(asked.thread)
    press(page, page.get_by_role("button", name="Slå dem fra"))
    expect(page.get_by_text("Du får ingen mails om tråden.")).to_be_visible()
    press(page, page.get_by_role("button", name="Slå mails til igen"))
    expect(page.get_by_text("Du følger tråden.")).to_be_visible()
