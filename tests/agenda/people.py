"""What the tests of the agenda have in common."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from dialog.agenda import choosing, commands
from dialog.agenda.models import AgendaItem, SelectionRule
from dialog.consultations.models import Consultation
from dialog.debates.models import Post, Thread
from dialog.duties.models import Duty, Support
from dialog.duties.queries import duty_of
from dialog.meetings.models import Meeting
from dialog.people.models import User
from tests import make
from tests.make import NOW

AFTER = NOW + timedelta(days=8)  # the meeting is over by then


def meeting_of(db: Session, thread: Thread) -> Meeting:
    """The meeting that takes the thread up."""
    return db.get_one(Meeting, thread.meeting_id)


def dialogue_of(db: Session, thread: Thread) -> Consultation:
    """The dialogue that the thread is part of."""
    return db.get_one(Consultation, thread.consultation_id)


def put_on(db: Session, meeting: Meeting, question: Post, **more: Any) -> AgendaItem:
    """The question on the agenda, put there past the selection rule."""
    given: dict[str, Any] = {"meeting_id": meeting.id, "question_id": question.id, "now": NOW}
    return commands.put_question_on(db, make.make_chief(db), **(given | more))


def publish(db: Session, meeting: Meeting, **changes: Any) -> SelectionRule:
    """The rule: two by support a day before the meeting, one by the chair."""
    content: dict[str, Any] = {
        "by_support": 2,
        "by_chair": 1,
        "selects_at": meeting.starts_at - timedelta(days=1),
    }
    more: dict[str, Any] = {"now": NOW}
    more |= {name: changes.pop(name) for name in ("reason", "number", "now") if name in changes}
    return choosing.publish_rule(
        db,
        make.make_chief(db),
        meeting_id=meeting.id,
        content=choosing.RuleContent(**(content | changes)),
        **more,
    )


def support(db: Session, question: Post, behind: int, *, verified: bool = True) -> None:
    """Puts so many residents behind the question."""
    for number in range(behind):
        name = f"{'Vera' if verified else 'Ulla'} {chr(ord('A') + number)}sen"
        citizen = make.make_citizen(db, name)
        db.get_one(User, citizen.id).verified_at = NOW if verified else None
        db.add(Support(post_id=question.id, user_id=citizen.id, created_at=NOW))
    db.flush()


def escalate(db: Session, question: Post, at: datetime = NOW) -> Duty:
    """The duty of the question, at the top of the ladder."""
    duty = duty_of(db, question.id)
    assert duty is not None
    duty.escalated_at = at
    db.flush()
    return duty
