"""What is already here of a debate that comes from elsewhere."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialog.debates.models import BranchPerson, Post, PostState, Thread


@dataclass(frozen=True, slots=True)
class StoredPost:
    """An imported post as it stands in the tree."""

    id: int
    parent_id: int | None
    source_id: str
    path: str
    depth: int
    child_count: int
    source: str
    state: PostState


def thread_from(db: Session, consultation_id: int, source_id: str) -> Thread | None:
    """The thread that this debate became, locked until the commit, or None."""
    wanted = select(Thread).where(
        Thread.consultation_id == consultation_id, Thread.source_id == source_id
    )
    return db.scalars(wanted.with_for_update()).first()


def imported_posts(db: Session, thread_id: int) -> list[StoredPost]:
    """Every imported post of the thread, each after its parent."""
    wanted = (
        select(
            Post.id,
            Post.parent_id,
            func.coalesce(Post.source_id, ""),
            Post.path,
            Post.depth,
            Post.child_count,
            Post.source,
            Post.state,
        )
        .where(Post.thread_id == thread_id, Post.source_id.is_not(None))
        .order_by(Post.path)
    )
    return [StoredPost(*row) for row in db.execute(wanted)]


def people_below(db: Session, thread_id: int) -> dict[int, set[str]]:
    """Who wrote below each post of a thread."""
    wanted = select(BranchPerson.post_id, BranchPerson.key).join(
        Post, Post.id == BranchPerson.post_id
    )
    found: dict[int, set[str]] = {}
    for post_id, key in db.execute(wanted.where(Post.thread_id == thread_id)):
        found.setdefault(post_id, set()).add(key)
    return found
