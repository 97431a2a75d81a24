"""The evening's way through its agenda: what is on, and what comes next."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda import queries, running
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.models import AgendaItem
from dialog.core.errors import AlreadyDone
from dialog.debates.models import AtMeeting, Post
from dialog.permissions import Actor


def go_on(
    db: Session, actor: Actor, *, meeting_id: int, seen: int | None = None, now: datetime
) -> AgendaItem | None:
    """The next point, which the hall is at from now on; None when the agenda is through.

    The point before it is done with: answered, if an answer was written down.
    seen: the point that was on where the button was pressed, 0 for none: two presses are not two
    steps. None for a caller who saw nothing.
    Raises: NotFound, NotAllowed, TooLate, AlreadyDone when the hall has gone on meanwhile.
    """
    queries.lock_agenda(db, meeting_id)
    before = queries.running(db, meeting_id)
    if seen is not None and seen != (before.id if before else 0):
        raise AlreadyDone(_gone_on())
    left = [one for one in queries.items(db, meeting_id) if one.state is AtMeeting.PLANNED]
    running.lock_threads(db, [before, *left[:1]])
    if before is not None:
        state = outcome_of(db, before)
        running.finish_item(
            db, actor, meeting_id=meeting_id, item_id=before.id, state=state, now=now
        )
    _nobody_answers(db, meeting_id)
    if not left:
        return None
    return running.start_item(db, actor, meeting_id=meeting_id, item_id=left[0].id, now=now)


def go_to(db: Session, actor: Actor, *, meeting_id: int, item_id: int, now: datetime) -> AgendaItem:
    """The point that the chair takes up out of turn.

    Raises: NotFound, NotAllowed, TooLate.
    """
    queries.lock_agenda(db, meeting_id)
    _nobody_answers(db, meeting_id)
    return running.start_item(db, actor, meeting_id=meeting_id, item_id=item_id, now=now)


def finish(
    db: Session, actor: Actor, *, meeting_id: int, item_id: int, answered: bool, now: datetime
) -> AgendaItem:
    """The point, done with; what was not answered stays owed online.

    Raises: NotFound, NotAllowed, TooLate, AlreadyDone when the hall has gone on meanwhile.
    """
    queries.lock_agenda(db, meeting_id)
    current = queries.running(db, meeting_id)
    if current is None or current.id != item_id:
        raise AlreadyDone(_gone_on())
    state = AtMeeting.ANSWERED if answered else AtMeeting.NOT_REACHED
    _nobody_answers(db, meeting_id)
    return running.finish_item(
        db, actor, meeting_id=meeting_id, item_id=item_id, state=state, now=now
    )


def outcome_of(db: Session, item: AgendaItem) -> AtMeeting:
    """How a point ends that nobody says anything more about."""
    question = db.get(Post, item.question_id, populate_existing=True) if item.question_id else None
    if question is not None and question.awaits_answer:
        return AtMeeting.NOT_REACHED
    return AtMeeting.ANSWERED


def _gone_on() -> str:
    return _("Salen er gået videre imens. Se, hvad der er i gang nu.")


def _nobody_answers(db: Session, meeting_id: int) -> None:
    hall = hall_queries.hall(db, meeting_id)
    if hall is not None:
        hall.answering_id = None
