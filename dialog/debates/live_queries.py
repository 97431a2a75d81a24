"""What an open page is told beside a post."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.debates import tree
from dialog.debates.models import Post, Thread


def posts_above(db: Session, post: Post) -> list[Post]:
    """The posts above this one as they stand now, from the opening post down."""
    wanted = select(Post).where(
        Post.thread_id == post.thread_id, Post.path.in_(tree.ancestor_paths(post.path))
    )
    fresh = wanted.order_by(Post.path).execution_options(populate_existing=True)
    return list(db.scalars(fresh))


def thread_now(db: Session, thread_id: int) -> Thread:
    """The thread as it stands now."""
    return db.get_one(Thread, thread_id, populate_existing=True)
