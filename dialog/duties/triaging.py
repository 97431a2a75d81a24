"""Looking new questions through: taking them on, and answering duplicates together."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.core.errors import InvalidInput, TooLate
from dialog.duties import commands, machine, queries
from dialog.duties.models import Duty, DutyState, EventKind, Origin
from dialog.permissions import SYSTEM, Actor
from dialog.rules import promise
from dialog.rules.workdays import Periods


def take_on(db: Session, actor: Actor, duty: Duty, *, now: datetime) -> None:
    """Lets a question through triage. Its deadline was there from the first day."""
    machine.demand_open(duty)
    if duty.state is not DutyState.TRIAGE:
        raise TooLate(_("Spørgsmålet er allerede set igennem."))
    machine.turn(duty, DutyState.OWED)
    machine.note(db, actor, duty, EventKind.TRIAGED, now=now)


def is_through(duty: Duty, numbers: promise.Numbers, recesses: Periods, now: datetime) -> bool:
    """Whether triage has had its time with a question that it has not looked at."""
    if duty.state is not DutyState.TRIAGE:
        return False
    return promise.is_late(promise.triage_ends_at(duty.opened_at, numbers, recesses), now)


def time_out(db: Session, duty: Duty, *, now: datetime) -> None:
    """Makes it owed although nobody looked."""
    take_on(db, SYSTEM, duty, now=now)


def merge(db: Session, actor: Actor, duty: Duty, head: Duty, *, now: datetime) -> list[Duty]:
    """The duty and all that were answered with it, from now on answered with `head`.

    An answer that `head` has already counts for them at once.
    Raises: TooLate, InvalidInput (into).
    """
    machine.demand_open(duty)
    if head.id == duty.id or not _fit(duty, head):
        raise InvalidInput({"into": _("Vælg et andet spørgsmål i samme dialog.")})
    if head.state in (DutyState.CLOSED, DutyState.DECLINED, DutyState.MERGED):
        raise InvalidInput({"into": _("Vælg et spørgsmål, der venter på svar eller har fået et.")})
    moved = [duty, *queries.locked_group(db, duty)]
    for one in moved:
        one.merged_into_id = head.id
    machine.turn(duty, DutyState.MERGED)
    machine.note(db, actor, duty, EventKind.MERGED, now=now)
    db.flush()
    commands.follow_head(db, actor, head, now)
    return moved


def split(db: Session, actor: Actor, duty: Duty, *, now: datetime) -> None:
    """Lets a merged question stand alone again, with the deadline of the one it was merged with.

    Raises: TooLate.
    """
    if duty.state is not DutyState.MERGED:
        raise TooLate(_("Spørgsmålet er ikke lagt sammen med et andet."))
    head = queries.duty_by_id(db, duty.merged_into_id) if duty.merged_into_id else None
    duty.merged_into_id = None
    machine.turn(duty, DutyState.OWED)
    if head is not None:
        machine.move_deadline(duty, head.due_at)
    machine.note(db, actor, duty, EventKind.SPLIT, now=now)


def _fit(duty: Duty, head: Duty) -> bool:
    kinds = {Origin.PROMISE, Origin.CORRECTION}
    same_kind = duty.origin == head.origin or not kinds & {duty.origin, head.origin}
    is_promise = Origin.PROMISE in (duty.origin, head.origin)
    return same_kind and not is_promise and duty.consultation_id == head.consultation_id
