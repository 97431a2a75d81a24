"""The chair's page: it drives the screen and gives the word."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from dialog.agenda.hall import commands as hall_commands
from dialog.agenda.hall import flow as hall_flow
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.hall.queries import Entering
from dialog.agenda.hall.views import bp
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput, NotFound
from dialog.permissions import Actor

Act = Callable[[Session, Actor, int, datetime], object]


@bp.get("/meetings/<int:meeting_id>/chair")
def chair(meeting_id: int) -> str:
    """The agenda, who answers, and the line: everything with one press."""
    return _page(_entering(meeting_id), {})


@bp.post("/meetings/<int:meeting_id>/chair")
def drive(meeting_id: int) -> Response | tuple[str, int]:
    """Does what the pressed button says."""
    act = _ACTS.get(request.form.get("do", ""))
    entering = _entering(meeting_id)
    if act is None:
        raise NotFound("act")
    try:
        with store.transaction() as db:
            act(db, web.actor(), meeting_id, clock.now())
    except InvalidInput as error:
        return _page(entering, error.fields), 422
    return redirect(url_for(".chair", meeting_id=meeting_id), 303)


def _page(entering: Entering, errors: dict[str, str]) -> str:
    return render_template(
        "hall/chair.html",
        meeting=entering.meeting,
        hall=hall_queries.standing(store.session(), entering.meeting, entering.panel),
        errors=errors,
        name=request.form.get("name", ""),
        now=clock.now(),
    )


def _entering(meeting_id: int) -> Entering:
    return hall_queries.access_to_run(store.session(), web.actor(), meeting_id)


def _number(name: str) -> int:
    sent = request.form.get(name, "")
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 9):
        raise NotFound(name)
    return int(sent)


def _open(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    return hall_commands.open_hall(db, who, meeting_id=meeting, now=now)


def _next(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    seen = _number("item") if "item" in request.form else None
    return hall_flow.go_on(db, who, meeting_id=meeting, seen=seen, now=now)


def _start(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    return hall_flow.go_to(db, who, meeting_id=meeting, item_id=_number("item"), now=now)


def _answered(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    item = _number("item")
    return hall_flow.finish(db, who, meeting_id=meeting, item_id=item, answered=True, now=now)


def _not_answered(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    item = _number("item")
    return hall_flow.finish(db, who, meeting_id=meeting, item_id=item, answered=False, now=now)


def _answerer(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    chosen = _number("politician") or None
    return hall_commands.name_answerer(db, who, meeting_id=meeting, politician_id=chosen, now=now)


def _word(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    hand = _number("hand") if "hand" in request.form else None
    return hall_commands.give_word(db, who, meeting_id=meeting, hand_id=hand, now=now)


def _end(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    return hall_commands.end_word(db, who, meeting_id=meeting, now=now)


def _pass_over(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    return hall_commands.pass_over(db, who, meeting_id=meeting, hand_id=_number("hand"), now=now)


def _add(db: Session, who: Actor, meeting: int, now: datetime) -> Any:
    name = request.form.get("name", "")
    return hall_commands.add_hand(db, who, meeting_id=meeting, name=name, now=now)


_ACTS: dict[str, Act] = {
    "open": _open,
    "next": _next,
    "start": _start,
    "answered": _answered,
    "not_answered": _not_answered,
    "answerer": _answerer,
    "word": _word,
    "end": _end,
    "pass": _pass_over,
    "add": _add,
}
