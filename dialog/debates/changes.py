"""A change as an open page takes it in: the post, what counts it, and its branch's line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dialog.debates import fragments, lineage_queries, live_queries
from dialog.debates.models import Post, PostState, Thread
from dialog.debates.tree import Row
from dialog.duties import queries as duties
from dialog.duties.models import Duty
from dialog.meetings.models import Meeting

Duties = Mapping[int, Duty]


@dataclass(frozen=True)
class Around:
    """A post as it stands now, with everything above it from the opening post down."""

    post: Post
    above: list[Post]
    thread: Thread
    duties: Duties

    @property
    def branch(self) -> Post:
        """The first post of the branch; the post itself on the first level."""
        return [*self.above, self.post][1]


def around(db: Session, changed: Post) -> Around:
    """A reply with what its page shows of it elsewhere. Asked after the commit.

    changed: as it was written; unless it knows where it was placed, everything is read anew.
    Raises: NotFound.
    """
    if changed.placed:
        line, thread = [*changed.placed.above, changed], changed.placed.thread
    else:
        line, thread = live_queries.down_to(db, changed)
    owed = duties.duties_of(db, [one.id for one in line if one.may_be_owed])
    return Around(line[-1], line[:-1], thread, owed)


def told(around: Around, now: datetime, language: str) -> dict[str, Any]:
    """The change with the counters of everything above it. `language` is the one spoken now."""
    post, above = around.post, around.above
    return _change(post, above[-1], around.duties, now, language) | {
        "above": [_counts(one) for one in above[1:]],
        "thread": totals(around.thread, above[0]),
        "line": _line(around.branch, around.duties, now, language),
    }


def missed(db: Session, posts: list[Post], now: datetime, language: str) -> list[dict[str, Any]]:
    """Posts that changed, for a page that was away. What counts them is among them."""
    parents = lineage_queries.parents_of(db, posts)
    owed = duties.duties_of(db, [one.id for one in posts if one.may_be_owed])
    return [
        _change(post, parents.get(post.parent_id or 0), owed, now, language)
        | ({"line": _line(post, owed, now, language)} if post.depth == 1 else {})
        for post in posts
    ]


def meeting(about: Meeting, now: datetime, language: str) -> str:
    """What a page of a thread says of its meeting, each part with its `data-meeting`."""
    return fragments.meeting(about, now, language)


def totals(thread: Thread, opening: Post) -> dict[str, int]:
    """What stands in the thread, in numbers."""
    return {
        "posts": thread.post_count,
        "people": thread.participant_count,
        "questions": opening.open_questions,
        "branches": opening.child_count,
    }


def _change(
    post: Post, parent: Post | None, owed: Duties, now: datetime, language: str
) -> dict[str, Any]:
    row = Row(post, max(1, post.depth), parent=parent)
    return {
        "id": post.id,
        "parent_id": post.parent_id,
        "rev": post.rev,
        "created_rev": post.created_rev,
        "depth": post.depth,
        "gone": post.state is not PostState.VISIBLE,
        "html": fragments.shown(row, owed, now, language) if post.depth else "",
        "counts": _counts(post),
    }


def _counts(post: Post) -> dict[str, int]:
    """What stands below a post."""
    return {
        "id": post.id,
        "replies": post.descendant_count,
        "people": post.people,
        "questions": post.open_questions - int(post.awaits_answer),
        "answers": post.answers,
    }


def _line(branch: Post, owed: Duties, now: datetime, language: str) -> str:
    """A branch's line in the overview of its thread."""
    return fragments.line(branch, owed.get(branch.id), now, language)
