"""The way in, and who is kept out of it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialog.people import commands, queries
from dialog.permissions import SYSTEM, Role
from tests.people.browser import (
    KAREN,
    LINE,
    TOFT,
    database,
    is_signed_in,
    make_person,
    moment,
    send,
    sign_in,
)

EVIL = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https://evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\n/evil.example",
    "/%0d%0aSet-Cookie:x".replace("%0d%0a", "\r\n"),
    "//localhost@evil.example",
    "https://localhost@evil.example",
    "/ /evil.example",
    "\u0000//evil.example",
    "http://localhost.evil.example/",
    "ftp://evil.example",
]


@pytest.mark.parametrize("target", EVIL)
def test_nobody_is_sent_elsewhere(app: Flask, client: FlaskClient, target: str) -> None:
    make_person(app, KAREN)
    assert sign_in(client, KAREN, next=target).location == "/"


def test_a_path_of_our_own_is_followed(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    assert sign_in(client, KAREN, next="/meetings/2#agenda").location == "/meetings/2#agenda"


@pytest.mark.parametrize(("email", "home"), [(KAREN, "/"), (TOFT, "/desk"), (LINE, "/desk")])
def test_each_lands_where_the_work_is(
    app: Flask, client: FlaskClient, email: str, home: str
) -> None:
    make_person(app, email)
    assert sign_in(client, email).location == home


def test_an_unknown_address_and_a_wrong_password_look_the_same(
    app: Flask, client: FlaskClient
) -> None:
    make_person(app, KAREN)
    pages = [
        sign_in(client, email, "forkert kode").get_data(as_text=True).replace(email, "")
        for email in (KAREN, "ingen@eksempel.dk")
    ]
    assert "passer ikke sammen" in pages[0]
    assert _without_token(pages[0]) == _without_token(pages[1])


def test_the_session_is_new_at_each_sign_in(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    with client.session_transaction() as before:
        before["planted"] = "by someone else"
    sign_in(client, KAREN)
    with client.session_transaction() as first:
        assert "planted" not in first
        token = first["_user_id"]
    send(client, "/me", to="/sign-out")
    sign_in(client, KAREN)
    with client.session_transaction() as second:
        assert second["_user_id"] != token


def test_a_copied_cookie_is_worthless_after_sign_out(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    sign_in(client, KAREN)
    cookie = client.get_cookie("s")
    assert cookie
    send(client, "/me", to="/sign-out")
    thief = app.test_client()
    thief.set_cookie("s", cookie.value)
    assert not is_signed_in(thief)


def test_signing_out_everywhere_ends_the_other_browser_too(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    other = app.test_client()
    sign_in(client, KAREN)
    sign_in(other, KAREN)
    send(client, "/me", to="/sign-out", everywhere="1")
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    ("email", "idle", "alive"),
    [
        (KAREN, timedelta(days=13), True),
        (KAREN, timedelta(days=15), False),
        (TOFT, timedelta(hours=1), True),
        (TOFT, timedelta(hours=3), False),
    ],
)
def test_an_idle_sign_in_ends(app: Flask, email: str, idle: timedelta, alive: bool) -> None:
    user_id = make_person(app, email)
    with app.app_context(), database(app).transaction() as db:
        token = commands.start_session(db, user_id, now=moment())
        reader = queries.reader_of(db, token, now=moment() + idle)
    assert (reader is not None) is alive


def test_a_sign_in_in_use_is_noted_at_most_every_five_minutes(
    app: Flask, client: FlaskClient
) -> None:
    user_id = make_person(app, KAREN)
    sign_in(client, KAREN)
    with app.app_context(), database(app).transaction() as db:
        session_id = queries.session_ids(db, user_id)[0]
        commands.touch_session(db, session_id, now=moment() - timedelta(minutes=6))
    client.get("/me")
    with client.session_transaction() as cookie, database(app).reading() as db:
        reader = queries.reader_of(db, cookie["_user_id"], now=moment())
    assert reader
    assert moment() - reader.seen_at < timedelta(minutes=1)


def test_another_role_ends_every_sign_in(app: Flask, client: FlaskClient) -> None:
    user_id = make_person(app, KAREN)
    sign_in(client, KAREN)
    with app.app_context(), database(app).transaction() as db:
        commands.change_role(db, SYSTEM, user_id=user_id, role=Role.MODERATOR, now=moment())
    assert not is_signed_in(client)


def test_demo_people_sign_in_while_the_demo_is_on(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN, is_demo=True)
    page = client.get("/sign-in").get_data(as_text=True)
    assert KAREN in page
    assert "demo-fjordby" in page
    assert sign_in(client, KAREN).status_code == 303


def test_the_account_rules_the_language(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN, locale="en")
    sign_in(client, KAREN)
    assert 'lang="en"' in client.get("/me").get_data(as_text=True)


def test_whoever_is_in_already_is_sent_on(app: Flask, client: FlaskClient) -> None:
    make_person(app, TOFT)
    sign_in(client, TOFT)
    assert client.get("/sign-in").location == "/desk"


def _without_token(page: str) -> str:
    head, _field, rest = page.partition('name="csrf_token"')
    return head + rest.partition(">")[2]


def test_who_is_asked_to_sign_in_hears_that_he_comes_back(client: FlaskClient) -> None:
    words = "Så fortsætter du, hvor du var."
    assert words in client.get("/sign-in?next=/posts/1/reply").text
    assert words not in client.get("/sign-in").text
