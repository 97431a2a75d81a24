"""Showing once more who one is, before what nobody else may do."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from dialog.people import again
from dialog.people.models import UserSession
from tests.people.browser import PASSWORD, TOFT, database, make_person, moment, send, sign_in


@pytest.fixture
def toft(app: Flask, client: FlaskClient) -> FlaskClient:
    make_person(app, TOFT)
    sign_in(client, TOFT)
    return client


def grow_old(app: Flask) -> None:
    """Every sign-in has lasted longer than a fresh one does."""
    before = moment() - again.FRESH_FOR - timedelta(seconds=1)
    with app.app_context(), database(app).transaction() as db:
        db.execute(update(UserSession).values(created_at=before))


def is_fresh(app: Flask, client: FlaskClient) -> bool:
    """Whether the browser's sign-in would be taken for a new one."""
    with client:
        client.get("/me")
        return again.is_fresh()


def test_a_sign_in_is_fresh_for_five_minutes(app: Flask, toft: FlaskClient) -> None:
    assert is_fresh(app, toft)
    grow_old(app)
    assert not is_fresh(app, toft)


def test_the_password_makes_it_fresh_and_leads_back(app: Flask, toft: FlaskClient) -> None:
    grow_old(app)
    answer = send(toft, "/sign-in/again?next=/desk", to="/sign-in/again", password=PASSWORD,
                  next="/desk")  # fmt: skip
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert is_fresh(app, toft)


def test_the_sign_in_before_it_is_over(app: Flask, toft: FlaskClient) -> None:
    thief = app.test_client()
    name = app.config["SETTINGS"].session_cookie
    cookie = toft.get_cookie(name)
    assert cookie is not None
    thief.set_cookie(name, cookie.value)
    send(toft, "/sign-in/again", password=PASSWORD)
    assert thief.get("/me").status_code == 303
    assert toft.get("/me").status_code == 200


def test_a_wrong_password_leaves_it_old(app: Flask, toft: FlaskClient) -> None:
    grow_old(app)
    answer = send(toft, "/sign-in/again", password="en helt anden")
    assert answer.status_code == 422
    assert "Det er ikke din adgangskode." in answer.text
    assert not is_fresh(app, toft)


def test_nobody_is_led_elsewhere(toft: FlaskClient) -> None:
    answer = send(toft, "/sign-in/again", password=PASSWORD, next="//evil.example")
    assert answer.location == "/"


def test_a_visitor_signs_in_the_ordinary_way(client: FlaskClient) -> None:
    answer = client.get("/sign-in/again")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")
