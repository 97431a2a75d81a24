"""The council's recess: published before it begins, and every clock stands while it lasts."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import clock, html
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.duties import machine, queries
from dialog.duties.models import EventKind, Recess
from dialog.permissions import Action, Actor, demand
from dialog.rules import promise, workdays

LONGEST_NAME = 80  # signs
LONGEST_RECESS = 70  # days; a summer is five to seven weeks


def add_recess(
    db: Session, actor: Actor, *, name: str, first_day: date, last_day: date, now: datetime
) -> Recess:
    """The new recess. Open duties that would fall due in it or after it move on, publicly.

    Raises: NotAllowed; InvalidInput (name, first_day, last_day).
    """
    demand(actor, Action.SET_UP)
    name = html.one_line(name)[:LONGEST_NAME]
    _check(name, first_day, last_day, clock.local(now).date())
    before = queries.recess_days(db)
    recess = Recess(
        name=name,
        first_day=first_day,
        last_day=last_day,
        created_at=now,
        created_by=actor.id,
    )
    db.add(recess)
    db.flush()
    _move_duties(db, actor, recess, before, now)
    audit.append(db, actor, "recess_added", ("recesses", recess.id), now=now, content=name)
    return recess


def remove_recess(db: Session, actor: Actor, recess_id: int, *, now: datetime) -> None:
    """Takes a recess back that has not begun. What moved for it stays where it was moved to.

    Raises: NotAllowed, NotFound, TooLate.
    """
    demand(actor, Action.SET_UP)
    recess = db.get(Recess, recess_id)
    if recess is None:
        raise NotFound("recess")
    if recess.first_day <= clock.local(now).date():
        raise TooLate(_("Ferien er begyndt, så den bliver stående."))
    db.delete(recess)
    audit.append(db, actor, "recess_removed", ("recesses", recess_id), now=now, content=recess.name)


def _check(name: str, first_day: date, last_day: date, today: date) -> None:
    wrong = {}
    if not name:
        wrong["name"] = _("Skriv, hvad ferien hedder, for eksempel sommerferie.")
    if first_day <= today:
        wrong["first_day"] = _("En ferie skal meldes ud, før den begynder.")
    if last_day < first_day:
        wrong["last_day"] = _("Den sidste dag skal ligge efter den første.")
    elif (last_day - first_day).days >= LONGEST_RECESS:
        wrong["last_day"] = _("En ferie kan højst vare 70 dage.")
    if wrong:
        raise InvalidInput(wrong)


def _move_duties(
    db: Session, actor: Actor, recess: Recess, before: workdays.Periods, now: datetime
) -> None:
    """Gives every open duty back the working days that the new recess takes from it."""
    after = (*before, (recess.first_day, recess.last_day))
    start = workdays.local_date(now)
    for duty in queries.locked_open_duties(db):
        due = workdays.local_date(duty.due_at)
        lost = workdays.working_days_between(start, due, before)
        lost -= workdays.working_days_between(start, due, after)
        if lost > 0:
            machine.move_deadline(duty, promise.moved_on(duty.due_at, lost, after))
            machine.note(db, actor, duty, EventKind.POSTPONED, now=now, reason=recess.name)
