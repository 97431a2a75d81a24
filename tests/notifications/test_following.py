"""Following a thread or a question, from the page and without JavaScript."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.debates.models import Post, Thread
from dialog.notifications import following, queries
from dialog.notifications.models import FollowState
from dialog.permissions import Actor
from tests import make
from tests.make import NOW
from tests.notifications.post_office import done, thread_of
from tests.people.browser import send


@pytest.fixture
def thread(app: Flask) -> Thread:
    return thread_of(app)


@pytest.fixture
def karen(app: Flask, client: FlaskClient) -> Actor:
    """Karen, signed in."""
    actor = done(app, make.make_citizen)
    make.sign_in(app, client, actor)
    return actor


def state(app: Flask, actor: Actor, thread: Thread) -> FollowState:
    with make.committed(app) as db:
        return queries.stand_on(db, actor.id, thread.id)


def test_each_step_is_one_button_on_a_page_of_its_own(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    page = f"/threads/{thread.id}/follow"
    for wanted, said in (
        ("following", "Du følger tråden"),
        ("muted", "Du får ingen mails om tråden"),
        ("following", "Du følger tråden"),
        ("left", "Så står nye indlæg"),
    ):
        assert send(client, page, state=wanted).status_code == 303
        assert said in client.get(page).text
        assert state(app, karen, thread) == wanted


def test_the_page_of_a_thread_says_nothing_of_who_follows_it(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    before = client.get(f"/threads/{thread.id}").get_data()
    send(client, f"/threads/{thread.id}/follow", state="following")
    assert client.get(f"/threads/{thread.id}").get_data() == before
    assert client.get(f"/threads/{thread.id}/reader").json["follow"] == "following"  # type: ignore[index]


def test_whoever_writes_follows_unless_he_once_left(
    app: Flask, karen: Actor, thread: Thread
) -> None:
    done(app, lambda db: make.make_post(db, thread, karen))
    assert state(app, karen, thread) is FollowState.FOLLOWING

    def leave_and_write(db: Session) -> None:
        following.leave_thread(db, karen, thread_id=thread.id, now=NOW)
        make.make_post(db, thread, karen, body="Og så en ting til.")

    done(app, leave_and_write)
    assert state(app, karen, thread) is FollowState.LEFT


def test_a_question_is_followed_and_left(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    question: Post = done(
        app, lambda db: make.make_question(db, thread, make.make_other_citizen(db))
    )
    page = f"/posts/{question.id}/follow"
    send(client, page, state="following")
    assert "Du får en mail, når spørgsmålet er besvaret." in client.get(page).text
    reader = client.get(f"/threads/{thread.id}/reader").json
    assert reader["questions"] == [question.id]  # type: ignore[index]
    send(client, page, state="left")
    assert client.get(f"/threads/{thread.id}/reader").json["questions"] == []  # type: ignore[index]


def test_our_script_is_told_in_a_sentence(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    token = client.get(f"/threads/{thread.id}/reader").json["csrf_token"]  # type: ignore[index]
    answer = client.post(
        f"/threads/{thread.id}/follow",
        data={"state": "muted"},
        headers={"Accept": "application/json", "X-CSRFToken": token},
    )
    assert answer.json == {"state": "muted", "said": "Mails om tråden er slået fra."}


OURS = [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}]
FOREIGN = [{"Origin": "https://ond.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]


@pytest.mark.parametrize("headers", OURS, ids=str)
@pytest.mark.parametrize("place", ["thread", "post"])
def test_where_one_reads_a_thread_one_click_ends_its_mails(
    app: Flask,
    client: FlaskClient,
    karen: Actor,
    thread: Thread,
    headers: dict[str, str],
    place: str,
) -> None:
    own = done(app, lambda db: make.make_post(db, thread, karen))
    page = f"/threads/{thread.id}" if place == "thread" else f"/posts/{own.id}"
    assert f'action="/threads/{thread.id}/mute"' in client.get(page).text
    answer = client.post(f"/threads/{thread.id}/mute", headers=headers)
    assert state(app, karen, thread) is FollowState.MUTED
    assert "Du får ingen mails om tråden" in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_other_site_ends_them(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread, headers: dict[str, str]
) -> None:
    assert client.post(f"/threads/{thread.id}/mute", headers=headers).status_code == 404
    assert state(app, karen, thread) is FollowState.LEFT


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}], ids=str)
def test_a_browser_that_does_not_say_where_the_form_stood_is_asked_first(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread, headers: dict[str, str]
) -> None:
    answer = client.post(f"/threads/{thread.id}/mute", headers=headers)
    assert answer.headers["Location"] == f"/threads/{thread.id}/follow"
    assert state(app, karen, thread) is FollowState.LEFT


def test_who_is_not_signed_in_comes_to_the_same_choice_once_he_is(
    client: FlaskClient, thread: Thread
) -> None:
    answer = client.post(f"/threads/{thread.id}/mute", headers=OURS[0])
    assert answer.headers["Location"] == f"/sign-in?next=/threads/{thread.id}/follow"


def test_a_state_that_is_none_is_refused(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    answer = send(client, f"/threads/{thread.id}/follow", state="forever")
    assert answer.status_code == 422
    assert state(app, karen, thread) is FollowState.LEFT


def test_a_visitor_is_shown_the_way_in_and_back(client: FlaskClient, thread: Thread) -> None:
    answer = client.get(f"/threads/{thread.id}/follow")
    assert answer.status_code == 303
    assert "follow" in answer.headers["Location"]


def test_a_thread_that_is_followed_stands_on_one_s_page(
    app: Flask, client: FlaskClient, karen: Actor, thread: Thread
) -> None:
    assert "Du følger ingen tråde endnu" in client.get("/me/mails").text
    send(client, f"/threads/{thread.id}/follow", state="muted")
    page = client.get("/me/mails").text
    assert thread.title in page
    assert "Mails er slået fra" in page
