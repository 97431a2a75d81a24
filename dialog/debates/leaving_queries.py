"""What somebody has written as a citizen, wherever it stands."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dialog.debates.models import Origin, Post, PostState, Voice


@dataclass(frozen=True)
class Written:
    """What a person leaves behind in the debates, as things stand."""

    posts: int  # that everyone can read
    open_questions: int  # … of which so many wait for an answer


def written(db: Session, user_id: int) -> Written:
    """How much of a citizen's own can be read, and what of it waits for an answer."""
    waiting = func.count().filter(Post.awaits_answer)
    posts, questions = db.execute(
        select(func.count(), waiting).where(
            Post.author_id == user_id,
            Post.voice == Voice.CITIZEN,
            Post.state == PostState.VISIBLE,
        )
    ).one()
    return Written(posts, questions)


def to_withdraw(db: Session, user_id: int) -> list[int]:
    """The posts that their author can withdraw, the newest first."""
    wanted = select(Post.id).where(
        Post.author_id == user_id,
        Post.voice == Voice.CITIZEN,
        Post.state == PostState.VISIBLE,
        Post.origin == Origin.ONLINE,
        Post.depth > 0,
    )
    return list(db.scalars(wanted.order_by(Post.id.desc())))


def threads_written_in(db: Session, user_id: int) -> list[int]:
    """The threads that hold a citizen's own words, in order."""
    wanted = select(Post.thread_id).where(Post.author_id == user_id, Post.voice == Voice.CITIZEN)
    return sorted(db.scalars(wanted.distinct()))


def own_words(db: Session, thread_id: int, user_id: int) -> list[Post]:
    """A citizen's own posts in a thread, tombstones too, as they stand now."""
    wanted = select(Post).where(
        Post.author_id == user_id, Post.voice == Voice.CITIZEN, Post.thread_id == thread_id
    )
    wanted = wanted.order_by(Post.path).execution_options(populate_existing=True)
    return list(db.scalars(wanted))


def ids_at(thread_id: int, paths: Collection[str]) -> Select[int]:
    """The posts at these places, for use in another question."""
    return select(Post.id).where(Post.thread_id == thread_id, Post.path.in_(paths))
