"""Those who spoke in the hall and have closed their account since are counted without a name."""

from sqlalchemy.orm import Session

from dialog.agenda import queries
from dialog.agenda.hall import live as hall_live
from dialog.agenda.hall import queries as hall_queries
from dialog.people import closing, names
from dialog.people.closing import Leaver


def lock(db: Session, who: Leaver) -> None:
    """Has the halls he spoke in wait."""
    for speaker in hall_queries.speakers_of(db, who.id):
        queries.lock_agenda(db, speaker.meeting_id)


def forget(db: Session, who: Leaver) -> None:
    """Takes his name off the line, and off what is on the screen."""
    for speaker in hall_queries.speakers_of(db, who.id):
        speaker.user_id, speaker.name = None, names.FORMER
        db.flush()
        hall_queries.turn(db, speaker.meeting_id)
        hall_live.announce_changed(db, speaker.meeting_id)


closing.declare("hall", forget, lock=lock)
