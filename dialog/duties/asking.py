"""What the one who asked says to the answer."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from dialog.core.errors import AlreadyDone, TooLate
from dialog.duties import commands, handling, machine, queries
from dialog.duties.models import DeclineCode, Duty, DutyEvent, DutyState, EventKind
from dialog.permissions import Actor
from dialog.rules import promise


def accept(db: Session, actor: Actor, duty: Duty, *, now: datetime) -> None:
    """Says that the answer answers. Raises: TooLate when there is none to say it of."""
    if duty.state is DutyState.ACCEPTED:
        return
    machine.turn(duty, DutyState.ACCEPTED)
    duty.accepted_at = now
    machine.note(db, actor, duty, EventKind.ACCEPTED, now=now)


def contest(
    db: Session,
    actor: Actor,
    duty: Duty,
    *,
    reason: str,
    numbers: promise.Numbers,
    now: datetime,
) -> None:
    """Says, once, that it was not answered: owed again, by a shorter clock.

    Raises: AlreadyDone the second time; TooLate where there is nothing to contest;
    InvalidInput (reason).
    """
    if duty.contested_at is not None:
        raise AlreadyDone(_("Du har allerede én gang sagt, at spørgsmålet ikke blev besvaret."))
    if not may_contest(duty):
        raise TooLate(_("Her er der ikke noget svar at sige fra over for."))
    reason = handling.checked_reason(reason)
    _leave_group(db, duty)
    duty.contested_at, duty.contest_reason = now, reason
    duty.contested_answer_id = duty.answer_id or duty.see_answer_id
    duty.answered_at = duty.answered_by = duty.answer_id = None
    commands.forget_decline(duty)
    machine.turn(duty, DutyState.OWED)
    machine.move_deadline(
        duty,
        promise.answer_due_at(now, numbers.contested_working_days, queries.recess_days(db)),
    )
    machine.note(db, actor, duty, EventKind.CONTESTED, now=now, reason=reason)


def cover_contest(db: Session, duty: Duty, *, words: str) -> None:
    """Puts a moderator's words where the asker's own stood, for everyone."""
    duty.contest_reason = words
    said = (DutyEvent.duty_id == duty.id, DutyEvent.kind == EventKind.CONTESTED)
    db.execute(update(DutyEvent).where(*said).values(reason=words))


def may_contest(duty: Duty) -> bool:
    """Whether there is an answer, or the word that one stands elsewhere, and it is the first time.

    What is no matter for the municipality or a person's own case does not become one by asking.
    """
    if duty.contested_at is not None or duty.promise_kind is not None:
        return False
    sent_elsewhere = (
        duty.state is DutyState.DECLINED and duty.decline_code is DeclineCode.ANSWERED_HERE
    )
    return duty.state is DutyState.ANSWERED or sent_elsewhere


def _leave_group(db: Session, duty: Duty) -> None:
    """The others keep their answer; this one stands alone."""
    duty.merged_into_id = None
    for one in queries.locked_group(db, duty):
        one.merged_into_id = None
