"""Signing up for a meeting and off again, with an account or without. Seats are counted exactly."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, TooLate
from dialog.meetings import lines, queries, seat_queries, telling
from dialog.meetings.models import Meeting, Place, SignUp
from dialog.people import addresses, codes
from dialog.people import queries as people
from dialog.permissions import Actor

MOST_SEATS = 4  # for one who signs up: a family, not a coach
MOST_SEATS_AT_DOOR = 20
LONGEST_NAME = 80  # characters


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What was asked for. email: None for one who has none and stands at the door."""

    name: str
    email: str | None
    seats: int
    locale: str = "da"


def sign_up(
    db: Session, actor: Actor, *, meeting_id: int, wish: Wish, code: str, now: datetime
) -> SignUp:
    """The seat, or the place in the line. One who is signed in gets it in his own name.

    code: opens the seat later; sent again it gives the same seat, so nobody is counted twice.
    Raises: NotFound, InvalidInput (name, email, seats), AlreadyDone for a second time with the
    same account, TooLate for a meeting that is cancelled or over.
    """
    meeting = queries.locked_meeting(db, actor, meeting_id)
    again = seat_queries.seat_with_code(db, code)
    if again is not None and again.meeting_id == meeting.id:
        return again
    _check_open(meeting, now)
    if seat_queries.seat_of(db, actor, meeting.id) is not None:
        raise AlreadyDone(_("Du er allerede tilmeldt mødet."))
    wish = _checked(_in_own_name(db, actor, wish), MOST_SEATS, needs_mail=True)
    return take(db, actor, meeting, wish, code=code, user_id=actor.id, now=now)


def take(
    db: Session,
    actor: Actor,
    meeting: Meeting,
    wish: Wish,
    *,
    code: str,
    user_id: int | None,
    now: datetime,
) -> SignUp:
    """The new row of a locked meeting: seated if there is room, else last in the line."""
    seat = SignUp(
        meeting_id=meeting.id,
        user_id=user_id,
        name=wish.name,
        email=wish.email,
        locale=wish.locale,
        seats=wish.seats,
        place=Place.SEATED if lines.has_room(db, meeting, wish.seats) else Place.WAITING,
        code_hash=codes.hash_of(code),
        created_at=now,
    )
    db.add(seat)
    db.flush()
    audit.append(db, actor, f"sign_up_{seat.place}", ("meeting_sign_ups", seat.id), now=now)
    telling.tell_of_sign_up(db, meeting, seat, code, now=now)
    return seat


def change_seats(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    code: str | None = None,
    seats: int,
    now: datetime,
) -> SignUp:
    """The sign-up with another number of seats. What is given back goes to the line.

    Raises: NotFound, InvalidInput (seats) also when there is no room for more, TooLate.
    """
    meeting, seat = _own(db, actor, meeting_id, code)
    _check_open(meeting, now)
    _check_seats(seats, MOST_SEATS)
    more = seats - seat.seats
    if seat.place is Place.SEATED and more > 0 and not lines.has_room(db, meeting, more):
        raise InvalidInput({"seats": _("Så mange pladser er der ikke. Du beholder dem, du har.")})
    seat.seats = seats
    db.flush()
    audit.append(db, actor, "sign_up_changed", ("meeting_sign_ups", seat.id), now=now)
    lines.fill_seats(db, meeting, now=now)
    return seat


def cancel(
    db: Session, actor: Actor, *, meeting_id: int, code: str | None = None, now: datetime
) -> Meeting:
    """The meeting, with one less coming. Name and address are deleted at once.

    Raises: NotFound.
    """
    meeting, seat = _own(db, actor, meeting_id, code)
    audit.append(db, actor, "sign_up_cancelled", ("meeting_sign_ups", seat.id), now=now)
    db.delete(seat)
    db.flush()
    lines.fill_seats(db, meeting, now=now)
    return meeting


def checked_at_door(wish: Wish) -> Wish:
    """The wish of one whom the staff signs up. Raises: InvalidInput (name, email, seats)."""
    return _checked(wish, MOST_SEATS_AT_DOOR)


def _own(db: Session, actor: Actor, meeting_id: int, code: str | None) -> tuple[Meeting, SignUp]:
    meeting = queries.locked_meeting(db, actor, meeting_id)
    seat = seat_queries.access_seat(db, actor, meeting_id=meeting.id, code=code)
    db.refresh(seat)  # it may have moved up while this waited for the lock
    return meeting, seat


def _in_own_name(db: Session, actor: Actor, wish: Wish) -> Wish:
    user = people.user_by_id(db, actor.id) if actor.id else None
    if user is None:
        return wish
    return Wish(name=user.name, email=user.email, seats=wish.seats, locale=user.locale)


def _checked(wish: Wish, most: int, *, needs_mail: bool = False) -> Wish:
    name, wrong = html.one_line(wish.name), {}
    if not 2 <= len(name) <= LONGEST_NAME:
        wrong["name"] = _("Skriv dit navn. Det må fylde højst 80 tegn.")
    if needs_mail and not wish.email:
        wrong["email"] = _("Skriv din mailadresse, så vi kan sende dig koden.")
    if wrong:
        raise InvalidInput(wrong)
    _check_seats(wish.seats, most)
    email = addresses.checked_email(wish.email) if wish.email else None
    return Wish(name=name, email=email, seats=wish.seats, locale=wish.locale)


def _check_seats(seats: int, most: int) -> None:
    if not 1 <= seats <= most:
        raise InvalidInput({"seats": _("Vælg mellem 1 og %(most)s pladser.", most=most)})


def _check_open(meeting: Meeting, now: datetime) -> None:
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst, så der er ingen pladser."))
    if meeting.ends_at <= now:
        raise TooLate(_("Mødet er holdt."))
