"""The mails that wait to leave."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class OutgoingMail(Base):
    """A mail, written in the transaction of its cause and sent after it.

    Once sent, the body is emptied: it may hold a link that signs someone in.
    """

    __tablename__ = "outgoing_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    last_error: Mapped[str | None]
