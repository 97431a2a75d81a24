"""Every journey without scripts: reading, signing in, asking, replying, answering, withdrawing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Street, sign_in
from tests.browser.town import BUDGET, CITIZEN, POLITICIAN, Town
from tests.browser.writing import post_with, reply_to, write

# Plain forms: tests/security sends every one of them on both engines.
pytestmark = pytest.mark.before_the_store

CLASSES = "Skal der være flere børn i klasserne?"


def test_a_question_is_asked_answered_and_withdrawn_without_scripts(
    street: Street, town: Town
) -> None:
    asker = street.open(java_script_enabled=False)
    asker.goto(BUDGET)
    asker.get_by_role("link", name="Debat", exact=True).click()
    asker.get_by_role("link", name=CLASSES).click()
    asker.get_by_role("link", name="Stil et spørgsmål").click()
    sign_in(asker, CITIZEN)
    expect(asker.get_by_label("Et spørgsmål, som en politiker skal svare på")).to_be_checked()
    choice = asker.get_by_label("Hvem spørger du?")
    choice.select_option(choice.locator("option", has_text="Anders Toft").get_attribute("value"))
    write(asker, "Hvor mange børn er der plads til i lokalerne?")
    expect(asker.get_by_role("main")).to_contain_text("Dit indlæg er sendt")
    question = asker.url

    politician = street.open(java_script_enabled=False)
    sign_in(politician, POLITICIAN)
    politician.get_by_role("link", name=re.compile("Hvor mange børn er der plads til")).click()
    write(politician, "Lokalerne er bygget til 28.")
    expect(politician.get_by_role("main")).to_contain_text("Dit svar er sendt")

    asker.goto(question)
    expect(asker.locator("article.post--here .clock")).to_contain_text("Besvaret")
    reply_to(post_with(asker, "Lokalerne er bygget til 28."))
    write(asker, "Tak for svaret.")
    expect(post_with(asker, "Tak for svaret.")).to_have_class(re.compile("post--here"))
    withdraw(town, asker)


def withdraw(town: Town, page: Page) -> None:
    number = page.url.rpartition("/")[2]
    page.goto(f"/posts/{number}/withdraw")
    page.get_by_role("button", name="Træk indlægget tilbage").click()
    expect(page.get_by_role("main")).to_contain_text("Du har trukket dit indlæg tilbage.")
    expect(page.locator("article.post--here")).to_contain_text("har trukket indlægget tilbage")
    expect(page.get_by_text("Tak for svaret.")).to_have_count(0)
