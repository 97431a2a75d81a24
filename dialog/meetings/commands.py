"""Planning meetings, cancelling them, and publishing their minutes."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.consultations.models import State
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, TooLate
from dialog.meetings import queries
from dialog.meetings.models import Meeting
from dialog.permissions import Action, Actor

LONGEST = timedelta(hours=12)
"""A meeting that lasts longer is a typing error in one of its times."""


@dataclass(frozen=True, kw_only=True)
class MeetingContent:
    """What is announced of a meeting. Moments are aware."""

    title: str
    place: str = ""
    address: str = ""
    accessibility: str = ""
    starts_at: datetime
    ends_at: datetime
    chair: str = ""
    note_taker: str = ""


def schedule_meeting(
    db: Session, actor: Actor, *, consultation_id: int, content: MeetingContent, now: datetime
) -> Meeting:
    """The new meeting. Raises: InvalidInput, TooLate once the matter is decided."""
    permissions.demand(actor, Action.SET_UP)
    consultation = consultations.access_consultation_by_id(db, actor, consultation_id)
    if consultation.state is State.DECIDED:
        raise TooLate(_("Byrådet har besluttet, så der kan ikke komme flere møder."))
    meeting = Meeting(consultation_id=consultation.id, changed_at=now, **_checked(content))
    db.add(meeting)
    db.flush()
    _record(db, actor, "meeting_scheduled", meeting, content, now)
    return meeting


def edit_meeting(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    content: MeetingContent,
    version: int | None = None,
    now: datetime,
) -> Meeting:
    """The meeting as it is now announced.

    version: of the row that the form was filled from; None when there was no form.
    Raises: InvalidInput, NotFound, AlreadyDone for a stale form, TooLate when it was held or
    cancelled.
    """
    meeting = _access(db, actor, meeting_id, version)
    values = _checked(content)
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst, så det kan ikke rettes. Planlæg et nyt."))
    if queries.is_over(meeting, now) and values["starts_at"] != meeting.starts_at:
        raise TooLate(_("Mødet er holdt, så det kan ikke flyttes."))
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.changed_at = now
    meeting.version += 1
    _record(db, actor, "meeting_edited", meeting, content, now)
    return meeting


def cancel_meeting(
    db: Session, actor: Actor, *, meeting_id: int, reason: str, now: datetime
) -> Meeting:
    """The meeting, cancelled with a reason that everyone can read.

    Raises: InvalidInput without a reason, and for the only meeting of an open dialogue;
    AlreadyDone when it is cancelled already; TooLate when it was held.
    """
    meeting = _access(db, actor, meeting_id, None)
    reason = html.one_line(reason)
    if meeting.cancelled_at is not None:
        raise AlreadyDone(_("Mødet er allerede aflyst."))
    if meeting.ends_at <= now:
        raise TooLate(_("Mødet er holdt, så det kan ikke aflyses."))
    if not reason:
        raise InvalidInput({"reason": _("Skriv, hvorfor mødet bliver aflyst.")})
    _keep_one(db, actor, meeting)
    meeting.cancelled_at, meeting.cancelled_reason = now, reason
    meeting.changed_at = now
    meeting.version += 1
    thing = ("meetings", meeting.id)
    audit.append(db, actor, "meeting_cancelled", thing, now=now, reason=reason)
    return meeting


def publish_minutes(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    source: str,
    version: int | None = None,
    now: datetime,
) -> Meeting:
    """The meeting with its minutes, rendered. The day they were first published stays.

    Raises: InvalidInput for empty minutes, AlreadyDone for a stale form, TooLate for a meeting
    that was cancelled or has not begun.
    """
    meeting = _access(db, actor, meeting_id, version)
    source = html.tidy(source)
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst, så der er intet referat."))
    if meeting.starts_at > now:
        raise TooLate(_("Mødet er ikke holdt endnu. Du kan lægge referatet ud bagefter."))
    if not source:
        raise InvalidInput({"source": _("Skriv referatet først.")})
    first = meeting.minutes_published_at is None
    meeting.minutes_source, meeting.minutes_html = source, html.render(source)
    meeting.minutes_published_at = meeting.minutes_published_at or now
    meeting.version += 1
    action = "minutes_published" if first else "minutes_edited"
    audit.append(db, actor, action, ("meetings", meeting.id), now=now, content=source)
    return meeting


def _access(db: Session, actor: Actor, meeting_id: int, version: int | None) -> Meeting:
    permissions.demand(actor, Action.SET_UP)
    meeting = queries.access_meeting(db, actor, meeting_id)
    if version is not None and version != meeting.version:
        raise AlreadyDone(_("En anden har rettet mødet imens. Hent det igen, og ret derfra."))
    return meeting


def _checked(content: MeetingContent) -> dict[str, object]:
    """The values of the row, tidied. Raises: InvalidInput."""
    values = {
        name: html.one_line(value) if isinstance(value, str) else value
        for name, value in asdict(content).items()
    }
    wrong = {}
    if not values["title"]:
        wrong["title"] = _("Skriv, hvad mødet hedder.")
    if content.ends_at <= content.starts_at:
        wrong["ends"] = _("Mødet skal slutte senere, end det begynder.")
    elif content.ends_at - content.starts_at > LONGEST:
        wrong["ends"] = _("Det er mere end 12 timer. Se på klokkeslættene igen.")
    if wrong:
        raise InvalidInput(wrong)
    return values


def _keep_one(db: Session, actor: Actor, meeting: Meeting) -> None:
    consultation = consultations.access_consultation_by_id(db, actor, meeting.consultation_id)
    if consultation.state is State.OPEN and not queries.other_meeting_count(db, meeting):
        raise InvalidInput(
            {"reason": _("Det er dialogens eneste borgermøde. Planlæg et nyt, før du aflyser det.")}
        )


def _record(
    db: Session,
    actor: Actor,
    action: str,
    meeting: Meeting,
    content: MeetingContent,
    now: datetime,
) -> None:
    told = json.dumps(asdict(content), default=str, sort_keys=True, ensure_ascii=False)
    audit.append(db, actor, action, ("meetings", meeting.id), now=now, content=told)
