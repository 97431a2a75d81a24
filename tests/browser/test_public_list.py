"""The list of every question, as a citizen narrows it down by keyboard, and its open data."""

import csv
import io
import re
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Locator, Page, expect

from dialog.pages.answers_queries import PAGE
from tests.browser.asking import is_clean
from tests.browser.conftest import Street
from tests.browser.keyboard import choose, press
from tests.browser.town import Town

COMMITTEE = "Børne- og Skoleudvalget"
ATOM = "{http://www.w3.org/2005/Atom}"


def posts(page: Page) -> list[str]:
    """The addresses of the questions, in the order of the page."""
    links = page.locator(".asked h3 a")
    return [str(link.get_attribute("href")) for link in links.all()]


def kinds(page: Page) -> Locator:
    """The links to one kind of question alone."""
    return page.get_by_role("navigation", name="Vis kun")


def number_in(page: Page, kind: str) -> int:
    """How many there are of a kind, as its link says."""
    told = kinds(page).get_by_role("link", name=kind).inner_text()
    return int(re.findall(r"\((\d+)\)", told)[0])


def sheet(page: Page) -> list[dict[str, str]]:
    """The rows behind the page's link to a spreadsheet."""
    address = page.get_by_role("link", name="regneark (CSV)").get_attribute("href")
    answer = page.request.get(str(address))
    return list(csv.DictReader(io.StringIO(answer.text().lstrip("\N{BYTE ORDER MARK}"))))


def feed(page: Page) -> list[str]:
    """The links of the entries behind the page's link to a feed."""
    address = page.get_by_role("link", name="nyhedsstrøm (Atom)").get_attribute("href")
    entries = ET.fromstring(page.request.get(str(address)).text()).iter(f"{ATOM}entry")
    links = (entry.find(f"{ATOM}link") for entry in entries)
    return [str(link.get("href")) for link in links if link is not None]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_is_narrowed_by_dialogue_committee_and_state_and_so_is_its_data(
    street: Street, town: Town, width: int
) -> None:
    page = street.open(width=width)
    page.goto("/answers")
    waited = [int(one) for one in page.locator(".asked__waited b").all_inner_texts()]
    still = waited[: number_in(page, "Venter")]
    assert still
    assert still == sorted(still, reverse=True)
    is_clean(page)

    choose(page, page.get_by_label("Dialog"), "Budget 2028")
    choose(page, page.get_by_label("Udvalg"), "B")
    press(page, page.get_by_role("button", name="Vis"))
    expect(page).to_have_url(re.compile(r"dialogue=budget-2028&committee=\d+"))
    expect(page.get_by_label("Udvalg").locator("option:checked")).to_have_text(COMMITTEE)
    narrowed = posts(page)
    assert narrowed
    expect(page.locator(".asked > li", has_text=COMMITTEE)).to_have_count(len(narrowed))

    number = number_in(page, "Venter")
    press(page, kinds(page).get_by_role("link", name="Venter"))
    expect(page.get_by_role("heading", name="Venter", level=2)).to_be_attached()
    waiting = posts(page)
    assert waiting == narrowed[: len(waiting)]  # the longest wait stands first in both
    assert len(waiting) == min(number, PAGE)
    expect(page.locator(".asked .clock--done")).to_have_count(0)
    is_clean(page)

    rows = sheet(page)
    assert len(rows) == number
    assert [f"/posts/{row['id']}" for row in rows[: len(waiting)]] == waiting
    assert {row["committee"] for row in rows} == {COMMITTEE}
    assert {row["state"] for row in rows} <= {"triage", "owed", "acknowledged"}
    news = {one.rpartition("/")[2] for one in feed(page)}
    assert news
    assert news <= {row["id"] for row in rows}

    choose(page, page.get_by_label("Dialog"), "Ny skolestruktur")
    choose(page, page.get_by_label("Udvalg"), "Kultur")
    press(page, page.get_by_role("button", name="Vis"))
    expect(page.get_by_text("Ingen spørgsmål her")).to_be_visible()
    assert (sheet(page), feed(page)) == ([], [])
    is_clean(page)
