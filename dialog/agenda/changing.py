"""What every change of a point needs: that it stands as it was shown, its state, its trace."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda import live, queries
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.models import AgendaItem
from dialog.audit import commands as audit
from dialog.core.errors import AlreadyDone, TooLate
from dialog.debates import at_meeting
from dialog.debates.models import AtMeeting
from dialog.meetings.models import Meeting
from dialog.permissions import Actor

UNDONE = frozenset({AtMeeting.PLANNED, AtMeeting.NOW})  # not yet answered, nor passed over


def demand_held(meeting: Meeting) -> None:
    """Nothing, unless the meeting was called off. Raises: TooLate."""
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst, så det har ingen dagsorden."))


def current(db: Session, meeting_id: int, item_id: int, version: int | None) -> AgendaItem:
    """The point, if nobody has changed it since it was shown. Raises: NotFound, AlreadyDone."""
    item = queries.item_of(db, meeting_id, item_id)
    if version is not None and version != item.version:
        raise AlreadyDone(_("En anden har ændret dagsordenen imens. Se den igen, og prøv så."))
    return item


def to_plan(db: Session, actor: Actor, meeting_id: int, now: datetime) -> Meeting:
    """The meeting, if its agenda can still be changed by this person.

    Raises: NotFound, TooLate.
    """
    meeting = queries.access_to_run(db, actor, meeting_id, to_change=True)
    demand_held(meeting)
    if meeting.ends_at <= now:
        raise TooLate(_("Mødet er holdt, så dagsordenen ligger fast."))
    return meeting


def planned(db: Session, meeting_id: int, item_id: int, version: int | None) -> AgendaItem:
    """The same, as long as the hall has not come to it. Raises: also TooLate."""
    item = current(db, meeting_id, item_id, version)
    if item.state is not AtMeeting.PLANNED:
        raise TooLate(_("Punktet er i gang eller afsluttet, så det ligger fast."))
    return item


def set_state(db: Session, item: AgendaItem, state: AtMeeting) -> None:
    """Brings the point into this state, and its question in the thread as well."""
    item.state = state
    item.version += 1
    if item.question_id is not None:
        at_meeting.tell_in_thread(db, item.question_id, meeting_id=item.meeting_id, state=state)


def record(
    db: Session,
    actor: Actor,
    action: str,
    item: AgendaItem,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Notes the change in the chain, and lets every page of the meeting know."""
    db.flush()
    audit.append(db, actor, action, ("agenda_items", item.id), now=now, reason=reason)
    hall_queries.turn(db, item.meeting_id)
    live.announce_changed(db, item.meeting_id)
