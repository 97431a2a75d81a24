"""Where a post stands in its tree, and how a page lays the tree out. Nothing recurses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dialog.debates.models import Post

DEEPEST = 50
LEVEL = 4  # signs a level: 62**4 replies to one post
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # in ASCII order


def child_path(parent_path: str, ordinal: int) -> str:
    """The path of reply number `ordinal` (from 0) to the post at `parent_path`."""
    signs = []
    for _ in range(LEVEL):
        ordinal, digit = divmod(ordinal, len(_DIGITS))
        signs.append(_DIGITS[digit])
    return parent_path + "".join(reversed(signs))


def ancestor_paths(path: str) -> list[str]:
    """The paths from the opening post (the empty one) down to the parent of `path`."""
    return [path[:end] for end in range(0, len(path), LEVEL)]


def subtree(path: str) -> tuple[str, str]:
    """The range `low < p < high` that holds every post below `path` and no other."""
    return path, path + "~"


def branch_path(path: str) -> str:
    """The path of the first post of the branch that `path` is in."""
    return path[:LEVEL]


@dataclass
class Row:
    """A line of the laid-out tree: a post, or the link to replies that are not shown.

    `opens` says that a list of replies follows inside it; `closes` how many lists end after it.
    """

    post: Post
    level: int  # 1 for the first level shown
    more: int = 0  # > 0: this is a link to that many replies to `post`
    first_unshown: int = 0  # … from this ordinal on
    answers: int = 0  # … with this many answers of politicians in and below them
    waiting: int = 0  # … and this many questions that wait
    opens: bool = False
    closes: int = 0
    parent: Post | None = None

    @property
    def is_more(self) -> bool:
        return self.more > 0


@dataclass
class _Family:
    children: list[Post] = field(default_factory=list)


def lay_out(top: Sequence[Post], below: Iterable[Post], *, parent: Post | None = None) -> list[Row]:
    """Rows in reading order: `top` as given, replies under each, "more" after what is missing."""
    families: dict[int, _Family] = {}
    for post in below:
        families.setdefault(post.parent_id or 0, _Family()).children.append(post)
    rows: list[Row] = []
    waiting: list[Row] = [Row(post, 1, parent=parent) for post in reversed(top)]
    while waiting:
        row = waiting.pop()
        rows.append(row)
        if not row.is_more:
            waiting.extend(reversed(_below(row, families)))
    return _with_brackets(rows)


def branches(rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The rows of a laid-out tree, cut before every row of its first level."""
    starts = [number for number, row in enumerate(rows) if row.level == rows[0].level]
    return [rows[start:end] for start, end in pairwise([*starts, len(rows)])]


def _below(row: Row, families: dict[int, _Family]) -> list[Row]:
    shown = families.get(row.post.id, _Family()).children
    rows = [Row(post, row.level + 1, parent=row.post) for post in shown]
    missing = row.post.child_count - len(shown)
    if missing > 0:
        rows.append(_rest(row, shown, missing))
    return rows


def _rest(row: Row, shown: Sequence[Post], missing: int) -> Row:
    """The link to the replies behind `shown`: what is below the post, less what is below those."""
    post = row.post
    return Row(
        post,
        row.level + 1,
        more=missing,
        first_unshown=shown[-1].ordinal + 1 if shown else 0,
        answers=post.answers - sum(one.answers + one.is_answer for one in shown),
        waiting=post.open_questions - post.awaits_answer - sum(one.open_questions for one in shown),
    )


def _with_brackets(rows: list[Row]) -> list[Row]:
    levels = [row.level for row in rows[1:]] + [1]
    for row, next_level in zip(rows, levels, strict=False):
        row.opens = next_level > row.level
        row.closes = max(0, row.level - next_level)
    return rows
