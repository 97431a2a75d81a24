"""What an open page is told beside a post."""

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.debates import tree
from dialog.debates.models import Post, Thread

# Made once: every new post is told with it.
_DOWN_TO = (
    select(Post, Thread)
    .join(Thread, Thread.id == Post.thread_id)
    .where(Post.thread_id == bindparam("of_thread"))
    .where(Post.path.in_(bindparam("paths", expanding=True)))
    .order_by(Post.path)
    .execution_options(populate_existing=True)
)


def down_to(db: Session, post: Post) -> tuple[list[Post], Thread]:
    """The posts from the opening post down to this one, and their thread, as they stand now.

    Raises: NotFound.
    """
    paths = [*tree.ancestor_paths(post.path), post.path]
    found = db.execute(_DOWN_TO, {"of_thread": post.thread_id, "paths": paths}).all()
    if len(found) != len(paths):
        raise NotFound("post")
    return [one for one, _thread in found], found[0][1]


def threads_that_name(db: Session, meeting_id: int) -> list[Thread]:
    """The threads tied to a meeting, and those with a post on its agenda, in the order of locks."""
    on_agenda = select(Post.thread_id).where(Post.at_meeting_id == meeting_id)
    wanted = select(Thread).where(or_(Thread.meeting_id == meeting_id, Thread.id.in_(on_agenda)))
    return list(db.scalars(wanted.order_by(Thread.id)))


def posts_at_meeting(db: Session, thread_id: int, meeting_id: int) -> list[Post]:
    """The posts of a thread that are or were on the agenda of a meeting, as they stand now."""
    wanted = (
        select(Post)
        .where(Post.thread_id == thread_id, Post.at_meeting_id == meeting_id)
        .order_by(Post.path)
        .execution_options(populate_existing=True)
    )
    return list(db.scalars(wanted))
