"""The hall's public pages: the big screen, the phones, and the way in by a short code."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from dialog.agenda.hall import commands as hall_commands
from dialog.agenda.hall import note_queries as hall_note_queries
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.hall import showing as hall_showing
from dialog.core import clock, limits, qr, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting

bp = Blueprint("hall", __name__)

limits.read_together("hall.enter", "hall.room", "hall.state", "hall.screen")

KEYS = "hall_keys"  # in the browser's own cookie: what its hands are known by, by meeting


@bp.route("/salen", methods=["GET", "POST"])
def enter() -> Any:
    """The way in by the code on the screen."""
    code = request.values.get("kode", "")
    if not code:
        return render_template("hall/enter.html", code="", error=None)
    limits.check("wrong_room_code", limits.address())
    hall = hall_queries.hall_with_code(store.session(), code)
    if hall is not None:
        return redirect(url_for(".room", meeting_id=hall.meeting_id, kode=hall.code), 303)
    limits.hit("wrong_room_code", limits.address())
    error = _("Vi kender ikke koden. Se på skærmen i salen, og prøv igen.")
    return render_template("hall/enter.html", code=code, error=error), 422


@bp.get("/meetings/<int:meeting_id>/screen")
def screen(meeting_id: int) -> str:
    """The big screen: one thing at a time, readable from the back row."""
    entering = hall_queries.access_hall(store.session(), web.actor(), meeting_id)
    standing = hall_queries.standing(store.session(), entering.meeting, entering.panel)
    return render_template(
        "hall/screen.html",
        meeting=entering.meeting,
        hall=standing,
        qr=qr.picture(_join_url(standing)),
        join_host=web.settings().base_url.partition("//")[2],
        state=hall_showing.state_of(standing),
        mode=request.args.get("mode", ""),
        now=clock.now(),
    )


@bp.get("/meetings/<int:meeting_id>/hall")
def room(meeting_id: int) -> str:
    """The hall on a phone: what is on, who is in line, and one's own hand."""
    return _room_page(meeting_id, {})


@bp.get("/meetings/<int:meeting_id>/hall/state")
def state(meeting_id: int) -> Response:
    """The hall as it now is, for pages that have missed something."""
    db = store.session()
    entering = hall_queries.access_hall(db, web.actor(), meeting_id)
    notes = hall_note_queries.newest_notes(db, meeting_id, hall_showing.SHOWN)
    standing = hall_queries.standing(db, entering.meeting, entering.panel)
    found = hall_showing.state_of(standing)
    answer = jsonify(
        found
        | {
            "newest": notes[0].note.id if notes else None,
            "notes": "".join(hall_showing.note_html(one) for one in notes),
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/meetings/<int:meeting_id>/hall/hand")
def raise_hand(meeting_id: int) -> AnyResponse | tuple[str, int]:
    """Raises one's hand, or takes it down again."""
    _meeting(meeting_id)
    key = _key(meeting_id)
    limits.hit("hand", hall_commands.key_hash(key))
    try:
        with store.transaction() as db:
            if "lower" in request.form:
                hall_commands.lower_own(
                    db, web.actor(), meeting_id=meeting_id, key=key, now=clock.now()
                )
            else:
                _raise(db, meeting_id, key)
    except InvalidInput as error:
        if "code" in error.fields:
            limits.hit("wrong_room_code", limits.address())
        return _room_page(meeting_id, error.fields), 422
    code = request.form.get("kode", "")
    return redirect(url_for(".room", meeting_id=meeting_id, kode=code or None), 303)


def _raise(db: Any, meeting_id: int, key: str) -> None:
    limits.check("wrong_room_code", limits.address())
    hall_commands.raise_hand(
        db,
        web.actor(),
        meeting_id=meeting_id,
        code=request.form.get("kode", ""),
        name=request.form.get("name", ""),
        key=key,
        now=clock.now(),
    )
    flash(_("Din hånd er oppe. Hold øje med siden her."), "success")


def _room_page(meeting_id: int, errors: dict[str, str]) -> str:
    db, key = store.session(), cookie.get(KEYS, {}).get(str(meeting_id))
    key_hash = hall_commands.key_hash(key) if key else None
    entering = hall_queries.access_hall(db, web.actor(), meeting_id, key_hash)
    meeting, speaker = entering.meeting, entering.speaker
    standing = hall_queries.standing(db, meeting, entering.panel)
    notes = hall_note_queries.newest_notes(db, meeting.id, hall_showing.SHOWN)
    return render_template(
        "hall/room.html",
        meeting=meeting,
        hall=standing,
        notes=notes,
        newest=notes[0].note.id if notes else None,
        hand=standing.hand_of(speaker),
        code=request.values.get("kode", ""),
        name=request.form.get("name") or (speaker.name if speaker else web.actor().name),
        errors=errors,
        state=hall_showing.state_of(standing),
        may_run=entering.may_run,
        now=clock.now(),
    )


def _key(meeting_id: int) -> str:
    keys: dict[str, str] = cookie.get(KEYS, {})
    if str(meeting_id) not in keys:
        newest = dict(list(keys.items())[-3:])  # a cookie has little room
        cookie[KEYS] = newest | {str(meeting_id): hall_commands.new_key()}
    found: str = cookie[KEYS][str(meeting_id)]
    return found


def _meeting(meeting_id: int) -> Meeting:
    return meetings.access_meeting(store.session(), web.actor(), meeting_id)


def _join_url(standing: hall_queries.Standing) -> str:
    if standing.hall is None:
        return ""
    return web.settings().base_url + url_for(".enter", kode=standing.hall.code)
