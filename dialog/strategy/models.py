"""A plan for the whole course, also for what comes after the decision."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class Phase(StrEnum):
    ANNOUNCE = "announce"
    DIALOGUE = "dialogue"
    MEETING = "meeting"
    DECISION = "decision"
    AFTER = "after"


class Strategy(Base):
    """Why we ask, whom, and who is responsible. One a consultation."""

    __tablename__ = "strategies"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(default="")
    audiences: Mapped[str] = mapped_column(default="")  # one a line
    owner: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class Activity(Base):
    """Something that happens on a date, through a channel, by someone's hand."""

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    phase: Mapped[Phase]
    title: Mapped[str]
    on_date: Mapped[date | None]
    channel: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(default="")
    is_done: Mapped[bool] = mapped_column(default=False)


class KpiTarget(Base):
    """A number we want to reach, set before we start."""

    __tablename__ = "kpi_targets"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    name: Mapped[str]
    target: Mapped[int]
    unit: Mapped[str] = mapped_column(default="")
