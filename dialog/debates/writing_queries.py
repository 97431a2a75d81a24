"""What a writer is to know before he sends, and what has become of a text since."""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, literal, select, text
from sqlalchemy.orm import Session

from dialog.debates import alike
from dialog.debates.models import (
    Confirmation,
    Origin,
    Post,
    PostKind,
    PostState,
    PostVersion,
    Thread,
    Voice,
)
from dialog.notifications.models import Notification

NEWEST_QUESTIONS = 500  # a new question is compared with these
SUGGESTED = 3
MOST_A_DAY = 100  # posts by one person (`core.limits`): no more need to be looked through
# Said as the index says it, so that SQLite knows the index holds every question.
_IN_INDEX = text("posts.kind <> 'comment'")


def similar_questions(db: Session, thread_id: int, words: str) -> list[Post]:
    """The questions of the thread that ask much the same as `words`, the closest first."""
    wanted = (
        select(Post.id, func.substr(_asked(), 1, alike.COMPARED))
        .where(
            Post.thread_id == thread_id,
            Post.kind == PostKind.QUESTION,
            _IN_INDEX,
            Post.state == PostState.VISIBLE,
        )
        .order_by(Post.id.desc())
        .limit(NEWEST_QUESTIONS)
    )
    candidates = [(post_id, asked) for post_id, asked in db.execute(wanted)]
    ids = alike.most_alike(words, candidates, SUGGESTED)
    found = {post.id: post for post in db.scalars(select(Post).where(Post.id.in_(ids)))}
    return [found[post_id] for post_id in ids]


_WITH_KEY = select(Post).where(
    Post.author_id == bindparam("author"), Post.idempotency_key == bindparam("key")
)
_NEWEST_OF_AUTHOR = (
    select(Post.id)
    .where(Post.author_id == bindparam("author"))
    .order_by(Post.id.desc())
    .limit(MOST_A_DAY)
)
_SAME_WORDS = select(Post.id).where(
    Post.id.in_(_NEWEST_OF_AUTHOR),
    Post.created_at > bindparam("since"),
    Post.parent_id == bindparam("parent"),
    Post.source == bindparam("source"),
    Post.state == PostState.VISIBLE,
)


def post_with_key(db: Session, author_id: int, key: str) -> Post | None:
    """The post this author already made with an idempotency key."""
    return db.scalars(_WITH_KEY, {"author": author_id, "key": key}).first()


def same_words(
    db: Session, author_id: int, parent_id: int, source: str, since: datetime
) -> Post | None:
    """The same text by the same author under the same post, if it came after `since`."""
    sent = {"author": author_id, "since": since, "parent": parent_id, "source": source}
    found = db.scalars(_SAME_WORDS, sent).first()  # seldom anything: no post is loaded to see that
    return db.get(Post, found) if found else None


def standing_answer(db: Session, question_id: int, *, since: datetime | None = None) -> Post | None:
    """The first answer to a question that can still be read, or None.

    since: when the asker said that what he had got was no answer.
    """
    wanted = select(Post).where(
        Post.parent_id == question_id, Post.is_answer, Post.state == PostState.VISIBLE
    )
    if since is not None:
        wanted = wanted.where(Post.created_at > since)
    return db.scalars(wanted.order_by(Post.ordinal).limit(1)).first()


def answer_with_words(
    db: Session, consultation_id: int, source: str, *, but_to: int
) -> Post | None:
    """The first answer in a dialogue with these very words, given to another question."""
    wanted = (
        select(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Thread.consultation_id == consultation_id, Post.is_answer)
        .where(Post.source == source, Post.state == PostState.VISIBLE, Post.parent_id != but_to)
    )
    return db.scalars(wanted.order_by(Post.id).limit(1)).first()


def version_count(db: Session, post_id: int) -> int:
    """How many texts of a post are kept; 0 when it was never changed after its free time."""
    wanted = select(func.count()).where(PostVersion.post_id == post_id)
    return db.scalar(wanted) or 0


def versions_of(
    db: Session, post_id: int, limit: int, before: int | None = None
) -> list[PostVersion]:
    """The kept texts of a post, the newest first; only those numbered below `before`."""
    wanted = select(PostVersion).where(PostVersion.post_id == post_id)
    if before is not None:
        wanted = wanted.where(PostVersion.number < before)
    return list(db.scalars(wanted.order_by(PostVersion.number.desc()).limit(limit)))


def _asked() -> ColumnElement[str]:
    # The heading counts: it often is the question.
    return func.coalesce(Post.topic, "") + " " + Post.source


# Written out, as the index over the few that wait says it: else SQLite looks through all posts.
_UNCONFIRMED = Post.confirmation == literal(Confirmation.WAITING, literal_execute=True)


def unconfirmed_answers(db: Session, now: datetime) -> list[int]:
    """The oral answers that their speakers have not confirmed in time, the oldest first."""
    wanted = select(Post.id).where(_UNCONFIRMED, Post.confirm_by <= now)
    return list(db.scalars(wanted.order_by(Post.confirm_by, Post.id)))


def answers_to_remind_of(db: Session, now: datetime, until: datetime) -> list[int]:
    """The oral answers whose speakers can confirm them until then, and were not reminded of."""
    reminded = exists().where(
        Notification.kind == "oral_answer_reminder",
        Notification.about_kind == "post",
        Notification.about_id == Post.id,
    )
    wanted = select(Post.id).where(
        _UNCONFIRMED,
        Post.state == PostState.VISIBLE,
        Post.author_id.is_not(None),
        Post.confirm_by > now,
        Post.confirm_by <= until,
        ~reminded,
    )
    return list(db.scalars(wanted.order_by(Post.confirm_by, Post.id)))


def minutes_post(db: Session, thread_id: int, meeting_id: int) -> Post | None:
    """The post by which the minutes of a meeting came back into a thread."""
    wanted = select(Post).where(
        Post.thread_id == thread_id,
        Post.meeting_id == meeting_id,
        Post.origin == Origin.MEETING,
        Post.voice == Voice.ADMINISTRATION,
    )
    return db.scalars(wanted).first()
