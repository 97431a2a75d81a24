"""What people are told."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialog.core.errors import NotFound
from dialog.notifications import commands, queries
from dialog.permissions import Actor, Role
from tests.people.browser import BENT, KAREN, database, mails, make_person, moment, send, sign_in

DUE = datetime(2026, 9, 14, 14, 0, tzinfo=UTC)


def tell(app: Flask, user_id: int, kind: str = "reply", mail: bool = False, **params: str) -> None:
    words: Mapping[str, str] = params or {"name": "Signe Lund"}
    with app.app_context(), database(app).transaction() as db:
        commands.tell(
            db,
            user_id,
            kind,
            params=dict(words),
            link="/posts/7",
            excerpt="Det er jeg enig i",
            now=moment(),
            mail=mail,
        )


def test_a_line_says_who_did_what_and_that_it_is_new(app: Flask, client: FlaskClient) -> None:
    tell(app, make_person(app, KAREN))
    sign_in(client, KAREN)
    page = client.get("/inbox").text
    assert '<a href="/posts/7">Signe Lund har svaret dig</a>' in page
    assert "<b>Ny</b>" in page
    assert "Beskeder (1 ny)" in page


def test_looking_changes_nothing_and_the_button_marks_all(app: Flask, client: FlaskClient) -> None:
    karen = make_person(app, KAREN)
    tell(app, karen)
    tell(app, karen)
    sign_in(client, KAREN)
    for _twice in range(2):
        assert "Du har 2 nye beskeder" in client.get("/inbox").text
    send(client, "/inbox", to="/inbox/read", up_to="2")
    assert "<b>Ny</b>" not in client.get("/inbox").text


def test_what_came_meanwhile_stays_new(app: Flask, client: FlaskClient) -> None:
    karen = make_person(app, KAREN)
    tell(app, karen)
    tell(app, karen)
    with app.app_context(), database(app).transaction() as db:
        commands.mark_read(db, Actor(karen, Role.CITIZEN), up_to=1, now=moment())
        assert queries.unread_count(db, karen) == 1


def test_nobody_marks_another_s_lines(app: Flask) -> None:
    karen, bent = make_person(app, KAREN), make_person(app, BENT)
    tell(app, karen)
    with app.app_context(), database(app).transaction() as db:
        assert commands.mark_read(db, Actor(bent, Role.CITIZEN), up_to=99, now=moment()) == 0


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40, "١"])
def test_a_number_that_is_none_marks_nothing(app: Flask, client: FlaskClient, up_to: str) -> None:
    tell(app, make_person(app, KAREN))
    sign_in(client, KAREN)
    assert send(client, "/inbox", to="/inbox/read", up_to=up_to).status_code == 303
    assert "<b>Ny</b>" in client.get("/inbox").text
    assert client.get("/inbox", query_string={"before": up_to}).status_code == 200


def test_a_long_inbox_comes_in_pages(app: Flask, client: FlaskClient) -> None:
    karen = make_person(app, KAREN)
    for _line in range(queries.PAGE + 1):
        tell(app, karen)
    sign_in(client, KAREN)
    page = client.get("/inbox").text
    assert page.count("is-new") == queries.PAGE
    assert "before=2" in page
    assert client.get("/inbox?before=2").text.count("is-new") == 1


def test_the_title_is_in_the_receiver_s_language(app: Flask) -> None:
    karen = make_person(app, KAREN, locale="en")
    tell(app, karen, "duty", name="Bent Juhl", due=DUE.isoformat())
    with database(app).reading() as db:
        title = queries.inbox_lines(db, karen)[0][0].title
    assert "Monday" in title
    assert "16:00" in title


def test_a_deadline_is_told_in_danish_time(app: Flask) -> None:
    karen = make_person(app, KAREN)
    tell(app, karen, "duty", name="Bent Juhl", due=DUE.isoformat())
    with database(app).reading() as db:
        title = queries.inbox_lines(db, karen)[0][0].title
    assert title.startswith("Du har fået et spørgsmål fra Bent Juhl. Svar senest mandag 14.")


def test_an_unconfirmed_address_gets_no_mail(app: Flask) -> None:
    tell(app, make_person(app, KAREN, confirmed=False), mail=True)
    assert mails(app) == []


def test_nobody_is_told_who_does_not_exist(app: Flask) -> None:
    with pytest.raises(NotFound):
        tell(app, 999)
