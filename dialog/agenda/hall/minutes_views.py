"""Writing the minutes, every version of them in public, and what is said against them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from dialog.agenda.hall import minutes as hall_minutes
from dialog.agenda.hall.views import bp
from dialog.consultations import queries as consultations
from dialog.core import clock, html, limits, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.debates import differing
from dialog.meetings import forms, minutes
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting, MinutesVersion
from dialog.meetings.views import bp as meetings_bp


@meetings_bp.route("/set-up/<slug>/meetings/<int:meeting_id>/minutes", methods=["GET", "POST"])
def edit_minutes(slug: str, meeting_id: int) -> Any:
    """The minutes, drafted from what was written down; published they go to every thread."""
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    meeting = meetings.meeting_of(db, consultation.id, meeting_id)
    has_begun = meeting.starts_at <= clock.now()
    drafted = "" if meeting.minutes_source or not has_begun else hall_minutes.draft_of(db, meeting)
    source = meeting.minutes_source or drafted
    form = forms.MinutesForm(version=meeting.version, source=source)
    if form.validate_on_submit():
        try:
            _publish(meeting.id, form)
            flash(_("Referatet er lagt ud, og det står i mødets tråde."), "success")
            return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    page = render_template(
        "meetings/edit_minutes.html",
        consultation=consultation,
        form=form,
        meeting=meeting,
        has_begun=has_begun,
        is_drafted=bool(drafted),
    )
    return (page, 422) if form.is_submitted() else page


@bp.get("/meetings/<int:meeting_id>/minutes")
def versions(meeting_id: int) -> str:
    """Every version of the minutes with what it changed."""
    meeting = _meeting(meeting_id)
    found = minutes.versions(store.session(), meeting_id)
    return render_template("hall/versions.html", meeting=meeting, versions=_with_changes(found))


@bp.route("/meetings/<int:meeting_id>/dissent", methods=["GET", "POST"])
def dissent(meeting_id: int) -> Any:
    """What one who spoke says against the minutes."""
    meeting, now = _meeting(meeting_id), clock.now()
    may = hall_minutes.may_dissent(store.session(), web.actor(), meeting)
    if request.method == "POST":
        limits.hit("post", f"u{web.actor().id}")
        body = request.form.get("body", "")
        try:
            with store.transaction() as db:
                post = hall_minutes.dissent_by_account(
                    db, web.actor(), meeting_id=meeting_id, body=body, now=now
                )
            flash(_("Din dissens står under referatet nu."), "success")
            return redirect(url_for("debates.post", post_id=post.id), 303)
        except InvalidInput as error:
            return _dissent_page(meeting, may, body, error.fields.get("body")), 422
    return _dissent_page(meeting, may, "", None)


def _dissent_page(meeting: Meeting, may: bool, body: str, error: str | None) -> str:
    until = hall_minutes.dissent_until(meeting)
    return render_template(
        "hall/dissent.html",
        meeting=meeting,
        may_dissent=may,
        until=until,
        is_open=until is not None and clock.now() <= until,
        body=body,
        error=error,
    )


def _publish(meeting_id: int, form: forms.MinutesForm) -> None:
    with store.transaction() as db:
        hall_minutes.publish(
            db,
            web.actor(),
            meeting_id=meeting_id,
            source=form.source.data or "",
            version=form.version.data,
            reason=form.reason.data or "",
            now=clock.now(),
        )


def _with_changes(
    found: list[MinutesVersion],
) -> list[tuple[MinutesVersion, Any, list[differing.Piece]]]:
    older: list[MinutesVersion | None] = [*found[1:], None]
    return [
        (
            one,
            html.trusted(one.html),
            differing.word_diff(html.plain(before.source), html.plain(one.source))
            if before
            else [],
        )
        for one, before in zip(found, older, strict=False)
    ]


def _meeting(meeting_id: int) -> Meeting:
    return meetings.access_meeting(store.session(), web.actor(), meeting_id)
