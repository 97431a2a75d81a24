"""One meeting as everyone reads it, with the threads it takes up."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup

from dialog.agenda.hall import minutes as hall_minutes
from dialog.agenda.hall import slip_queries as hall_slip_queries
from dialog.core import clock, html, limits, web
from dialog.core import db as store
from dialog.meetings import queries as meetings
from dialog.meetings import seat_queries
from dialog.meetings.models import Meeting
from dialog.meetings.views import bp
from dialog.pages import meeting_queries
from dialog.rules import oral, promise

limits.read_together("meetings.show", "meetings.short")  # where a poster leads


@bp.get("/meetings/<int:meeting_id>", endpoint="show")
def show(meeting_id: int) -> str:
    """When, where and how to get in; what it is about; afterwards the minutes."""
    db, reader = store.session(), web.actor()
    found = meeting_queries.access_page(db, reader, meeting_id)
    meeting, now = found.meeting, clock.now()
    due_at = _minutes_due_at(meeting, now)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        minutes=_minutes(meeting),
        minutes_due_at=due_at,
        minutes_are_late=due_at is not None and now > due_at,
        is_over=meetings.is_over(meeting, now),
        consultation=found.consultation,
        threads=meeting_queries.threads_at(db, meeting.id),
        panel=meetings.panel(db, meeting.id),
        numbers=seat_queries.numbers(db, meeting),
        own_seat=found.own_seat,
        may_run=found.may_run,
        hall=found.hall,
        minutes_number=found.minutes_number,
        dissents=hall_slip_queries.dissents(db, meeting.id) if meeting.minutes_html else [],
        dissent_until=hall_minutes.dissent_until(meeting),
        now=now,
    )


def _minutes(meeting: Meeting) -> Markup | None:
    """The minutes as `core.html` rendered them; None while there are none."""
    return html.trusted(meeting.minutes_html) if meeting.minutes_html else None


def _minutes_due_at(meeting: Meeting, now: datetime) -> datetime | None:
    """When rule 4 wants the minutes; None while none are owed."""
    if meeting.minutes_published_at or not meetings.is_over(meeting, now):
        return None
    return promise.answer_due_at(meeting.ends_at, oral.MINUTES_WORKING_DAYS)
