"""What happens in the hall: who wants to speak, what is written down, and what is said of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class Hall(Base):
    """The room of a meeting, once somebody has opened it.

    `rev` turns with everything that the screen and the phones show.
    """

    __tablename__ = "halls"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # five digits, shown to everyone in the room
    rev: Mapped[int] = mapped_column(default=0)
    answering_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # who answers now
    opened_at: Mapped[datetime]


class HallSpeaker(Base):
    """Somebody who wants to speak at a meeting, or has spoken. Known by the name he gave.

    Whoever comes by a phone has a key in it; whoever the chair adds has none.
    """

    __tablename__ = "hall_speakers"
    __table_args__ = (UniqueConstraint("meeting_id", "key_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    name: Mapped[str]
    key_hash: Mapped[str | None]  # SHA-256, hex
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    spoken: Mapped[int] = mapped_column(default=0)  # times
    joined_at: Mapped[datetime]


class HandState(StrEnum):
    WAITING = "waiting"
    SPEAKING = "speaking"
    SPOKEN = "spoken"
    LOWERED = "lowered"  # by himself, or passed over by the chair


class Hand(Base):
    """A raised hand."""

    __tablename__ = "hall_hands"
    __table_args__ = (Index("ix_hall_hands_meeting_id_state", "meeting_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    speaker_id: Mapped[int] = mapped_column(ForeignKey("hall_speakers.id"), index=True)
    state: Mapped[HandState] = mapped_column(default=HandState.WAITING)
    raised_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class NoteKind(StrEnum):
    """What a note is of."""

    ANSWER = "answer"  # a politician's, to a question
    CONTRIBUTION = "contribution"
    QUESTION = "question"
    REMARK = "remark"  # for the minutes alone


class HallNote(Base):
    """What the note-taker wrote, in the order it was said.

    Its words stand in the post that it became, so that what is hidden there is gone here;
    `body` holds those of a remark.
    """

    __tablename__ = "hall_notes"
    __table_args__ = (
        UniqueConstraint("meeting_id", "key"),
        Index("ix_hall_notes_meeting_id_said_at", "meeting_id", "said_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_items.id"), index=True)
    kind: Mapped[NoteKind]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    body: Mapped[str] = mapped_column(default="")
    key: Mapped[str]  # made by the note-taker's browser: the same note sent twice is one
    recorded_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    said_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(default=1)  # of a remark's words


class Slip(Base):
    """The paper with a code by which a speaker without an account keeps his words his own."""

    __tablename__ = "slips"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), unique=True)
    code_hash: Mapped[str] = mapped_column(unique=True)  # SHA-256, hex
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str | None]  # for the answer alone; he deletes it when he likes
    locale: Mapped[str] = mapped_column(default="da")
    told_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))  # the last answer told


class Dissent(Base):
    """A post in which somebody who spoke says that the minutes are wrong."""

    __tablename__ = "dissents"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    slip_id: Mapped[int | None] = mapped_column(ForeignKey("slips.id"))  # None: by account
