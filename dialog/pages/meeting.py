"""One meeting as everyone reads it, with the threads it takes up."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from dialog.agenda.hall import minutes as hall_minutes
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.hall import slip_queries as hall_slip_queries
from dialog.consultations import forms as consultation_forms
from dialog.consultations import queries as consultations
from dialog.core import clock, html, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.gate import calling_off
from dialog.meetings import forms, minutes, seat_queries
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.meetings.views import bp
from dialog.pages import proposal_queries
from dialog.rules import oral, promise


@bp.get("/meetings/<int:meeting_id>", endpoint="show")
def show(meeting_id: int) -> str:
    """When, where and how to get in; what it is about; afterwards the minutes."""
    db, reader = store.session(), web.actor()
    meeting, consultation = meetings.access_with_consultation(db, reader, meeting_id)
    now = clock.now()
    due_at = _minutes_due_at(meeting, now)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        minutes=_minutes(meeting),
        minutes_due_at=due_at,
        minutes_are_late=due_at is not None and now > due_at,
        is_over=meetings.is_over(meeting, now),
        consultation=consultation,
        threads=proposal_queries.threads_at(db, meeting.id),
        panel=meetings.panel(db, meeting.id),
        numbers=seat_queries.numbers(db, meeting),
        own_seat=seat_queries.seat_of(db, reader, meeting.id),
        may_run=meetings.may_run(db, reader, meeting),
        hall=hall_queries.hall(db, meeting.id),
        minutes_version=minutes.newest_version(db, meeting.id) if meeting.minutes_html else None,
        dissents=hall_slip_queries.dissents(db, meeting.id) if meeting.minutes_html else [],
        dissent_until=hall_minutes.dissent_until(meeting),
        now=now,
    )


@bp.route(
    "/set-up/<slug>/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"], endpoint="cancel"
)
def cancel(slug: str, meeting_id: int) -> Response | tuple[str, int] | str:
    """Asks once, and why."""
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    meeting = meetings.meeting_of(db, consultation.id, meeting_id)
    form = forms.CancelForm()
    if form.validate_on_submit():
        try:
            _cancel(meeting.id, form.reason.data or "")
            flash(_("Mødet er aflyst. Alle tilmeldte får din begrundelse at vide."), "success")
            return redirect(url_for("meetings.edit_meetings", slug=slug), 303)
        except InvalidInput as error:
            consultation_forms.refuse(form, error.fields)
    page = render_template(
        "meetings/cancel.html", consultation=consultation, meeting=meeting, form=form
    )
    return (page, 422) if form.is_submitted() else page


def _cancel(meeting_id: int, reason: str) -> None:
    with store.transaction() as db:
        calling_off.cancel_meeting(
            db, web.actor(), meeting_id=meeting_id, reason=reason, now=clock.now()
        )


def _minutes(meeting: Meeting) -> Markup | None:
    """The minutes as `core.html` rendered them; None while there are none."""
    return html.trusted(meeting.minutes_html) if meeting.minutes_html else None


def _minutes_due_at(meeting: Meeting, now: datetime) -> datetime | None:
    """When rule 4 wants the minutes; None while none are owed."""
    if meeting.minutes_published_at or not meetings.is_over(meeting, now):
        return None
    return promise.answer_due_at(meeting.ends_at, oral.MINUTES_WORKING_DAYS)
