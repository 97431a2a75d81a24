"""The door of a meeting: who is here, and who comes without having signed up."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core.errors import InvalidInput, TooLate
from dialog.meetings import queries, seat_queries, seats
from dialog.meetings.models import Meeting, SignUp
from dialog.meetings.planning import MOST_SEATS
from dialog.permissions import Action, Actor, demand


def sign_up_at_door(
    db: Session, actor: Actor, *, meeting_id: int, wish: seats.Wish, code: str, now: datetime
) -> SignUp:
    """The seat of one who has no mail or no time for it; in the line when the hall is full.

    Sent again with the same code it gives the same seat. Raises: NotFound, InvalidInput, TooLate.
    """
    meeting = _run(db, actor, meeting_id)
    again = seat_queries.seat_with_code(db, code)
    if again is not None and again.meeting_id == meeting.id:
        return again
    if meeting.cancelled_at is not None or meeting.ends_at <= now:
        raise TooLate(_("Mødet er forbi, så ingen kan komme på listen."))
    wish = seats.checked_at_door(wish)
    return seats.take(db, actor, meeting, wish, code=code, user_id=None, now=now)


def check_in(
    db: Session, actor: Actor, *, meeting_id: int, sign_up_id: int, arrived: int, now: datetime
) -> SignUp:
    """The sign-up with how many of it are in the room; 0 takes it back.

    Raises: NotFound, InvalidInput for more than signed up.
    """
    meeting = _run(db, actor, meeting_id)
    guest = seat_queries.access_guest(db, meeting.id, sign_up_id)
    if not 0 <= arrived <= guest.seats:
        raise InvalidInput({"arrived": _("Så mange er ikke tilmeldt sammen.")})
    guest.arrived = arrived or None
    audit.append(db, actor, "checked_in", ("meeting_sign_ups", guest.id), now=now)
    return guest


def count_room(
    db: Session, actor: Actor, *, meeting_id: int, attendance: int, now: datetime
) -> Meeting:
    """The meeting with the number of people in the room, as somebody counted them.

    Raises: NotFound, InvalidInput, TooLate before the day of the meeting.
    """
    meeting = _run(db, actor, meeting_id)
    if not 0 <= attendance <= MOST_SEATS:
        raise InvalidInput({"attendance": _("Skriv antallet som et tal fra 0 til 20.000.")})
    if meeting.starts_at > now:
        raise TooLate(_("Mødet er ikke begyndt endnu. Tæl, når folk har sat sig."))
    meeting.attendance = attendance
    thing = ("meetings", meeting.id)
    audit.append(db, actor, "room_counted", thing, now=now, content=str(attendance))
    return meeting


def _run(db: Session, actor: Actor, meeting_id: int) -> Meeting:
    demand(actor, Action.RUN_MEETING)
    queries.access_to_run(db, actor, meeting_id)
    return queries.locked_meeting(db, actor, meeting_id)
