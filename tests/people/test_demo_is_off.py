"""Outside the demo, everyone knows its passwords, so nobody may use them."""

from dataclasses import replace

import pytest
from flask import Flask

from config import Settings
from dialog.people import commands
from tests.people.browser import KAREN, database, is_signed_in, make_person, moment, sign_in


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, demo=False)


@pytest.fixture
def demo_person(app: Flask) -> int:
    return make_person(app, KAREN, is_demo=True)


def test_demo_people_are_refused_like_strangers(app: Flask, demo_person: int) -> None:
    client = app.test_client()
    answer = sign_in(client, KAREN)
    assert answer.status_code == 422
    assert "passer ikke sammen" in answer.get_data(as_text=True)
    assert "demo-fjordby" not in client.get("/sign-in").get_data(as_text=True)


def test_a_sign_in_from_the_demo_ends_with_it(app: Flask, demo_person: int) -> None:
    client = app.test_client()
    with app.app_context(), database(app).transaction() as db:
        token = commands.start_session(db, demo_person, now=moment())
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert not is_signed_in(client)
