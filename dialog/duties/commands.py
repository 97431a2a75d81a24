"""Opening and fulfilling answer duties. Called by the debate; owns no page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.duties import queries
from dialog.duties.models import Duty, DutyState
from dialog.permissions import Actor
from dialog.rules import promise


def open_duty(
    db: Session,
    actor: Actor,
    *,
    question_id: int,
    consultation_id: int,
    holder_id: int,
    working_days: int,
    now: datetime,
) -> Duty:
    """The new duty of `holder_id` to answer within `working_days`."""
    due_at = promise.answer_due_at(now, working_days)
    duty = Duty(
        question_id=question_id,
        consultation_id=consultation_id,
        holder_id=holder_id,
        opened_at=now,
        due_at=due_at,
    )
    db.add(duty)
    db.flush()
    audit.append(db, actor, "duty_opened", ("duties", duty.id), now=now)
    return duty


def fulfil_duty(
    db: Session, actor: Actor, *, question_id: int, answer_id: int, now: datetime
) -> Duty | None:
    """The duty, now answered, or None if nothing was owed any more."""
    duty = queries.duty_of(db, question_id)
    if duty is None or duty.answered_at or duty.closed_reason:
        return None
    duty.answered_at, duty.answered_by, duty.answer_id = now, actor.id, answer_id
    duty.state = DutyState.ANSWERED
    audit.append(db, actor, "duty_fulfilled", ("duties", duty.id), now=now)
    return duty


@dataclass(frozen=True)
class StandingAnswer:
    """An answer that can be read under its question."""

    id: int
    author_id: int | None
    given_at: datetime


def settle_duty(
    db: Session,
    actor: Actor,
    *,
    question_id: int,
    answer: StandingAnswer | None,
    gone: str | None,
    now: datetime,
) -> Duty | None:
    """The duty as it now stands, or None if the question never opened one.

    Answered while an answer stands; closed while the question itself is gone (`gone` says how);
    else owed, by its old deadline: what is taken back is no answer.
    """
    duty = queries.duty_of(db, question_id)
    if duty is None:
        return None
    before = (duty.answer_id, duty.closed_reason)
    duty.answered_at = answer.given_at if answer else None
    duty.answered_by = answer.author_id if answer else None
    duty.answer_id = answer.id if answer else None
    duty.closed_reason = None if answer else gone
    duty.state = DutyState.ANSWERED if answer else DutyState.CLOSED if gone else DutyState.OWED
    if before != (duty.answer_id, duty.closed_reason):
        state = "answered" if answer else "closed" if gone else "owed"
        audit.append(db, actor, f"duty_{state}", ("duties", duty.id), now=now, reason=gone)
    return duty
