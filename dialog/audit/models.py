"""One table that only grows, and the salts that let its contents be forgotten."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class AuditEvent(Base):
    """A link of the chain: `hash` covers every other column, `prev_hash` included."""

    __tablename__ = "audit_events"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor_role: Mapped[str]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[int | None]
    reason: Mapped[str | None]
    commitment: Mapped[str | None]
    prev_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class SiteRev(Base):
    """One number that turns when anything but a debate changes.

    Pages kept for everyone carry names, dates and figures of many rooms; they are kept under
    this number, so that none of those rooms has to know of them.
    """

    __tablename__ = "site_rev"

    id: Mapped[int] = mapped_column(primary_key=True)
    rev: Mapped[int]


class AuditSalt(Base):
    """The salt behind a commitment. Deleting it forgets the content; the chain still holds."""

    __tablename__ = "audit_salts"

    seq: Mapped[int] = mapped_column(ForeignKey("audit_events.seq"), primary_key=True)
    salt: Mapped[str]
