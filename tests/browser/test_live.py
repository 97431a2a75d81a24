"""What others do shows on open pages: in place, in order, and without moving anybody."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Street
from tests.browser.town import CITIZEN, MODERATOR, OTHER_CITIZEN, POLITICIAN, Town, eventually
from tests.browser.writing import follow, pen, post_with, reply_to, write

SNOW = "Sne, asfalt, græs og cykelsti: hvad kan vente?"
FETCH = "Kan du nå at hente, hvis SFO og børnehave lukker tidligere?"
HEARD = """() => {
    window.heard = [];
    const line = document.querySelector("[data-status]");
    const hear = () => window.heard.push(line.textContent);
    new MutationObserver(hear).observe(line, { childList: true });
}"""
# As where a proxy knows nothing of sockets: the server answers, but not with one.
WITHOUT_SOCKETS = """
    const Real = window.WebSocket;
    const nowhere = location.origin.replace("http", "ws") + "/nowhere";
    window.WebSocket = class extends Real { constructor() { super(nowhere); } };
"""
STANDING = """() => {
    const told = (one) => {
        const copy = one.cloneNode(true);
        for (const word of copy.querySelectorAll(".is-new-word")) word.remove();
        return copy.textContent.replace(/\\s+/g, " ").replace(/ ([·:])/g, "$1").trim();
    };
    const shown = document.querySelectorAll("article[data-post], [data-line], #traad-h");
    return Object.fromEntries([...shown].map((one) => [one.id || one.dataset.line, told(one)]));
}"""
WIDTHS = pytest.mark.parametrize("width", [390, 1280])


@WIDTHS
def test_mended_words_and_tombstones_take_the_place_of_what_stood(
    street: Street, town: Town, width: int
) -> None:
    author, moderator = pen(street, town, CITIZEN, SNOW), pen(street, town, MODERATOR, SNOW)
    post = author.write(f"Vejen er galt ved skolen {width}")
    reply = author.write("Og ved kirken", under=post)
    reader = street.open(width=width)
    follow(reader, author.thread)
    reader.evaluate("window.stillHere = true")
    shown = reader.locator(f"#p{post}")

    author.mend(post, "Vejen er glat ved skolen")
    expect(shown.locator(".post__text")).to_have_text("Vejen er glat ved skolen")
    expect(shown.get_by_role("link", name=re.compile("^rettet"))).to_be_visible()
    moderator.moderate("hide", post)
    expect(shown).to_contain_text("Indlægget er skjult")
    expect(shown).to_contain_text("gå efter en person")
    expect(shown).not_to_contain_text("glat")
    moderator.moderate("restore", post)
    expect(shown).to_contain_text("Vejen er glat ved skolen")
    author.withdraw(post)
    expect(shown).to_contain_text("har trukket indlægget tilbage")
    expect(reader.locator(f"#p{reply}")).to_be_visible()
    assert reader.evaluate("window.stillHere")


def test_a_tombstone_leaves_the_draft_and_the_focus_under_it(street: Street, town: Town) -> None:
    author, reader = pen(street, town, OTHER_CITIZEN, SNOW), street.open(CITIZEN)
    post = author.write("Ryd kun de store veje")
    follow(reader, author.thread)
    reply_to(reader.locator(f"#p{post}"))
    field = reader.locator("#composer-body")
    field.fill("Jamen så kan hjemmehjælpen")
    author.withdraw(post)
    expect(reader.locator(f"#p{post}")).to_contain_text("har trukket indlægget tilbage")
    expect(field).to_be_focused()
    expect(field).to_have_value("Jamen så kan hjemmehjælpen")
    write(reader, "Jamen så kan hjemmehjælpen ikke komme frem")
    expect(reader.get_by_role("alert")).to_contain_text("ikke længere fremme")
    expect(field).to_have_value("Jamen så kan hjemmehjælpen ikke komme frem")
    street.expected("409")


def test_an_answer_changes_its_question_the_counts_and_the_overview(
    street: Street, town: Town
) -> None:
    asker, politician = pen(street, town, CITIZEN, FETCH), pen(street, town, POLITICIAN, FETCH)
    question = asker.write("Hvornår salter I?", kind="question", topic="Salt", to=anders(town))
    reader = street.open()
    follow(reader, asker.thread)
    heading, line = reader.locator("#traad-h"), reader.locator(f"[data-line='{question}']")
    before = number_in(heading.inner_text())
    waiting = int(reader.locator("[data-questions]").first.get_attribute("data-questions") or 0)
    expect(line).to_contain_text("Svar senest")
    expect(line).to_contain_text("Ingen svar endnu")
    answer = politician.write("Når det er under nul.", under=question)
    expect(reader.locator(f"#p{question} .clock")).to_contain_text("Besvaret")
    expect(line).to_contain_text("Besvaret")
    expect(line).to_contain_text("1 svar")
    expect(heading).to_contain_text(f"{before + 1} indlæg")
    expect(reader.locator("[data-questions]").first).to_have_attribute(
        "data-questions", str(waiting - 1)
    )
    politician.withdraw(answer)
    expect(reader.locator(f"#p{question} .clock")).to_contain_text("Svar skyldes senest")
    expect(line).to_contain_text("Svar senest")
    expect(reader.locator("[data-reading]")).to_contain_text(f"{waiting} ubesvare")


def test_folded_branches_count_along(street: Street, town: Town) -> None:
    author = pen(street, town, CITIZEN, SNOW)
    post = author.write("Cykelstien fryser til")
    author.write("Hver morgen", under=post)
    reader = street.open()
    follow(reader, author.thread)
    fold = reader.locator(f"[data-fold='{post}']")
    expect(fold).to_contain_text("Skjul 1 svar")
    fold.click()
    pen(street, town, OTHER_CITIZEN, SNOW).write("Også om aftenen", under=post)
    expect(fold).to_contain_text("Vis 2 svar fra 2 personer")
    expect(fold).to_have_attribute("aria-expanded", "false")
    reader.get_by_role("button", name=re.compile("^1 nyt svar her")).click()
    expect(post_with(reader, "Også om aftenen")).to_be_focused()
    expect(fold).to_have_attribute("aria-expanded", "true")


@WIDTHS
def test_others_wait_at_their_branch_and_in_the_total(
    street: Street, town: Town, width: int
) -> None:
    author = pen(street, town, CITIZEN, SNOW)
    here, there = author.write(f"Græsset {width}"), author.write(f"Asfalten {width}")
    reader = street.open(width=width)
    follow(reader, author.thread)
    for words, under in (("Klip det", here), ("Slå det", here), ("Lap den", there)):
        author.write(f"{words} {width}", under=under)
    at = reader.locator(f"[data-branch='{here}']").get_by_role("button", name="2 nye svar her")
    total = reader.get_by_role("button", name="3 nye indlæg i tråden")
    expect(at).to_be_visible()
    expect(total).to_be_in_viewport()
    at.click()
    expect(post_with(reader, f"Klip det {width}")).to_be_focused()
    expect(post_with(reader, f"Slå det {width}")).to_be_visible()
    expect(post_with(reader, f"Lap den {width}")).to_have_count(0)
    reader.get_by_role("button", name="1 nyt indlæg i tråden").click()
    expect(post_with(reader, f"Lap den {width}")).to_be_focused()
    expect(reader.locator("[data-show-all]")).to_be_hidden()


LEVELS = """() => [...document.querySelector("main").querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .map((one) => Number(one.localName.slice(1)))"""


def test_on_the_page_of_one_post_what_comes_leaves_no_level_of_heading_out(
    street: Street, town: Town
) -> None:
    author, moderator = pen(street, town, CITIZEN, SNOW), pen(street, town, MODERATOR, SNOW)
    post = author.write("Skolevejen først")
    for words in ("Så kirken", "Så hallen"):
        post = author.write(words, under=post)
    reader = street.open()
    follow(reader, f"/posts/{post}")
    reply = author.write("Så havnen", under=post)
    below = author.write("Og molen", under=reply)
    for heading in (f"h4#p{reply}-h", f"h5#p{below}-h"):
        reader.get_by_role("button", name="1 nyt svar her").click()
        expect(reader.locator(heading)).to_be_visible()
    moderator.moderate("hide", reply)
    expect(reader.locator(f"h4#p{reply}-h")).to_contain_text("skjult")
    levels = reader.evaluate(LEVELS)
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@WIDTHS
def test_ones_own_post_is_there_at_once_and_nothing_waits(
    street: Street, town: Town, width: int
) -> None:
    page = street.open(CITIZEN, width=width)
    follow(page, town.thread(SNOW))
    page.get_by_role("link", name="Skriv en kommentar").click()
    write(page, f"Min egen sne {width}")
    expect(post_with(page, f"Min egen sne {width}")).to_be_focused()
    mine = post_with(page, f"Min egen sne {width}")
    expect(mine.get_by_role("link", name="Træk tilbage")).to_be_visible()
    expect(mine.locator(".is-new-word")).to_have_count(0)
    reply_to(mine)
    write(page, f"Og min egen is {width}")
    expect(post_with(page, f"Og min egen is {width}")).to_be_focused()
    expect(mine.locator("[data-fold]")).to_contain_text("Skjul 1 svar")
    expect(page.locator("[data-new-under]")).to_have_count(0)
    expect(page.locator("[data-show-all]")).to_be_hidden()
    line = page.locator(f"[data-line='{mine.get_attribute('data-post')}']")
    expect(line).to_contain_text("1 svar")


def test_a_screen_reader_hears_one_message_in_ten_seconds(street: Street, town: Town) -> None:
    author, reader = pen(street, town, CITIZEN, SNOW), street.open()
    reader.clock.install()
    follow(reader, author.thread)
    reader.clock.pause_at(reader.evaluate("Date.now() / 1000 + 0.5"))
    reader.evaluate(HEARD)
    for n in range(1, 4):
        author.write(f"Det sner {n}")
        hear_of(reader, n)
        reader.clock.run_for(1000)
    assert reader.evaluate("heard") == ["1 nyt indlæg i tråden"]
    reader.clock.run_for(6500)  # less than 10 seconds in all
    assert reader.evaluate("heard.length") == 1
    reader.clock.run_for(3000)
    assert reader.evaluate("heard") == ["1 nyt indlæg i tråden", "3 nye indlæg i tråden"]
    statuses = "[role=status], [aria-live]:not([aria-live=off])"
    assert reader.locator(statuses).count() == 1


def test_an_event_that_was_lost_is_fetched_when_the_next_one_comes(
    street: Street, town: Town
) -> None:
    author, reader = pen(street, town, CITIZEN, SNOW), street.open()
    reader.route_web_socket(re.compile("socket.io"), without("Det første"))
    follow(reader, author.thread)
    author.write("Det første, som ikke når frem")
    author.write("Det andet, som når frem")
    reader.get_by_role("button", name="2 nye indlæg i tråden").click()
    expect(post_with(reader, "Det første, som ikke når frem")).to_be_visible()
    expect(post_with(reader, "Det andet, som når frem")).to_be_visible()


@WIDTHS
def test_where_no_socket_can_be_had_the_page_asks_every_half_minute(
    street: Street, town: Town, width: int
) -> None:
    author, reader = pen(street, town, CITIZEN, SNOW), street.open(width=width)
    reader.clock.install()
    reader.add_init_script(WITHOUT_SOCKETS)
    reader.goto(author.thread)
    expect(reader.locator("[data-connection-slow]")).to_be_visible()
    with reader.expect_response(re.compile("/since/")) as asked:
        reader.clock.fast_forward(31_000)
    assert asked.value.status == 304
    author.write(f"Uden ledning {width}")
    reader.clock.fast_forward(31_000)
    reader.get_by_role("button", name="1 nyt indlæg i tråden").click()
    expect(post_with(reader, f"Uden ledning {width}")).to_be_focused()
    street.expected("WebSocket connection")


def test_when_too_much_has_happened_the_page_offers_to_load_anew(
    street: Street, town: Town
) -> None:
    author, reader = pen(street, town, CITIZEN, SNOW), street.open()
    # A rev from another store: there is nothing to heal from.
    reader.route(re.compile(r"/since/\d+$"), lambda route: route.continue_(
        url=re.sub(r"\d+$", "99999999", route.request.url), headers={}
    ))  # fmt: skip
    reader.goto(author.thread)
    anew = reader.get_by_role("button", name="Der er sket meget imens. Hent tråden igen")
    expect(anew).to_be_in_viewport()
    author.write("Alt det, der skete")
    reader.unroute_all()
    anew.click()
    expect(post_with(reader, "Alt det, der skete")).to_be_visible()


def test_after_a_break_the_page_is_what_a_fresh_one_shows(street: Street, town: Town) -> None:
    author, other = pen(street, town, CITIZEN, SNOW), pen(street, town, OTHER_CITIZEN, SNOW)
    kept, gone = author.write("Det, der bliver rettet"), author.write("Det, der bliver taget")
    reader, fresh = street.open(), street.open()
    follow(reader, author.thread)
    reader.context.set_offline(True)
    expect(reader.locator("[data-connection-lost]")).to_be_visible()
    author.mend(kept, "Det, der er rettet")
    author.withdraw(gone)
    first = other.write("Nyt på første niveau")
    other.write("Nyt under det nye", under=first)
    other.write("Nyt under det gamle", under=kept)
    reader.context.set_offline(False)
    expect(reader.locator("[data-connection-back]")).to_be_visible()
    reader.get_by_role("button", name="3 nye indlæg i tråden").click()
    expect(post_with(reader, "Nyt under det nye")).to_be_visible()
    fresh.goto(f"{author.thread}?order=oldest")
    expect(fresh.locator("[data-fold]").first).to_be_visible()
    assert standing(reader) == standing(fresh)
    street.expected("ERR_INTERNET_DISCONNECTED")


def without(words: str) -> Callable[[WebSocketRoute], None]:
    """A connection that loses every event with these words in it."""

    def connect(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        server.on_message(lambda told: page.send(told) if words not in str(told) else None)

    return connect


def hear_of(page: Page, posts: int) -> None:
    """Lets no more time pass than it takes until the page knows of so many new posts."""
    total = page.locator("[data-show-all]")
    eventually(
        lambda: f"{posts} ny" in (total.text_content() or "") or None,
        rest=lambda _seconds: page.clock.run_for(1),
    )


def anders(town: Town) -> str:
    """The number of Anders Toft, who answers for the thread."""
    return str(town.one("SELECT id FROM users WHERE name = 'Anders Toft'"))


def number_in(words: str) -> int:
    found = re.search(r"\d+", words)
    assert found, words
    return int(found[0])


def standing(page: Page) -> dict[str, str]:
    """Every post of the page by number, with all it says, and what is said of its branch."""
    shown: dict[str, str] = page.evaluate(STANDING)
    return shown
