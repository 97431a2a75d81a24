"""What the screen and the phones hear: the hall as it now is, rendered once for all of them."""

from flask import has_request_context
from flask_babel import force_locale
from sqlalchemy.orm import Session

from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.hall import showing as hall_showing
from dialog.core import db as store
from dialog.core import live
from dialog.core.languages import LANGUAGES
from dialog.meetings.models import Meeting


def announce_changed(db: Session, meeting_id: int) -> None:
    """Sends everyone in the hall, once it is durable, what is on and who is in line."""

    def send() -> None:
        reading = store.session()
        meeting = reading.get(Meeting, meeting_id, populate_existing=True)
        heard = _heard(meeting_id)
        if meeting is None or not heard:
            return
        standing = hall_queries.standing(reading, meeting)
        for language in heard:
            with force_locale(language):
                state = hall_showing.state_of(standing)
                live.emit(f"meeting:{meeting_id}:{language}", "hall:changed", state)

    if has_request_context():  # the demo has nobody watching
        store.after_commit(db, send)


def announce_noted(db: Session, meeting_id: int, note_id: int) -> None:
    """Sends everyone in the hall, once it is durable, what was written down."""

    def send() -> None:
        reading = store.session()
        for language in _heard(meeting_id):
            with force_locale(language):
                words = hall_showing.note_of(reading, note_id)
                live.emit(f"meeting:{meeting_id}:{language}", "hall:noted", words)

    if has_request_context():
        store.after_commit(db, send)


def _heard(meeting_id: int) -> list[str]:
    return [one for one in LANGUAGES if live.is_heard(f"meeting:{meeting_id}:{one}")]
