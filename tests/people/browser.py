"""What the tests of accounts do again and again, as a person would do it."""

import re
from datetime import datetime
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dialog.core import clock
from dialog.core.db import Database
from dialog.mail.models import OutgoingMail
from dialog.people import commands, passwords
from dialog.permissions import SYSTEM, Role

PASSWORD = "gul cykel under broen"
NAMES = {
    "karen@eksempel.dk": ("Karen Møllegaard", Role.CITIZEN),
    "bent@eksempel.dk": ("Bent Juhl", Role.CITIZEN),
    "toft@fjordby.example": ("Anders Toft", Role.POLITICIAN),
    "line@fjordby.example": ("Line Østerby", Role.COMMS_CHIEF),
    "admin@fjordby.example": ("Rasmus Holt", Role.ADMIN),
}
KAREN, BENT, TOFT, LINE, ADMIN = NAMES


_hash_of = cache(passwords.hash_password)  # one is enough for all who share a password


def database(app: Flask) -> Database:
    """The store of the app."""
    found: Database = app.extensions["database"]
    return found


def make_person(app: Flask, email: str, *, password: str = PASSWORD, **more: Any) -> int:
    """The number of one of the five people everybody meets in these tests."""
    name, role = NAMES[email]
    hashed = _hash_of(password)
    with app.app_context(), database(app).transaction() as db:
        user = commands.create_user(
            db,
            SYSTEM,
            email=email,
            name=name,
            role=role,
            password_hash=hashed,
            now=clock.now(),
            **more,
        )
        return user.id


def send(client: FlaskClient, page: str, to: str | None = None, **fields: str) -> TestResponse:
    """The answer to a form on `page`, sent with its token (to another address, if `to`)."""
    shown = client.get(page).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
    assert found, f"no form on {page}"
    return client.post(to or page, data={"csrf_token": found[1], **fields})


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """The answer to signing in."""
    return send(client, "/sign-in", email=email, password=password, **more)


def is_signed_in(client: FlaskClient) -> bool:
    """Whether the browser is let onto the account page."""
    return client.get("/me").status_code == 200


def mails(app: Flask) -> list[OutgoingMail]:
    """Every mail in the outbox, oldest first."""
    with database(app).reading() as db:
        return list(db.query(OutgoingMail).order_by(OutgoingMail.id))


def link_in(mail: OutgoingMail) -> str:
    """The path of the first link of the mail."""
    found = re.search(r"http://localhost(\S+)", mail.body)
    assert found, mail.body
    return found[1]


def moment() -> datetime:
    """Now."""
    return clock.now()
