"""How the parts of the installation are, each told by the room that knows."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

State = dict[str, object]
"""What a part says of itself; "status" is "ok" or one word for what is wrong."""

_parts: dict[str, Callable[[Session, datetime], State]] = {}


def declare(name: str, part: Callable[[Session, datetime], State]) -> None:
    """Has the part of this name asked."""
    _parts[name] = part


def report(db: Session, now: datetime) -> dict[str, State]:
    """What every part says."""
    return {name: part(db, now) for name, part in _parts.items()}
