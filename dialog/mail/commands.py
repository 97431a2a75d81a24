"""Putting mails into the outbox, and taking them out.

Nothing here goes to the audit chain: the cause of each mail is already there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dialog.core import html
from dialog.mail import queries
from dialog.mail.models import OutgoingMail

BATCH = 20
FIRST_WAIT = timedelta(minutes=1)  # also how long a worker may hold a mail before another tries
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True)
class Letter:
    """A mail that a worker has taken and is about to send."""

    id: int
    recipient: str
    subject: str
    body: str
    dedupe_key: str
    written_at: datetime


def post_mail(
    db: Session, recipient: str, *, subject: str, body: str, dedupe_key: str, now: datetime
) -> OutgoingMail:
    """The mail that leaves after this transaction; one a `dedupe_key`, for ever."""
    written = queries.mail_with_key(db, dedupe_key)
    if written:
        return written
    mail = OutgoingMail(
        recipient=recipient,
        subject=html.one_line(subject),
        body=body,
        dedupe_key=dedupe_key,
        created_at=now,
        next_try_at=now,
    )
    db.add(mail)
    db.flush()
    return mail


def take_due_mails(db: Session, *, now: datetime) -> list[Letter]:
    """What to send now. Each is put off already: if the worker dies, another one tries."""
    mails = queries.due_mails(db, now, BATCH)
    for mail in mails:
        mail.attempts += 1
        mail.next_try_at = now + min(FIRST_WAIT * 2 ** (mail.attempts - 1), LONGEST_WAIT)
    return [Letter(m.id, m.recipient, m.subject, m.body, m.dedupe_key, m.created_at) for m in mails]


def mark_sent(db: Session, mail_id: int, *, now: datetime) -> None:
    """Notes that the mail has left, and forgets what it said."""
    mail = db.get_one(OutgoingMail, mail_id)
    mail.sent_at, mail.body, mail.last_error = now, "", None


def mark_failed(db: Session, mail_id: int, error: str) -> None:
    """Notes why the mail is still here; `take_due_mails` decided when to try again."""
    db.get_one(OutgoingMail, mail_id).last_error = error
