"""Who runs a meeting, and which politicians sit on its panel."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.audit import commands as audit
from dialog.core.errors import InvalidInput
from dialog.meetings import queries
from dialog.meetings.models import Meeting, MeetingStaff, Panelist, StaffPart
from dialog.people import queries as people
from dialog.permissions import Action, Actor, Role


def name_staff(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    chairs: Sequence[int] = (),
    note_takers: Sequence[int] = (),
    panel: Sequence[int] = (),
    now: datetime,
) -> Meeting:
    """The meeting with these people and no others, by the numbers of their accounts.

    Raises: NotFound, InvalidInput (chairs, note_takers, panel) for one who cannot be it.
    """
    permissions.demand(actor, Action.SET_UP)
    meeting = queries.access_meeting(db, actor, meeting_id)
    _check(db, chairs, note_takers, panel)
    for table in (MeetingStaff, Panelist):
        db.execute(delete(table).where(table.meeting_id == meeting.id))
    parts = {StaffPart.CHAIR: chairs, StaffPart.NOTE_TAKER: note_takers}
    for part, chosen in parts.items():
        for user_id in dict.fromkeys(chosen):
            db.add(MeetingStaff(meeting_id=meeting.id, user_id=user_id, part=part))
    for position, user_id in enumerate(dict.fromkeys(panel)):
        db.add(Panelist(meeting_id=meeting.id, user_id=user_id, position=position))
    db.flush()
    told = f"{sorted(chairs)} {sorted(note_takers)} {list(panel)}"
    audit.append(db, actor, "meeting_staffed", ("meetings", meeting.id), now=now, content=told)
    return meeting


def _check(
    db: Session, chairs: Sequence[int], note_takers: Sequence[int], panel: Sequence[int]
) -> None:
    users = people.users_by_id(db, {*chairs, *note_takers, *panel})
    wrong = {}
    for field, chosen in (("chairs", chairs), ("note_takers", note_takers)):
        if not users.keys() >= set(chosen):
            wrong[field] = _("En af dem har ingen konto. Vælg igen.")
    if any(users[one].role is not Role.POLITICIAN for one in panel if one in users):
        wrong["panel"] = _("I panelet sidder politikerne. Vælg blandt dem.")
    elif not users.keys() >= set(panel):
        wrong["panel"] = _("En af dem har ingen konto. Vælg igen.")
    if wrong:
        raise InvalidInput(wrong)
