"""Reading the outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from dialog.mail.models import MailRoad, MailState, OutgoingMail

ROAD = 1  # the number of the one row
SHOWN_FOR = timedelta(days=7)  # how long a mail that was given up is told of


@dataclass(frozen=True)
class Outbox:
    """How the outbox stands."""

    due: int  # mails that could have left by now
    due_since: datetime | None  # since when the oldest of them could
    blocked_since: datetime | None  # since when the mail server has not taken a mail
    given_up: int  # in the last week


def mail_is_due(db: Session, now: datetime) -> bool:
    """Whether anything waits to leave; cheap enough to ask every second."""
    return db.scalar(select(OutgoingMail.id).where(_due(now)).limit(1)) is not None


def next_due(db: Session, now: datetime) -> OutgoingMail | None:
    """The mail that should leave first, locked so that no other worker takes it."""
    wanted = (
        select(OutgoingMail)
        .where(_due(now))
        .order_by(OutgoingMail.priority, OutgoingMail.next_try_at, OutgoingMail.id)
        .limit(1)
    )
    return db.scalars(wanted.with_for_update(skip_locked=True)).first()


def mail_with_key(db: Session, dedupe_key: str) -> OutgoingMail | None:
    """The mail that was written under this key, if there is one."""
    return db.scalars(select(OutgoingMail).where(OutgoingMail.dedupe_key == dedupe_key)).first()


def untouched_mail(db: Session, writer: str, user_id: int, thing: str) -> OutgoingMail | None:
    """A mail to this person about this thing that no worker has taken yet, kept from them now."""
    wanted = select(OutgoingMail).where(
        OutgoingMail.user_id == user_id,
        OutgoingMail.thing == thing,
        OutgoingMail.writer == writer,
        OutgoingMail.state == MailState.WAITING,
        OutgoingMail.attempts == 0,
    )
    return db.scalars(wanted.limit(1).with_for_update(skip_locked=True)).first()


def given_up(db: Session) -> list[OutgoingMail]:
    """The mails that were refused too often, oldest first."""
    wanted = select(OutgoingMail).where(OutgoingMail.state == MailState.GIVEN_UP)
    return list(db.scalars(wanted.order_by(OutgoingMail.id)))


def road(db: Session) -> MailRoad | None:
    """How the road to the server is; None while nothing ever went wrong."""
    return db.get(MailRoad, ROAD)


def road_is_open(db: Session, now: datetime) -> bool:
    """Whether it is time to try the server: always, unless it failed a moment ago."""
    wanted = select(MailRoad.id).where(MailRoad.id == ROAD, MailRoad.next_try_at > now)
    return db.scalar(wanted) is None


def outbox(db: Session, now: datetime) -> Outbox:
    """How the outbox stands."""
    due = and_(OutgoingMail.state == MailState.WAITING, OutgoingMail.leaves_at <= now)
    lost = and_(OutgoingMail.state == MailState.GIVEN_UP, OutgoingMail.settled_at > now - SHOWN_FOR)
    count, oldest = db.execute(
        select(func.count(), func.min(OutgoingMail.leaves_at)).where(due)
    ).one()
    given_up_lately = db.scalar(select(func.count()).where(lost)) or 0
    found = road(db)
    return Outbox(count, oldest, found.blocked_since if found else None, given_up_lately)


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(OutgoingMail.state == MailState.WAITING, OutgoingMail.next_try_at <= now)
