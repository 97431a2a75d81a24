"""Reading the outbox."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from dialog.mail.models import OutgoingMail

MOST_ATTEMPTS = 12  # with the back-off of `commands`, about two days


def mail_is_due(db: Session, now: datetime) -> bool:
    """Whether anything waits to leave; cheap enough to ask every second."""
    return db.scalar(select(OutgoingMail.id).where(_due(now)).limit(1)) is not None


def due_mails(db: Session, now: datetime, count: int) -> list[OutgoingMail]:
    """The oldest `count` mails that should leave, locked so that no other worker takes them."""
    wanted = select(OutgoingMail).where(_due(now)).order_by(OutgoingMail.id).limit(count)
    return list(db.scalars(wanted.with_for_update(skip_locked=True)))


def mail_with_key(db: Session, dedupe_key: str) -> OutgoingMail | None:
    """The mail that was written under this key, if there is one."""
    return db.scalars(select(OutgoingMail).where(OutgoingMail.dedupe_key == dedupe_key)).first()


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        OutgoingMail.sent_at.is_(None),
        OutgoingMail.next_try_at <= now,
        OutgoingMail.attempts < MOST_ATTEMPTS,
    )
