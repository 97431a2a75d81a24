"""Searching a consultation's debate."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialog.consultations.models import State
from dialog.debates import commands, searching
from dialog.debates.models import PostKind, Thread
from dialog.moderation import commands as moderation
from tests import make
from tests.conftest import ON_POSTGRES
from tests.debates.reading import a_thread, chain, page_at, written

SEARCH = "/consultations/budget-2028/search"


def found(client: FlaskClient, query: str, **more: str) -> list[int]:
    """The posts that a search finds, from top to bottom."""
    answer = client.get(SEARCH, query_string={"q": query, **more})
    assert answer.status_code == 200
    return [int(one) for one in re.findall(r'id="h(\d+)"', answer.get_data(as_text=True))]


def shown(client: FlaskClient, query: str) -> str:
    return client.get(SEARCH, query_string={"q": query}).get_data(as_text=True)


@pytest.fixture
def thread(app: Flask) -> Thread:
    return a_thread(app)


def test_a_word_is_found_and_marked(app: Flask, client: FlaskClient, thread: Thread) -> None:
    mine, _other = written(app, thread, "Der skal gøres rent på torvet.", "Noget andet")
    assert found(client, "torvet") == [mine.id]
    assert "<mark>torvet</mark>" in shown(client, "torvet")


def test_danish_letters_are_letters_of_their_own(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    rose, rosé, bor, bår = written(app, thread, "Hans rose", "Hans røse", "Han bor", "Han bår")
    assert found(client, "rose") == [rose.id]
    assert found(client, "røse") == [rosé.id]
    assert (found(client, "bor"), found(client, "bår")) == ([bor.id], [bår.id])


def test_capitals_make_no_difference(app: Flask, client: FlaskClient, thread: Thread) -> None:
    mine = written(app, thread, "Åen ved ÆRØ")[0]
    assert found(client, "åen ærø") == [mine.id]


def test_the_last_word_may_be_unfinished_and_only_that(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    mine = written(app, thread, "Plejehjemmet lukker fløjen")[0]
    assert found(client, "plejehjemmet flø") == [mine.id]
    assert found(client, "flø plejehjemmet") == []


def test_all_words_must_be_there(app: Flask, client: FlaskClient, thread: Thread) -> None:
    both, _one = written(app, thread, "Bussen kører til skolen", "Bussen kører ikke")
    assert found(client, "skolen bussen") == [both.id]


def test_words_in_quotes_follow_one_another(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    together, _apart = written(app, thread, "Tag den gamle bus", "Den bus er gamle dages")
    assert found(client, '"gamle bus"') == [together.id]


@pytest.mark.parametrize(
    "query",
    ['"', '"""', "*", "bus*", "NEAR(bus skole)", "bus AND", "OR", "-bus", "topic:bus", "bus)", "(",
     "'; DROP TABLE posts;--", "bus:*", "bus & skole", "!bus", "<->", "\\", "%", "_", "\x00bus",
     "🚌", "x" * 5_000, "a " * 500, "{bus}", "^bus", "+bus", "’bus", "۱", "²"],
)  # fmt: skip
def test_what_means_something_to_the_engine_means_nothing_here(
    app: Flask, client: FlaskClient, thread: Thread, query: str
) -> None:
    written(app, thread, "bus")
    assert client.get(SEARCH, query_string={"q": query}).status_code == 200


def test_a_dash_before_a_word_leaves_nothing_out(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    mine = written(app, thread, "En bus")[0]
    assert found(client, "-bus") == [mine.id]


def test_markup_round_a_hit_is_shown_as_it_was_typed(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    written(app, thread, "<script>alert(1)</script> kage <b>x</b>")
    page = shown(client, "kage")
    assert "<script>alert" not in page
    assert "<mark>kage</mark>" in page
    assert ON_POSTGRES or "&lt;script&gt;" in page  # PostgreSQL leaves tags out of an excerpt


def test_the_query_is_shown_as_it_was_typed(client: FlaskClient, thread: Thread) -> None:
    assert 'value="&lt;b&gt;&#34;"' in shown(client, '<b>"')


def test_a_heading_is_searched_too(app: Flask, client: FlaskClient, thread: Thread) -> None:
    with make.committed(app) as db:
        mine = make.make_post(db, thread, topic="Cykelstien", body="Den er hullet.")
    assert found(client, "cykelstien") == [mine.id]
    assert "<mark>Cykelstien</mark>" in shown(client, "cykelstien")


def test_a_hit_stands_under_what_it_answers(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    line = chain(app, thread, 3)
    page = shown(client, '"Trin 3"')
    above = page.split('<ol class="ancestors"')[1].split("</ol>")[0]
    assert re.findall(r'href="/posts/(\d+)"', above) == [str(post.id) for post in line[:2]]


def test_hits_come_twenty_a_page_the_newest_first(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    mine = written(app, thread, *(f"kage nummer {n}" for n in range(25)))
    first = found(client, "kage")
    rest = found(client, "kage", before=str(first[-1]))
    assert first + rest == [post.id for post in reversed(mine)]
    assert len(first) == 20
    assert "25 indlæg, de senest tilføjede først" in shown(client, "kage")


@pytest.mark.parametrize("before", ["-1", "x", "9" * 30, "1e9", "%00"])
def test_a_hand_made_cursor_breaks_nothing(
    app: Flask, client: FlaskClient, thread: Thread, before: str
) -> None:
    mine = written(app, thread, "kage")[0]
    assert found(client, "kage", before=before) == [mine.id]


def test_what_is_withdrawn_is_never_found(app: Flask, client: FlaskClient, thread: Thread) -> None:
    mine = written(app, thread, "Min hemmelighed")[0]
    with make.committed(app) as db:
        commands.withdraw_post(db, make.make_citizen(db), post_id=mine.id, now=make.NOW)
    assert found(client, "hemmelighed") == []
    assert "hemmelighed</mark>" not in shown(client, "hemmelighed")


def test_what_is_hidden_is_not_found_until_it_is_shown_again(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    mine = written(app, thread, "Grimme ord")[0]
    for decide, expected in (
        (moderation.hide_post, []),
        (moderation.restore_post, [mine.id]),
    ):
        with make.committed(app) as db:
            chief = make.make_moderator(db)
            decide(db, chief, post_id=mine.id, reason="Det håner en borger.", now=make.NOW)
        assert found(client, "grimme") == expected


def test_an_edited_text_is_found_by_its_new_words_alone(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    mine = written(app, thread, "En gris")[0]
    with make.committed(app) as db:
        post = db.get_one(type(mine), mine.id)
        post.source = "En hest"
        db.flush()
        post.source = "En ko og en hest"
    assert (found(client, "gris"), found(client, "ko")) == ([], [mine.id])


def test_what_was_rolled_back_is_not_found(app: Flask, client: FlaskClient, thread: Thread) -> None:
    def broken_off() -> None:
        with make.committed(app) as db:
            make.make_post(db, thread, body="Aldrig sendt")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert found(client, "aldrig") == []


def test_another_consultation_is_not_searched(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    with make.committed(app) as db:
        other = make.make_thread(db, make.make_consultation(db, "skoler"))
        make.make_post(db, other, body="kage")
    assert found(client, "kage") == []


def test_a_draft_cannot_be_searched(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        make.make_consultation(db, state=State.DRAFT)
    assert client.get(f"{SEARCH}?q=kage").status_code == 404


def test_a_search_can_keep_to_a_proposal_and_a_kind(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        proposal = make.make_proposal(db, consultation)
        about = make.make_thread(db, consultation, proposals=[proposal])
        beside = make.make_thread(db, consultation, title="En anden")
        here = make.make_post(db, about, body="kage her")
        lived = make.make_post(db, about, body="kage hjemme", kind=PostKind.EXPERIENCE)
        make.make_post(db, beside, body="kage ude")
    assert found(client, "kage", proposal="ÆO-01") == [lived.id, here.id]
    assert found(client, "kage", show="experience") == [lived.id]


def test_an_empty_search_asks_for_words(client: FlaskClient, thread: Thread) -> None:
    page = page_at(client, SEARCH)
    assert "Søg efter" in page
    assert "Ingen har skrevet om det" not in page


def test_no_hit_is_said_in_words(client: FlaskClient, thread: Thread) -> None:
    assert "Ingen har skrevet om det endnu" in shown(client, "flodhest")


@pytest.mark.engine("postgresql")  # SQLite knows no Danish grammar
def test_a_word_is_found_in_its_other_forms(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    mine = written(app, thread, "Skolerne lukker")[0]
    assert found(client, "skole lukker") == [mine.id]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("", []),
        ("bus", [searching.Term("bus", is_beginning=True)]),
        ("a", [searching.Term("a")]),
        ("bus skole", [searching.Term("bus"), searching.Term("skole", is_beginning=True)]),
        ('"gamle bus" -', [searching.Term("gamle bus")]),
        ('bus" x"', [searching.Term("bus"), searching.Term("x")]),
    ],
)
def test_a_query_is_words_and_nothing_else(query: str, terms: list[searching.Term]) -> None:
    assert searching.terms_of(query) == terms
