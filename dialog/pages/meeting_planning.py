"""Planning a meeting and calling it off, which every thread it takes up must hear of."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.debates import meeting_changes
from dialog.gate import calling_off
from dialog.meetings import commands, forms
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.meetings.views import bp


@bp.route(
    "/set-up/<slug>/meetings/new",
    methods=["GET", "POST"],
    defaults={"meeting_id": None},
    endpoint="edit_meeting",
)
@bp.route(
    "/set-up/<slug>/meetings/<int:meeting_id>", methods=["GET", "POST"], endpoint="edit_meeting"
)
def edit_meeting(slug: str, meeting_id: int | None) -> Response | tuple[str, int] | str:
    """One meeting, new or old."""
    consultation = _consultation(slug)
    meeting = _meeting(consultation, meeting_id) if meeting_id is not None else None
    form = forms.meeting_form(meeting)
    if form.validate_on_submit():
        try:
            _save(consultation.id, meeting, form)
            return redirect(url_for("meetings.edit_meetings", slug=slug), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _page("edit_meeting", consultation, meeting, form)


@bp.route(
    "/set-up/<slug>/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"], endpoint="cancel"
)
def cancel(slug: str, meeting_id: int) -> Response | tuple[str, int] | str:
    """Asks once, and why."""
    consultation = _consultation(slug)
    meeting = _meeting(consultation, meeting_id)
    form = forms.CancelForm()
    if form.validate_on_submit():
        try:
            _cancel(meeting.id, form.reason.data or "")
            flash(_("Mødet er aflyst. Alle tilmeldte får din begrundelse at vide."), "success")
            return redirect(url_for("meetings.edit_meetings", slug=slug), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _page("cancel", consultation, meeting, form)


def _consultation(slug: str) -> Consultation:
    return consultations.access_consultation(store.session(), web.actor(), slug)


def _meeting(consultation: Consultation, meeting_id: int) -> Meeting:
    return meetings.meeting_of(store.session(), consultation.id, meeting_id)


def _save(consultation_id: int, meeting: Meeting | None, form: forms.MeetingForm) -> None:
    who, now, content = web.actor(), clock.now(), form.content()
    with store.transaction() as db:
        if meeting is None:
            commands.schedule_meeting(
                db, who, consultation_id=consultation_id, content=content, now=now
            )
        else:
            meeting_changes.edit_meeting(
                db,
                who,
                meeting_id=meeting.id,
                content=content,
                version=form.version.data,
                now=now,
            )
    flash(_("Mødet er gemt."), "success")


def _cancel(meeting_id: int, reason: str) -> None:
    with store.transaction() as db:
        calling_off.cancel_meeting(
            db, web.actor(), meeting_id=meeting_id, reason=reason, now=clock.now()
        )


def _page(
    name: str, consultation: Consultation, meeting: Meeting | None, form: Any
) -> tuple[str, int] | str:
    """The page of the form, as an error when it was sent and could not be kept."""
    page = render_template(
        f"meetings/{name}.html", consultation=consultation, meeting=meeting, form=form
    )
    return (page, 422) if form.is_submitted() else page
