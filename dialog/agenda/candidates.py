"""What could come onto the agenda of a meeting: questions that are owed, and what was suggested."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from dialog.agenda import point_queries
from dialog.agenda.models import Suggestion
from dialog.debates.models import AtMeeting, Post, PostState, Thread
from dialog.duties.models import Duty, Support
from dialog.meetings.models import Meeting
from dialog.people.models import User

SHOWN = 50  # on a page; the threads show the rest


@dataclass(kw_only=True)
class Candidate(point_queries.About):
    """A question that waits, with what speaks for taking it up."""

    support: int  # verified residents behind it
    suggested: int  # people who asked for it at the meeting

    def is_late(self, now: datetime) -> bool:
        """Whether its answer is past the deadline."""
        return self.is_owed and self.duty is not None and self.duty.due_at < now


@dataclass(frozen=True)
class Waiting:
    """What could come onto an agenda, the first of it, and how much there is in all."""

    shown: list[Candidate]
    count: int


def candidates(db: Session, meeting: Meeting, now: datetime, *, limit: int = SHOWN) -> Waiting:
    """The most supported first, then the longest wait; without their lines: one query."""
    wanted = point_queries.with_duty(_in_order(meeting, now).limit(limit))
    rows = list(db.execute(wanted.add_columns(func.count().over())))
    return Waiting([_found(*row[:-1]) for row in rows], rows[0][-1] if rows else 0)


def still_owed(db: Session, meeting: Meeting, now: datetime, limit: int) -> list[Candidate]:
    """Those of them that are owed an answer, in the same order, without their lines: one query."""
    wanted = _in_order(meeting, now).where(Post.awaits_answer).limit(limit)
    return [_found(*row) for row in db.execute(point_queries.with_duty(wanted))]


def most_supported(db: Session, meeting: Meeting, now: datetime, limit: int) -> list[int]:
    """The questions that the selection rule chooses by support; nobody's support is no support."""
    support = _support()
    wanted = _waiting(select(Post.id), meeting, now).where(Post.awaits_answer, support > 0)
    return list(db.scalars(wanted.order_by(support.desc(), Post.created_at, Post.id).limit(limit)))


def _in_order(meeting: Meeting, now: datetime) -> Select[Any]:
    support, suggested = _support(), _suggested()
    wanted = _waiting(select(Post, Thread, support, suggested), meeting, now)
    return wanted.order_by(support.desc(), suggested.desc(), Post.created_at, Post.id)


def _found(
    post: Post,
    thread: Thread,
    support: int,
    suggested: int,
    duty: Duty | None,
    name: str | None,
    letter: str | None,
) -> Candidate:
    return Candidate(
        question=post,
        thread=thread,
        support=support,
        suggested=suggested,
        duty=duty,
        holder=point_queries.holder_of(name, letter),
    )


def _waiting(wanted: Select[Any], meeting: Meeting, now: datetime) -> Select[Any]:
    """The posts that are owed an answer or were suggested, in the threads of this meeting.

    Those of a meeting that is over or cancelled go to the next one of their dialogue. What
    already stands on an agenda is left out.
    """
    own, earlier = aliased(Meeting), aliased(Meeting)
    threads = (
        select(Thread.id)
        .join(own, own.id == Thread.meeting_id)
        .where(
            Thread.consultation_id == meeting.consultation_id,
            or_(own.id == meeting.id, own.ends_at <= now, own.cancelled_at.is_not(None)),
        )
    )
    owed = select(Post.id).where(Post.thread_id.in_(threads), Post.awaits_answer)
    asked_for = (
        select(Post.id)
        .join(Suggestion, Suggestion.post_id == Post.id)
        .where(Post.thread_id.in_(threads))
    )
    is_free = or_(
        Post.at_meeting_id.is_(None),
        Post.at_meeting == AtMeeting.NOT_REACHED,
        exists().where(earlier.id == Post.at_meeting_id, earlier.cancelled_at.is_not(None)),
    )
    return (
        wanted.select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Post.id.in_(owed.union(asked_for)), Post.state == PostState.VISIBLE, is_free)
    )


def _support() -> Any:
    """How many verified residents are behind a post."""
    behind = (
        select(func.count())
        .select_from(Support)
        .join(User, User.id == Support.user_id)
        .where(Support.post_id == Post.id, User.verified_at.is_not(None))
    )
    return behind.correlate(Post).scalar_subquery()


def _suggested() -> Any:
    """How many people asked for a post at the meeting."""
    asked = select(func.count()).select_from(Suggestion).where(Suggestion.post_id == Post.id)
    return asked.correlate(Post).scalar_subquery()
