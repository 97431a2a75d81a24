"""Who sends faster than a person can is asked to wait, and loses nothing he wrote."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItemPerMinute
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from config import Settings
from dialog.core import clock, limits
from dialog.debates.models import Post, Thread
from tests import make
from tests.people import browser
from tests.people.browser import KAREN

Write = Callable[..., TestResponse]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, limits=True, demo=False)


@pytest.fixture
def thread(app: Flask) -> Thread:
    with app.app_context():
        limits.limiter.reset()
    with make.committed(app) as db:
        consultation = make.make_consultation(db, closes_at=clock.now() + timedelta(days=30))
        return make.make_thread(db, consultation)


def writer(app: Flask, client: FlaskClient, thread: Thread, *, days: int) -> Write:
    """How somebody whose account is so many days old sends a post, with a good token."""
    with make.committed(app) as db:
        born = clock.now() - timedelta(days=days)
        karen = make.make_citizen(db, f"Karen Møllegaard {'I' * (days + 1)}", created_at=born)
    make.sign_in(app, client, karen)
    token = json.loads(client.get(f"/threads/{thread.id}/reader").text)["csrf_token"]

    def write(body: str, **more: Any) -> TestResponse:
        headers = more.pop("headers", {})
        sent = {"csrf_token": token, "body": body, **more}
        return client.post(f"/threads/{thread.id}/posts", data=sent, headers=headers)

    return write


def posts_in(app: Flask, thread: Thread) -> int:
    with make.committed(app) as db:
        wanted = select(func.count()).where(Post.thread_id == thread.id, Post.depth > 0)
        return db.scalar(wanted) or 0


def waits(answer: TestResponse) -> int:
    """How many seconds this refusal asks for; it is one, and says so in words too."""
    assert answer.status_code == 429
    seconds = int(answer.headers["Retry-After"])
    assert f"{seconds} sekund" in answer.text
    return seconds


def test_two_posts_within_ten_seconds_are_one_too_many(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    write = writer(app, client, thread, days=30)
    assert write("Det første").status_code == 303
    refused = write("Det andet, som jeg har brugt en time på", topic="Rengøring")
    assert 1 <= waits(refused) <= 10
    assert posts_in(app, thread) == 1


def test_the_text_and_its_place_come_back_ready_to_be_sent_again(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    write = writer(app, client, thread, days=30)
    write("Det første")
    page = write("To linjer\nog <b>æøå</b> & “citat”", topic="Rengøring", kind="question").text
    assert "To linjer\nog &lt;b&gt;æøå&lt;/b&gt; &amp; “citat”</textarea>" in page
    assert 'name="topic" value="Rengøring"' in page
    assert 'name="kind" value="question"' in page
    assert f'action="/threads/{thread.id}/posts"' in page


def test_a_new_account_waits_half_a_minute(app: Flask, client: FlaskClient, thread: Thread) -> None:
    write = writer(app, client, thread, days=0)
    assert write("Det første").status_code == 303
    assert 20 <= waits(write("Det andet")) <= 30


def test_the_same_form_sent_twice_is_one_post_and_counts_once(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    write = writer(app, client, thread, days=30)
    answers = [write("Kun én gang", idempotency_key="n" * 32) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert posts_in(app, thread) == 1


def test_scripts_are_told_to_wait_as_well(app: Flask, client: FlaskClient, thread: Thread) -> None:
    write = writer(app, client, thread, days=30)
    write("Det første")
    answer = write("Det andet", headers={"Accept": "application/json"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 10
    assert json.loads(answer.text)["error"].startswith("Det gik lidt for hurtigt")


def test_one_who_waits_does_not_hold_others_back(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    first, second = (
        writer(app, app.test_client(), thread, days=days) for days in (30, 31)
    )  # fmt: skip
    assert [first("Et").status_code, first("To").status_code] == [303, 429]
    assert second("Tre").status_code == 303


def test_a_visitor_reads_three_hundred_pages_in_five_minutes(
    app: Flask, client: FlaskClient
) -> None:
    codes = [_read(client, "203.0.113.7") for _ in range(302)]
    assert codes == [200] * 300 + [429] * 2
    assert _read(client, "203.0.113.8") == 200


def test_one_house_on_ipv6_is_one_reader(app: Flask, client: FlaskClient) -> None:
    """A household has 2⁶⁴ addresses; counting each would be no limit at all."""
    codes = {_read(client, f"2001:db8:1:2::{n:x}") for n in range(1, 302)}
    assert codes == {200, 429}
    assert _read(client, "2001:db8:1:3::1") == 200
    assert _read(client, "::ffff:203.0.113.9") == 200  # IPv4 in the dress of IPv6 is IPv4
    with app.test_request_context(environ_base={"REMOTE_ADDR": "::ffff:203.0.113.9"}):
        assert limits.address() == "203.0.113.9"


def _read(client: FlaskClient, address: str) -> int:
    return client.get("/healthz", environ_base={"REMOTE_ADDR": address}).status_code


def test_the_right_password_is_refused_too_while_one_has_to_wait(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    browser.make_person(app, KAREN)
    for _attempt in range(5):
        assert browser.sign_in(client, KAREN, "forkert kode").status_code == 422
    refused = browser.sign_in(client, KAREN)
    assert 1 <= waits(refused) <= 2
    assert browser.PASSWORD not in refused.text
    assert not browser.is_signed_in(client)


def test_every_limit_is_one_that_people_are_told_of(client: FlaskClient) -> None:
    assert client.get("/limits").status_code == 200
    for limit in limits.LIMITS.values():
        assert limit.items()
    assert RateLimitItemPerMinute(300, 5) in limits.LIMITS["read"].items()
