"""What a borgermøde takes up, and the rule by which it was chosen."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base
from dialog.debates.models import AtMeeting


class ChosenBy(StrEnum):
    """How a point came onto the agenda."""

    OVERDUE = "overdue"  # the answer is long overdue
    SUPPORT = "support"  # verified residents stand behind the question
    CHAIR = "chair"


class AgendaItem(Base):
    """A point on the agenda of a meeting: a question, a proposal, or something of its own.

    A question's words are never copied here: what is hidden in its thread is gone here too.
    The code is on paper and on the screen, and stays with the point wherever it is moved.
    """

    __tablename__ = "agenda_items"
    __table_args__ = (
        UniqueConstraint("meeting_id", "question_id"),
        UniqueConstraint("meeting_id", "proposal_id"),
        UniqueConstraint("meeting_id", "code"),
        CheckConstraint("question_id IS NULL OR proposal_id IS NULL", name="one_thing"),
        CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes"),
        Index("ix_agenda_items_meeting_id_position", "meeting_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    position: Mapped[int]  # from 1; not without gaps
    question_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    title: Mapped[str] = mapped_column(default="")  # of a point that is neither
    minutes: Mapped[int] = mapped_column(default=5)  # planned
    code: Mapped[str]
    chosen_by: Mapped[ChosenBy] = mapped_column(default=ChosenBy.CHAIR)
    state: Mapped[AtMeeting] = mapped_column(default=AtMeeting.PLANNED)
    added_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    taken_off_at: Mapped[datetime | None]
    taken_off_reason: Mapped[str | None]  # everyone can read it
    version: Mapped[int] = mapped_column(default=1)


class SelectionRule(Base):
    """How the questions of a meeting are chosen, published beforehand.

    Never changed: another rule is another row with the next number and a reason, and everyone
    can read them all. The highest number counts.
    """

    __tablename__ = "selection_rules"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by_support: Mapped[int]  # so many of the most supported
    by_chair: Mapped[int]  # so many more that the chair chooses
    overdue_first: Mapped[bool]  # what is overdue comes on of itself
    text: Mapped[str] = mapped_column(default="")  # in the municipality's own words
    selects_at: Mapped[datetime]  # when the most supported are chosen
    selected_at: Mapped[datetime | None]  # … and when that was done
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    reason: Mapped[str | None]  # why it was changed; None for the first


class Suggestion(Base):
    """Someone wants a post taken up at the borgermøde."""

    __tablename__ = "agenda_suggestions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    suggested_at: Mapped[datetime]


class PackSending(Base):
    """That somebody on the panel or the staff was sent the meeting pack, and what it told then."""

    __tablename__ = "pack_sendings"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    sent_at: Mapped[datetime]
    agenda: Mapped[str]  # SHA-256 of its points, hex
    again_at: Mapped[datetime | None]  # … of another agenda, just before the meeting
