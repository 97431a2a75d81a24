"""A borgermøde."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class Meeting(Base):
    """A public meeting in a room one can walk into."""

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    accessibility: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(default="Europe/Copenhagen")
    chair: Mapped[str] = mapped_column(default="")
    note_taker: Mapped[str] = mapped_column(default="")
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str | None]
    minutes_source: Mapped[str | None]
    minutes_html: Mapped[str | None]
    minutes_published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
