"""The ladder: who is told when the time runs out. Each step tells once."""

from datetime import datetime

from sqlalchemy.orm import Session

from dialog.core import clock
from dialog.duties import machine
from dialog.duties.models import Duty, EventKind, Step
from dialog.people import office_queries as offices
from dialog.people import stand_ins
from dialog.permissions import SYSTEM, Role
from dialog.rules import promise
from dialog.rules.workdays import Periods

_KINDS = {
    Step.REMINDED: EventKind.REMINDED,
    Step.OVERDUE: EventKind.OVERDUE,
    Step.ESCALATED: EventKind.ESCALATED,
}


def step_due(duty: Duty, numbers: promise.Numbers, recesses: Periods, now: datetime) -> Step | None:
    """The step that has to be told now, or None. One that was missed is not told afterwards."""
    if not duty.is_open:
        return None
    step = promise.step_due(duty.opened_at, duty.due_at, now, numbers, recesses)
    return step if step > duty.step else None


def climb(db: Session, duty: Duty, step: Step, *, now: datetime) -> list[int]:
    """Who is to be told of this step; noted in the same transaction, so that nobody is twice."""
    duty.step = int(step)
    if step is Step.ESCALATED:
        duty.escalated_at = now
    machine.note(db, SYSTEM, duty, _KINDS[step], now=now)
    return listeners(db, duty, step, now)


def listeners(db: Session, duty: Duty, step: Step, now: datetime) -> list[int]:
    """The holder and the secretaries; then the chair of the committee; then the mayor."""
    if step is Step.REMINDED:
        return list(dict.fromkeys((duty.holder_id, *stand_ins.with_role(db, Role.SECRETARY))))
    chair = offices.chair_of(db, duty.committee_id) if duty.committee_id else None
    mayor = stand_ins.mayor(db)
    first = chair if step is Step.OVERDUE else mayor
    told = next((one for one in (first, mayor, chair) if one is not None), duty.holder_id)
    here = stand_ins.stand_in_for(db, told, clock.local(now).date())
    return [here or duty.holder_id]
