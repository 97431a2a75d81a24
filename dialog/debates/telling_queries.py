"""What may be told of the debate outside its own pages."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation, State
from dialog.debates.models import Post, PostState, Thread
from dialog.meetings.models import Meeting
from dialog.notifications.models import QuestionFollow

NEWEST = 100  # posts of a thread that a daily mail looks through


def post_can_be_read(db: Session, post_id: int) -> bool:
    """Whether everyone can read the post, words and all."""
    wanted = (
        select(Post.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(
            Post.id == post_id,
            Post.state == PostState.VISIBLE,
            Consultation.state != State.DRAFT,
        )
    )
    return db.scalar(wanted) is not None


def thread_can_be_read(db: Session, thread_id: int) -> bool:
    """Whether everyone can read the thread."""
    wanted = (
        select(Thread.id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(Thread.id == thread_id, Consultation.state != State.DRAFT)
    )
    return db.scalar(wanted) is not None


def thread_titles(db: Session, thread_ids: Iterable[int]) -> dict[int, str]:
    """The titles of those threads that everyone can read."""
    wanted = (
        select(Thread)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(Thread.id.in_(list(thread_ids)), Consultation.state != State.DRAFT)
    )
    return {thread.id: thread.title for thread in db.scalars(wanted)}


def new_posts(db: Session, thread_id: int, since: datetime, until: datetime) -> list[Post]:
    """What was written in the thread in this time and can be read, the newest first.

    At most the newest hundred are looked at, by the number of their coming: no index of the
    thread knows the time, and a daily mail shows five.
    """
    newest = (
        select(Post)
        .where(Post.thread_id == thread_id)
        .order_by(Post.created_rev.desc())
        .limit(NEWEST)
    )
    return [
        post
        for post in db.scalars(newest)
        if post.depth and post.state is PostState.VISIBLE and since < post.created_at <= until
    ]


def new_minutes(
    db: Session, thread_ids: Iterable[int], since: datetime, until: datetime
) -> list[tuple[int, Meeting]]:
    """The threads whose meeting got its minutes in this time, each with the meeting."""
    wanted = (
        select(Thread.id, Meeting)
        .join(Meeting, Meeting.id == Thread.meeting_id)
        .where(
            Thread.id.in_(list(thread_ids)),
            Meeting.minutes_published_at > since,
            Meeting.minutes_published_at <= until,
        )
    )
    return [(thread_id, meeting) for thread_id, meeting in db.execute(wanted)]


def followed_questions(db: Session, thread_id: int, user_id: int) -> list[int]:
    """The questions of the thread whose answer the person wants to hear of."""
    wanted = (
        select(QuestionFollow.question_id)
        .join(Post, Post.id == QuestionFollow.question_id)
        .where(QuestionFollow.user_id == user_id, Post.thread_id == thread_id)
    )
    return list(db.scalars(wanted.order_by(QuestionFollow.question_id)))
