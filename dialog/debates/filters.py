"""Parts of a thread: what a reader asks to see alone, each hit with the way down to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, literal_column, or_, select
from sqlalchemy.orm import Session

from dialog.debates import tree
from dialog.debates.models import Post, PostKind, PostState

HITS = 20  # on a page
MOST_ANCESTORS = 4  # shown above a hit: the branch's first post and the last three


class Show(StrEnum):
    """What a reader can ask to see alone. Plain comments are what is left, and have no filter."""

    QUESTION = "question"
    UNANSWERED = "unanswered"
    ANSWERS = "answers"
    EXPERIENCE = "experience"
    ARGUMENT_FOR = "argument_for"
    ARGUMENT_AGAINST = "argument_against"
    ALTERNATIVE = "alternative"
    CORRECTION = "correction"


@dataclass(frozen=True)
class Hit:
    """A post that was found, and what it answers, outermost first.

    `skipped`: how many posts are left out between the first and the second of `ancestors`.
    """

    post: Post
    ancestors: list[Post]
    skipped: int = 0

    @property
    def parent(self) -> Post | None:
        """What the post answers; None on the first level."""
        return self.ancestors[-1] if self.ancestors else None

    @property
    def row(self) -> tree.Row:
        """The post as the tree's templates take it."""
        return tree.Row(self.post, 1, parent=self.parent)


def chosen(name: str | None) -> Show | None:
    """The filter in an address; None for none and for anything unknown."""
    return Show(name) if name in set(Show) else None


def is_shown(show: Show) -> list[ColumnElement[bool]]:
    """What a visible post must be, in the very words of the index that knows those posts."""
    if show is Show.UNANSWERED:
        return [Post.awaits_answer.expression, Post.state == PostState.VISIBLE]
    if show is Show.ANSWERS:
        return [Post.is_answer.expression, Post.state == PostState.VISIBLE]
    not_comment = literal_column("posts.kind <> 'comment'", type_=Post.is_answer.type)
    return [not_comment, Post.kind == PostKind(show.value), Post.state == PostState.VISIBLE]


def shown_posts(db: Session, thread_id: int, show: Show, after: str) -> list[Post]:
    """Posts in tree order behind the path `after`: a page of them, and one to tell of more."""
    wanted = (
        select(Post)
        .where(Post.thread_id == thread_id, *is_shown(show), Post.path > after)
        .order_by(Post.path)
        .limit(HITS + 1)
    )
    return list(db.scalars(wanted))


def hits_of(db: Session, posts: Iterable[Post]) -> list[Hit]:
    """The posts as they stand, each with the way down to it. One query, however deep they are."""
    posts = list(posts)
    found = _above(db, posts)
    return [_hit(post, found) for post in posts]


def _hit(post: Post, found: dict[tuple[int, str], Post]) -> Hit:
    paths = tree.ancestor_paths(post.path)[1:]
    shown = _condensed(paths)
    ancestors = [found[post.thread_id, path] for path in shown]
    return Hit(post, ancestors, len(paths) - len(shown))


def _condensed(paths: list[str]) -> list[str]:
    if len(paths) <= MOST_ANCESTORS:
        return paths
    return [paths[0], *paths[1 - MOST_ANCESTORS :]]


def _above(db: Session, posts: list[Post]) -> dict[tuple[int, str], Post]:
    wanted: dict[int, set[str]] = {}
    for post in posts:
        paths = _condensed(tree.ancestor_paths(post.path)[1:])
        wanted.setdefault(post.thread_id, set()).update(paths)
    places = [
        and_(Post.thread_id == thread_id, Post.path.in_(paths))
        for thread_id, paths in wanted.items()
        if paths
    ]
    if not places:
        return {}
    return {(one.thread_id, one.path): one for one in db.scalars(select(Post).where(or_(*places)))}
