"""Following a long debate: folding, what is new, the permalink, the keys, small screens."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import axe
from tests.browser.asking import arrange
from tests.browser.conftest import Street
from tests.browser.town import CHIEF, CITIZEN, MODERATOR, OTHER_CITIZEN, POLITICIAN, Town
from tests.browser.writing import Pen, follow, pen, post_with, reply_to

FETCH = "Kan du nå at hente, hvis SFO og børnehave lukker tidligere?"
SCHOOL = "Skal Lyngholm Skole lukke?"
SPECIAL = "Skal flere børn med særlige behov gå i en almindelig klasse?"  # nobody writes here
WIDTHS = pytest.mark.parametrize("width", [390, 1280])
AWAY = """({ key }) => {
    const kept = JSON.parse(localStorage.getItem(key));
    localStorage.setItem(key, JSON.stringify({ ...kept, at: 0 }));
}"""
TOP = "one => Math.round(one.getBoundingClientRect().top)"
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
DRAWN = "() => !document.querySelector('.tree--long > .branch:nth-child(n + 4):not(.is-drawn)')"
LEFT = "one => Math.round(one.getBoundingClientRect().left)"


@pytest.fixture
def thread(town: Town) -> str:
    """A thread of the test's own, in which two questions wait for their answers."""
    return arrange(town, [("Hvad kan rådhuset undvære?", 3), ("Hvad koster det?", 2)]).thread


def branch(writer: Pen, *words: str) -> list[int]:
    """A new branch in which each post answers the one before; their numbers."""
    posts: list[int] = []
    for one in words:
        posts.append(writer.write(one, under=posts[-1] if posts else None))
    return posts


def anders(town: Town) -> str:
    """The number of Anders Toft, who answers for the thread."""
    return str(town.one("SELECT id FROM users WHERE name = 'Anders Toft'"))


def fold_of(page: Page, post: int) -> Locator:
    return page.locator(f"[data-fold='{post}']")


# --- Seeing the threads ---------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "levels"), [(1280, 6), (390, 3)])
def test_a_screen_indents_as_many_levels_as_it_has_room_for(
    street: Street, thread: str, width: int, levels: int
) -> None:
    posts = branch(Pen(street.open(CITIZEN), thread), *(f"Trin {n} ({width})" for n in range(1, 9)))
    page = street.open(width=width)
    page.goto(thread)
    shown = [page.locator(f"#p{post}").evaluate(LEFT) for post in posts[:6]]
    steps = [after > before for before, after in pairwise(shown)]
    assert steps == [n < levels for n in range(1, 6)]
    expect(page.locator(f"#p{posts[3]}")).to_contain_text(
        "Karen Møllegaard følger op på sit eget indlæg"
    )

    page.locator(f"[data-branch='{posts[0]}']").get_by_role("link", name="Fortsæt tråden").click()
    expect(page).to_have_url(re.compile(f"/posts/{posts[5]}$"))
    expect(page.locator(".ancestors a")).to_have_count(5)
    expect(page.locator(f"#p{posts[7]}")).to_contain_text("Trin 8")
    expect(page.locator(".ancestors details")).to_have_count(0)
    expect(page.get_by_role("heading", name=re.compile("^Niveau 8:"))).to_have_count(1)


@WIDTHS
def test_a_folded_branch_says_what_it_holds_and_stays_folded(
    street: Street, town: Town, width: int
) -> None:
    writer = pen(street, town, CITIZEN, SCHOOL)
    page = street.open(width=width)
    page.goto(town.thread(SCHOOL))
    number = town.one(
        "SELECT min(id) FROM posts WHERE depth = 1 AND answers > 0 AND thread_id = :t"
        " AND open_questions > 0 AND NOT awaits_answer",
        t=int(writer.thread.rpartition("/")[2]),
    )
    fold = fold_of(page, number)
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(fold).to_contain_text(re.compile(r"Vis \d+ svar fra \d+ person"))
    expect(fold).to_contain_text(re.compile(r"\d svar fra (en politiker|politikere)"))
    expect(fold).to_contain_text(re.compile(r"\d spørgsmål venter på svar"))
    page.reload()
    expect(fold).to_have_attribute("aria-expanded", "false")
    replies = page.locator(f"#p{number}-replies")
    expect(replies).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(replies).to_be_visible()  # nothing unfolds on paper
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(replies).to_be_hidden()
    fold.click()
    page.reload()
    expect(fold).to_have_attribute("aria-expanded", "true")


def test_everything_below_a_level_folds_at_once_and_stays_folded(
    street: Street, thread: str
) -> None:
    top, middle, deep = branch(Pen(street.open(CITIZEN), thread), "Øverst", "Midt", "Dybest")
    page = street.open()
    page.goto(thread)
    page.get_by_label("Fold alt under niveau").select_option("2")
    expect(page.locator(f"#p{middle}")).to_be_visible()
    expect(page.locator(f"#p{deep}")).to_be_hidden()
    page.reload()
    expect(page.locator(f"#p{deep}")).to_be_hidden()
    page.get_by_label("Fold alt under niveau").select_option("1")
    expect(page.locator(f"#p{middle}")).to_be_hidden()
    expect(page.locator(f"#p{top}")).to_be_visible()
    page.get_by_label("Fold alt under niveau").select_option("–")
    expect(page.locator(f"#p{deep}")).to_be_visible()


@WIDTHS
def test_the_permalink_shows_one_post_and_leads_to_its_place_in_the_whole(
    street: Street, town: Town, width: int
) -> None:
    deep = town.one(
        "SELECT p.id FROM posts p JOIN threads t ON t.id = p.thread_id WHERE t.title = :t"
        " AND p.depth = 4 AND p.state = 'visible' ORDER BY p.path DESC LIMIT 1",
        t=SCHOOL,
    )
    page = street.open(width=width, height=800)
    page.goto(f"/posts/{deep}")
    focus = page.locator(f"#p{deep}")
    expect(focus).to_have_class(re.compile("post--here"))
    expect(focus).to_be_in_viewport()
    expect(page.locator(".ancestors a")).to_have_count(3)
    page.get_by_role("link", name="Vis i hele tråden").click()
    expect(page).to_have_url(re.compile(rf"/threads/\d+[^#]*#p{deep}$"))
    expect(focus).to_be_in_viewport()
    assert focus.locator("> div").evaluate("one => getComputedStyle(one).outlineStyle") == "dashed"


def test_far_down_the_way_to_a_post_is_short_and_can_be_unfolded(
    street: Street, thread: str
) -> None:
    posts = branch(Pen(street.open(CITIZEN), thread), *(f"Led {n}" for n in range(1, 21)))
    page = street.open(width=390, height=800, java_script_enabled=False)
    page.goto(f"/posts/{posts[-1]}")
    expect(page.locator(f"#p{posts[-1]}")).to_be_in_viewport()
    way = page.locator(".ancestors a:visible")
    assert [link.inner_text() for link in way.all()] == [
        f"Karen Møllegaard: Led {n}" for n in (1, 17, 18, 19)
    ]
    page.get_by_text("15 svar herimellem").click()
    expect(way).to_have_count(19)


def test_a_branch_that_is_cut_off_says_what_it_holds(street: Street, town: Town) -> None:
    author, politician = pen(street, town, CITIZEN, FETCH), pen(street, town, POLITICIAN, FETCH)
    posts = branch(author, *(f"Gren {n}" for n in range(1, 7)))
    question = author.write("Hvem?", under=posts[-1], kind="question", to=anders(town))
    page = street.open()
    follow(page, town.thread(FETCH))
    cut = page.locator(f"#p{posts[-1]}-replies > .branch__more")
    expect(cut).to_contain_text("Fortsæt tråden: 1 svar")
    expect(cut).to_contain_text("1 spørgsmål venter på svar")
    expect(fold_of(page, posts[-1])).to_have_count(0)  # nothing is shown that could be folded
    politician.write("Os alle.", under=question)
    expect(cut).to_contain_text("Fortsæt tråden: 2 svar fra 2 personer")
    expect(cut).to_contain_text("1 svar fra en politiker")
    expect(cut).not_to_contain_text("venter")


@WIDTHS
def test_who_comes_back_finds_the_post_he_left(street: Street, town: Town, width: int) -> None:
    page = street.open(width=width, height=800)
    page.goto(f"{town.thread(SCHOOL)}#traad")
    last = page.locator("article.post").last
    last.evaluate("one => window.scrollBy({ top: one.getBoundingClientRect().top - 60 })")
    expect(last).to_be_in_viewport()
    page.evaluate(SETTLED)
    before = last.evaluate(TOP)
    page.reload()
    page.wait_for_function(DRAWN)
    assert last.evaluate(TOP) == before
    page.goto("/limits")
    page.go_back()
    page.wait_for_function(DRAWN)
    assert last.evaluate(TOP) == before


def test_from_a_branch_of_the_overview_there_is_a_way_back_to_it(
    street: Street, town: Town
) -> None:
    page = street.open(height=800)
    page.goto(town.thread(SCHOOL))
    page.locator("[data-overview] a").last.evaluate("one => one.click()")
    page.wait_for_function("() => window.scrollY > 2000")
    page.go_back()
    page.wait_for_function("() => window.scrollY < 100")


def test_in_a_long_tree_branches_far_away_are_laid_out_when_there_is_time(
    street: Street, town: Town, tmp_path: Path
) -> None:
    debate = long_debate(town, tmp_path / "lang.jsonl")
    page, other = street.open(width=390, height=800), street.open(height=800)
    page.clock.install()
    page.goto(debate)
    last = page.locator(".tree--root > .branch").last
    expect(last).to_have_css("content-visibility", "auto")
    expect(last.get_by_role("article").last).to_have_accessible_name(re.compile("^Niveau 2: "))
    assert axe.violations(page) == []
    page.clock.run_for(5000)
    page.wait_for_function(DRAWN)
    expect(last).to_have_css("content-visibility", "visible")

    other.goto(debate)
    expect(other.locator("[data-fold]").first).to_be_visible()
    other.keyboard.press("K")  # up from the top is to the last branch
    far = other.locator(".tree--root > .branch > article").last
    expect(far).to_be_focused()
    before = far.evaluate(TOP)
    other.evaluate(SETTLED)
    expect(far).to_be_in_viewport()
    assert far.evaluate(TOP) == before


def long_debate(town: Town, file: Path) -> str:
    """The path of a thread with twenty branches of four posts."""
    at = "2028-09-14T19:00:00+02:00"
    lines: list[dict[str, str | None]] = [
        {"id": "0", "parent_id": None, "author": "Deltager 0", "title": "En lang debat"}
    ]
    for one in range(1, 21):
        lines.append({"id": str(one), "parent_id": "0", "author": f"Deltager {one}"})
        lines += [{"id": f"{one}-{n}", "parent_id": str(one), "author": "Deltager"} for n in "123"]
    told = ({**line, "created_at": at, "text": f"Et ord. {'Lidt mere. ' * 9}"} for line in lines)
    file.write_text("\n".join(json.dumps(line) for line in told), encoding="utf-8")
    said = town.flask("import-thread", str(file), "--consultation", "ny-skolestruktur")
    assert said.returncode == 0, said.stderr
    return said.stdout.split()[-1].removeprefix(town.address)


def test_the_order_stands_in_the_address_and_is_explained(street: Street, town: Town) -> None:
    page = street.open(width=390)
    page.goto(town.thread(SCHOOL))
    order = page.locator("#sort")
    expect(order.locator("[aria-current]")).to_have_text("Mangler svar")
    order.get_by_role("link", name="Nyeste").click()
    expect(page).to_have_url(re.compile("order=newest"))
    first = page.locator(".tree--root > li > article").first
    newest = "SELECT id FROM posts WHERE depth = 1 AND thread_id = :t ORDER BY id DESC LIMIT 1"
    assert first.get_attribute("data-post") == str(
        town.one(newest, t=int(town.thread(SCHOOL).rpartition("/")[2]))
    )
    order.get_by_role("link", name="Sådan er rækkefølgen valgt").click()
    expect(page.get_by_role("heading", name="Sådan er rækkefølgen valgt")).to_be_in_viewport()


# --- What is new ----------------------------------------------------------------------------------


def test_what_is_read_is_counted_and_stays_in_this_browser(street: Street, thread: str) -> None:
    page = street.open(height=600)
    page.clock.install()
    page.goto(thread)
    line = page.locator("[data-reading]")
    expect(line).to_contain_text(re.compile(r"Du har læst 0 af \d+"))
    post = page.locator("article.post").first
    post.scroll_into_view_if_needed()
    expect(post).to_be_in_viewport(ratio=0.4)
    page.wait_for_function("() => new Promise(requestAnimationFrame)")
    page.clock.run_for(1500)
    expect(line).to_contain_text(re.compile(r"Du har læst [1-9]\d* af \d+"))
    read = line.inner_text()
    page.evaluate("window.scrollTo(0, 0)")
    page.reload()
    expect(line).to_have_text(read)


@WIDTHS
def test_what_came_since_the_last_visit_is_told_in_words(
    street: Street, thread: str, width: int
) -> None:
    writer = Pen(street.open(OTHER_CITIZEN), thread)
    old, _ = branch(writer, f"Det gamle {width}", "Også gammelt")
    page = street.open(CITIZEN, width=width)
    page.goto(writer.thread)
    expect(page.locator("[data-reading]")).to_contain_text("Du har læst")
    expect(page.locator(".is-new-word")).to_have_count(0)
    go_away(page, writer.thread)
    new = writer.write(f"Det nye {width}", under=old)

    page.reload()
    expect(page.locator(".is-new-word")).to_have_count(1)
    expect(page.locator(f"#p{new} .is-new-word")).to_have_text("Nyt")
    fold_of(page, old).click()
    page.keyboard.press("n")  # into the folded branch
    expect(page.locator(f"#p{new}")).to_be_focused()
    page.get_by_role("link", name="Nyt siden sidst").click()
    expect(page).to_have_url(re.compile(r"order=new&since=\d+"))
    expect(page.locator(".news")).to_contain_text("1 nyt indlæg her: Jonas Kvist")
    expect(page.locator(".tree--root > li")).to_have_count(1)


def test_ones_own_post_is_never_new_and_one_posts_page_is_no_visit(
    street: Street, thread: str
) -> None:
    writer, own = Pen(street.open(OTHER_CITIZEN), thread), Pen(street.open(CITIZEN), thread)
    page = street.open(CITIZEN)
    page.goto(writer.thread)
    expect(page.locator("[data-reading]")).to_contain_text("Du har læst")
    go_away(page, writer.thread)
    mine = own.write("Mit eget fra telefonen")
    other, asked = writer.write("Et andet"), writer.write("Et tredje")
    page.goto(f"/posts/{asked}")
    expect(page.locator(f"#p{asked} .is-new-word")).to_have_count(1)
    go_away(page, writer.thread)
    page.goto(writer.thread)
    expect(page.locator(f"#p{other} .is-new-word")).to_have_text("Nyt")
    expect(page.locator(f"#p{mine} [data-own]").first).to_be_visible()
    expect(page.locator(f"#p{mine} .is-new-word")).to_have_count(0)


def go_away(page: Page, thread: str) -> None:
    """Lets the last visit be over."""
    page.evaluate(AWAY, {"key": f"dialog-read:{thread.rpartition('/')[2]}"})


# --- Keys -----------------------------------------------------------------------------------------


def test_single_keys_walk_the_tree(street: Street, thread: str) -> None:
    writer = Pen(street.open(CITIZEN), thread)
    top, reply = branch(writer, "Nøglerne", "Under nøglerne")
    after = writer.write("Efter nøglerne")
    page = street.open(CITIZEN)
    page.goto(f"{writer.thread}?order=oldest")
    press(page, top, "j", reply)
    press(page, reply, "k", top)
    press(page, top, "J", after)
    press(page, after, "K", top)
    press(page, reply, "p", top)
    press(page, top, "[", top)
    expect(page.locator(f"#p{reply}")).to_be_hidden()
    press(page, top, "]", top)
    expect(page.locator(f"#p{reply}")).to_be_visible()
    page.keyboard.press("u")
    owed = page.locator("article:focus")
    expect(owed.locator(".clock--due, .clock--late")).to_be_visible()
    page.locator(f"#p{reply}").focus()
    page.keyboard.press("r")
    field = page.locator("#composer-body")
    expect(field).to_be_focused()
    page.keyboard.type("jeg kan skrive j, k og r her")
    expect(field).to_have_value("jeg kan skrive j, k og r her")


def test_keys_can_be_switched_off(street: Street, thread: str) -> None:
    page = street.open()
    page.goto(thread)
    first = page.locator("article.post").first
    number = int(first.get_attribute("data-post") or 0)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Genveje på tastaturet")
    expect(dialog).to_be_visible()
    assert axe.violations(page) == []
    dialog.get_by_label("Brug genveje").uncheck()
    dialog.get_by_role("button", name="Luk").click()
    page.reload()
    first.focus()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(first).to_be_focused()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Genveje på tastaturet").click()
    dialog.get_by_label("Brug genveje").check()
    page.keyboard.press("Escape")
    first.focus()
    page.keyboard.press("j")
    expect(page.locator(f"#p{number}")).not_to_be_focused()


def press(page: Page, at: int, key: str, then: int) -> None:
    """With the focus on the post `at`, the key moves it to `then`."""
    page.locator(f"#p{at}").focus()
    page.keyboard.press(key)
    expect(page.locator(f"#p{then}")).to_be_focused()


# --- Everybody ------------------------------------------------------------------------------------


@WIDTHS
def test_every_control_has_a_name_of_its_own_and_is_large_enough(
    street: Street, town: Town, width: int
) -> None:
    page = street.open(CITIZEN, width=width)
    page.goto(town.thread(SPECIAL))
    expect(page.locator("[data-own]:not([hidden])").first).to_be_visible()
    controls = page.locator("main .thread :is(a, button, select):visible:not([data-rail])")
    names = [" ".join(told.split()) for told in controls.all_text_contents()]
    tree = page.locator(".tree--root :is(.tools a, .tools button):visible")
    within = [" ".join(told.split()) for told in tree.all_text_contents()]
    assert sorted(within) == sorted(set(within))
    assert all(names)
    small = [
        (told, box)
        for told, box in zip(names, [one.bounding_box() for one in controls.all()], strict=True)
        if box and (box["height"] < 24 or box["width"] < 24)
    ]
    assert small == []


def test_staff_find_their_tools_under_every_post_and_others_do_not(
    street: Street, town: Town
) -> None:
    posts = town.one(
        "SELECT count(*) FROM posts p JOIN threads t ON t.id = p.thread_id"
        " WHERE t.title = :t AND p.depth > 0 AND p.state = 'visible'",
        t=SPECIAL,
    )
    for who, words in (
        (MODERATOR, "^Skjul indlægget fra"),
        (CHIEF, "^Skriv ind for en anden under"),
    ):
        page = street.open(who)
        page.goto(town.thread(SPECIAL))
        tools = page.locator(".tree--root").get_by_role("link", name=re.compile(words))
        expect(tools).to_have_count(posts)
        names = tools.all_text_contents()
        assert sorted(names) == sorted(set(names))
    tools.first.click()
    expect(page).to_have_url(re.compile(r"/posts/[1-9]\d*/voice$"))
    other = street.open(CITIZEN)
    other.goto(town.thread(SPECIAL))
    expect(other.locator("[data-own]:not([hidden])").first).to_be_visible()
    expect(other.locator(".tree--root :is([data-moderator], [data-chief]):visible")).to_have_count(
        0
    )


def test_a_tree_is_lists_of_articles_whose_headings_say_the_level(
    street: Street, thread: str
) -> None:
    posts = branch(Pen(street.open(CITIZEN), thread), "Første", "Anden", "Tredje")
    page = street.open()
    page.goto(thread)
    for level, post in enumerate(posts, start=1):
        item = page.locator(f"#p{post}")
        expect(item).to_have_accessible_name(re.compile(f"^Niveau {level}: Karen Møllegaard"))
        assert item.evaluate("one => one.parentElement.localName") == "li"
    assert page.locator("[role=tree], [role=treeitem]").count() == 0
    fold = fold_of(page, posts[0])
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(fold).to_have_attribute("aria-controls", f"p{posts[0]}-replies")


@pytest.mark.parametrize(("width", "height"), [(320, 256), (390, 800)])
def test_writing_and_reading_fit_a_screen_four_times_as_near(
    street: Street, town: Town, width: int, height: int
) -> None:
    top, _ = branch(pen(street, town, OTHER_CITIZEN, SCHOOL), "Oppe " + "æ" * 200, "Nede")
    page = street.open(CITIZEN, width=width, height=height, device_scale_factor=4)
    page.goto(town.thread(SCHOOL))
    reply_to(page.locator(f"#p{top}"))
    expect(page.locator("#composer-body")).to_be_in_viewport()
    page.get_by_text("Eller noget andet").click()
    fold_of(page, top).click()
    assert page.evaluate(axe.WIDER) == 0
    assert axe.violations(page) == []


def test_forced_colours_leave_every_voice_and_state_its_shape(street: Street, town: Town) -> None:
    page = street.open(CITIZEN, forced_colors="active")
    page.goto(town.thread(SCHOOL))
    for voice in (".post--politician", ".post--fact"):
        border = page.locator(f"{voice} > div").first
        assert border.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
    mark = page.locator(".mark--said").first
    assert mark.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
    expect(page.locator(".clock--late, .clock--due").first).to_contain_text(
        re.compile("Over fristen|Svar skyldes")
    )
    fold = page.locator("[data-fold]").first
    fold.click()
    assert fold.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
    fold.focus()
    page.keyboard.press("Shift")
    assert fold.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    assert axe.violations(page) == []


def test_a_politicians_answer_needs_no_colour(street: Street, town: Town) -> None:
    page = street.open(POLITICIAN, width=390)
    follow(page, town.thread(SCHOOL))
    answer = page.locator(".post--politician").first
    expect(answer).to_contain_text(re.compile("Svar fra politiker|Indlæg fra politiker"))
    expect(answer).to_contain_text(re.compile(r"\([A-ZÆØÅ]\)"))
    expect(post_with(page, "Fra forvaltningen").first).to_be_visible()
