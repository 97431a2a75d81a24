"""Choosing who runs a meeting and who sits on its panel."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.consultations import queries as consultations
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.meetings import queries, staff_forms, staffing
from dialog.meetings.models import Meeting
from dialog.meetings.views import bp
from dialog.people import office_queries as offices
from dialog.people import queries as people

REFUSED = 422


@bp.route("/set-up/<slug>/meetings/<int:meeting_id>/staff", methods=["GET", "POST"])
def edit_staff(slug: str, meeting_id: int) -> Response | str | tuple[str, int]:
    """The chair, the note-taker and the panel of one meeting."""
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    meeting = queries.meeting_of(db, consultation.id, meeting_id)
    form = staff_forms.staff_form(
        queries.staff(db, meeting.id),
        queries.panel(db, meeting.id),
        people.everyone_with_a_task(db),
        offices.politicians(db),
    )
    if form.validate_on_submit():
        try:
            _save(meeting, form)
            flash(_("Holdet er gemt."), "success")
            return redirect(url_for(".edit_meetings", slug=slug), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    page = render_template(
        "meetings/edit_staff.html", consultation=consultation, meeting=meeting, form=form
    )
    return page, REFUSED if form.errors else 200


def _save(meeting: Meeting, form: staff_forms.StaffForm) -> None:
    with store.transaction() as db:
        staffing.name_staff(
            db,
            web.actor(),
            meeting_id=meeting.id,
            chairs=form.chosen("chair"),
            note_takers=form.chosen("note_taker"),
            panel=form.panel(),
            now=clock.now(),
        )
