"""Mails as their receivers get them."""

from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TypeVar

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from dialog.core.db import Database
from dialog.debates.models import Thread
from dialog.mail import delivery
from dialog.mail.models import OutgoingMail
from tests import make

T = TypeVar("T")


def store_of(app: Flask) -> Database:
    """The store of the app."""
    found: Database = app.extensions["database"]
    return found


def settings_of(app: Flask) -> Settings:
    """How the app is set up."""
    found: Settings = app.config["SETTINGS"]
    return found


def done(app: Flask, act: Callable[[Session], T]) -> T:
    """What `act` gives back, once it is committed."""
    with make.committed(app) as db:
        return act(db)


def send_due(app: Flask, now: datetime) -> list[EmailMessage]:
    """The mails that leave at this moment, in order."""
    folder = settings_of(app).mail_folder
    for file in folder.glob("*.eml"):
        file.unlink()
    with app.app_context():
        for _round in range(3):
            delivery.deliver_waiting(store_of(app), settings_of(app), now)
    files = sorted(folder.glob("*.eml"), key=lambda file: int(file.name.partition("-")[0]))
    return [read(file.read_bytes()) for file in files]


def read(raw: bytes) -> EmailMessage:
    """The mail as a mail program reads it."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    """What stands in its plain part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    """What stands in its other part."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def outbox(app: Flask) -> list[OutgoingMail]:
    """Every mail there is, oldest first."""
    with store_of(app).reading() as db:
        return list(db.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def thread_of(app: Flask) -> Thread:
    """A thread that Anders Toft answers for."""
    return done(app, make.make_thread)
