"""How many stand behind the questions of a thread, and whether the reader is one of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from dialog.debates import filters
from dialog.debates.models import Post
from dialog.duties.models import Support
from dialog.people.models import User


@dataclass(frozen=True, slots=True)
class Supported:
    """A question that somebody stands behind."""

    question_id: int
    asked_at: datetime
    count: int  # verified residents
    is_mine: bool


def supported_in(db: Session, thread_id: int, user_id: int) -> list[Supported]:
    """The visible questions of the thread that anybody stands behind, as `user_id` sees them."""
    verified = func.sum(case((User.verified_at.is_not(None), 1), else_=0))
    mine = func.max(case((Support.user_id == user_id, 1), else_=0))
    wanted = (
        select(Post.id, Post.created_at, verified, mine)
        .join(Support, Support.post_id == Post.id)
        .join(User, User.id == Support.user_id)
        .where(Post.thread_id == thread_id, *filters.is_shown(filters.Show.QUESTION))
        .group_by(Post.id, Post.created_at)
        .order_by(Post.id)
    )
    return [Supported(id_, at, count, bool(own)) for id_, at, count, own in db.execute(wanted)]
