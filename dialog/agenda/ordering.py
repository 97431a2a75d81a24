"""The order of an agenda: one place up or down, or before the rest."""

from datetime import datetime

from sqlalchemy.orm import Session

from dialog.agenda import changing, queries
from dialog.agenda.models import AgendaItem, ChosenBy
from dialog.debates.models import AtMeeting
from dialog.permissions import Actor


def move(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    item_id: int,
    step: int,
    version: int | None = None,
    now: datetime,
) -> AgendaItem:
    """The point, one place further up (step −1) or down (step 1); at the end it stays.

    Raises: NotFound, TooLate, AlreadyDone for a stale page.
    """
    changing.to_plan(db, actor, meeting_id, now)
    item = changing.planned(db, meeting_id, item_id, version)
    order = queries.items(db, meeting_id)
    at = next(number for number, one in enumerate(order) if one.id == item.id)
    if not 0 <= at + step < len(order):
        return item
    other = order[at + step]
    item.position, other.position = other.position, item.position
    item.version += 1
    other.version += 1
    changing.record(db, actor, "agenda_item_moved", item, now)
    return item


def put_before_the_rest(db: Session, item: AgendaItem) -> None:
    """Moves an overdue question before every other question, behind those overdue before it."""
    rest = [one for one in queries.items(db, item.meeting_id) if one.id != item.id]
    others = [
        at
        for at, one in enumerate(rest)
        if one.question_id is not None
        and one.state is AtMeeting.PLANNED
        and one.chosen_by is not ChosenBy.OVERDUE
    ]
    rest.insert(others[0] if others else len(rest), item)
    for position, one in enumerate(rest, start=1):
        if one.position != position:
            one.position = position
            one.version += 1
    db.flush()
