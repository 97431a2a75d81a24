"""What a person is told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class Notification(Base):
    """A line in someone's inbox."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_user_id_id", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]  # reply, answer, question, duty, …
    title: Mapped[str]  # one sentence in the receiver's language
    excerpt: Mapped[str]
    link: Mapped[str]  # a path of our own
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
