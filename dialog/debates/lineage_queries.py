"""What stands above a post."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from dialog.debates import tree
from dialog.debates.models import Post
from dialog.debates.queries import ThreadPage

_AT_PATHS = (
    select(Post)
    .where(Post.thread_id == bindparam("of_thread"))
    .where(Post.path.in_(bindparam("paths", expanding=True)))
    .order_by(Post.path)
)


def ancestors_of(db: Session, post: Post) -> list[Post]:
    """The posts between the opening post and `post`, outermost first."""
    paths = tree.ancestor_paths(post.path)[1:]
    if not paths:
        return []
    return list(db.scalars(_AT_PATHS, {"of_thread": post.thread_id, "paths": paths}))


def above(db: Session, page: ThreadPage, post: Post) -> list[Post]:
    """The posts over `post`, from the opening post down; none over the opening post itself."""
    return [page.opening, *ancestors_of(db, post)] if post.depth else []


def parents_of(db: Session, posts: list[Post]) -> dict[int, Post]:
    """The posts that these answer, by id."""
    ids = {post.parent_id for post in posts if post.parent_id}
    return {post.id: post for post in db.scalars(select(Post).where(Post.id.in_(ids)))}
