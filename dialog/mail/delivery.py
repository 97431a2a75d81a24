"""Sending what waits in the outbox.

The network is never used inside a transaction: one mail is taken, written, sent, then marked. A
worker that dies in between leaves its mail to the next one. So a mail never stays away, and comes
twice only if the worker died in the instant between the server's "yes" and our own note of it;
both copies then carry one Message-ID, by which mail programs show them once.

The road and the mail are told apart. A server that is away, that breaks off or that will not have
us costs no mail anything: the road is tried again and again. A server that says no to one mail is
asked again for a day or five, and then the mail is given up, loudly.
"""

import logging
import re
import smtplib
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy.exc import OperationalError

from config import Settings
from dialog.core import jobs, web
from dialog.core.db import Database
from dialog.mail import commands, queries, writing
from dialog.mail.carriers import Carrier, carrier
from dialog.mail.commands import Refusal, Taken
from dialog.mail.models import OutgoingMail
from dialog.mail.writing import Letter

log = logging.getLogger(__name__)

MOST_IN_A_ROW = 200  # mails over one connection
MARKING_TRIES = 4  # a note that a mail has left is worth waiting for the store

# Enhanced codes (RFC 3463) for an address that is not there and will not be.
_NO_SUCH_ADDRESS = re.compile(rb"5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")


class _Now(NamedTuple):
    """A clock that goes on from the moment a job was told."""

    started: datetime
    since: float

    def __call__(self) -> datetime:
        return self.started + timedelta(seconds=time.monotonic() - self.since)


class RoadError(Exception):
    """The server is away, broke off, or will not have us at all."""


class RefusedError(Exception):
    """The server does not want this one mail."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.error)
        self.refusal = refusal


@jobs.job("mail", every=timedelta(seconds=1))
def empty_outbox(now: datetime) -> None:
    """Sends what waits in the outbox."""
    deliver_waiting(current_app.extensions["database"], web.settings(), now)


def deliver_waiting(database: Database, settings: Settings, now: datetime) -> int:
    """How many mails left just now."""
    with database.reading() as db:
        if not queries.mail_is_due(db, now) or not queries.road_is_open(db, now):
            return 0
    clock = _Now(now, time.monotonic())
    try:
        with carrier(settings) as carrying:
            return _deliver_all(database, carrying, clock)
    except (OSError, smtplib.SMTPException) as error:
        _note_blocked(database, _in_short(error), clock())
        return 0


def _deliver_all(database: Database, carrying: Carrier, clock: _Now) -> int:
    left = 0
    for _turn in range(MOST_IN_A_ROW):
        with database.transaction() as db:
            taken = commands.take_mail(db, now=clock())
        if taken is None:
            break
        try:
            left += _deliver(database, carrying, taken, clock)
        except RoadError:
            break
    return left


def _deliver(database: Database, carrying: Carrier, taken: Taken, clock: _Now) -> bool:
    """Whether the mail has left. Raises: RoadError when the talk broke off."""
    try:
        letter = _written(database, taken)
        if letter is None:
            with database.transaction() as db:
                commands.mark_dropped(db, taken, now=clock())
            return False
        _carry(carrying, letter)
    except RefusedError as refused:
        _note_refused(database, taken, refused.refusal, clock())
        return False
    except RoadError as cut_off:
        log.warning("the mail server broke off at mail %s: %s", taken.id, cut_off)
        with database.transaction() as db:
            commands.mark_cut_off(db, taken, str(cut_off), now=clock())
        raise
    _note_sent(database, taken, clock())
    return True


def _written(database: Database, taken: Taken) -> Letter | None:
    with database.reading() as db:
        mail = db.get_one(OutgoingMail, taken.id)
        try:
            return writing.written(db, mail)
        except Exception as error:  # one mail that cannot be written holds up no other
            log.exception("mail %s cannot be written", taken.id)
            raise RefusedError(Refusal(type(error).__name__)) from error


def _carry(carrying: Carrier, letter: Letter) -> None:
    """Raises: RefusedError, RoadError."""
    try:
        carrying.carry(letter)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise RefusedError(_refusal(error, code, said)) from error
    except smtplib.SMTPDataError as error:
        raise RefusedError(_refusal(error, error.smtp_code, error.smtp_error)) from error
    except (ValueError, smtplib.SMTPNotSupportedError) as error:
        raise RefusedError(Refusal(_in_short(error), is_hopeless=True)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise RoadError(_in_short(error)) from error


def _refusal(error: Exception, code: int, said: bytes | str) -> Refusal:
    words = said if isinstance(said, bytes) else said.encode()
    return Refusal(
        error=f"{type(error).__name__} {code}",
        is_flat=code >= 500,
        is_hopeless=code >= 500 and bool(_NO_SUCH_ADDRESS.search(words)),
    )


def _note_sent(database: Database, taken: Taken, now: datetime) -> None:
    """A note that gets lost would send the mail again, so a busy store is asked again."""
    for tries_left in reversed(range(MARKING_TRIES)):
        try:
            with database.transaction() as db:
                commands.mark_sent(db, taken, now=now)
            return
        except OperationalError:
            if not tries_left:
                raise


def _note_refused(database: Database, taken: Taken, refusal: Refusal, now: datetime) -> None:
    with database.transaction() as db:
        is_lost = commands.mark_refused(db, taken, refusal, now=now)
    if is_lost:
        log.error("mail %s is given up: %s", taken.id, refusal.error)
    else:
        log.warning("mail %s did not leave: %s", taken.id, refusal.error)


def _note_blocked(database: Database, error: str, now: datetime) -> None:
    with database.transaction() as db:
        failures = commands.mark_blocked(db, error, now=now).failures
    level = logging.ERROR if failures == 1 else logging.WARNING
    log.log(level, "no connection to the mail server: %s", error)


def _in_short(error: Exception) -> str:
    """The kind of failure and the server's code; its text may hold the receiver's address."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
