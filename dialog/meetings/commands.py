"""Planning meetings, cancelling them, and publishing their minutes."""

import json
from dataclasses import asdict
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.consultations.models import State
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, TooLate
from dialog.meetings import lines, minutes, planning, queries, telling
from dialog.meetings.models import Meeting
from dialog.meetings.planning import MeetingContent
from dialog.permissions import Action, Actor


def schedule_meeting(
    db: Session, actor: Actor, *, consultation_id: int, content: MeetingContent, now: datetime
) -> Meeting:
    """The new meeting. Raises: InvalidInput, TooLate once the matter is decided."""
    permissions.demand(actor, Action.SET_UP)
    queries.lock_planning(db)
    consultation = consultations.access_consultation_by_id(db, actor, consultation_id)
    if consultation.state is State.DECIDED:
        raise TooLate(_("Byrådet har besluttet, så der kan ikke komme flere møder."))
    values = planning.checked(db, consultation, None, content, now)
    meeting = Meeting(consultation_id=consultation.id, changed_at=now, **values)
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
    queries.lock_planning(db)
    meeting = _access(db, actor, meeting_id, version)
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst, så det kan ikke rettes. Planlæg et nyt."))
    if queries.is_over(meeting, now) and content.starts_at != meeting.starts_at:
        raise TooLate(_("Mødet er holdt, så det kan ikke flyttes."))
    consultation = consultations.access_consultation_by_id(db, actor, meeting.consultation_id)
    values = planning.checked(db, consultation, meeting, content, now)
    change = planning.change_of(consultation, meeting, values)
    planning.write(meeting, values, change, now)
    lines.fill_seats(db, meeting, now=now)
    _record(db, actor, "meeting_edited", meeting, content, now)
    if change.is_worth_telling and not queries.is_over(meeting, now):
        telling.tell_of_change(db, actor, meeting, change, now=now)
    return meeting


def cancel_meeting(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    reason: str,
    may_be_the_last: bool = False,
    now: datetime,
) -> Meeting:
    """The meeting, cancelled with a reason that everyone can read.

    may_be_the_last: whether rule 4 was set aside in public, so that an open dialogue may be left
    without a meeting.
    Raises: InvalidInput without a reason, and for the only meeting of an open dialogue;
    AlreadyDone when it is cancelled already; TooLate when it was held.
    """
    queries.lock_planning(db)
    meeting = _access(db, actor, meeting_id, None)
    reason = html.one_line(reason)
    if meeting.cancelled_at is not None:
        raise AlreadyDone(_("Mødet er allerede aflyst."))
    if meeting.ends_at <= now:
        raise TooLate(_("Mødet er holdt, så det kan ikke aflyses."))
    if not reason:
        raise InvalidInput({"reason": _("Skriv, hvorfor mødet bliver aflyst.")})
    if not may_be_the_last:
        _keep_one(db, actor, meeting)
    meeting.cancelled_at, meeting.cancelled_reason = now, reason
    meeting.changed_at = now
    meeting.version += 1
    thing = ("meetings", meeting.id)
    audit.append(db, actor, "meeting_cancelled", thing, now=now, reason=reason)
    telling.tell_of_cancellation(db, actor, meeting, now=now)
    return meeting


def publish_minutes(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    source: str,
    version: int | None = None,
    reason: str = "",
    now: datetime,
) -> Meeting:
    """The meeting with its minutes, rendered. The day they were first published stays.

    Called by the agenda, which takes them back into the threads. reason: why they changed.

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
    minutes.keep_version(db, actor, meeting, reason=reason, now=now)
    action = "minutes_published" if first else "minutes_edited"
    audit.append(db, actor, action, ("meetings", meeting.id), now=now, content=source)
    return meeting


def _access(db: Session, actor: Actor, meeting_id: int, version: int | None) -> Meeting:
    permissions.demand(actor, Action.SET_UP)
    meeting = queries.locked_meeting(db, actor, meeting_id)
    if version is not None and version != meeting.version:
        raise AlreadyDone(_("En anden har rettet mødet imens. Hent det igen, og ret derfra."))
    return meeting


def _keep_one(db: Session, actor: Actor, meeting: Meeting) -> None:
    consultation = consultations.access_consultation_by_id(db, actor, meeting.consultation_id)
    if consultation.state is State.OPEN and not queries.other_meeting_count(db, meeting):
        raise InvalidInput(
            {
                "reason": _(
                    "Det er dialogens eneste borgermøde. Planlæg et nyt, før du aflyser det, "
                    "eller fravig råd 4 offentligt."
                )
            }
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
