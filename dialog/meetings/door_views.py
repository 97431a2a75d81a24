"""The staff's pages of a meeting: the list at the door, and who does what."""

from uuid import uuid4

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput, NotFound
from dialog.meetings import door as commands
from dialog.meetings import queries, seat_forms, seat_queries
from dialog.meetings.models import Meeting
from dialog.meetings.views import bp
from dialog.people import codes

Answer = Response | str | tuple[str, int]

REFUSED = 422


@bp.get("/meetings/<int:meeting_id>/door")
def door(meeting_id: int) -> str:
    """Who is coming and who is here; on paper a list to tick."""
    meeting = queries.access_to_run(store.session(), web.actor(), meeting_id)
    return _page(meeting, seat_forms.DoorForm(), _count_form(meeting))


@bp.post("/meetings/<int:meeting_id>/door/new")
def sign_up_at_door(meeting_id: int) -> Answer:
    """Puts one on the list who has not signed up."""
    meeting = queries.access_to_run(store.session(), web.actor(), meeting_id)
    form = seat_forms.DoorForm()
    if form.validate_on_submit():
        try:
            return _sign_up(meeting, form)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _page(meeting, form, _count_form(meeting)), REFUSED


@bp.post("/meetings/<int:meeting_id>/door/check-in")
def check_in(meeting_id: int) -> Response:
    """Notes that somebody is here, or takes it back."""
    meeting = queries.access_to_run(store.session(), web.actor(), meeting_id)
    guest, arrived = _number("sign_up_id"), _number("arrived")
    with store.transaction() as db:
        made = commands.check_in(
            db, web.actor(), meeting_id=meeting.id, sign_up_id=guest, arrived=arrived,
            now=clock.now(),
        )  # fmt: skip
    back = url_for(".door", meeting_id=meeting.id, q=request.form.get("q") or None)
    return redirect(f"{back}#guest-{made.id}", 303)


@bp.post("/meetings/<int:meeting_id>/door/count")
def count_room(meeting_id: int) -> Answer:
    """Notes how many are in the room."""
    meeting = queries.access_to_run(store.session(), web.actor(), meeting_id)
    form = seat_forms.CountForm()
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                commands.count_room(
                    db, web.actor(), meeting_id=meeting.id, attendance=form.attendance.data,
                    now=clock.now(),
                )  # fmt: skip
            flash(_("Antallet er gemt."), "success")
            return redirect(url_for(".door", meeting_id=meeting.id), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _page(meeting, seat_forms.DoorForm(formdata=None), form), REFUSED


def _sign_up(meeting: Meeting, form: seat_forms.DoorForm) -> Response:
    secret = current_app.config["SECRET_KEY"]
    code = codes.code_from(secret, f"door/{meeting.id}/{form.draw.data}")
    with store.transaction() as db:
        made = commands.sign_up_at_door(
            db, web.actor(), meeting_id=meeting.id, wish=form.wish(), code=code, now=clock.now()
        )
    name, where = made.name, url_for(".door", meeting_id=meeting.id)
    flash(_("%(name)s er på listen. Koden er %(code)s.", name=name, code=code), "success")
    return redirect(where, 303)


def _page(meeting: Meeting, form: seat_forms.DoorForm, count: seat_forms.CountForm) -> str:
    db = store.session()
    words = request.values.get("q", "")[:80]
    form.draw.data = form.draw.data or uuid4().hex
    return render_template(
        "meetings/door.html",
        meeting=meeting,
        guests=seat_queries.everyone(db, meeting.id, words),
        numbers=seat_queries.numbers(db, meeting),
        words=words,
        form=form,
        count=count,
        now=clock.now(),
    )


def _count_form(meeting: Meeting) -> seat_forms.CountForm:
    return seat_forms.CountForm(formdata=None, attendance=meeting.attendance)


def _number(name: str) -> int:
    try:
        return int(request.form.get(name, ""))
    except ValueError:
        raise NotFound(name) from None
