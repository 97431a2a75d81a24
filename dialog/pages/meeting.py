"""One meeting as everyone reads it, with the threads it takes up."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup

from dialog.consultations import queries as consultations
from dialog.core import clock, html, web
from dialog.core import db as store
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.meetings.views import bp
from dialog.pages import proposal_queries
from dialog.rules import oral, promise


@bp.get("/meetings/<int:meeting_id>", endpoint="show")
def show(meeting_id: int) -> str:
    """When, where and how to get in; what it is about; afterwards the minutes."""
    db, reader = store.session(), web.actor()
    meeting, now = meetings.access_meeting(db, reader, meeting_id), clock.now()
    due_at = _minutes_due_at(meeting, now)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        minutes=_minutes(meeting),
        minutes_due_at=due_at,
        minutes_are_late=due_at is not None and now > due_at,
        is_over=meetings.is_over(meeting, now),
        consultation=consultations.access_consultation_by_id(db, reader, meeting.consultation_id),
        threads=proposal_queries.threads_at(db, meeting.id),
    )


def _minutes(meeting: Meeting) -> Markup | None:
    """The minutes as `core.html` rendered them; None while there are none."""
    return html.trusted(meeting.minutes_html) if meeting.minutes_html else None


def _minutes_due_at(meeting: Meeting, now: datetime) -> datetime | None:
    """When rule 4 wants the minutes; None while none are owed."""
    if meeting.minutes_published_at or not meetings.is_over(meeting, now):
        return None
    return promise.answer_due_at(meeting.ends_at, oral.MINUTES_WORKING_DAYS)
