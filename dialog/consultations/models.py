"""A consultation and the basis it stands on."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class Kind(StrEnum):
    BUDGET = "budget"
    SCHOOL_STRUCTURE = "school_structure"


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DECIDED = "decided"


class Consultation(Base):
    """One hard question put to the town. Texts of several points hold one point a line."""

    __tablename__ = "consultations"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[Kind]
    state: Mapped[State] = mapped_column(default=State.DRAFT, index=True)
    version: Mapped[int] = mapped_column(default=1)  # of the row; a stale form is refused
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # The course
    opens_on: Mapped[date | None]  # planned
    opened_at: Mapped[datetime | None]
    first_reading_on: Mapped[date | None]
    closes_at: Mapped[datetime | None]  # deadline for contributions and objections
    decision_on: Mapped[date | None]
    closes_a_school: Mapped[bool] = mapped_column(default=False)
    # The August in which the change begins; None: the first one after decision_on
    effective_year: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decision_summary: Mapped[str | None]
    # The basis
    summary: Mapped[str] = mapped_column(default="")  # plain language, one or two sentences
    question: Mapped[str] = mapped_column(default="")  # what we ask (schools)
    target_tkr: Mapped[int | None]  # what must be found, whole thousands of kroner, positive
    budget_year: Mapped[int | None]
    decided_by: Mapped[str] = mapped_column(default="")  # who decides
    already_decided: Mapped[str] = mapped_column(default="")
    still_open: Mapped[str] = mapped_column(default="")
    impossible: Mapped[str] = mapped_column(default="")
    use_of_contributions: Mapped[str] = mapped_column(default="")


class Source(Base):
    """A figure or document the basis rests on."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    title: Mapped[str]
    publisher: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")


class BasisVersion(Base):
    """The basis as it stood when the dialogue opened, and each later version."""

    __tablename__ = "basis_versions"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        Index("ix_basis_versions_consultation_id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    number: Mapped[int]
    content: Mapped[str]  # canonical JSON
    sha256: Mapped[str]
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str | None]  # None for the first


class DeadlineMove(Base):
    """A deadline of the whole course that was moved forward, and why, for all to read."""

    __tablename__ = "deadline_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    old_closes_at: Mapped[datetime]
    new_closes_at: Mapped[datetime]
    reason: Mapped[str]
    moved_at: Mapped[datetime]
    moved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class RuleSettings(Base):
    """The numbers a consultation sets for itself where the law leaves room; None is the default."""

    __tablename__ = "rule_settings"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    days_before_first_reading: Mapped[int | None]
    objection_weeks: Mapped[int | None]
    weeks_from_objections_to_decision: Mapped[int | None]
    kpi_targets: Mapped[int | None]
    days_from_meeting_to_decision: Mapped[int | None]
    minutes_working_days: Mapped[int | None]
    answer_working_days: Mapped[int | None]
    contested_working_days: Mapped[int | None]
    remind_working_days: Mapped[int | None]
    escalate_working_days: Mapped[int | None]
    pause_working_days: Mapped[int | None]
    support_needed: Mapped[int | None]
    support_areas: Mapped[int | None]
    triage_working_days: Mapped[int | None]
