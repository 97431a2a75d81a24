"""Standing behind somebody's question: from its own page, and in place by our script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.debates.models import Post, Thread
from dialog.duties import queries as duties
from dialog.people.models import User
from dialog.permissions import Actor
from tests import make
from tests.notifications.post_office import done, thread_of
from tests.people.browser import send

JSON = {"Accept": "application/json"}
OLD = timedelta(hours=25)


@pytest.fixture
def thread(app: Flask) -> Thread:
    return thread_of(app)


@pytest.fixture
def question(app: Flask, thread: Thread) -> Post:
    """A question that Bent asked just now."""
    return done(app, lambda db: make.make_question(db, thread, make.make_other_citizen(db)))


@pytest.fixture
def karen(app: Flask, client: FlaskClient) -> Actor:
    """Karen, signed in, who has not shown where she lives."""
    actor = done(app, make.make_citizen)
    make.sign_in(app, client, actor)
    return actor


def verify(app: Flask, actor: Actor) -> None:
    with make.committed(app) as db:
        db.get_one(User, actor.id).verified_at = clock.now()


def grow_old(app: Flask, question: Post) -> None:
    with make.committed(app) as db:
        db.get_one(Post, question.id).created_at = clock.now() - OLD


def reader(client: FlaskClient, thread: Thread) -> dict[str, Any]:
    """What belongs to whoever reads the thread."""
    told: dict[str, Any] = client.get(f"/threads/{thread.id}/reader").json or {}
    return told


def press(client: FlaskClient, thread: Thread, question: Post, **fields: str) -> Any:
    """What our script is told when it stands behind the question, or no longer."""
    token = reader(client, thread)["csrf_token"]
    return client.post(
        f"/posts/{question.id}/support", data=fields, headers={**JSON, "X-CSRFToken": token}
    )


@pytest.mark.parametrize(
    ("make_reader", "may"),
    [
        (make.make_citizen, True),
        (make.make_politician, False),
        (make.make_moderator, False),
        (make.make_secretary, False),
        (make.make_chief, False),
    ],
)
def test_only_citizens_are_offered_to_stand_behind_a_question(
    app: Flask,
    client: FlaskClient,
    thread: Thread,
    make_reader: Callable[[Session], Actor],
    may: bool,
) -> None:
    assert reader(client, thread)["may_support"]  # a visitor, once he has signed in
    make.sign_in(app, client, done(app, make_reader))
    assert reader(client, thread)["may_support"] is may


@pytest.mark.parametrize(
    "make_reader",
    [make.make_politician, make.make_moderator, make.make_secretary, make.make_chief],
)
def test_those_who_may_not_are_told_why_by_the_link_that_everyone_sees(
    app: Flask,
    client: FlaskClient,
    thread: Thread,
    question: Post,
    make_reader: Callable[[Session], Actor],
) -> None:
    make.sign_in(app, client, done(app, make_reader))
    page = client.get(f"/posts/{question.id}/support")
    assert (page.status_code, "Kun borgere kan stå bag et spørgsmål" in page.text) == (200, True)
    assert f'action="/posts/{question.id}/support"' not in page.text
    refused = press(client, thread, question)
    assert (refused.status_code, refused.json["error"]) == (
        422,
        "Kun borgere kan stå bag et spørgsmål.",
    )
    token = reader(client, thread)["csrf_token"]
    sent = client.post(f"/posts/{question.id}/support", data={"csrf_token": token})
    assert sent.headers["Location"] == f"/posts/{question.id}"
    with make.committed(app) as db:
        assert duties.support_counts(db, [question.id]) == {}


def test_where_the_debate_is_closed_the_page_says_so_and_has_no_button(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread, question: Post
) -> None:
    with make.committed(app) as db:
        db.get_one(Consultation, thread.consultation_id).closes_at = clock.now() - OLD
    page = client.get(f"/posts/{question.id}/support").text
    assert "Debatten er lukket, så spørgsmål kan ikke støttes længere." in page
    assert f'action="/posts/{question.id}/support"' not in page


def test_the_script_is_told_the_number_once_the_question_is_a_day_old(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread, question: Post
) -> None:
    verify(app, karen)
    said = "Du vil også have svar."
    assert press(client, thread, question).json == {"supports": True, "count": None, "said": said}
    assert reader(client, thread)["supports"] == [{"id": question.id, "count": None, "mine": True}]
    grow_old(app, question)
    assert press(client, thread, question).json == {"supports": True, "count": 1, "said": said}
    assert reader(client, thread)["supports"] == [{"id": question.id, "count": 1, "mine": True}]
    ended = press(client, thread, question, end="1").json
    assert (ended["supports"], ended["count"]) == (False, 0)
    assert reader(client, thread)["supports"] == []


def test_whoever_has_not_shown_that_he_lives_here_is_told_that_it_does_not_count_yet(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread, question: Post
) -> None:
    grow_old(app, question)
    page = f"/posts/{question.id}/support"
    assert "Din støtte tæller med, når du er verificeret borger." in client.get(page).text
    told = press(client, thread, question).json
    assert (told["supports"], told["count"]) == (True, 0)
    assert told["said"].endswith("Det tæller med, når du er verificeret borger.")
    verify(app, karen)
    assert "Din støtte tæller med" not in client.get(page).text
    assert reader(client, thread)["supports"] == [{"id": question.id, "count": 1, "mine": True}]


def test_nobody_stands_behind_his_own_question(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    own = done(app, lambda db: make.make_question(db, thread, karen))
    assert press(client, thread, own).status_code == 422
    assert reader(client, thread)["supports"] == []


def test_without_the_script_the_link_leads_to_one_button(
    client: FlaskClient, karen: Actor, thread: Thread, question: Post
) -> None:
    page = f"/posts/{question.id}/support"
    assert page in client.get(f"/threads/{thread.id}").text
    assert "Jeg vil også have svar" in client.get(page).text
    assert send(client, page).status_code == 303
    assert "Jeg vil ikke have svar alligevel" in client.get(page).text
    send(client, page, end="1")
    assert "Jeg vil ikke have svar alligevel" not in client.get(page).text
