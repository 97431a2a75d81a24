"""How often one may try, and that nothing typed is lost by it."""

import time
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from dialog.core.limits import limiter
from dialog.people import attempts
from tests.people.browser import BENT, KAREN, PASSWORD, mails, make_person, send, sign_in


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, limits=True)


@pytest.fixture(autouse=True)
def _from_the_start(app: Flask) -> None:
    with app.app_context():
        limiter.reset()


def test_the_fifth_wrong_password_makes_one_wait_whether_the_address_is_known_or_not(
    app: Flask, client: FlaskClient
) -> None:
    make_person(app, KAREN)
    for email in (KAREN, "ingen@eksempel.dk"):
        wrong = [sign_in(client, email, "forkert kode").status_code for _ in range(5)]
        assert wrong == [422] * 5
        answer = sign_in(client, email)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "1"
        assert email in answer.get_data(as_text=True)


def test_the_wait_doubles_up_to_a_minute(app: Flask) -> None:
    with app.app_context():
        storage = limiter.storage
        waits = []
        for _attempt in range(13):
            attempts.begin(KAREN)
            key = attempts._key("wait", KAREN)
            waits.append(round(storage.get_expiry(key) - time.time()) if storage.get(key) else 0)
            storage.clear(key)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_right_password_forgets_the_wrong_ones(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    for _round in range(2):
        for _attempt in range(4):
            sign_in(client, KAREN, "forkert kode")
        assert sign_in(client, KAREN).status_code == 303
        send(client, "/me", to="/sign-out")


def test_one_address_can_try_twenty_times_in_ten_minutes(app: Flask, client: FlaskClient) -> None:
    codes = [sign_in(client, f"{n}@eksempel.dk", "forkert").status_code for n in range(21)]
    assert codes == [422] * 20 + [429]


def test_signing_up_too_often_gives_back_what_was_typed_but_the_password(
    app: Flask, client: FlaskClient
) -> None:
    answers = [
        send(
            client,
            "/sign-up",
            name="Bent Juhl",
            email=f"bent{n}@eksempel.dk",
            password=PASSWORD,
            area="Strandby",
        )
        for n in range(6)
    ]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    page = answers[-1].get_data(as_text=True)
    assert "Strandby" in page
    assert PASSWORD not in page
    assert len(mails(app)) == 5


def test_nobody_s_inbox_is_flooded(app: Flask, client: FlaskClient) -> None:
    make_person(app, BENT)
    codes = [send(client, "/forgot-password", email=BENT).status_code for _ in range(4)]
    assert codes == [303, 303, 303, 429]
    assert len(mails(app)) == 3
