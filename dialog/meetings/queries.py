"""Reading meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, literal, select, text
from sqlalchemy.orm import Session

from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, State
from dialog.core.errors import NotFound
from dialog.meetings.models import Meeting, MeetingStaff, Panelist, StaffPart
from dialog.people.models import User
from dialog.permissions import Actor, Role

_POSTGRES_PLANNING = text("SELECT pg_advisory_xact_lock(7461204)")  # any number that is free


@dataclass(frozen=True)
class Access:
    """A meeting as this reader finds it: in its dialogue, and his to run or not."""

    meeting: Meeting
    consultation: Consultation
    may_run: bool


def access_meeting(db: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, if this reader may see its consultation.

    Raises: NotFound.
    """
    return access_with_consultation(db, actor, meeting_id).meeting


def access_with_consultation(db: Session, actor: Actor, meeting_id: int) -> Access:
    """The same with its consultation, and whether he may run it: one query."""
    wanted = (
        select(Meeting, Consultation, is_run_by(actor))
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Meeting.id == meeting_id)
    )
    found = db.execute(wanted).first()
    if found is None:
        raise NotFound("meeting")
    access = Access(*found)
    consultations.shown_to(actor, access.consultation)
    return access


def locked_meeting(db: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting as it is now, with its row kept from others until the transaction ends.

    Whoever gives or takes seats takes this lock first, so seats are counted exactly.
    Raises: NotFound.
    """
    meeting = access_meeting(db, actor, meeting_id)
    # Not against those who merely point at the row: they may hold the lock of the audit.
    db.refresh(meeting, with_for_update={"key_share": True})
    return meeting


def lock_planning(db: Session) -> None:
    """Makes whoever plans or cancels another meeting wait; on SQLite they do.

    Else two would take one room, or cancel each the meeting that the other counts on. Comes
    before every other lock.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(_POSTGRES_PLANNING)


def next_to_run(db: Session, user_id: int, now: datetime) -> Meeting | None:
    """The next meeting that this person chairs or takes notes at, or None."""
    wanted = (
        select(Meeting)
        .join(MeetingStaff, MeetingStaff.meeting_id == Meeting.id)
        .where(MeetingStaff.user_id == user_id)
        .where(Meeting.cancelled_at.is_(None), Meeting.ends_at > now)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return db.scalars(wanted.limit(1)).first()


def meetings_between(db: Session, starts_at: datetime, ends_at: datetime) -> list[Meeting]:
    """The meetings of every dialogue that are on at some time between, the cancelled left out."""
    wanted = (
        select(Meeting)
        .where(Meeting.starts_at < ends_at, Meeting.ends_at > starts_at)
        .where(Meeting.cancelled_at.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return list(db.scalars(wanted))


def meeting_can_be_read(db: Session, meeting_id: int) -> bool:
    """Whether everyone can read of the meeting; a cancelled one is told of as well."""
    wanted = (
        select(Meeting.id)
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Meeting.id == meeting_id, Consultation.state != State.DRAFT)
    )
    return db.scalar(wanted) is not None


def meeting_of(db: Session, consultation_id: int, meeting_id: int) -> Meeting:
    """The meeting, if it belongs to this consultation.

    Raises: NotFound.
    """
    found = db.get(Meeting, meeting_id)
    if found is None or found.consultation_id != consultation_id:
        raise NotFound("meeting")
    return found


def meetings(db: Session, consultation_id: int) -> list[Meeting]:
    """All meetings of the consultation, the cancelled too, by time."""
    wanted = (
        select(Meeting)
        .where(Meeting.consultation_id == consultation_id)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return list(db.scalars(wanted))


def public_meetings(db: Session) -> list[tuple[Meeting, Consultation]]:
    """The meetings of every consultation that everyone may read, by time."""
    wanted = (
        select(Meeting, Consultation)
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Consultation.state != State.DRAFT)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [(meeting, consultation) for meeting, consultation in db.execute(wanted)]


def coming_public(db: Session, now: datetime, limit: int) -> list[tuple[Meeting, Consultation]]:
    """The next meetings of every consultation that everyone may read, the cancelled left out."""
    wanted = (
        select(Meeting, Consultation)
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Consultation.state != State.DRAFT)
        .where(Meeting.cancelled_at.is_(None), Meeting.ends_at > now)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return [(meeting, consultation) for meeting, consultation in db.execute(wanted)]


def next_meeting(db: Session, consultation_id: int, now: datetime) -> Meeting | None:
    """The meeting that is on or comes next; None when no more is planned."""
    wanted = (
        select(Meeting)
        .where(Meeting.consultation_id == consultation_id)
        .where(Meeting.cancelled_at.is_(None), Meeting.ends_at > now)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )
    return db.scalars(wanted).first()


def other_meeting_count(db: Session, meeting: Meeting) -> int:
    """How many meetings the consultation has beside this one, the cancelled left out."""
    wanted = (
        select(func.count())
        .select_from(Meeting)
        .where(Meeting.consultation_id == meeting.consultation_id)
        .where(Meeting.cancelled_at.is_(None), Meeting.id != meeting.id)
    )
    return db.execute(wanted).scalar_one()


def is_over(meeting: Meeting, now: datetime) -> bool:
    """Whether the meeting was held and has ended."""
    return meeting.cancelled_at is None and meeting.ends_at <= now


def coming_and_past(found: Sequence[Meeting], now: datetime) -> tuple[list[Meeting], list[Meeting]]:
    """Those still to come, the nearest first, and those that are over, the latest first."""
    coming = [meeting for meeting in found if meeting.ends_at > now]
    past = [meeting for meeting in found if meeting.ends_at <= now]
    return coming, past[::-1]


def is_chair(db: Session, actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor leads this meeting."""
    return StaffPart.CHAIR in _parts(db, actor, meeting)


def is_note_taker(db: Session, actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor writes down what is said at this meeting."""
    return StaffPart.NOTE_TAKER in _parts(db, actor, meeting)


def is_run_by(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor may do what the staff of a meeting does, as a column beside `Meeting`.

    They themselves may, and the comms chiefs.
    """
    if actor.id is None or actor.role is Role.COMMS_CHIEF:
        return literal(actor.role is Role.COMMS_CHIEF)
    return exists().where(MeetingStaff.meeting_id == Meeting.id, MeetingStaff.user_id == actor.id)


def access_to_run(db: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, for one who may run it.

    Raises: NotFound.
    """
    found = access_with_consultation(db, actor, meeting_id)
    if not found.may_run:
        raise NotFound("meeting")
    return found.meeting


def staff(db: Session, meeting_id: int) -> list[tuple[StaffPart, User]]:
    """Those with an account who run the meeting, in the order they were named."""
    wanted = (
        select(MeetingStaff.part, User)
        .join(User, User.id == MeetingStaff.user_id)
        .where(MeetingStaff.meeting_id == meeting_id)
        .order_by(MeetingStaff.id)
    )
    return [(part, user) for part, user in db.execute(wanted)]


def panel(db: Session, meeting_id: int) -> list[User]:
    """The politicians on the panel, in the order of their chairs."""
    wanted = (
        select(User)
        .join(Panelist, Panelist.user_id == User.id)
        .where(Panelist.meeting_id == meeting_id)
        .order_by(Panelist.position, Panelist.id)
    )
    return list(db.scalars(wanted))


def _parts(db: Session, actor: Actor, meeting: Meeting) -> set[StaffPart]:
    if actor.id is None:
        return set()
    wanted = select(MeetingStaff.part).where(
        MeetingStaff.meeting_id == meeting.id, MeetingStaff.user_id == actor.id
    )
    return set(db.scalars(wanted))
