"""Putting points on the agenda of a borgermøde, and taking them off."""

import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda import changing, queries
from dialog.agenda.models import AgendaItem, ChosenBy
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.debates import at_meeting
from dialog.debates import queries as debates
from dialog.debates.models import AtMeeting, PostState
from dialog.meetings.models import Meeting
from dialog.permissions import Actor

LONGEST_TITLE = 140
LONGEST_REASON = 500
MINUTES = 5  # for a question, unless the chair plans more
MINUTES_FOR_PROPOSAL = 15
LONGEST = 240  # minutes for one point
MOST = 300  # points: no evening has more

# Read aloud in a hall: no letter that sounds or looks like another, and no vowels for words.
_LETTERS = "BDFGHKLMNPRSTV"


def put_question_on(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    question_id: int,
    chosen_by: ChosenBy = ChosenBy.CHAIR,
    minutes: int = MINUTES,
    now: datetime,
) -> AgendaItem:
    """The point at the end of the agenda. What was taken off comes back with its old code.

    Raises: NotFound, TooLate, AlreadyDone, InvalidInput.
    """
    meeting = changing.to_plan(db, actor, meeting_id, now)
    post, page = debates.access_post(db, actor, question_id, to_change=True)
    if page.consultation.id != meeting.consultation_id or post.depth == 0:
        raise NotFound("post")
    if post.state is not PostState.VISIBLE:
        raise TooLate(_("Indlægget er ikke længere fremme, så det kan ikke tages op."))
    _demand_free(db, meeting, post.at_meeting_id, post.at_meeting)
    item = queries.earlier_item(db, meeting_id, question_id) or AgendaItem(
        meeting_id=meeting_id, question_id=question_id, code=_free_code(db, meeting_id)
    )
    _place(db, actor, item, chosen_by, minutes, now)
    at_meeting.tell_in_thread(db, question_id, meeting_id=meeting_id, state=AtMeeting.PLANNED)
    return item


def put_title_on(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    title: str,
    minutes: int = MINUTES,
    now: datetime,
) -> AgendaItem:
    """A point of the meeting's own at the end of the agenda, such as a welcome.

    Raises: NotFound, TooLate, InvalidInput.
    """
    changing.to_plan(db, actor, meeting_id, now)
    title = html.one_line(title)
    if not title or len(title) > LONGEST_TITLE:
        raise InvalidInput({"title": _("Skriv, hvad punktet hedder, med højst 140 tegn.")})
    item = AgendaItem(meeting_id=meeting_id, title=title, code=_free_code(db, meeting_id))
    _place(db, actor, item, ChosenBy.CHAIR, minutes, now)
    return item


def put_proposal_on(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    proposal_id: int,
    minutes: int = MINUTES_FOR_PROPOSAL,
    now: datetime,
) -> AgendaItem:
    """A proposal to be talked about, at the end of the agenda; taken off before, with its old code.

    Raises: NotFound, TooLate, AlreadyDone, InvalidInput (proposal_id, proposal_minutes).
    """
    meeting = changing.to_plan(db, actor, meeting_id, now)
    proposal = queries.proposal_for(db, meeting, proposal_id)
    if proposal is None:
        raise InvalidInput({"proposal_id": _("Vælg det forslag, mødet skal tale om.")})
    before = queries.earlier_proposal_item(db, meeting_id, proposal_id)
    if before is not None and before.taken_off_at is None:
        raise AlreadyDone(_("Forslaget står allerede på dagsordenen."))
    item = before or AgendaItem(
        meeting_id=meeting_id, proposal_id=proposal_id, code=_free_code(db, meeting_id)
    )
    try:
        _place(db, actor, item, ChosenBy.CHAIR, minutes, now)
    except InvalidInput as error:
        raise InvalidInput({"proposal_minutes": error.fields["minutes"]}) from error
    return item


def take_off(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    item_id: int,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> AgendaItem:
    """The point, off the agenda with a reason that everyone can read. It stays owed online.

    Raises: NotFound, TooLate, AlreadyDone for a stale page, InvalidInput.
    """
    changing.to_plan(db, actor, meeting_id, now)
    item = changing.planned(db, meeting_id, item_id, version)
    reason = html.one_line(reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInput({"reason": _("Skriv med højst 500 tegn, hvorfor punktet tages af.")})
    item.taken_off_at, item.taken_off_reason = now, reason
    item.version += 1
    if item.question_id is not None:
        at_meeting.tell_in_thread(db, item.question_id, meeting_id=None, state=None)
    changing.record(db, actor, "agenda_item_taken_off", item, now, reason=reason)
    return item


def set_minutes(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    item_id: int,
    minutes: int,
    version: int | None = None,
    now: datetime,
) -> AgendaItem:
    """The point with the minutes planned for it.

    Raises: NotFound, TooLate, AlreadyDone for a stale page, InvalidInput.
    """
    changing.to_plan(db, actor, meeting_id, now)
    item = changing.planned(db, meeting_id, item_id, version)
    item.minutes = _checked_minutes(minutes)
    item.version += 1
    changing.record(db, actor, "agenda_item_timed", item, now)
    return item


def _demand_free(
    db: Session, meeting: Meeting, at_meeting_id: int | None, state: AtMeeting | None
) -> None:
    """Nothing, unless the question already waits at a meeting."""
    if at_meeting_id is None or state not in changing.UNDONE:
        return
    if at_meeting_id == meeting.id:
        raise AlreadyDone(_("Spørgsmålet står allerede på dagsordenen."))
    other = db.get(Meeting, at_meeting_id)
    if other is not None and other.cancelled_at is None:
        raise AlreadyDone(_("Spørgsmålet står på dagsordenen til et andet borgermøde."))


def _place(
    db: Session, actor: Actor, item: AgendaItem, chosen_by: ChosenBy, minutes: int, now: datetime
) -> None:
    """Puts the point last on its agenda."""
    if len(queries.items(db, item.meeting_id)) >= MOST:
        raise TooLate(_("Dagsordenen er fuld. Tag et punkt af først."))
    item.minutes, item.chosen_by = _checked_minutes(minutes), chosen_by
    item.position = queries.last_position(db, item.meeting_id) + 1
    item.state, item.added_at = AtMeeting.PLANNED, now
    item.taken_off_at = item.taken_off_reason = None
    item.started_at = item.ended_at = None
    item.version = (item.version or 0) + 1
    db.add(item)
    db.flush()
    changing.record(db, actor, "agenda_item_added", item, now)


def _checked_minutes(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST:
        raise InvalidInput({"minutes": _("Sæt mellem 1 og 240 minutter af.")})
    return minutes


def _free_code(db: Session, meeting_id: int) -> str:
    """A letter and two digits that no other point of the meeting has, not in their order."""
    taken = queries.codes(db, meeting_id)
    free = [
        code
        for letter in _LETTERS
        for number in range(10, 100)
        if (code := f"{letter}{number}") not in taken
    ]
    return secrets.choice(free)
