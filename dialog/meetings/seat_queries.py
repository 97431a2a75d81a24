"""Reading who comes to a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.meetings.models import Meeting, Place, SignUp
from dialog.people import codes
from dialog.permissions import Actor


@dataclass(frozen=True)
class Numbers:
    """How many come. left: seats without anyone, None where nobody counts them."""

    seated: int
    waiting: int
    arrived: int
    left: int | None


def numbers(db: Session, meeting: Meeting) -> Numbers:
    """Seats taken, waited for and in the room; what was kept once the names were deleted."""
    seats, arrived = func.sum(SignUp.seats), func.sum(SignUp.arrived)
    wanted = (
        select(SignUp.place, seats, arrived)
        .where(SignUp.meeting_id == meeting.id)
        .group_by(SignUp.place)
    )
    found = {place: (int(s or 0), int(a or 0)) for place, s, a in db.execute(wanted)}
    seated, waiting = (found.get(place, (0, 0)) for place in (Place.SEATED, Place.WAITING))
    left = None if meeting.capacity is None else max(0, meeting.capacity - seated[0])
    return Numbers(seated[0] or meeting.signed_up or 0, waiting[0], seated[1] + waiting[1], left)


def seats_left(db: Session, meeting: Meeting) -> int | None:
    """Seats without anyone; None where nobody counts them."""
    if meeting.capacity is None:
        return None
    taken = select(func.sum(SignUp.seats)).where(
        SignUp.meeting_id == meeting.id, SignUp.place == Place.SEATED
    )
    return max(0, meeting.capacity - int(db.scalar(taken) or 0))


def line(db: Session, meeting_id: int) -> Sequence[SignUp]:
    """Those who wait, the first first."""
    wanted = (
        select(SignUp)
        .where(SignUp.meeting_id == meeting_id, SignUp.place == Place.WAITING)
        .order_by(SignUp.id)
    )
    return db.scalars(wanted).all()


def place_in_line(db: Session, seat: SignUp) -> int:
    """1 for the first in the line; 0 for one who has a seat."""
    if seat.place is Place.SEATED:
        return 0
    ahead = select(func.count()).where(
        SignUp.meeting_id == seat.meeting_id,
        SignUp.place == Place.WAITING,
        SignUp.id <= seat.id,
    )
    return db.scalar(ahead) or 1


def seat_with_code(db: Session, code: str) -> SignUp | None:
    """The sign-up that the code opens."""
    return db.scalars(select(SignUp).where(SignUp.code_hash == codes.hash_of(code))).first()


def seat_of(db: Session, actor: Actor, meeting_id: int) -> SignUp | None:
    """The sign-up of the actor's own account."""
    if actor.id is None:
        return None
    wanted = select(SignUp).where(SignUp.meeting_id == meeting_id, SignUp.user_id == actor.id)
    return db.scalars(wanted).first()


def seats_of(db: Session, user_id: int) -> Sequence[SignUp]:
    """Every sign-up of an account, as it stands now, by meeting."""
    wanted = select(SignUp).where(SignUp.user_id == user_id).order_by(SignUp.meeting_id)
    return db.scalars(wanted.execution_options(populate_existing=True)).all()


def coming_seats(db: Session, user_id: int, now: datetime) -> int:
    """At how many coming meetings an account has a seat or waits for one."""
    wanted = (
        select(func.count())
        .select_from(SignUp)
        .join(Meeting, Meeting.id == SignUp.meeting_id)
        .where(SignUp.user_id == user_id, SignUp.arrived.is_(None), Meeting.ends_at > now)
    )
    return db.scalar(wanted) or 0


def access_seat(
    db: Session, actor: Actor, *, meeting_id: int | None = None, code: str | None = None
) -> SignUp:
    """The sign-up that the code opens, or without a code the actor's own.

    Raises: NotFound, the same for a code that never was, was used for another meeting or is
    cancelled.
    """
    by_account = code is None
    found = seat_of(db, actor, meeting_id or 0) if by_account else seat_with_code(db, code or "")
    if found is None or meeting_id not in (None, found.meeting_id):
        raise NotFound("seat")
    return found


def everyone(db: Session, meeting_id: int, words: str = "") -> list[SignUp]:
    """All who signed up whose name holds the words, by name; those who wait come last."""
    wanted = select(SignUp).where(SignUp.meeting_id == meeting_id).order_by(SignUp.id)
    sought = words.strip().casefold()  # here, since SQLite knows no Danish capitals
    found = [each for each in db.scalars(wanted) if sought in each.name.casefold()]
    seated = [each for each in found if each.place is Place.SEATED]
    waiting = [each for each in found if each.place is Place.WAITING]
    return [*sorted(seated, key=lambda each: each.name.casefold()), *waiting]


def access_guest(db: Session, meeting_id: int, sign_up_id: int) -> SignUp:
    """One who signed up for this meeting. Raises: NotFound."""
    found = db.get(SignUp, sign_up_id)
    if found is None or found.meeting_id != meeting_id:
        raise NotFound("sign-up")
    return found


def over_with_names(db: Session, ended_before: datetime) -> Sequence[int]:
    """The meetings that ended before then and still have names of those who came."""
    wanted = (
        select(Meeting.id)
        .where(Meeting.ends_at < ended_before)
        .where(select(SignUp.id).where(SignUp.meeting_id == Meeting.id).exists())
        .order_by(Meeting.id)
    )
    return db.scalars(wanted).all()
