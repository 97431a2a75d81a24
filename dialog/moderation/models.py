"""What moderators decided, and why."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class DecisionKind(StrEnum):
    HIDE = "hide"
    HIDE_CONTEST = "hide_contest"  # what the asker wrote of the answer, and no more
    RESTORE = "restore"


class Decision(Base):
    """One moderation decision about one post, or about what its asker wrote of the answer."""

    __tablename__ = "moderation_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    kind: Mapped[DecisionKind]
    reason: Mapped[str]
    decided_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime]
