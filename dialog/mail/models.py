"""The mails that wait to leave, and how the road to the mail server is."""

from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"  # what it told of was no longer there when it was to leave
    GIVEN_UP = "given_up"  # refused too often; `flask outbox --again` tries once more


class Priority(IntEnum):
    """Which of the mails that are due leaves first."""

    SIGN_IN = 0  # somebody sits and waits for it
    AT_ONCE = 1
    DIGEST = 2


class OutgoingMail(Base):
    """A mail, written down in the transaction of its cause and sent after it.

    A plain mail holds its words, and loses them once sent: they may open somebody's account. Any
    other has a writer, who finds words and receiver when it leaves, as things stand then.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        Index("ix_outgoing_mails_due", "state", "priority", "next_try_at"),
        Index("ix_outgoing_mails_user_id_thing", "user_id", "thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    writer: Mapped[str] = mapped_column(default="plain")
    priority: Mapped[int] = mapped_column(default=Priority.SIGN_IN)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    thing: Mapped[str | None]  # mails to one person about one thing become one: "thread:12"
    recipient: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="da")
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    about_kind: Mapped[str | None]  # a plain mail leaves only while this still stands
    about_id: Mapped[int | None]
    stop_path: Mapped[str | None]  # where one click ends mails like a plain one
    created_at: Mapped[datetime]
    leaves_at: Mapped[datetime]  # at the earliest
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    settled_at: Mapped[datetime | None]  # when it left, was dropped or given up
    attempts: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[int] = mapped_column(default=0)  # by the server, of this very mail
    next_try_at: Mapped[datetime]
    last_error: Mapped[str | None]


class MailRoad(Base):
    """How the road to the mail server is, known to every process: one row, number 1."""

    __tablename__ = "mail_road"

    id: Mapped[int] = mapped_column(primary_key=True)
    blocked_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    next_try_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
