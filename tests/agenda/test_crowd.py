"""Five hundred phones on the network of one hall, which is one address to us."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from dialog.core import clock, limits
from dialog.core.limits import Limit
from tests import make
from tests.agenda.evening import Evening, make_evening
from tests.pages.town import browser

HALL = {"REMOTE_ADDR": "203.0.113.20"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, limits=True)


@pytest.fixture
def evening(app: Flask) -> Evening:
    with app.app_context():
        limits.limiter.reset()
    with make.committed(app) as db:
        return make_evening(db, began=clock.now())


def read(phone: FlaskClient, address: str) -> int:
    return phone.get(address, environ_base=HALL).status_code


def raised(phone: FlaskClient, evening: Evening, code: str) -> TestResponse:
    here = f"/meetings/{evening.meeting.id}/hall"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', phone.get(here).text)
    sent = {"kode": code, "name": "Ann", "csrf_token": token[1] if token else ""}
    return phone.post(f"{here}/hand", data=sent, environ_base=HALL)


def test_a_hall_full_of_phones_is_not_held_for_one_reader(
    app: Flask, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "read", Limit("3 per 5 minutes"))
    phone, here = browser(app), f"/meetings/{evening.meeting.id}"
    for path in (
        "/salen", f"{here}/hall", f"{here}/hall/state", f"{here}/screen", f"{here}/agenda", here,
        "/brand.css",
    ):  # fmt: skip
        assert {read(phone, path) for _phone in range(5)} == {200}, path
    assert [read(phone, f"{here}/minutes") for _page in range(4)] == [200, 200, 200, 429]


def test_there_is_room_for_five_hundred_phones_that_come_and_come_back() -> None:
    [most] = limits.LIMITS["read_together"].items()
    a_phone_reads = 5  # the way in, the hall, its state on joining, and both again
    assert most.amount >= 500 * a_phone_reads


def test_those_who_mistype_the_code_do_not_shut_the_others_out(
    app: Flask, evening: Evening
) -> None:
    answers = [raised(browser(app), evening, "12") for _phone in range(15)]
    assert {answer.status_code for answer in answers} == {422}
    assert raised(browser(app), evening, evening.code).status_code == 303


def test_a_code_of_a_hall_cannot_be_found_by_trying(
    app: Flask, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "wrong_room_code", Limit("3 per 10 minutes"))
    phone = browser(app)
    tried = [read(phone, f"/salen?kode={10_000 + n}") for n in range(4)]
    assert tried == [422, 422, 422, 429]
    assert read(phone, f"/salen?kode={evening.code}") == 429
    assert raised(phone, evening, evening.code).status_code == 429
    [*_, day] = Limit("100 per 10 minutes; 600 per day").items()
    assert day.amount / 90_000 < 0.01, "in a day one in a hundred halls is found at most"
