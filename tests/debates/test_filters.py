"""One kind of post alone, each hit where it stands in the tree."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.debates import commands
from dialog.debates.models import PostKind
from tests import make
from tests.debates.reading import a_thread, chain, page_at, posts_on, written
from tests.debates.test_pages import big_thread, counted


@pytest.mark.parametrize(
    "kind", [kind for kind in PostKind if kind not in (PostKind.COMMENT, PostKind.QUESTION)]
)
def test_a_kind_is_shown_alone(app: Flask, client: FlaskClient, kind: PostKind) -> None:
    thread = a_thread(app)
    written(app, thread, "Bare en kommentar")
    mine = written(app, thread, "Den, der søges", kind=kind)
    page = page_at(client, f"/threads/{thread.id}?show={kind}")
    assert posts_on(page) == [mine[0].id]
    assert "Du ser kun en del af tråden" in page
    assert f'href="/threads/{thread.id}#traad">Vis hele tråden' in page


def asked_and_answered(app: Flask) -> tuple[int, int, int, int]:
    """A thread's id, with an answered question, its answer, and one that waits."""
    with make.committed(app) as db:
        thread = make.make_thread(db)
        first = make.make_question(db, thread)
        answer = make.make_post(
            db, thread, make.make_politician(db), under=first, body="Det gør vi"
        )
        second = make.make_question(db, thread, body="Og hvem betaler?")
        return thread.id, first.id, answer.id, second.id


def test_questions_answers_and_what_waits_are_told_apart(app: Flask, client: FlaskClient) -> None:
    thread, first, answer, second = asked_and_answered(app)
    found = {
        show: posts_on(page_at(client, f"/threads/{thread}?show={show}"))
        for show in ("question", "answers", "unanswered")
    }
    assert found == {"question": [first, second], "answers": [answer], "unanswered": [second]}


def test_the_whole_thread_is_the_first_choice_and_leads_back_to_itself(
    app: Flask, client: FlaskClient
) -> None:
    thread = a_thread(app)
    written(app, thread, "Bare en kommentar")
    for path in (f"/threads/{thread.id}", f"/threads/{thread.id}?show=question"):
        choices = page_at(client, path).split('id="filter-show">')[1].split("</select>")[0]
        assert choices.strip().startswith('<option value="">alle indlæg</option>')
    assert "Bare en kommentar" in page_at(client, f"/threads/{thread.id}?show=")


def test_a_hit_stands_under_what_it_answers_with_a_link_to_it(
    app: Flask, client: FlaskClient
) -> None:
    thread = a_thread(app)
    line = chain(app, thread, 3, kind=PostKind.EXPERIENCE)
    page = page_at(client, f"/threads/{thread.id}?show=experience")
    above = page.split('<ol class="ancestors"')[1].split("</ol>")[0]
    assert re.findall(r'href="/posts/(\d+)"', above) == [str(post.id) for post in line[:2]]
    assert f'class="hit__on"><a href="/posts/{line[2].id}"' in page


def test_of_a_long_way_down_the_middle_is_counted(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    line = chain(app, thread, 10, kind=PostKind.EXPERIENCE)
    page = page_at(client, f"/threads/{thread.id}?show=experience")
    above = page.split('<ol class="ancestors"')[1].split("</ol>")[0]
    shown = [line[0].id, *(post.id for post in line[6:9])]
    assert re.findall(r'href="/posts/(\d+)"', above) == [str(one) for one in shown]
    assert "5 svar herimellem" in above


def test_hits_come_twenty_a_page_each_once(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    mine = written(app, thread, *(f"Nr. {n}" for n in range(45)), kind=PostKind.EXPERIENCE)
    path: str | None = f"/threads/{thread.id}?show=experience"
    pages = []
    while path:
        page = page_at(client, path)
        pages.append(posts_on(page))
        following = re.search(r'href="([^"]+)" data-more rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else None
    assert [len(one) for one in pages] == [20, 20, 5]
    assert [one for shown in pages for one in shown] == [post.id for post in mine]


def test_what_is_withdrawn_is_no_hit(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    gone, _left = written(app, thread, "Væk", "Her", kind=PostKind.EXPERIENCE)
    with make.committed(app) as db:
        commands.withdraw_post(db, make.make_citizen(db), post_id=gone.id, now=make.NOW)
    page = page_at(client, f"/threads/{thread.id}?show=experience")
    assert gone.id not in posts_on(page)


def test_nothing_of_that_kind_is_said_in_words(app: Flask, client: FlaskClient) -> None:
    page = page_at(client, f"/threads/{a_thread(app).id}?show=correction")
    assert "Her er ingen endnu" in page


@pytest.mark.parametrize("cursor", ["../etc", "0" * 5_000, "%00", "å", "zzzz'--", "-1"])
def test_a_hand_made_cursor_breaks_nothing(app: Flask, client: FlaskClient, cursor: str) -> None:
    thread = a_thread(app)
    mine = written(app, thread, "Her", kind=PostKind.EXPERIENCE)
    page = page_at(client, f"/threads/{thread.id}?show=experience&after={cursor}")
    assert posts_on(page) == [mine[0].id]


def test_an_unknown_filter_shows_the_whole_thread(app: Flask, client: FlaskClient) -> None:
    thread = a_thread(app)
    mine = written(app, thread, "Her")
    page = page_at(client, f"/threads/{thread.id}?show=rants")
    assert posts_on(page) == [mine[0].id]
    assert "Du ser kun" not in page


def test_a_filtered_page_costs_the_same_whatever_the_size(app: Flask, client: FlaskClient) -> None:
    big = big_thread(app, 300)
    written(app, big, *(f"Nr. {n}" for n in range(25)), kind=PostKind.EXPERIENCE)
    with counted(app) as seen:
        page_at(client, f"/threads/{big.id}?show=experience")
    assert len(seen) <= 8, "\n".join(seen)


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("posts.kind <> 'comment' AND kind = ?", "ix_posts_kinds"),
        ("awaits_answer = 1", "ix_posts_awaiting"),
        ("is_answer = 1", "ix_posts_answers"),
    ],
)
def test_a_filter_reads_only_its_hits(db: Session, condition: str, index: str) -> None:
    plan = db.connection().exec_driver_sql(
        f"EXPLAIN QUERY PLAN SELECT * FROM posts WHERE thread_id = ? AND {condition}"
        " AND path > ? ORDER BY path LIMIT 21",
        (1, "experience", "") if "?" in condition else (1, ""),
    )
    lines = [row[3] for row in plan]
    assert index in lines[0]
    assert not any("TEMP B-TREE" in line for line in lines)


def test_a_consultations_threads_are_shown_by_proposal(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        rent = make.make_proposal(db, consultation, "ÆO-01")
        bus = make.make_proposal(db, consultation, "TM-02", title="Færre busser")
        make.make_thread(db, consultation, title="Om at gøre rent", proposals=[rent])
        make.make_thread(db, consultation, title="Om busser", proposals=[bus])
    page = page_at(client, "/consultations/budget-2028/threads?proposal=TM-02")
    assert "Om busser" in page
    assert "Om at gøre rent" not in page
    assert "Du ser kun tråde om forslag TM-02" in page
    assert 'href="/consultations/budget-2028/threads">Vis alle tråde' in page


def test_a_proposal_that_is_not_there_is_not_found(app: Flask, client: FlaskClient) -> None:
    a_thread(app)
    for place in ("threads", "search", "outline"):
        assert client.get(f"/consultations/budget-2028/{place}?proposal=XX").status_code == 404
