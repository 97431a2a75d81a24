"""The council's recess in the debate: the deadlines that it moves stand in the threads at once."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from dialog.debates import owing
from dialog.duties import queries as duties
from dialog.duties import recesses
from dialog.duties.models import Recess
from dialog.permissions import Action, Actor, demand


def publish_recess(
    db: Session, actor: Actor, *, name: str, first_day: date, last_day: date, now: datetime
) -> Recess:
    """The new recess. What would fall due in it or after it has moved on, for everyone to see.

    Raises: NotAllowed; InvalidInput (name, first_day, last_day).
    """
    demand(actor, Action.SET_UP)
    owing.lock(db, *(duty.question_id for duty in duties.open_duties(db)))
    before = {duty.id: duty.due_at for duty in duties.locked_open_duties(db)}
    recess = recesses.add_recess(
        db, actor, name=name, first_day=first_day, last_day=last_day, now=now
    )
    owing.show(db, actor, [one for one in duties.open_duties(db) if one.due_at != before[one.id]])
    return recess
