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
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst, så det har ingen dagsorden."))


def current(db: Session, meeting_id: int, item_id: int, version: int | None) -> AgendaItem:
    item = queries.item_of(db, meeting_id, item_id)
    if version is not None and version != item.version:
        raise AlreadyDone(_("En anden har ændret dagsordenen imens. Se den igen, og prøv så."))
    return item


def set_state(db: Session, item: AgendaItem, state: AtMeeting) -> None:
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
    db.flush()
    audit.append(db, actor, action, ("agenda_items", item.id), now=now, reason=reason)
    hall_queries.turn(db, item.meeting_id)
    live.announce_changed(db, item.meeting_id)
