"""From no account to a first sign-in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dialog.audit import queries as audit
from dialog.mail import parts
from dialog.people import queries
from tests.people.browser import (
    BENT,
    KAREN,
    PASSWORD,
    TOFT,
    database,
    is_signed_in,
    link_in,
    mails,
    make_person,
    send,
    sign_in,
)


def sign_up(client: FlaskClient, **changed: str) -> TestResponse:
    fields = {"name": "Karen Møllegaard", "email": KAREN, "password": PASSWORD, "area": "Havnsø"}
    return send(client, "/sign-up", **(fields | changed))


def test_a_citizen_signs_up_confirms_and_signs_in_and_out(app: Flask, client: FlaskClient) -> None:
    assert sign_up(client).location == "/check-mail"
    assert KAREN in client.get("/check-mail").get_data(as_text=True)
    assert sign_in(client, KAREN).status_code == 422
    link = link_in(mails(app)[0])
    assert "Bekræft min mailadresse" in client.get(link).get_data(as_text=True)
    assert send(client, link).location == "/sign-in"
    assert sign_in(client, KAREN).location == "/"
    assert is_signed_in(client)
    answer = send(client, "/me", to="/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(client)


def test_the_button_of_the_mail_says_what_it_does(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    mail = mails(app)[0]
    buttons = [part for part in parts.parts_of(mail.body) if part.shape == "link"]
    assert buttons == [parts.button("Bekræft min mailadresse", f"http://localhost{link_in(mail)}")]


def test_the_page_says_where_the_mail_is_while_developing(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    page = client.get("/check-mail").get_data(as_text=True)
    assert str(app.config["SETTINGS"].mail_folder) in page


def test_looking_at_the_link_confirms_nothing(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    client.get(link_in(mails(app)[0]))
    with database(app).reading() as db:
        user = queries.user_by_email(db, KAREN)
        assert user
        assert user.confirmed_at is None


def test_a_link_works_once(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    link = link_in(mails(app)[0])
    send(client, link)
    assert client.get(link).status_code == 410


def test_an_address_in_use_gets_the_same_answer_and_a_mail(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    answer = sign_up(client, name="Bent Juhl")
    assert answer.location == "/check-mail"
    page = client.get("/check-mail").get_data(as_text=True)
    stranger = app.test_client()
    sign_up(stranger, email=BENT)
    assert stranger.get("/check-mail").get_data(as_text=True) == page.replace(KAREN, BENT)
    assert mails(app)[0].subject == "Du har allerede en konto"
    with database(app).reading() as db:
        user = queries.user_by_email(db, KAREN)
        assert user
        assert user.name == "Karen Møllegaard"


def test_signing_up_again_before_confirming_makes_the_first_link_worthless(
    app: Flask, client: FlaskClient
) -> None:
    sign_up(client)
    sign_up(client, password="tre blå heste på marken")
    first, second = (link_in(mail) for mail in mails(app))
    assert client.get(first).status_code == 410
    send(client, second)
    assert sign_in(client, KAREN).status_code == 422
    assert sign_in(client, KAREN, "tre blå heste på marken").status_code == 303


def test_signing_in_unconfirmed_sends_the_link_again(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    answer = sign_in(client, KAREN)
    assert "Vi har sendt dig linket igen" in answer.get_data(as_text=True)
    assert len(mails(app)) == 2


def test_where_the_reader_was_going_survives_the_mail(app: Flask, client: FlaskClient) -> None:
    sign_up(client, next="/threads/1?sort=new")
    link = link_in(mails(app)[0])
    assert send(client, link).location == "/sign-in?next=/threads/1?sort%3Dnew"
    assert sign_in(client, KAREN, next="/threads/1?sort=new").location == "/threads/1?sort=new"


def test_a_program_that_fills_in_everything_gets_no_account(
    app: Flask, client: FlaskClient
) -> None:
    assert sign_up(client, homepage="https://eksempel.dk").location == "/check-mail"
    assert mails(app) == []


def test_the_name_of_a_politician_is_refused_with_the_text_kept(
    app: Flask, client: FlaskClient
) -> None:
    make_person(app, TOFT)
    answer = sign_up(client, name="Änders Töft")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "ligner en politiker" in page
    assert KAREN in page
    assert PASSWORD not in page


@pytest.mark.parametrize("password", ["kort", "password123", "Fjordby2026", "11111111", "x" * 129])
def test_a_password_that_is_easy_to_guess_is_refused(client: FlaskClient, password: str) -> None:
    assert sign_up(client, password=password).status_code == 422


@pytest.mark.parametrize(
    "email",
    ["", "karen", "karen@", "@eksempel.dk", "a b@eksempel.dk", "a@eksempel.dk\r\nBcc: b@b.dk"],
)
def test_an_address_that_no_mail_reaches_is_refused(
    app: Flask, client: FlaskClient, email: str
) -> None:
    assert sign_up(client, email=email).status_code == 422
    assert mails(app) == []


def test_the_chain_learns_of_it_without_name_or_address(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    with database(app).reading() as db:
        event = audit.events_in_order(db)[0]
        assert event.action == "signed_up"
        told = repr(vars(event))
    assert KAREN not in told
    assert "Karen" not in told
