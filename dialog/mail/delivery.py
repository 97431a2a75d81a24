"""Sending what waits in the outbox: by SMTP, or into a folder while developing.

The network is never used inside a transaction: mails are taken, sent, then marked. A worker
that dies in between leaves its mails to the next one, so a mail may come twice but never not.
"""

import logging
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import click
from flask import current_app

from config import Settings
from dialog.core import jobs, web
from dialog.core.db import Database
from dialog.mail import commands, queries
from dialog.mail.commands import Letter

log = logging.getLogger(__name__)

PATIENCE = 20  # seconds for each step of the talk with the SMTP server
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Carrier(Protocol):
    """Whatever takes a mail away."""

    def carry(self, letter: Letter) -> None:
        """Takes one mail away. Raises: OSError, smtplib.SMTPException, ValueError."""


class Folder:
    """Puts each mail as a file into a folder, and shows its first link."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def carry(self, letter: Letter) -> None:
        """Writes the file whole or not at all."""
        file = self.settings.mail_folder / f"{letter.id}-{_slug(letter.subject)}.eml"
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".part")
        half.touch(mode=0o600)
        half.write_bytes(bytes(message(letter, self.settings)))
        half.replace(file)
        if not self.settings.production:
            _show(file, letter)


class Server:
    """Hands mails to the SMTP server we are connected to."""

    def __init__(self, smtp: smtplib.SMTP, settings: Settings) -> None:
        self.smtp = smtp
        self.settings = settings

    def carry(self, letter: Letter) -> None:
        """Hands one mail over."""
        self.smtp.send_message(message(letter, self.settings))


@jobs.job("mail", every=timedelta(seconds=1))
def empty_outbox(now: datetime) -> None:
    """Sends what waits in the outbox."""
    deliver_waiting(current_app.extensions["database"], web.settings(), now)


def deliver_waiting(database: Database, settings: Settings, now: datetime) -> int:
    """How many mails left just now."""
    with database.reading() as db:
        if not queries.mail_is_due(db, now):
            return 0
    with database.transaction() as db:
        letters = commands.take_due_mails(db, now=now)
    try:
        with _carrier(settings) as carrier:
            return sum(_deliver(database, carrier, letter, now) for letter in letters)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("no connection to the mail server: %s", _in_short(error))
        return 0


def message(letter: Letter, settings: Settings) -> EmailMessage:
    """The mail as it travels. A line break in a header is refused by the policy."""
    domain = settings.mail_from.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(f"{settings.municipality_name}, Dialog", addr_spec=settings.mail_from)
    mail["To"] = Address(addr_spec=letter.recipient)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.written_at)
    # The same for every attempt, so that a mail sent twice is shown once.
    mail["Message-ID"] = (
        f"<{letter.id}.{sha256(letter.dedupe_key.encode()).hexdigest()[:24]}@{domain}>"
    )
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body, cte="8bit")
    return mail


@contextmanager
def _carrier(settings: Settings) -> Iterator[Carrier]:
    if settings.smtp_url is None:
        yield Folder(settings)
        return
    with _connect(urlsplit(settings.smtp_url)) as smtp:
        yield Server(smtp, settings)


def _connect(url: SplitResult) -> smtplib.SMTP:
    host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
    context = ssl.create_default_context()
    smtp: smtplib.SMTP
    if url.scheme == "smtps":
        smtp = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(host, port, timeout=PATIENCE)
    # A password never travels in the clear.
    if url.scheme == "smtp+starttls" or (url.scheme == "smtp" and url.username):
        smtp.starttls(context=context)
    if url.username:
        smtp.login(unquote(url.username), unquote(url.password or ""))
    return smtp


def _deliver(database: Database, carrier: Carrier, letter: Letter, now: datetime) -> bool:
    try:
        carrier.carry(letter)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("mail %s did not leave: %s", letter.id, _in_short(error))
        with database.transaction() as db:
            commands.mark_failed(db, letter.id, _in_short(error))
        return False
    with database.transaction() as db:
        commands.mark_sent(db, letter.id, now=now)
    return True


def _in_short(error: Exception) -> str:
    """The kind of failure and the server's code; its text may hold the receiver's address."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()


def _slug(subject: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")[:40] or "mail"


def _show(file: Path, letter: Letter) -> None:
    link = re.search(r"https?://\S+", letter.body)
    click.echo(f"Mail: {file}" + (f"\n      {link[0]}" if link else ""))
