"""Reading meetings."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, State
from dialog.core.errors import NotFound
from dialog.meetings.models import Meeting
from dialog.permissions import Actor


def access_meeting(db: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, if this reader may see its consultation.

    Raises: NotFound.
    """
    found = db.get(Meeting, meeting_id)
    if found is None:
        raise NotFound("meeting")
    consultations.access_consultation_by_id(db, actor, found.consultation_id)
    return found


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
