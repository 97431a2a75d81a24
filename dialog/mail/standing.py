"""Whether what a mail tells of can still be read.

The mail room lies below the rooms that know. Each declares a check for the kinds of things it
owns, and is asked at the very moment a mail is to leave.
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy.orm import Session

Check = Callable[[Session, int], bool]
"""Whether the thing with this number can be read by everyone who is told of it."""


class About(NamedTuple):
    """What a mail tells of, such as ("post", 12)."""

    kind: str
    id: int


_checks: dict[str, Check] = {}


def declare(kind: str, check: Check) -> None:
    """Has `check` asked about things of this kind."""
    _checks[kind] = check


def stands(db: Session, kind: str | None, thing_id: int | None) -> bool:
    """Whether the thing can still be read. Nothing in particular always can.

    Raises: KeyError for a kind that no room declared: a mail is never sent on a guess.
    """
    if kind is None or thing_id is None:
        return True
    return _checks[kind](db, thing_id)
