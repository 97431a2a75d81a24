"""Meetings for everyone, and planning them. A single meeting's page is `pages.meeting`."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.consultations import forms as consultation_forms
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import clock, languages, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.meetings import commands, forms, queries, words
from dialog.meetings.models import Meeting

bp = Blueprint("meetings", __name__)


@bp.app_template_test("over")
def is_over(meeting: Meeting) -> bool:
    """Whether the meeting was held and has ended."""
    return queries.is_over(meeting, clock.now())


@bp.app_template_filter("at_place")
def at_place(place: str) -> str:
    """The place with the word before it, in the reader's language."""
    return words.at_place(place, languages.locale())


@bp.get("/meetings")
def index() -> str:
    """Every meeting of every public dialogue: those to come, and those that were."""
    found = queries.public_meetings(store.session())
    titles = {meeting.id: consultation for meeting, consultation in found}
    coming, past = queries.coming_and_past([meeting for meeting, _c in found], clock.now())
    return render_template("meetings/index.html", coming=coming, past=past, consultation_of=titles)


@bp.get("/consultations/<slug>/meetings")
def of_consultation(slug: str) -> str:
    """The meetings of one dialogue."""
    consultation = _consultation(slug)
    found = queries.meetings(store.session(), consultation.id)
    coming, past = queries.coming_and_past(found, clock.now())
    return render_template(
        "meetings/of_consultation.html", consultation=consultation, coming=coming, past=past
    )


@bp.get("/set-up/<slug>/meetings")
def edit_meetings(slug: str) -> str:
    """The plan of meetings, and what each lacks."""
    consultation = _consultation(slug)
    found = queries.meetings(store.session(), consultation.id)
    return render_template("meetings/edit_meetings.html", consultation=consultation, meetings=found)


@bp.route("/set-up/<slug>/meetings/new", methods=["GET", "POST"], defaults={"meeting_id": None})
@bp.route("/set-up/<slug>/meetings/<int:meeting_id>", methods=["GET", "POST"])
def edit_meeting(slug: str, meeting_id: int | None) -> Response | tuple[str, int] | str:
    """One meeting, new or old."""
    consultation = _consultation(slug)
    meeting = _meeting(consultation, meeting_id) if meeting_id is not None else None
    form = forms.meeting_form(meeting)
    if form.validate_on_submit():
        try:
            _save(consultation.id, meeting, form)
            return redirect(url_for(".edit_meetings", slug=slug), 303)
        except InvalidInput as error:
            consultation_forms.refuse(form, error.fields)
    return _page("edit_meeting", consultation, form, meeting=meeting)


def _consultation(slug: str) -> Consultation:
    return consultations.access_consultation(store.session(), web.actor(), slug)


def _meeting(consultation: Consultation, meeting_id: int) -> Meeting:
    return queries.meeting_of(store.session(), consultation.id, meeting_id)


def _save(consultation_id: int, meeting: Meeting | None, form: forms.MeetingForm) -> None:
    who, now, content = web.actor(), clock.now(), form.content()
    with store.transaction() as db:
        if meeting is None:
            commands.schedule_meeting(
                db, who, consultation_id=consultation_id, content=content, now=now
            )
        else:
            commands.edit_meeting(
                db,
                who,
                meeting_id=meeting.id,
                content=content,
                version=form.version.data,
                now=now,
            )
    flash(_("Mødet er gemt."), "success")


def _page(
    name: str, consultation: Consultation, form: Any, **more: object
) -> tuple[str, int] | str:
    """The page of the form, as an error when it was sent and could not be kept."""
    page = render_template(f"meetings/{name}.html", consultation=consultation, form=form, **more)
    return (page, 422) if form.is_submitted() else page
