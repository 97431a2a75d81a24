"""The seats that are left, and the line of those who wait for one.

A free seat goes to the first in the line whom it is enough for; so does a seat that is still
free when somebody signs up while a family waits for more.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from dialog.meetings import seat_queries, telling
from dialog.meetings.models import Meeting, Place, SignUp


def has_room(db: Session, meeting: Meeting, seats: int) -> bool:
    """Whether so many more can sit down. The meeting must be locked."""
    left = seat_queries.seats_left(db, meeting)
    return left is None or seats <= left


def fill_seats(db: Session, meeting: Meeting, *, now: datetime) -> list[SignUp]:
    """Those of the line who have just been given seats, and are told. The meeting must be locked.

    Once the meeting has begun nobody moves up: the staff at the door sees who is there.
    """
    if meeting.cancelled_at is not None or meeting.starts_at <= now:
        return []
    left, given = seat_queries.seats_left(db, meeting), []
    for seat in seat_queries.line(db, meeting.id):
        if left is None or seat.seats <= left:
            seat.place = Place.SEATED
            left = None if left is None else left - seat.seats
            telling.tell_of_seat(db, meeting, seat, now=now)
            given.append(seat)
    db.flush()
    return given
