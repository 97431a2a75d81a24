"""What open pages and the screen hear of a meeting: that it changed. They fetch it themselves."""

from sqlalchemy.orm import Session

from dialog.agenda.hall import live as hall_live
from dialog.core import db as store
from dialog.core import live
from dialog.core.errors import NotFound
from dialog.core.languages import LANGUAGES
from dialog.meetings import queries as meetings
from dialog.permissions import Actor


def may_listen(actor: Actor, meeting_id: int) -> bool:
    """Whether this reader may follow the meeting."""
    try:
        meetings.access_meeting(store.session(), actor, meeting_id)
    except NotFound:
        return False
    return True


live.channel("meeting", may_listen)


def announce_changed(db: Session, meeting_id: int) -> None:
    """Tells everyone at the meeting's pages, once it is durable, that its agenda changed."""
    for language in LANGUAGES:
        live.announce(db, f"meeting:{meeting_id}:{language}", "agenda:changed", {"id": meeting_id})
    hall_live.announce_changed(db, meeting_id)
