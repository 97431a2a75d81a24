"""When two people answer each other again and again, the branch slows down. Pure.

The idea is Lobsters' speed limit, which grows with the heat of a thread, tied to a meeting:
what two people cannot settle in writing is offered the borgermøde. It holds back only the
two, and only in their own branch; nothing is hidden or ranked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from dialog.core.errors import TooMany

if TYPE_CHECKING:
    from dialog.debates.models import Post

FROM_TURNS = 4  # changes of speaker between the same two, at the end of a branch
WAITS = (2, 5, 15, 60)  # minutes before the next reply; the last holds from there on
DEEP = 8  # levels; long chains of replies have left what they began with (Lobsters)


class Heated(TooMany):
    """The two are to wait; `until` is the moment they may go on."""

    def __init__(self, between: "Between", now: datetime) -> None:
        until = between.open_at or now
        super().__init__(max(1, -int((now - until).total_seconds() // 1)))
        self.between = between


@dataclass(frozen=True)
class Said:
    """A post of a branch: who wrote it (None: nobody with an account) and when."""

    author_id: int | None
    at: datetime


@dataclass(frozen=True)
class Between:
    """What the writer and the one he answers have at the end of a branch."""

    posts: int = 0
    turns: int = 0
    last_at: datetime | None = None

    @property
    def is_heated(self) -> bool:
        return self.turns >= FROM_TURNS

    @property
    def open_at(self) -> datetime | None:
        """When either of them may answer the other again; None when nothing holds them."""
        if not self.is_heated or self.last_at is None:
            return None
        step = min(self.turns - FROM_TURNS, len(WAITS) - 1)
        return self.last_at + timedelta(minutes=WAITS[step])

    def holds(self, now: datetime) -> bool:
        return self.open_at is not None and now < self.open_at


def said_in(line: "Sequence[Post]") -> list[Said]:
    """Who wrote when on the way down a branch; the opening post is nobody's turn."""
    return [Said(post.author_id, post.created_at) for post in line if post.depth]


def between(branch: Sequence[Said], writer_id: int) -> Between:
    """The unbroken run of posts by `writer_id` and one other at the end of `branch`.

    branch: from the first level down to the post that is to be answered.
    """
    pair = {writer_id}
    run: list[Said] = []
    for said in reversed(branch):
        if said.author_id is None or len(pair | {said.author_id}) > 2:
            break
        pair.add(said.author_id)
        run.append(said)
    if len(pair) < 2:
        return Between()
    turns = sum(one.author_id != other.author_id for one, other in pairwise(run))
    return Between(posts=len(run), turns=turns, last_at=run[0].at)
