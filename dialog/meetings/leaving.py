"""The seats of somebody who closes his account go to those who wait."""

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.meetings import lines, queries, seat_queries
from dialog.meetings.models import MeetingStaff, SignUp
from dialog.people import closing, names
from dialog.people.closing import Leaver
from dialog.permissions import SYSTEM


def hold(db: Session, who: Leaver) -> str | None:
    """Whoever is to run a meeting first has somebody else take it."""
    meeting = queries.next_to_run(db, who.id, who.now)
    if meeting is None:
        return None
    return _(
        "Du leder eller skriver referat af mødet “%(meeting)s”. Bed kommunikationsafdelingen "
        "finde en anden, så kan du lukke din konto.",
        meeting=meeting.title,
    )


def lock(db: Session, who: Leaver) -> None:
    """Has the meetings that he comes to wait."""
    for seat in seat_queries.seats_of(db, who.id):
        queries.locked_meeting(db, SYSTEM, seat.meeting_id)


def forget(db: Session, who: Leaver) -> None:
    """Gives his seats back. Where he sat or sits, somebody without a name is counted."""
    for seat in seat_queries.seats_of(db, who.id):
        _release(db, who, seat)
    db.execute(delete(MeetingStaff).where(MeetingStaff.user_id == who.id))


def _release(db: Session, who: Leaver, seat: SignUp) -> None:
    meeting = queries.access_meeting(db, SYSTEM, seat.meeting_id)
    if seat.arrived is not None or meeting.ends_at <= who.now:
        seat.user_id = seat.email = None
        seat.name = names.FORMER
        return
    audit.append(db, who.actor, "sign_up_cancelled", ("meeting_sign_ups", seat.id), now=who.now)
    db.delete(seat)
    db.flush()
    lines.fill_seats(db, meeting, now=who.now)


closing.declare("meetings", forget, lock=lock, hold=hold)
