"""What the page of a meeting needs from several rooms at once."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from dialog.agenda.hall.models import Hall
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core.errors import NotFound
from dialog.debates.models import Post, Thread
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting, MinutesVersion, SignUp
from dialog.permissions import Actor


@dataclass(frozen=True)
class MeetingPage:
    """A meeting with what there is one of: its dialogue, its hall, and the reader's own part."""

    meeting: Meeting
    consultation: Consultation
    hall: Hall | None  # once somebody has opened it
    own_seat: SignUp | None
    may_run: bool
    minutes_number: int  # of the version that counts; 0 before the minutes


def access_page(db: Session, reader: Actor, meeting_id: int) -> MeetingPage:
    """The meeting's page, if this reader may see its dialogue: one query.

    Raises: NotFound.
    """
    newest = select(func.max(MinutesVersion.number)).where(MinutesVersion.meeting_id == Meeting.id)
    is_own = and_(SignUp.meeting_id == Meeting.id, SignUp.user_id == (reader.id or 0))
    wanted = (
        select(
            Meeting, Consultation, Hall, SignUp, meetings.is_run_by(reader),
            func.coalesce(newest.scalar_subquery(), 0),
        )
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .outerjoin(Hall, Hall.meeting_id == Meeting.id)
        .outerjoin(SignUp, is_own)
        .where(Meeting.id == meeting_id)
    )  # fmt: skip
    found = db.execute(wanted).first()
    if found is None:
        raise NotFound("meeting")
    page = MeetingPage(*found)
    consultations.shown_to(reader, page.consultation)
    return page


def threads_at(db: Session, meeting_id: int) -> list[tuple[Thread, int]]:
    """The threads a meeting takes up, each with how many questions wait in it."""
    wanted = (
        select(Thread, Post.open_questions)
        .join(Post, Post.thread_id == Thread.id)
        .where(Thread.meeting_id == meeting_id, Post.parent_id.is_(None))
        .order_by(Thread.position, Thread.id)
    )
    return [(thread, waiting) for thread, waiting in db.execute(wanted)]
