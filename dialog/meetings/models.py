"""A borgermøde, who runs it, who sits on its panel, and who comes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class Meeting(Base):
    """A public meeting in a room one can walk into."""

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    room: Mapped[str] = mapped_column(default="")  # within the place
    accessibility: Mapped[str] = mapped_column(default="")
    wheelchair: Mapped[str] = mapped_column(default="")  # the way in without steps
    hearing_loop: Mapped[bool] = mapped_column(default=False)
    interpreter: Mapped[str] = mapped_column(default="")  # such as "dansk tegnsprog"
    capacity: Mapped[int | None]  # seats; None where nobody counts them
    stream_url: Mapped[str | None]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(default="Europe/Copenhagen")
    chair: Mapped[str] = mapped_column(default="")
    note_taker: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]  # when what is announced was last changed
    moved_at: Mapped[datetime | None]  # when it last got another time or place
    moved_from_at: Mapped[datetime | None]  # its beginning before that
    moved_from_place: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str | None]
    minutes_source: Mapped[str | None]
    minutes_html: Mapped[str | None]
    minutes_published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    signed_up: Mapped[int | None]  # seats, kept when the names were deleted
    attendance: Mapped[int | None]  # people in the room, as the staff counted them


class StaffPart(StrEnum):
    CHAIR = "chair"
    NOTE_TAKER = "note_taker"


class MeetingStaff(Base):
    """A person with an account who runs this one meeting, and nothing else by that.

    `Meeting.chair` and `.note_taker` are the names announced, of people with an account or not.
    """

    __tablename__ = "meeting_staff"
    __table_args__ = (UniqueConstraint("meeting_id", "user_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    part: Mapped[StaffPart]


class Panelist(Base):
    """A politician who sits on the panel; `position` is the order of the chairs, from 0."""

    __tablename__ = "meeting_panelists"
    __table_args__ = (UniqueConstraint("meeting_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    position: Mapped[int]


class Place(StrEnum):
    """Where a sign-up stands."""

    SEATED = "seated"
    WAITING = "waiting"


class SignUp(Base):
    """Someone who comes, with an account or without. Deleted when cancelled, and after the meeting.

    The number of the row is its place in the line: whoever came first has the lower one.
    """

    __tablename__ = "meeting_sign_ups"
    __table_args__ = (
        Index("ix_meeting_sign_ups_meeting_id_place_id", "meeting_id", "place", "id"),
        UniqueConstraint("meeting_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    email: Mapped[str | None]  # None at the door, for one who has no mail
    locale: Mapped[str] = mapped_column(default="da")
    seats: Mapped[int]
    place: Mapped[Place]
    code_hash: Mapped[str] = mapped_column(unique=True)  # SHA-256, hex
    created_at: Mapped[datetime]
    arrived: Mapped[int | None]  # how many of the seats are in the room; None before that


class MinutesVersion(Base):
    """The minutes as they were published; `Meeting.minutes_…` are those of the highest number."""

    __tablename__ = "minutes_versions"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    html: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    reason: Mapped[str | None]  # why it was changed; None for the first
