"""Deleting who came: names are needed until the meeting is over, and a little after."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import db as store
from dialog.core import jobs
from dialog.meetings import queries, seat_queries
from dialog.meetings.models import Meeting, SignUp
from dialog.permissions import SYSTEM

KEPT = timedelta(days=14)
"""How long names stay after a meeting: until its minutes are out and somebody may have asked who
was there. No law sets it; less than this would delete them before the minutes are due."""


@jobs.job("seats", every=timedelta(hours=1))
def forget_due_names(now: datetime) -> None:
    """Deletes the names of every meeting that ended long enough ago."""
    for meeting_id in seat_queries.over_with_names(store.session(), now - KEPT):
        with store.transaction() as db:
            forget_names(db, meeting_id=meeting_id, now=now)


def forget_names(db: Session, *, meeting_id: int, now: datetime) -> Meeting:
    """The meeting, of which only the numbers are left: seats signed up for, people in the room."""
    meeting = queries.locked_meeting(db, SYSTEM, meeting_id)
    numbers = seat_queries.numbers(db, meeting)
    meeting.signed_up = numbers.seated
    if meeting.attendance is None and numbers.arrived:
        meeting.attendance = numbers.arrived
    db.execute(delete(SignUp).where(SignUp.meeting_id == meeting.id))
    audit.append(db, SYSTEM, "sign_ups_forgotten", ("meetings", meeting.id), now=now)
    return meeting
