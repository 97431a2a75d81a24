"""Whose duty it is: never nobody's. It follows the office, and the substitute during a leave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from dialog.duties.models import Desk, Duty
from dialog.people import office_queries as offices
from dialog.people import queries as people
from dialog.people import stand_ins
from dialog.permissions import Role


@dataclass(frozen=True)
class Owner:
    """Who holds a duty, on which side of the town hall, and for which committee."""

    holder_id: int
    desk: Desk = Desk.POLITICIAN
    committee_id: int | None = None
    by_office: bool = False  # as that committee's chair


def politician_for(
    db: Session,
    *,
    asked_id: int | None = None,
    committee_id: int | None = None,
    responsible_ids: Iterable[int] = (),
    day: date,
) -> Owner | None:
    """Who answers: the one asked, else the committee's chair, else who answers for the thread.

    Then the vice chair, the mayor, the other chairs, and in the end the administration. None
    only in a town hall without a soul.
    """
    chair = offices.chair_of(db, committee_id) if committee_id else None
    for one in _in_turn(db, asked_id, chair, responsible_ids, committee_id):
        holder = stand_ins.stand_in_for(db, one, day)
        if holder is not None:
            return Owner(holder, Desk.POLITICIAN, committee_id, by_office=one == chair)
    return administration_for(db, committee_id)


def administration_for(db: Session, committee_id: int | None = None) -> Owner | None:
    """Who answers for the administration, or None before anyone is hired."""
    for role in (Role.COMMS_CHIEF, Role.ADMIN):
        for one in stand_ins.with_role(db, role):
            return Owner(one, Desk.ADMINISTRATION, committee_id)
    return None


def on_staff(db: Session, user_id: int) -> int | None:
    """The person, if he can answer for the administration; else None."""
    user = people.user_by_id(db, user_id)
    can = user is not None and user.role in (Role.COMMS_CHIEF, Role.ADMIN)
    return user_id if can else None


def owner_now(db: Session, duty: Duty, day: date) -> Owner:
    """Who is to hold an open duty on this day; whoever holds it, if that can go on."""
    here = Owner(duty.holder_id, duty.desk, duty.committee_id, duty.by_office)
    if duty.desk is Desk.ADMINISTRATION:
        return here if on_staff(db, duty.holder_id) else _from_staff(db, duty, day) or here
    asked = None if duty.by_office else duty.holder_id
    found = politician_for(db, asked_id=asked, committee_id=duty.committee_id, day=day)
    return found or here


def _from_staff(db: Session, duty: Duty, day: date) -> Owner | None:
    found = administration_for(db, duty.committee_id)
    return found or politician_for(db, committee_id=duty.committee_id, day=day)


def _in_turn(
    db: Session,
    asked_id: int | None,
    chair: int | None,
    responsible_ids: Iterable[int],
    committee_id: int | None,
) -> Iterator[int]:
    """Candidates, the best first; the next one is only looked up when it is needed."""
    yield from (one for one in (asked_id, chair) if one is not None)
    yield from responsible_ids
    for one in offices.responsible_for(db, committee_id) if committee_id else ():
        yield one.id
    mayor = stand_ins.mayor(db)
    yield from () if mayor is None else (mayor,)
    yield from stand_ins.chairs(db)
