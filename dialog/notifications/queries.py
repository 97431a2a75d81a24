"""Reading the inbox."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialog.notifications.models import Notification

PAGE = 30  # lines shown at a time


def unread_count(db: Session, user_id: int) -> int:
    """How many lines of the inbox the person has not seen."""
    wanted = select(func.count()).where(
        Notification.user_id == user_id, Notification.read_at.is_(None)
    )
    return db.scalar(wanted) or 0


def inbox_lines(
    db: Session, user_id: int, *, before: int | None = None
) -> tuple[Sequence[Notification], int | None]:
    """The newest lines (older than `before`), and what to pass as `before` for the next ones."""
    wanted = select(Notification).where(Notification.user_id == user_id)
    if before is not None:
        wanted = wanted.where(Notification.id < before)
    lines = db.scalars(wanted.order_by(Notification.id.desc()).limit(PAGE + 1)).all()
    shown = lines[:PAGE]
    return shown, shown[-1].id if len(lines) > PAGE else None
