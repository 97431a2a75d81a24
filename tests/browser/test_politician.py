"""A politician finds what he owes, answers it, and everyone sees that he did."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Street, sign_in
from tests.browser.town import CITIZEN, POLITICIAN, Town
from tests.browser.writing import ask, post_with, write

SCHOOL = "Skal Lyngholm Skole lukke?"
OWED = """
    SELECT question_id FROM duties WHERE state IN ('triage', 'owed', 'acknowledged')
    AND (SELECT id FROM users WHERE name = 'Anders Toft') IN (holder_id, returns_to_id)
    ORDER BY due_at, id
"""


def test_the_desk_lists_what_is_owed_with_the_most_urgent_first(street: Street, town: Town) -> None:
    page = street.open()
    sign_in(page, POLITICIAN)
    expect(page).to_have_url(re.compile("/desk$"))
    listed = page.get_by_role("navigation", name="Dine spørgsmål").locator(".desk__list a")
    found = [str(link.get_attribute("href")) for link in listed.all()]
    owed = [f"/desk/{number}" for number in town.column(OWED)]
    assert (found[0], sorted(found)) == (owed[0], sorted(owed))
    for told in listed.all_inner_texts():
        assert re.search(r"\d+\.\s\w+|\d+ arbejdsdag", told), told


def test_an_answer_is_seen_by_the_asker_without_a_reload_and_in_the_inbox_and_the_mail(
    street: Street, town: Town
) -> None:
    asker, page = street.open(CITIZEN), street.open(POLITICIAN)
    asker.goto(town.thread(SCHOOL))
    number = ask(asker, "Anders Toft", "Hvor skal de mindste gå i skole til vinter?")
    question = asker.locator(f"#p{number}")
    expect(question.locator(".clock")).to_contain_text("Svar skyldes senest")
    asker.evaluate("window.stillHere = true")

    answer_from_the_desk(page, number, "De bliver på Lyngholm til sommer.")

    expect(question.locator(".clock")).to_contain_text("Besvaret")
    asker.get_by_role("button", name="1 nyt svar her").click()
    answer = post_with(asker, "De bliver på Lyngholm til sommer.")
    expect(answer).to_have_class(re.compile("post--politician"))
    for words in ("Anders Toft", "(L)", "Svarer som formand for Børne- og Skoleudvalget"):
        expect(answer).to_contain_text(words)
    assert asker.evaluate("window.stillHere")

    asker.goto("/inbox")
    asker.get_by_role("link", name=re.compile("Anders Toft")).first.click()
    expect(post_with(asker, "De bliver på Lyngholm til sommer.")).to_be_in_viewport()
    town.ten_minutes_pass()
    told = town.mail_to("borger@fjordby.example", "De bliver på Lyngholm til sommer.")
    opens_with_its_question(street.open(), told)


def answer_from_the_desk(page: Page, number: str, words: str) -> None:
    page.goto("/desk")
    page.locator(f".desk__list a[href='/desk/{number}']").click()
    expect(page.locator("#q-title")).to_contain_text("Hvor skal de mindste")
    expect(page.get_by_label("Formand for Børne- og Skoleudvalget")).to_be_checked()
    write(page, words)
    expect(page.get_by_text("Dit svar er sendt")).to_be_visible()
    expect(page).to_have_url(re.compile("/desk$"))
    expect(page.locator(f".desk__list a[href='/desk/{number}']")).to_have_count(0)


def opens_with_its_question(page: Page, mail: str) -> None:
    link = re.search(r"http\S+/posts/\d+", mail)
    assert link, mail
    page.goto(link[0])
    expect(post_with(page, "De bliver på Lyngholm til sommer.")).to_be_visible()
    expect(page.locator(".ancestors")).to_contain_text("Hvor skal de mindste gå i skole")
