"""Taking up the points of an agenda on the evening itself, one after the other."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from dialog.agenda import changing, queries
from dialog.agenda.models import AgendaItem
from dialog.debates import oral, owing
from dialog.debates.models import AtMeeting
from dialog.permissions import Actor


def start_item(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    item_id: int,
    version: int | None = None,
    now: datetime,
) -> AgendaItem:
    """The point that the hall is at from now on; the one before it goes back to being planned.

    Raises: NotFound, TooLate, AlreadyDone for a stale page.
    """
    meeting = queries.access_to_run(db, actor, meeting_id, to_change=True)
    changing.demand_held(meeting)
    item = changing.current(db, meeting_id, item_id, version)
    before = queries.running(db, meeting_id)
    lock_threads(db, [item, before] if before else [item])
    if before is not None and before.id != item.id:
        changing.set_state(db, before, AtMeeting.PLANNED)
        before.ended_at = now
    item.started_at, item.ended_at = item.started_at or now, None
    changing.set_state(db, item, AtMeeting.NOW)
    changing.record(db, actor, "agenda_item_started", item, now)
    return item


def finish_item(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    item_id: int,
    state: AtMeeting = AtMeeting.ANSWERED,
    version: int | None = None,
    now: datetime,
) -> AgendaItem:
    """The point, which the hall is done with: answered, or not reached.

    Raises: NotFound, TooLate, AlreadyDone for a stale page.
    """
    meeting = queries.access_to_run(db, actor, meeting_id, to_change=True)
    changing.demand_held(meeting)
    item = changing.current(db, meeting_id, item_id, version)
    item.ended_at = now
    changing.set_state(db, item, state)
    _owe_online(db, actor, item, now)
    changing.record(db, actor, f"agenda_item_{state}", item, now)
    return item


def close_agenda(db: Session, actor: Actor, *, meeting_id: int, now: datetime) -> list[AgendaItem]:
    """The points that were not reached. Called when the meeting is over; twice does no harm.

    Raises: NotFound.
    """
    queries.access_to_run(db, actor, meeting_id, to_change=True)
    left = [one for one in queries.items(db, meeting_id) if one.state in changing.UNDONE]
    lock_threads(db, left)
    for item in left:
        was_at_it = item.state is AtMeeting.NOW and item.question_id is None
        item.ended_at = now if item.state is AtMeeting.NOW else item.ended_at
        changing.set_state(db, item, AtMeeting.ANSWERED if was_at_it else AtMeeting.NOT_REACHED)
        _owe_online(db, actor, item, now)
        changing.record(db, actor, f"agenda_item_{item.state}", item, now)
    return [item for item in left if item.state is AtMeeting.NOT_REACHED]


def lock_threads(db: Session, items: Iterable[AgendaItem | None]) -> None:
    """Has the threads of these points wait, all at once: the first change goes into the chain."""
    owing.lock(db, *(one.question_id for one in items if one and one.question_id))


def _owe_online(db: Session, actor: Actor, item: AgendaItem, now: datetime) -> None:
    """What the meeting did not answer is owed in its thread, if nobody owed it yet."""
    if item.question_id is not None and item.state is AtMeeting.NOT_REACHED:
        oral.owe_after_meeting(db, actor, question_id=item.question_id, now=now)
