"""The minutes in versions: each stays readable, and what a new one changed is public."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.core import html
from dialog.meetings.models import Meeting, MinutesVersion
from dialog.permissions import Actor


def keep_version(
    db: Session, actor: Actor, meeting: Meeting, *, reason: str, now: datetime
) -> MinutesVersion:
    """The version that the meeting's minutes have become; the same words make no new one."""
    newest = newest_version(db, meeting.id)
    if newest is not None and newest.source == meeting.minutes_source:
        return newest
    version = MinutesVersion(
        meeting_id=meeting.id,
        number=newest.number + 1 if newest else 1,
        source=meeting.minutes_source or "",
        html=meeting.minutes_html or "",
        published_at=now,
        published_by=actor.name or meeting.note_taker,
        reason=html.one_line(reason) or None if newest else None,
    )
    db.add(version)
    db.flush()
    return version


def versions(db: Session, meeting_id: int) -> list[MinutesVersion]:
    """Every version of the minutes, the newest first."""
    wanted = select(MinutesVersion).where(MinutesVersion.meeting_id == meeting_id)
    return list(db.scalars(wanted.order_by(MinutesVersion.number.desc())))


def newest_version(db: Session, meeting_id: int) -> MinutesVersion | None:
    """The version that counts."""
    wanted = select(MinutesVersion).where(MinutesVersion.meeting_id == meeting_id)
    return db.scalars(wanted.order_by(MinutesVersion.number.desc()).limit(1)).first()
