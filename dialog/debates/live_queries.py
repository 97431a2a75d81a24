"""What an open page is told beside a post."""

from sqlalchemy import bindparam, select
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
