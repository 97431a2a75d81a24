"""New passwords: chosen, changed, forgotten."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from dialog.audit import queries as audit
from dialog.core.errors import TooLate
from dialog.people import commands, passwords, queries
from dialog.permissions import Role
from tests.people.browser import (
    BENT,
    KAREN,
    PASSWORD,
    database,
    is_signed_in,
    link_in,
    mails,
    make_person,
    moment,
    send,
    sign_in,
)

NEW = "tre blå heste på marken"


def change(client: FlaskClient, current: str = PASSWORD, new: str = NEW) -> int:
    return send(client, "/me/password", current=current, password=new).status_code


def test_a_new_password_ends_the_other_sign_ins_and_keeps_this_one(
    app: Flask, client: FlaskClient
) -> None:
    make_person(app, KAREN)
    other = app.test_client()
    sign_in(client, KAREN)
    sign_in(other, KAREN)
    assert change(client) == 303
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert sign_in(other, KAREN).status_code == 422
    assert sign_in(other, KAREN, NEW).status_code == 303
    assert [mail.subject for mail in mails(app)] == ["Din adgangskode er ændret"]


def test_the_old_password_is_needed_for_a_new_one(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    sign_in(client, KAREN)
    assert change(client, current="noget helt andet") == 422


def test_the_demo_s_passwords_stay_as_they_are(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN, is_demo=True)
    sign_in(client, KAREN)
    assert change(client) == 422
    assert is_signed_in(client)


def test_a_forgotten_password_is_replaced_by_mail(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    other = app.test_client()
    sign_in(other, KAREN)
    assert send(client, "/forgot-password", email=KAREN).location == "/check-mail"
    link = link_in(mails(app)[0])
    assert client.get(link).status_code == 200
    assert send(client, link, password=NEW).location == "/sign-in"
    assert not is_signed_in(other)
    assert sign_in(client, KAREN, NEW).status_code == 303
    assert client.get(link).status_code == 410


def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(
    app: Flask, client: FlaskClient
) -> None:
    make_person(app, KAREN)
    pages = []
    for email in (KAREN, BENT):
        browser = app.test_client()
        assert send(browser, "/forgot-password", email=email).location == "/check-mail"
        pages.append(browser.get("/check-mail").get_data(as_text=True).replace(email, ""))
    assert pages[0] == pages[1]
    assert len(mails(app)) == 1


def test_asking_writes_to_the_chain_either_way_so_that_it_takes_as_long(
    app: Flask, client: FlaskClient
) -> None:
    send(client, "/forgot-password", email=BENT)
    with database(app).reading() as db:
        event = audit.events_in_order(db)[0]
    assert (event.action, event.object_id) == ("reset_requested", None)


def test_a_link_lives_for_half_an_hour(app: Flask) -> None:
    make_person(app, KAREN)
    with app.app_context(), database(app).transaction() as db:
        commands.request_reset(db, email=KAREN, now=moment() - timedelta(minutes=31))
    token = link_in(mails(app)[0]).rpartition("/")[2]
    with (
        app.app_context(),
        pytest.raises(TooLate),
        database(app).transaction() as db,
    ):
        commands.reset_password(db, token=token, password_hash="x", now=moment())


def test_a_new_password_makes_every_link_worthless(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    for _twice in range(2):
        send(client, "/forgot-password", email=KAREN)
    first, second = (link_in(mail) for mail in mails(app))
    send(client, first, password=NEW)
    assert client.get(second).status_code == 410


def test_a_confirmation_link_does_not_open_the_password(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    send(client, "/forgot-password", email=KAREN)
    token = link_in(mails(app)[0]).rpartition("/")[2]
    assert client.get(f"/confirm/{token}").status_code == 410


def test_only_the_hash_of_a_link_is_stored(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    send(client, "/forgot-password", email=KAREN)
    token = link_in(mails(app)[0]).rpartition("/")[2]
    with database(app).reading() as db:
        kept = db.connection().exec_driver_sql("SELECT token_hash FROM mail_tokens").scalar()
    assert kept != token
    assert len(token) == 43


def test_the_first_admin_gets_a_link_to_a_password(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), database(app).transaction() as db:
        token = commands.create_first_admin(
            db, email="Chef@Fjordby.dk", name="Ida Holm", now=moment()
        )
    assert send(client, f"/reset-password/{token}", password=NEW).status_code == 303
    assert sign_in(client, "chef@fjordby.dk", NEW).status_code == 303
    assert client.get("/people").status_code == 200


def test_someone_known_becomes_the_first_admin(app: Flask, client: FlaskClient) -> None:
    make_person(app, KAREN)
    sign_in(client, KAREN)
    with app.app_context(), database(app).transaction() as db:
        commands.create_first_admin(db, email=KAREN, name="Karen Møllegaard", now=moment())
        user = queries.user_by_email(db, KAREN)
        assert user
        assert user.role is Role.ADMIN
    assert not is_signed_in(client)


def test_a_weaker_hash_is_renewed_at_sign_in(app: Flask, client: FlaskClient) -> None:
    user_id = make_person(app, KAREN)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with app.app_context(), database(app).transaction() as db:
        commands.renew_hash(db, user_id, weak)
    assert sign_in(client, KAREN).status_code == 303
    with database(app).reading() as db:
        user = queries.user_by_id(db, user_id)
        assert user
        assert user.password_hash
        assert not passwords.needs_rehash(user.password_hash)


def test_an_å_is_the_same_however_the_keyboard_makes_it() -> None:
    assert passwords.verify_password(
        passwords.hash_password("blå bå\u0300d"), "bla\u030a bå\u0300d"
    )


def test_a_broken_hash_lets_nobody_in() -> None:
    assert not passwords.verify_password("not a hash", PASSWORD)


@pytest.mark.parametrize(
    "password",
    ["kodeord1", "Sommer2026!", "fjordby-kommune", "karen-møllegaard-1", "qwertyuiop", "12345678",
     "aaaaaaaa", "Adgangskode123"],
)  # fmt: skip
def test_easy_ones_are_known(password: str) -> None:
    assert passwords.too_easy(password, "Karen Møllegaard", "Fjordby Kommune")


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "korrekt hest batteri", "fjordby er min by ved vandet"]
)
def test_good_ones_are_let_through(password: str) -> None:
    assert not passwords.too_easy(password, "Karen Møllegaard", "Fjordby Kommune")
