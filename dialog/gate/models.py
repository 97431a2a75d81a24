"""An override of a rule: a reason and two people, shown for as long as the dialogue lives."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class Override(Base):
    """Asked for by one person; it counts once another has approved it."""

    __tablename__ = "overrides"
    __table_args__ = (UniqueConstraint("consultation_id", "rule"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    rule: Mapped[str]
    reason: Mapped[str]
    requested_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
