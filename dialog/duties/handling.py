"""What the one who owes an answer does with it, short of answering."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.core import clock, html
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.duties import commands, machine, owners, queries
from dialog.duties.models import (
    DeclineCode,
    Desk,
    Duty,
    DutyState,
    EventKind,
    Origin,
    PauseCause,
)
from dialog.people import stand_ins
from dialog.permissions import Action, Actor, demand
from dialog.rules import promise, workdays

SHORTEST_REASON, LONGEST_REASON = 10, 500  # signs; everybody can read it


@dataclass(frozen=True, kw_only=True)
class Decline:
    """Why there will be no answer here; `see_answer_id` is the answer that stands elsewhere."""

    code: DeclineCode
    reason: str = ""
    see_answer_id: int | None = None


def acknowledge(db: Session, actor: Actor, duty: Duty, *, now: datetime) -> None:
    """Says that it has been seen. That is no answer, and the clock goes on."""
    demand_holder(actor, duty)
    machine.demand_open(duty)
    if duty.state is DutyState.ACKNOWLEDGED:
        return
    machine.turn(duty, DutyState.ACKNOWLEDGED)
    duty.acknowledged_at = now
    machine.note(db, actor, duty, EventKind.ACKNOWLEDGED, now=now)


def decline(db: Session, actor: Actor, duty: Duty, *, why: Decline, now: datetime) -> list[Duty]:
    """The duty, turned down with a public reason, and its duplicates with it.

    The caller has seen to it that `see_answer_id` is an answer that can be read.
    Raises: TooLate, InvalidInput (reason).
    """
    machine.demand_open(duty)
    needs_words = why.code is not DeclineCode.ANSWERED_HERE
    reason = checked_reason(why.reason) if needs_words or why.reason.strip() else ""
    machine.turn(duty, DutyState.DECLINED)
    duty.declined_at, duty.decline_code = now, why.code
    duty.decline_reason = reason or None
    duty.see_answer_id = None if needs_words else why.see_answer_id
    machine.note(db, actor, duty, EventKind.DECLINED, now=now, reason=reason or why.code.value)
    return [duty, *commands.follow_head(db, actor, duty, now)]


def hand_on(
    db: Session, actor: Actor, duty: Duty, *, to_id: int, reason: str, now: datetime
) -> None:
    """Gives it to another politician, who has the same deadline; a figure to a colleague.

    Raises: TooLate, InvalidInput (to).
    """
    machine.demand_open(duty)
    is_figure = duty.origin is Origin.CORRECTION
    holder = (
        owners.on_staff(db, to_id)
        if is_figure
        else stand_ins.stand_in_for(db, to_id, clock.local(now).date())
    )
    if holder is None or holder == duty.holder_id:
        raise InvalidInput({"to": _("Vælg en anden, der kan svare.")})
    duty.desk = Desk.ADMINISTRATION if is_figure else Desk.POLITICIAN
    duty.holder_id, duty.by_office = holder, False
    duty.returns_to_id = None
    machine.turn(duty, DutyState.OWED)
    reason = html.one_line(reason)[:LONGEST_REASON]
    machine.note(db, actor, duty, EventKind.HANDED_ON, now=now, reason=reason or None)


def ask_for_facts(
    db: Session,
    actor: Actor,
    duty: Duty,
    *,
    reason: str,
    until: date,
    numbers: promise.Numbers,
    now: datetime,
) -> None:
    """Asks the administration for facts; the clock stands until they are due.

    After that day it lies with the politician again, with or without them.
    Raises: as `pause`.
    """
    if duty.desk is not Desk.POLITICIAN:
        raise TooLate(_("Spørgsmålet ligger allerede hos forvaltningen."))
    owner = owners.administration_for(db, duty.committee_id)
    if owner is None:
        raise InvalidInput({"until": _("Der er ingen i forvaltningen at spørge endnu.")})
    asked_by = duty.holder_id
    pause(
        db,
        actor,
        duty,
        cause=PauseCause.FACTS,
        reason=reason,
        until=until,
        numbers=numbers,
        now=now,
    )
    duty.holder_id, duty.desk, duty.returns_to_id = owner.holder_id, owner.desk, asked_by
    machine.note(db, actor, duty, EventKind.FACTS_ASKED, now=now, reason=duty.pause_reason)


def give_back(db: Session, actor: Actor, duty: Duty, *, now: datetime) -> None:
    """Brings it back to the politician who asked for facts, or to whoever follows him.

    Raises: TooLate when nobody asked.
    """
    machine.demand_open(duty)
    if duty.returns_to_id is None:
        raise TooLate(_("Spørgsmålet ligger ikke hos forvaltningen."))
    owner = owners.politician_for(
        db,
        asked_id=duty.returns_to_id,
        committee_id=duty.committee_id,
        day=clock.local(now).date(),
    )
    duty.returns_to_id = None
    if owner is not None:
        duty.holder_id, duty.desk, duty.by_office = owner.holder_id, owner.desk, owner.by_office
    duty.pause_until = min(duty.pause_until or date.max, clock.local(now).date())
    machine.note(db, actor, duty, EventKind.FACTS_GIVEN, now=now)


def pause(
    db: Session,
    actor: Actor,
    duty: Duty,
    *,
    cause: PauseCause,
    reason: str,
    until: date,
    numbers: promise.Numbers,
    now: datetime,
) -> None:
    """Stops the clock to the end of `until`: the deadline moves on by as many working days.

    Raises: TooLate over the deadline; InvalidInput (until, reason).
    """
    demand_holder(actor, duty)
    demand_here(duty)
    machine.demand_open(duty)
    today = clock.local(now).date()
    if promise.is_late(duty.due_at, now):
        raise TooLate(_("Fristen er gået, så uret kan ikke stilles i stå længere."))
    reason = checked_reason(reason)
    recesses = queries.recess_days(db)
    start = max(today, duty.pause_until or today)  # a pause that goes on counts once
    days = workdays.working_days_between(start, until, recesses)
    if days < 1:
        raise InvalidInput({"until": _("Vælg en arbejdsdag efter i dag.")})
    left = numbers.pause_working_days - duty.paused_days
    if days > left:
        raise InvalidInput(
            {"until": _("Uret kan højst stå stille %(n)s arbejdsdage endnu.", n=max(0, left))}
        )
    duty.pause_cause, duty.pause_reason, duty.pause_until = cause, reason, until
    duty.paused_days += days
    machine.move_deadline(duty, promise.moved_on(duty.due_at, days, recesses))
    machine.note(db, actor, duty, EventKind.PAUSED, now=now, reason=reason)


def postpone(
    db: Session, actor: Actor, duty: Duty, *, day: date, reason: str, now: datetime
) -> None:
    """Moves the deadline to a later day, with a public reason. Never the holder's own doing.

    A day off becomes the first working day after it.
    Raises: NotAllowed, TooLate over the deadline; InvalidInput (day, reason).
    """
    demand(actor, Action.SET_UP)
    machine.demand_open(duty)
    if promise.is_late(duty.due_at, now):
        raise TooLate(_("Fristen er gået. Den kan kun flyttes, før den er gået."))
    due_at = promise.due_on(day, queries.recess_days(db))
    reason = checked_reason(reason)
    if not machine.move_deadline(duty, due_at):
        raise InvalidInput({"day": _("Fristen kan kun flyttes til en senere dag.")})
    machine.note(db, actor, duty, EventKind.POSTPONED, now=now, reason=reason)


def demand_holder(actor: Actor, duty: Duty) -> None:
    """Nothing, for the one who owes it. Raises: NotFound."""
    if actor.id is None or actor.id != duty.holder_id:
        raise NotFound("duty")


def demand_here(duty: Duty) -> None:
    """Nothing, unless the administration has it only to find facts. Raises: TooLate."""
    if duty.returns_to_id is not None:
        raise TooLate(_("Spørgsmålet ligger hos forvaltningen, til tallene er fundet."))


def may_answer(duty: Duty, user_id: int | None) -> bool:
    """Whether the person owes this very answer, also while facts are being found for him."""
    return user_id is not None and user_id in (duty.holder_id, duty.returns_to_id)


def checked_reason(words: str) -> str:
    """The reason on one line. Raises: InvalidInput (reason)."""
    reason = html.one_line(words)
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise InvalidInput(
            {"reason": _("Skriv en grund på mellem 10 og 500 tegn. Alle kan læse den.")}
        )
    return reason


def is_promise(duty: Duty) -> bool:
    """Whether what is owed is what a politician promised himself."""
    return duty.origin is Origin.PROMISE
