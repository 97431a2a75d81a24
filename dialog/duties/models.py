"""The answer duty: inviting obliges. One table for whatever is owed, one clock, one list."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base
from dialog.rules.promise import OPEN, DutyState, Step
from dialog.rules.workdays import local_date

__all__ = [
    "DeclineCode",
    "Desk",
    "Duty",
    "DutyEvent",
    "DutyState",
    "EventKind",
    "Origin",
    "PauseCause",
    "PromiseKind",
    "Recess",
    "Step",
    "Support",
]


class Origin(StrEnum):
    """What made it a duty."""

    ADDRESSED = "addressed"  # a politician, or those who answer for the thread, were asked
    SUPPORTED = "supported"  # enough verified residents stand behind the question
    MEETING = "meeting"  # asked at a borgermøde
    CORRECTION = "correction"  # a disputed figure
    PROMISE = "promise"  # made in an answer


class Desk(StrEnum):
    """On which side of the town hall it lies now."""

    POLITICIAN = "politician"
    ADMINISTRATION = "administration"


class DeclineCode(StrEnum):
    """Why there will be no answer here."""

    ANSWERED_HERE = "answered_here"  # `see_answer_id` says where
    NOT_MUNICIPAL = "not_municipal"
    PERSONAL_CASE = "personal_case"
    OTHER = "other"  # in the words of the reason


class PauseCause(StrEnum):
    """Why the clock stands."""

    ILLNESS = "illness"
    FACTS = "facts"  # the administration is finding figures


class PromiseKind(StrEnum):
    """What a politician commits himself to in an answer."""

    INVESTIGATING = "investigating"
    AMENDMENT = "amendment"
    CHANGING = "changing"
    STANDING_BY = "standing_by"  # holds on to it, because …


def _as_due(row: DefaultExecutionContext) -> datetime:
    due_at: datetime = row.get_current_parameters()["due_at"]  # type: ignore[no-untyped-call]
    return due_at


class Duty(Base):
    """Something that someone owes, with a name and a date on it.

    What is owed is known by the id of a post alone: the question; for a disputed figure the
    post that disputes it; for a promise the answer that carries it. Never without a holder.
    """

    __tablename__ = "duties"
    __table_args__ = (
        Index("ix_duties_holder_id_state_due_at", "holder_id", "state", "due_at"),
        Index("ix_duties_consultation_id_state", "consultation_id", "state"),
        Index("ix_duties_state_due_at", "state", "due_at"),
    )

    holder_name = ""  # no column: told by the queries that ask for it

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    origin: Mapped[Origin] = mapped_column(default=Origin.ADDRESSED)
    state: Mapped[DutyState] = mapped_column(default=DutyState.OWED)
    # Who
    desk: Mapped[Desk] = mapped_column(default=Desk.POLITICIAN)
    holder_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committees.id"))
    by_office: Mapped[bool] = mapped_column(default=False)  # holds it as that committee's chair
    returns_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # once facts are in
    # When. Only `commands.move_deadline` touches `due_at`, and only forward.
    opened_at: Mapped[datetime]
    first_due_at: Mapped[datetime] = mapped_column(default=_as_due)  # as it was first told
    due_at: Mapped[datetime]
    step: Mapped[int] = mapped_column(default=int(Step.NONE))  # what the ladder has told
    escalated_at: Mapped[datetime | None]
    pause_cause: Mapped[PauseCause | None]
    pause_reason: Mapped[str | None]
    pause_until: Mapped[date | None]  # the last day the clock stands
    paused_days: Mapped[int] = mapped_column(default=0)  # working days, all pauses together
    # How it went
    acknowledged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # a secretary
    accepted_at: Mapped[datetime | None]
    contested_at: Mapped[datetime | None]  # once, and for ever after
    contest_reason: Mapped[str | None]
    contested_answer_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    declined_at: Mapped[datetime | None]
    decline_code: Mapped[DeclineCode | None]
    decline_reason: Mapped[str | None]
    see_answer_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("duties.id"), index=True)
    closed_reason: Mapped[str | None]  # "withdrawn" or "hidden": what became of the question
    # A promise
    promise_kind: Mapped[PromiseKind | None]
    promise_text: Mapped[str | None]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN

    def stands_still(self, now: datetime) -> bool:
        """Whether its clock has been stopped for a while."""
        return self.pause_until is not None and local_date(now) <= self.pause_until


class EventKind(StrEnum):
    """What happened to a duty."""

    OPENED = "opened"
    TRIAGED = "triaged"  # accepted, by someone or by the clock
    ACKNOWLEDGED = "acknowledged"
    HANDED_ON = "handed_on"
    REHOMED = "rehomed"  # followed the office, or went to a substitute
    FACTS_ASKED = "facts_asked"
    FACTS_GIVEN = "facts_given"
    PAUSED = "paused"
    POSTPONED = "postponed"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"  # the answer
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    DECLINED = "declined"
    MERGED = "merged"
    SPLIT = "split"  # stands alone again
    CLOSED = "closed"
    REOPENED = "reopened"
    REMINDED = "reminded"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


class DutyEvent(Base):
    """A line of a duty's public history: who decided what about it, when, and why."""

    __tablename__ = "duty_events"

    holder_name = ""  # no column: told by the query that asks for it

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), index=True)
    kind: Mapped[EventKind]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: the clock
    holder_id: Mapped[int] = mapped_column(ForeignKey("users.id"))  # after it
    due_at: Mapped[datetime]  # after it
    reason: Mapped[str | None]


class Support(Base):
    """Someone who wants a question answered. Whether he counts is asked when counting."""

    __tablename__ = "supports"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    created_at: Mapped[datetime]


class Recess(Base):
    """Days on which the council does not meet, published ahead. Every clock stands."""

    __tablename__ = "recesses"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
