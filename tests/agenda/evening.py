"""An evening in the hall, as short as a test needs it: it is NOW, and the meeting is on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dialog.agenda import commands as agenda
from dialog.agenda.hall import commands as hall_commands
from dialog.agenda.models import AgendaItem
from dialog.debates.models import Post, Thread
from dialog.meetings import staffing
from dialog.meetings.models import Meeting
from dialog.permissions import Actor
from tests import make
from tests.make import NOW

BEGAN = NOW - timedelta(hours=1)


@dataclass
class Evening:
    """A meeting that is on, its people, and two questions on its agenda."""

    meeting: Meeting
    thread: Thread
    chair: Actor
    notes: Actor
    panel: list[Actor]
    questions: list[Post]
    items: list[AgendaItem]
    code: str


def make_evening(db: Session, *, began: datetime = BEGAN, slug: str = "budget-2028") -> Evening:
    """The evening at Kulturhuset, its hall open and nothing taken up yet."""
    consultation = make.make_consultation(db, slug)
    meeting = make.make_meeting(db, consultation, starts_at=began)
    thread = make.make_thread(db, consultation, meeting=meeting)
    panel = [make.make_politician(db), make.make_politician(db, "Ida Falk", committee=None)]
    notes = make.make_citizen(db, "Jens Dam")
    chair = make.make_chief(db)
    staffing.name_staff(
        db, chair, meeting_id=meeting.id, chairs=[], note_takers=[notes.id or 0],
        panel=[one.id or 0 for one in panel], now=NOW,
    )  # fmt: skip
    asked = [
        make.make_question(db, thread, now=began - timedelta(days=1)),
        make.make_question(
            db, thread, make.make_other_citizen(db), body="Hvad koster det?",
            now=began - timedelta(days=1),
        ),
    ]  # fmt: skip
    items = [
        agenda.put_question_on(
            db, chair, meeting_id=meeting.id, question_id=one.id, now=began - timedelta(hours=2)
        )
        for one in asked
    ]
    hall = hall_commands.open_hall(db, chair, meeting_id=meeting.id, now=began)
    return Evening(meeting, thread, chair, notes, panel, asked, items, hall.code)
