"""The answer duty: inviting obliges."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class Duty(Base):
    """A question that someone owes an answer to. The question is known by its id alone."""

    __tablename__ = "duties"
    __table_args__ = (
        Index("ix_duties_holder_id_answered_at_due_at", "holder_id", "answered_at", "due_at"),
        Index("ix_duties_consultation_id_answered_at", "consultation_id", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    closed_reason: Mapped[str | None]  # set when the question was withdrawn or hidden
