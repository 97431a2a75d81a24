"""What a politician commits himself to in an answer. It runs by the same clock."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.core import clock, html
from dialog.core.errors import AlreadyDone, InvalidInput
from dialog.duties import commands, handling, machine, queries
from dialog.duties.models import DeclineCode, Duty, DutyState, EventKind, Origin, PromiseKind
from dialog.duties.owners import Owner
from dialog.permissions import Actor
from dialog.rules import promise

LONGEST_TEXT = 500  # signs
FARTHEST = 2  # years


@dataclass(frozen=True, kw_only=True)
class Pledge:
    """What is promised, and by which day; who only stands by what is proposed needs no day."""

    kind: PromiseKind
    text: str
    day: date | None = None


def checked(db: Session, pledge: Pledge, now: datetime) -> tuple[str, datetime]:
    """The text, and when it is due: at the end of that day or of the next working day.

    Raises: InvalidInput (promise_text, promise_day).
    """
    text, today = html.one_line(pledge.text), clock.local(now).date()
    if not text or len(text) > LONGEST_TEXT:
        raise InvalidInput({"promise_text": _("Skriv på højst 500 tegn, hvad du lover.")})
    if pledge.day is None and pledge.kind is PromiseKind.STANDING_BY:
        return text, promise.due_on(today)
    if pledge.day is None or not today < pledge.day:
        raise InvalidInput({"promise_day": _("Vælg en dag efter i dag.")})
    if pledge.day.year > today.year + FARTHEST:
        raise InvalidInput({"promise_day": _("Vælg en dag inden for de næste to år.")})
    return text, promise.due_on(pledge.day, queries.recess_days(db))


def open_promise(
    db: Session,
    actor: Actor,
    *,
    answer_id: int,
    consultation_id: int,
    owner: Owner,
    pledge: Pledge,
    now: datetime,
) -> Duty:
    """The duty to do what the answer says. Standing by something is done by saying it.

    Raises: AlreadyDone for a second promise in the same answer; InvalidInput.
    """
    text, due_at = checked(db, pledge, now)
    if queries.locked_duty(db, answer_id) is not None:
        raise AlreadyDone(_("Svaret har allerede et løfte."))
    duty = commands.open_duty(
        db,
        actor,
        question_id=answer_id,
        consultation_id=consultation_id,
        owner=owner,
        due_at=due_at,
        origin=Origin.PROMISE,
        now=now,
    )
    duty.promise_kind, duty.promise_text = pledge.kind, text
    if pledge.day is None:
        keep(db, actor, duty, post_id=answer_id, now=now)
    return duty


def keep(db: Session, actor: Actor, duty: Duty, *, post_id: int, now: datetime) -> None:
    """Notes that this post says what came of it. Raises: NotFound, TooLate."""
    handling.demand_holder(actor, duty)
    machine.demand_open(duty)
    machine.turn(duty, DutyState.ANSWERED)
    duty.answered_at, duty.answered_by, duty.answer_id = now, actor.id, post_id
    machine.note(db, actor, duty, EventKind.ANSWERED, now=now)


def give_up(db: Session, actor: Actor, duty: Duty, *, reason: str, now: datetime) -> None:
    """Notes that it cannot be kept, and why. It stays where it was made, with the reason.

    Raises: NotFound, TooLate, InvalidInput (reason).
    """
    handling.demand_holder(actor, duty)
    machine.demand_open(duty)
    reason = handling.checked_reason(reason)
    machine.turn(duty, DutyState.DECLINED)
    duty.declined_at, duty.decline_code, duty.decline_reason = now, DeclineCode.OTHER, reason
    machine.note(db, actor, duty, EventKind.DECLINED, now=now, reason=reason)
