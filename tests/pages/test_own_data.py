"""A copy of what is stored of oneself: all of it, and nothing of anybody else."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from dialog.debates import drafting
from dialog.debates.models import PostKind
from dialog.meetings import seats
from dialog.notifications import following
from dialog.people import again
from dialog.people.models import UserSession
from dialog.permissions import Actor, Role
from tests import make
from tests.people import browser
from tests.people.browser import BENT, KAREN

THEIRS = "zqbent"


@pytest.fixture
def karen(app: Flask, client: FlaskClient) -> FlaskClient:
    """Karen's browser; she and Bent have done much the same."""
    numbers = {email: browser.make_person(app, email, area="Zqhavnen") for email in (KAREN, BENT)}
    with make.committed(app) as db:
        thread = make.make_thread(db)
        mine, theirs = (
            Actor(numbers[email], Role.CITIZEN, browser.NAMES[email][0]) for email in (KAREN, BENT)
        )
        asked = make.make_question(db, thread, mine, body="Hvem vasker mine vinduer?")
        for actor, words in ((mine, "zqkaren"), (theirs, THEIRS)):
            post = make.make_post(db, thread, actor, under=asked, body=f"{words} siger noget.")
            drafting.save_draft(db, actor, parent_id=post.id, body=f"{words} halvt",
                                kind=PostKind.COMMENT, now=make.NOW)  # fmt: skip
            following.follow_question(db, actor, question_id=asked.id, now=make.NOW)
            wish = seats.Wish(name="", email=None, seats=1)
            seats.sign_up(db, actor, meeting_id=thread.meeting_id, wish=wish, code=words,
                          now=make.NOW)  # fmt: skip
    browser.sign_in(client, KAREN)
    return client


def test_everything_that_is_ones_own_is_in_the_copy(karen: FlaskClient) -> None:
    answer = browser.send(karen, "/me", to="/me/data")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dialog.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    told = json.loads(answer.text)
    assert [account["email"] for account in told["account"]] == [KAREN]
    assert [post["text"] for post in told["posts"]] == [
        "Hvem vasker mine vinduer?",
        "zqkaren siger noget.",
    ]
    assert [draft["body"] for draft in told["drafts"]] == ["zqkaren halvt"]
    assert [seat["seats"] for seat in told["meetings"]] == [1]
    assert len(told["followed_questions"]) == len(told["followed_threads"]) == 1
    assert {message["kind"] for message in told["messages"]} >= {"reply"}


def test_nothing_of_anybody_else_is_and_nothing_secret(karen: FlaskClient) -> None:
    text = browser.send(karen, "/me", to="/me/data").text
    for word in (THEIRS, BENT, "Bent", "argon2", "token", "hash"):
        assert word not in text, word


def test_an_old_sign_in_gives_the_password_first(app: Flask, karen: FlaskClient) -> None:
    before = browser.moment() - again.FRESH_FOR - timedelta(seconds=1)
    with make.committed(app) as db:
        db.execute(update(UserSession).values(created_at=before))
    asked = browser.send(karen, "/me", to="/me/data")
    assert "Bekræft, at det er dig" in asked.text
    assert "vinduer" not in asked.text
    given = browser.send(karen, "/me", to="/me/data", password=browser.PASSWORD)
    assert given.mimetype == "application/json"
