"""Cancelling a borgermøde, which rule 4 has a say in."""

from datetime import datetime

from sqlalchemy.orm import Session

from dialog import permissions
from dialog.debates import meeting_changes
from dialog.gate import queries
from dialog.meetings import commands as meetings
from dialog.meetings import queries as meeting_queries
from dialog.meetings.models import Meeting
from dialog.permissions import Action, Actor
from dialog.rules import oral


def cancel_meeting(
    db: Session, actor: Actor, *, meeting_id: int, reason: str, now: datetime
) -> Meeting:
    """The meeting, cancelled, as its threads say at once.

    The last one of an open dialogue needs rule 4 set aside in public.
    Raises: as `meetings.commands.cancel_meeting`.
    """
    permissions.demand(actor, Action.SET_UP)
    meeting = meeting_queries.access_meeting(db, actor, meeting_id)
    meeting_changes.lock(db, actor, meeting_id)
    asked = queries.override_of(db, meeting.consultation_id, oral.NAME)
    is_set_aside = asked is not None and asked.approved_by is not None
    meeting = meetings.cancel_meeting(
        db, actor, meeting_id=meeting_id, reason=reason, may_be_the_last=is_set_aside, now=now
    )
    meeting_changes.tell_in_threads(db, meeting)
    return meeting
