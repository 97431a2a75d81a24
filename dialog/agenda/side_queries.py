"""Reading what people raise from several sides: for the meeting pack, and for the chair."""

from dataclasses import dataclass, field

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from dialog.debates import tree
from dialog.debates.models import Post, PostKind, PostState, Thread, Voice
from dialog.meetings.models import Meeting

SHOWN = 10
SEVERAL = 2  # people, and parts of town

_Place = tuple[int, str]  # a thread's id, and the path of a branch in it
_BOTH = frozenset({PostKind.ARGUMENT_FOR, PostKind.ARGUMENT_AGAINST})


@dataclass
class ManySided:
    """A topic that people with different backgrounds have taken up.

    Either people from several parts of town wrote in it, or people both for and against.
    """

    branch: Post
    thread: Thread
    areas: list[str] = field(default_factory=list)
    is_for_and_against: bool = False


@dataclass
class _Sides:
    """Who has written in a topic, as far as it tells sides apart."""

    people: set[str] = field(default_factory=set)
    areas: dict[str, str] = field(default_factory=dict)  # as first spelled, by the same in small
    kinds: set[PostKind] = field(default_factory=set)

    @property
    def both(self) -> bool:
        """Whether there are arguments for and against."""
        return self.kinds >= _BOTH

    @property
    def are_several(self) -> bool:
        """Whether it is more than one person who talks for more than one side."""
        return len(self.people) >= SEVERAL and (len(self.areas) >= SEVERAL or self.both)


def many_sided(db: Session, meeting: Meeting) -> list[ManySided]:
    """The topics of the meeting's threads that several sides have raised.

    Those with the most parts of town come first; how many wrote counts for nothing. Two queries.
    """
    sides = _sides(db, meeting)
    chosen = sorted(
        (at for at, one in sides.items() if one.are_several),
        key=lambda at: (-len(sides[at].areas), not sides[at].both, at),
    )
    found = _branches(db, chosen[: 2 * SHOWN])  # some may be hidden
    return [
        ManySided(*found[at], sorted(sides[at].areas.values()), sides[at].both)
        for at in chosen
        if at in found
    ][:SHOWN]


def _sides(db: Session, meeting: Meeting) -> dict[_Place, _Sides]:
    branch = func.substr(Post.path, 1, tree.LEVEL)
    said = (
        select(
            Post.thread_id, branch, Post.author_id, Post.author_name, Post.author_area, Post.kind
        )
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Thread.meeting_id == meeting.id,
            Post.depth > 0,
            Post.state == PostState.VISIBLE,
            Post.voice == Voice.CITIZEN,
        )
        .distinct()
    )
    found: dict[_Place, _Sides] = {}
    for thread_id, path, author_id, name, area, kind in db.execute(said):
        one = found.setdefault((thread_id, path), _Sides())
        one.people.add(str(author_id) if author_id else f"o:{name.casefold()}")
        one.kinds.add(kind)
        if area:
            one.areas.setdefault(area.casefold(), area)
    return found


def _branches(db: Session, places: list[_Place]) -> dict[_Place, tuple[Post, Thread]]:
    """The first posts of these topics that citizens or politicians began, and still stand."""
    if not places:
        return {}
    wanted = (
        select(Post, Thread)
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            tuple_(Post.thread_id, Post.path).in_(places),
            Post.state == PostState.VISIBLE,
            Post.voice != Voice.ADMINISTRATION,
        )
    )
    return {(post.thread_id, post.path): (post, thread) for post, thread in db.execute(wanted)}
