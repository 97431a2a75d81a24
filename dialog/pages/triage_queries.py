"""What triage looks at: new questions, the oldest first, and everything that waits."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.debates.models import Post, PostState, Thread
from dialog.duties.models import Duty, DutyState, Origin
from dialog.pages.desk_queries import CANDIDATES, Owed, public_duties
from dialog.people.models import User
from dialog.rules.promise import OPEN

PAGE = 50
_COULD_LEAD = (*OPEN, DutyState.ANSWERED, DutyState.ACCEPTED)


def in_triage(db: Session) -> list[Owed]:
    """A page, and one more, of the questions nobody has looked at, the longest wait first."""
    return _read(db, Duty.state == DutyState.TRIAGE)


def waiting(db: Session) -> list[Owed]:
    """A page, and one more, of every question that waits, the nearest deadline first."""
    return _read(db, Duty.state.in_(OPEN), Duty.due_at)


def access_waiting(db: Session, question_id: int) -> Owed:
    """The question, while it waits. Raises: NotFound."""
    wanted = _asked().where(Duty.question_id == question_id, Duty.state.in_(OPEN))
    found = db.execute(wanted).first()
    if found is None:
        raise NotFound("question")
    return Owed(*found)


def could_lead(db: Session, consultation_ids: Iterable[int]) -> list[Owed]:
    """The newest questions of these dialogues that others can be laid together with."""
    wanted = _asked().where(
        Duty.consultation_id.in_(list(consultation_ids)), Duty.state.in_(_COULD_LEAD)
    )
    return [Owed(*row) for row in db.execute(wanted.order_by(Duty.id.desc()).limit(CANDIDATES))]


def _read(db: Session, which: ColumnElement[bool], *first: Any) -> list[Owed]:
    wanted = _asked().where(which).order_by(*first, Duty.opened_at, Duty.id).limit(PAGE + 1)
    return [Owed(*row) for row in db.execute(wanted)]


def _asked() -> Select[Any]:
    return public_duties(Duty, Post, Thread, User.name).where(
        Post.state == PostState.VISIBLE, Duty.origin != Origin.PROMISE
    )
