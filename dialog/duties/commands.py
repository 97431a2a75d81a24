"""Opening, fulfilling and settling what is owed. Called by the debate, which shows and tells it.

A duty changes under a lock and never leaves a state without a way on. Questions that are
answered together have one head; the others follow it wherever it goes.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dialog.consultations import queries as consultations
from dialog.duties import machine, queries
from dialog.duties.models import Desk, Duty, DutyState, EventKind, Origin
from dialog.duties.owners import Owner
from dialog.permissions import Actor
from dialog.rules import promise

_GIVEN = (DutyState.ANSWERED, DutyState.ACCEPTED)


@dataclass(frozen=True)
class StandingAnswer:
    """An answer that can be read."""

    id: int
    author_id: int | None
    given_at: datetime


def open_duty(
    db: Session,
    actor: Actor,
    *,
    question_id: int,
    consultation_id: int,
    owner: Owner,
    due_at: datetime,
    origin: Origin = Origin.ADDRESSED,
    state: DutyState = DutyState.OWED,
    now: datetime,
) -> Duty:
    """The new duty of `owner`, in triage or owed at once."""
    duty = Duty(
        question_id=question_id,
        consultation_id=consultation_id,
        origin=origin,
        state=state,
        desk=owner.desk,
        holder_id=owner.holder_id,
        committee_id=owner.committee_id,
        by_office=owner.by_office,
        opened_at=now,
        due_at=due_at,
    )
    db.add(duty)
    db.flush()
    machine.note(db, actor, duty, EventKind.OPENED, now=now)
    return duty


def fulfil_duty(
    db: Session, actor: Actor, *, question_id: int, answer_id: int, now: datetime
) -> list[Duty]:
    """The duties that this answer settles: the question's and those of its duplicates.

    Empty if nothing was owed any more.
    """
    duty = queries.locked_duty(db, question_id)
    if duty is None or duty.state in (*_GIVEN, DutyState.CLOSED):
        return []
    group = queries.locked_group(db, duty)
    duty.merged_into_id = None  # answered by itself, a merged one needs no other
    _give(duty, StandingAnswer(answer_id, actor.id, now))
    machine.note(db, actor, duty, EventKind.ANSWERED, now=now)
    return [duty, *_follow(db, actor, duty, group, now)]


def settle_duty(
    db: Session,
    actor: Actor,
    *,
    question_id: int,
    answer: StandingAnswer | None,
    gone: str | None,
    now: datetime,
) -> list[Duty]:
    """The duty as it now stands and the others that went with it; empty if there is none.

    Answered while an answer stands; closed while the question itself is gone (`gone` says how);
    else owed, by its old deadline: what is taken back is no answer.
    """
    duty = queries.locked_duty(db, question_id)
    if duty is None:
        return []
    group = queries.locked_group(db, duty)
    before = (duty.answer_id, duty.closed_reason, duty.state)
    if answer is not None and duty.answer_id != answer.id:
        _give(duty, answer)
    elif answer is None and duty.origin is not Origin.PROMISE:
        _forget_answer(duty)
    duty.closed_reason = gone if answer is None else None
    state = DutyState.CLOSED if duty.closed_reason else _resting(db, duty)
    machine.turn(duty, state)
    if before != (duty.answer_id, duty.closed_reason, duty.state):
        machine.note(db, actor, duty, _what_happened(duty, before[2]), now=now, reason=gone)
    return [duty, *_follow(db, actor, duty, group, now)]


def lose_answer(db: Session, actor: Actor, *, post_id: int, now: datetime) -> list[Duty]:
    """The duties that were done because of a post that can no longer be read: owed again.

    Whoever had pointed at someone else's answer gets the short clock for one of his own.
    """
    lost = queries.locked_relying_on(db, post_id)
    for duty in lost:
        if duty.state is DutyState.DECLINED:
            machine.move_deadline(duty, _short_clock(db, duty, now))
        _forget_answer(duty)
        forget_decline(duty)
        duty.merged_into_id = None
        if duty.closed_reason is None:
            machine.turn(duty, DutyState.OWED)
            machine.note(db, actor, duty, EventKind.TAKEN_BACK, now=now)
    return lost


def follow_head(db: Session, actor: Actor, head: Duty, now: datetime) -> list[Duty]:
    """The duties that are answered together with `head`, brought to where it is now."""
    return _follow(db, actor, head, queries.locked_group(db, head), now)


def forget_decline(duty: Duty) -> None:
    """Takes back that it was declined."""
    duty.declined_at = duty.decline_code = duty.decline_reason = duty.see_answer_id = None


def _short_clock(db: Session, duty: Duty, now: datetime) -> datetime:
    numbers = consultations.promise_numbers(db, duty.consultation_id)
    days, recesses = numbers.contested_working_days, queries.recess_days(db)
    return promise.answer_due_at(now, days, recesses)


def _give(duty: Duty, answer: StandingAnswer) -> None:
    duty.answered_at, duty.answered_by = answer.given_at, answer.author_id
    duty.answer_id = answer.id
    duty.accepted_at = None
    forget_decline(duty)
    duty.desk = Desk.POLITICIAN if duty.returns_to_id else duty.desk
    duty.holder_id = duty.returns_to_id or duty.holder_id
    duty.returns_to_id = None
    machine.turn(duty, DutyState.ANSWERED)


def _forget_answer(duty: Duty) -> None:
    duty.answered_at = duty.answered_by = duty.answer_id = duty.accepted_at = None


def _resting(db: Session, duty: Duty) -> DutyState:
    """The state of a duty whose question can be read."""
    if duty.answered_at is not None:
        return DutyState.ACCEPTED if duty.accepted_at else DutyState.ANSWERED
    if duty.decline_code is not None:
        return DutyState.DECLINED
    head = queries.duty_by_id(db, duty.merged_into_id) if duty.merged_into_id else None
    if head is not None and head.is_open:
        return DutyState.MERGED
    duty.merged_into_id = None
    return duty.state if duty.is_open else DutyState.OWED


def _what_happened(duty: Duty, before: DutyState) -> EventKind:
    if duty.state in _GIVEN:
        return EventKind.ANSWERED
    if duty.state is DutyState.CLOSED:
        return EventKind.CLOSED
    return EventKind.TAKEN_BACK if before in _GIVEN else EventKind.REOPENED


def _follow(db: Session, actor: Actor, head: Duty, group: list[Duty], now: datetime) -> list[Duty]:
    """Those of the group that changed with their head."""
    members = [one for one in group if one.state is not DutyState.CLOSED]
    if head.state is DutyState.CLOSED:
        return _stand_in(db, actor, head, members, now)
    return [one for one in members if _copied(db, actor, head, one, now)]


def _copied(db: Session, actor: Actor, head: Duty, one: Duty, now: datetime) -> bool:
    before = (one.state, one.answer_id)
    if head.answer_id is not None and head.answered_at is not None:
        if one.answer_id != head.answer_id:
            _give(one, StandingAnswer(head.answer_id, head.answered_by, head.answered_at))
    elif head.state is DutyState.DECLINED:
        _forget_answer(one)
        one.declined_at, one.decline_code = head.declined_at, head.decline_code
        one.decline_reason, one.see_answer_id = head.decline_reason, head.see_answer_id
        machine.turn(one, DutyState.DECLINED)
    else:
        _forget_answer(one)
        forget_decline(one)
        machine.turn(one, DutyState.MERGED)
    if before == (one.state, one.answer_id):
        return False
    kind = {
        DutyState.ANSWERED: EventKind.ANSWERED,
        DutyState.DECLINED: EventKind.DECLINED,
    }.get(one.state, EventKind.TAKEN_BACK)
    machine.note(db, actor, one, kind, now=now, reason=one.decline_reason)
    return True


def _stand_in(
    db: Session, actor: Actor, head: Duty, members: list[Duty], now: datetime
) -> list[Duty]:
    """The members of a group whose head is gone: the oldest waiting one takes its place."""
    waiting = [one for one in members if one.state is DutyState.MERGED]
    if not waiting:
        return []
    first, *others = waiting
    first.merged_into_id = None
    machine.turn(first, DutyState.OWED)
    machine.move_deadline(first, head.due_at)
    machine.note(db, actor, first, EventKind.SPLIT, now=now)
    for one in others:
        one.merged_into_id = first.id
    return [first]
