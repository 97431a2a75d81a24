"""The three ways in which a duty changes: its state, its deadline, and its public history."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core.errors import NotFound, TooLate
from dialog.duties import queries
from dialog.duties.models import Duty, DutyEvent, DutyState, EventKind, Step
from dialog.permissions import Actor
from dialog.rules import promise


def access(db: Session, question_id: int) -> Duty:
    """The duty of this post, locked until the commit. Raises: NotFound."""
    duty = queries.locked_duty(db, question_id)
    if duty is None:
        raise NotFound("duty")
    return duty


def demand_open(duty: Duty) -> None:
    """Nothing, while somebody still has to do something. Raises: TooLate."""
    if not duty.is_open:
        raise TooLate(_("Her skyldes der ikke længere et svar. Hent siden igen, og se hvorfor."))


def turn(duty: Duty, state: DutyState) -> None:
    """Brings the duty into another state. Raises: TooLate where there is no way."""
    if state is duty.state:
        return
    if not promise.may_move(duty.state, state):
        raise TooLate(_("Spørgsmålet er kommet videre imens. Hent siden igen."))
    duty.state = state


def move_deadline(duty: Duty, due_at: datetime) -> bool:
    """Whether the deadline moved: only ever forward, and the ladder begins anew with it.

    The caller notes why; every note carries the deadline that holds after it.
    """
    if due_at <= duty.due_at:
        return False
    duty.due_at = due_at
    duty.step, duty.escalated_at = int(Step.NONE), None
    return True


def note(
    db: Session,
    actor: Actor,
    duty: Duty,
    kind: EventKind,
    *,
    now: datetime,
    reason: str | None = None,
) -> DutyEvent:
    """The new line of the duty's public history; the same goes into the chain."""
    event = DutyEvent(
        duty_id=duty.id,
        kind=kind,
        at=now,
        actor_id=actor.id,
        holder_id=duty.holder_id,
        due_at=duty.due_at,
        reason=reason,
    )
    db.add(event)
    db.flush()
    audit.append(db, actor, f"duty_{kind}", ("duties", duty.id), now=now, reason=reason)
    return event
