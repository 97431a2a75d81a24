"""Reading the chain."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.audit.models import AuditEvent

_EVENTS: Any = AuditEvent.__table__
_LAST_LINK = select(_EVENTS.c.seq, _EVENTS.c.hash).order_by(_EVENTS.c.seq.desc()).limit(1)


def last_event(db: Session) -> AuditEvent | None:
    """The newest link, or None while nothing has happened."""
    return db.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).first()


def last_link(db: Session) -> tuple[int, str] | None:
    """Number and hash of the newest link, or None while nothing has happened."""
    found = db.execute(_LAST_LINK).first()
    return (found.seq, found.hash) if found else None


def events_in_order(db: Session) -> list[AuditEvent]:
    """Every link, oldest first."""
    return list(db.scalars(select(AuditEvent).order_by(AuditEvent.seq)))
