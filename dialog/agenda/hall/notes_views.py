"""The note-taker's page: what is said, as it is said, also when the network is gone."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from dialog.agenda.hall import note_queries as hall_note_queries
from dialog.agenda.hall import noting as hall_noting
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.hall import showing as hall_showing
from dialog.agenda.hall import thread_queries as hall_thread_queries
from dialog.agenda.hall.models import NoteKind
from dialog.agenda.hall.note_queries import Noted
from dialog.agenda.hall.noting import Note, TwoTexts
from dialog.agenda.hall.queries import Entering
from dialog.agenda.hall.views import bp
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import AlreadyDone, InvalidInput
from dialog.meetings.models import Meeting


@bp.get("/meetings/<int:meeting_id>/notes", endpoint="notes")
def notes(meeting_id: int) -> str:
    """The form, and what is written down so far."""
    return _page(_entering(meeting_id), {}, {})


@bp.post("/meetings/<int:meeting_id>/notes")
def take_note(meeting_id: int) -> Any:
    """Writes one thing down. A script gets it back as JSON."""
    entering, note = _entering(meeting_id), _sent()
    try:
        with store.transaction() as db:
            row = hall_noting.take_note(
                db, web.actor(), meeting_id=meeting_id, note=note, now=clock.now()
            )
    except TwoTexts as both:
        return _two_texts(entering.meeting, both)
    except InvalidInput as error:
        if web.wants_json():
            return jsonify(errors=error.fields), 422
        return _page(entering, error.fields, request.form), 422
    if web.wants_json():
        return jsonify(id=row.id, key=row.key), 201
    flash(_("Det er gemt."), "success")
    return redirect(url_for(".notes", meeting_id=meeting_id), 303)


@bp.route("/notes/<int:note_id>", methods=["GET", "POST"])
def mend_note(note_id: int) -> Any:
    """Puts what was written down in better words."""
    noted, meeting = hall_note_queries.access_note(store.session(), web.actor(), note_id)
    mine, error, status = noted.words, None, 200
    if request.method == "POST":
        mine = request.form.get("body", "")
        try:
            with store.transaction() as db:
                hall_noting.mend_note(
                    db, web.actor(), note_id=note_id, body=mine, edition=_edition(),
                    now=clock.now(),
                )  # fmt: skip
            flash(_("Det er rettet."), "success")
            return redirect(url_for(".notes", meeting_id=meeting.id), 303)
        except InvalidInput as refused:
            error, status = refused.fields.get("body"), 422
        except AlreadyDone as refused:
            error, status = str(refused), 409
            noted, meeting = hall_note_queries.access_note(store.session(), web.actor(), note_id)
    page = render_template(
        "hall/mend_note.html", one=noted, meeting=meeting, mine=mine, error=error,
        is_stale=status == 409,
    )  # fmt: skip
    return page if status == 200 else (page, status)


def _page(entering: Entering, errors: Mapping[str, str], sent: Mapping[str, str]) -> str:
    db, meeting = store.session(), entering.meeting
    standing = hall_queries.standing(db, meeting, entering.panel)
    written = hall_note_queries.notes(db, meeting.id)
    current = standing.now.item.id if standing.now else None
    return render_template(
        "hall/notes.html",
        meeting=meeting,
        hall=standing,
        threads=hall_thread_queries.threads_at(db, meeting.id),
        notes=list(reversed(written)),
        seen=max((one.note.id for one in written), default=0),
        place=sent.get("place") or (f"item:{current}" if current else ""),
        sent=sent,
        errors=errors,
        key=sent.get("key") or uuid.uuid4().hex,
        has_begun=meeting.starts_at <= clock.now(),
        state=hall_showing.state_of(standing),
        now=clock.now(),
    )


def _two_texts(meeting: Meeting, both: TwoTexts) -> Any:
    seen = max(one.note.id for one in both.others)
    if web.wants_json():
        others = [_told(one) for one in both.others]
        return jsonify(two=others, seen=seen, message=str(both)), 409
    page = render_template(
        "hall/two_texts.html",
        meeting=meeting,
        others=both.others,
        sent=request.form,
        seen=seen,
    )
    return page, 409


def _told(one: Noted) -> dict[str, Any]:
    return {
        "id": one.note.id,
        "words": one.words,
        "recorder": one.recorder,
        "edit": url_for(".mend_note", note_id=one.note.id),
    }


def _sent() -> Note:
    form = request.form
    kind = form.get("kind", "")
    where, _colon, number = form.get("place", "").partition(":")
    return Note(
        key=form.get("key", ""),
        kind=NoteKind(kind) if kind in set(NoteKind) else NoteKind.REMARK,
        body=form.get("body", ""),
        item_id=_whole(number) if where == "item" else None,
        thread_id=_whole(number) if where == "thread" else None,
        politician_id=_whole(form.get("who", "")),
        speaker=form.get("speaker", ""),
        speaks_for=_whole(form.get("speaks_for") or "1") or 0,
        said_at=_moment(form.get("said_at", "")),
        seen=_whole(form.get("seen", "")),
    )


def _whole(sent: str) -> int | None:
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 9 else None


def _edition() -> int:
    return _whole(request.form.get("edition", "")) or 0


def _moment(sent: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(sent)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _entering(meeting_id: int) -> Entering:
    return hall_queries.access_to_run(store.session(), web.actor(), meeting_id)
