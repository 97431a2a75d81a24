"""Real debates and a real catalogue, loaded beside the running server, are all there to read."""

import html
import json
import re
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import APIRequestContext, expect

from tests import servers
from tests.browser.conftest import Street
from tests.browser.town import SCHOOLS, Town

DATA = servers.ROOT.parent / "shared" / "data"
OF_THE_DRAFT = """
    SELECT count(*) FROM proposals p JOIN consultations c ON c.id = p.consultation_id
    WHERE c.slug = 'biblioteker-2028'
"""
POST = re.compile(r'<article[^>]* data-post="(\d+)"')
ONWARD = re.compile(r'class="[^"]*branch__more"><a href="([^"]+)"')


@pytest.fixture(scope="module", autouse=True)
def _data() -> None:
    if not DATA.is_dir():
        servers.cannot_have("the real debates")


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    [
        "kost-og-klima-97",
        "mad-i-daginstitutioner-233",
        "politik-49",
        "skat-og-velfaerd-123",
        "skat-til-velfaerd-151",
    ],
)
def test_every_post_is_reached_from_the_thread_by_links_alone(
    street: Street, town: Town, name: str
) -> None:
    address, count = load(town, DATA / "threads" / f"{name}.jsonl")
    found = crawl(street.open().request, address)
    assert len(found) == count - 1  # the opening post is the thread's own text


@pytest.mark.data
def test_a_second_load_changes_nothing_that_is_shown(street: Street, town: Town) -> None:
    file = DATA / "threads" / "politik-49.jsonl"
    page = street.open(java_script_enabled=False)
    address, _ = load(town, file)
    page.goto(address)
    before = page.locator(".tree--root").inner_text()
    assert load(town, file) == (address, 50)
    page.reload()
    assert page.locator(".tree--root").inner_text() == before


@pytest.mark.data
def test_the_branches_of_a_large_debate_open_in_place(street: Street, town: Town) -> None:
    address, count = load(town, DATA / "threads" / "mad-i-daginstitutioner-233.jsonl")
    page = street.open()
    page.goto(address)
    more = page.locator("a[data-more]", has_text="svar mere").first
    told = re.search(r"Vis (\d+) svar", more.inner_text())
    assert told
    before = page.locator("article[data-post]").count()
    more.click()
    expect(page.locator("article[data-post]:focus")).to_have_count(1)
    assert page.locator("article[data-post]").count() > before
    assert address.endswith(page.url.rpartition("/threads/")[2])
    assert count > before


@pytest.mark.data
def test_a_towns_own_catalogue_is_on_the_public_page(street: Street, town: Town) -> None:
    file = DATA / "catalogues" / "bergen-2013.csv"
    before = town.one(OF_THE_DRAFT)
    said = town.flask("import-catalogue", str(file), "--consultation", "biblioteker-2028")
    assert said.returncode == 0, said.stderr
    page = street.open("kommunikation")
    page.goto("/consultations/biblioteker-2028/proposals")
    rows = len(file.read_text(encoding="utf-8-sig").strip().splitlines()) - 1
    links = page.get_by_role("main").locator("a[href^='/proposals/']")
    assert len({link.get_attribute("href") for link in links.all()}) == before + rows


def load(town: Town, file: Path) -> tuple[str, int]:
    """The path of the debate in this file, and how many posts the file has."""
    said = town.flask("import-thread", str(file), "--consultation", SCHOOLS.rpartition("/")[2])
    assert said.returncode == 0, said.stderr
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return said.stdout.split()[-1].removeprefix(town.address), len(lines)


def crawl(browser: APIRequestContext, start: str) -> set[str]:
    """The numbers of all posts on the page and on those that its links for more lead to.

    Nothing is run: this is what the pages are without scripts.
    """
    found: set[str] = set()
    ahead, been = [start], set[str]()
    while ahead:
        address = urldefrag(ahead.pop())[0]
        if address in been:
            continue
        been.add(address)
        answer = browser.get(address)
        assert answer.ok, address
        found |= set(POST.findall(answer.text()))
        ahead += map(html.unescape, ONWARD.findall(answer.text()))
    return found
