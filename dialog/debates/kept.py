"""What was read lately and has not changed since: a page after a write reads little but the change.

Only reading sessions keep anything, since what a transaction sees may still be undone. What is
kept belongs to no session any more: it is for reading alone.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dialog.debates.models import Post

POSTS = 5_000  # about 20 MB
HEADS = 500

# A post that looks like this looks the same in every other way: all its changes turn its `rev`.
_LOOKS = (
    Post.id,
    Post.rev,
    Post.child_count,
    Post.descendant_count,
    Post.open_questions,
    Post.answers,
    Post.awaits_answer,
)

Head = TypeVar("Head")
Kept = OrderedDict[tuple[Any, ...], Any]


def posts(db: Session, wanted: Select[Any], given: dict[str, Any] | None = None) -> list[Post]:
    """What `wanted`, a select of posts, finds in its order; `given` are its parameters."""
    kept = _kept(db, "posts")
    if kept is None:
        return list(db.scalars(wanted, given))
    looks = [tuple(row) for row in db.execute(wanted.with_only_columns(*_LOOKS), given)]
    found = {look: kept[look] for look in looks if look in kept}
    fresh = _fresh(db, [look[0] for look in looks if look not in found], kept)
    return [found.get(look) or fresh[look[0]] for look in looks]


def head(db: Session, thread_id: int, site_rev: int, read: Callable[[], Head]) -> Head:
    """What `read` gives for a thread, once for as long as nothing but debates has changed."""
    kept = _kept(db, "heads")
    if kept is None:
        return read()
    key = (thread_id, site_rev)
    if key not in kept:
        kept[key] = read()
        _forget(kept, HEADS)
    found: Head = kept[key]
    return found


def _fresh(db: Session, ids: list[int], kept: Kept) -> dict[int, Post]:
    if not ids:
        return {}
    fresh = {post.id: post for post in db.scalars(select(Post).where(Post.id.in_(ids)))}
    for post in fresh.values():
        db.expunge(post)
        kept[tuple(getattr(post, column.key) for column in _LOOKS)] = post
    _forget(kept, POSTS)
    return fresh


def _kept(db: Session, name: str) -> Kept | None:
    keeps: dict[str, Kept] | None = db.info.get("kept")
    return None if keeps is None else keeps.setdefault(name, OrderedDict())


def _forget(kept: Kept, most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
