"""What the hall's pages are given, and the pieces of them that are sent to all."""

from typing import Any

from sqlalchemy.orm import Session

from dialog.agenda.hall import note_queries as hall_note_queries
from dialog.agenda.hall.models import HallNote
from dialog.agenda.hall.note_queries import Noted
from dialog.agenda.hall.queries import Standing
from dialog.core import clock, web

SHOWN = 30  # notes on the phones' page


def state_of(standing: Standing) -> dict[str, Any]:
    """The hall in pieces of HTML, in the language spoken now, and the rev they show."""
    now = clock.now()
    names = ("screen", "now", "line")
    parts = {
        name: str(web.fragment(f"hall/_{name}.html", hall=standing, now=now)) for name in names
    }
    point = standing.now
    return parts | {
        "rev": standing.rev,
        "item": point.item.id if point else None,
        "question": point.question.id if point and point.question else None,
        "thread": point.thread.id if point and point.thread else None,
    }


def note_of(db: Session, note_id: int) -> dict[str, Any]:
    """A note as the phones show it, and which one came before it on their page."""
    note = db.get_one(HallNote, note_id, populate_existing=True)
    return {
        "id": note.id,
        "before": hall_note_queries.note_before(db, note),
        "html": note_html(hall_note_queries.noted(db, note)),
    }


def note_html(noted: Noted) -> str:
    """The note as everyone reads it."""
    return str(web.fragment("hall/_note.html", one=noted))
