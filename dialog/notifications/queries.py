"""Reading the inbox, and what people want to hear."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialog.notifications.models import (
    Announcement,
    DigestRound,
    FollowState,
    MailWish,
    Notification,
    QuestionFollow,
    StoppedAddress,
    ThreadFollow,
    Topic,
    When,
)
from dialog.people.models import User

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


def stand_on(db: Session, user_id: int | None, thread_id: int) -> FollowState:
    """How the person stands to the thread; who never said has left it."""
    follow = follow_of(db, user_id, thread_id) if user_id else None
    return follow.state if follow else FollowState.LEFT


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


def question_followers(db: Session, question_id: int, after: int, count: int) -> list[int]:
    """The next people who want to hear of an answer, by their number."""
    wanted = select(QuestionFollow.user_id).where(
        QuestionFollow.question_id == question_id, QuestionFollow.user_id > after
    )
    return list(db.scalars(wanted.order_by(QuestionFollow.user_id).limit(count)))


def thread_followers(db: Session, thread_id: int, after: int, count: int) -> list[int]:
    """The next people who follow the thread, by their number."""
    wanted = select(ThreadFollow.user_id).where(
        ThreadFollow.thread_id == thread_id,
        ThreadFollow.state == FollowState.FOLLOWING,
        ThreadFollow.user_id > after,
    )
    return list(db.scalars(wanted.order_by(ThreadFollow.user_id).limit(count)))


def followed_threads(db: Session, user_id: int) -> list[ThreadFollow]:
    """The threads the person follows."""
    wanted = select(ThreadFollow).where(
        ThreadFollow.user_id == user_id, ThreadFollow.state == FollowState.FOLLOWING
    )
    return list(db.scalars(wanted.order_by(ThreadFollow.thread_id)))


def follows_of(db: Session, user_id: int) -> list[ThreadFollow]:
    """The threads the person follows or has muted."""
    wanted = select(ThreadFollow).where(
        ThreadFollow.user_id == user_id, ThreadFollow.state != FollowState.LEFT
    )
    return list(db.scalars(wanted.order_by(ThreadFollow.since.desc())))


def followed_questions(db: Session, user_id: int, question_ids: Iterable[int]) -> set[int]:
    """Which of these questions the person follows."""
    wanted = select(QuestionFollow.question_id).where(
        QuestionFollow.user_id == user_id, QuestionFollow.question_id.in_(list(question_ids))
    )
    return set(db.scalars(wanted))


def news_waits(db: Session) -> bool:
    """Whether there is anything to tell to many; cheap enough to ask every second."""
    wanted = select(Announcement.id).where(Announcement.done_at.is_(None))
    return db.scalar(wanted.limit(1)) is not None


def next_announcement(db: Session) -> Announcement | None:
    """The oldest news that is not told to all, kept from other workers."""
    wanted = select(Announcement).where(Announcement.done_at.is_(None)).order_by(Announcement.id)
    return db.scalars(wanted.limit(1).with_for_update(skip_locked=True)).first()


def round_of(db: Session, day: date) -> DigestRound | None:
    """The daily mails of this day, if they have been begun."""
    return db.get(DigestRound, day)


def round_to_write(db: Session, day: date) -> DigestRound | None:
    """The same, kept from other workers; None when one of them has it."""
    wanted = select(DigestRound).where(DigestRound.day == day, DigestRound.done_at.is_(None))
    return db.scalars(wanted.with_for_update(skip_locked=True)).first()


def round_is_done(db: Session, day: date) -> bool:
    """Whether everybody has had this day's mail."""
    wanted = select(DigestRound.day).where(DigestRound.day == day, DigestRound.done_at.is_not(None))
    return db.scalar(wanted) is not None


def last_round(db: Session) -> DigestRound | None:
    """The newest round of daily mails."""
    return db.scalars(select(DigestRound).order_by(DigestRound.day.desc()).limit(1)).first()


def people_after(db: Session, after: int, count: int) -> list[User]:
    """The next people whose address is confirmed, by their number."""
    wanted = select(User).where(User.id > after, User.confirmed_at.is_not(None))
    return list(db.scalars(wanted.order_by(User.id).limit(count)))


def lines_for_digest(
    db: Session, user_id: int, until: datetime, *, mail_id: int | None
) -> list[Notification]:
    """What the daily mail tells of the inbox; without a mail, what no mail has told yet."""
    wanted = select(Notification).where(
        Notification.user_id == user_id,
        Notification.is_for_digest,
        Notification.created_at <= until,
        Notification.mail_id.is_(None) if mail_id is None else Notification.mail_id == mail_id,
    )
    return list(db.scalars(wanted.order_by(Notification.id.desc())))


def lines_about_posts(db: Session, post_ids: Iterable[int]) -> Sequence[Notification]:
    """What anybody's inbox says of these posts."""
    about = Notification.about_id.in_(list(post_ids))
    return db.scalars(select(Notification).where(Notification.about_kind == "post", about)).all()


def told_already(db: Session, user_id: int, kind: str, ids: Iterable[int]) -> set[int]:
    """Which of these things the inbox has told the person of, so that no digest repeats them."""
    wanted = select(Notification.about_id).where(
        Notification.user_id == user_id,
        Notification.about_kind == kind,
        Notification.about_id.in_(list(ids)),
    )
    return {found for found in db.scalars(wanted) if found is not None}
