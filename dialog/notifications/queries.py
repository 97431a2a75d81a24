"""Reading the inbox, and what people want to hear."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialog.notifications.models import (
    FollowState,
    MailWish,
    Notification,
    QuestionFollow,
    StoppedAddress,
    ThreadFollow,
    Topic,
    When,
)

PAGE = 30  # lines shown at a time


def unread_count(db: Session, user_id: int) -> int:
    """How many lines of the inbox the person has not seen."""
    wanted = select(func.count()).where(
        Notification.user_id == user_id, Notification.read_at.is_(None)
    )
    return db.scalar(wanted) or 0


def inbox_lines(
    db: Session, user_id: int, *, before: int | None = None
) -> tuple[Sequence[Notification], int | None]:
    """The newest lines (older than `before`), and what to pass as `before` for the next ones."""
    wanted = select(Notification).where(Notification.user_id == user_id)
    if before is not None:
        wanted = wanted.where(Notification.id < before)
    lines = db.scalars(wanted.order_by(Notification.id.desc()).limit(PAGE + 1)).all()
    shown = lines[:PAGE]
    return shown, shown[-1].id if len(lines) > PAGE else None


def lines_of_mail(db: Session, mail_id: int) -> Sequence[Notification]:
    """What a mail tells, oldest first."""
    wanted = select(Notification).where(Notification.mail_id == mail_id)
    return db.scalars(wanted.order_by(Notification.id)).all()


def mails_at_once(db: Session, user_id: int, kinds: Iterable[str], since: datetime) -> int:
    """How many mails have told the person of these kinds since then."""
    wanted = select(func.count(Notification.mail_id.distinct())).where(
        Notification.user_id == user_id,
        Notification.created_at >= since,
        Notification.is_for_digest.is_(False),
        Notification.kind.in_(kinds),
    )
    return db.scalar(wanted) or 0


def wishes_of(db: Session, user_id: int) -> dict[Topic, When]:
    """What the person has chosen."""
    wanted = select(MailWish).where(MailWish.user_id == user_id)
    return {chosen.topic: chosen.wish for chosen in db.scalars(wanted)}


def follow_of(db: Session, user_id: int, thread_id: int) -> ThreadFollow | None:
    """How the person stands to the thread; None is not at all."""
    return db.get(ThreadFollow, (user_id, thread_id))


def has_muted(db: Session, user_id: int, thread_id: int | None) -> bool:
    """Whether the person wants no mail about the thread."""
    if thread_id is None:
        return False
    follow = follow_of(db, user_id, thread_id)
    return follow is not None and follow.state is FollowState.MUTED


def follows_question(db: Session, user_id: int, question_id: int) -> bool:
    """Whether the person wants to hear of an answer."""
    return db.get(QuestionFollow, (question_id, user_id)) is not None


def address_has_stopped(db: Session, address_key: str, kind: str, thing_id: int) -> bool:
    """Whether the address wants no mail about the thing."""
    return db.get(StoppedAddress, (address_key, kind, thing_id)) is not None
