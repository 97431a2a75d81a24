"""Reading the threads that an evening takes up, and what it takes up from each."""

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from dialog.agenda import point_queries
from dialog.agenda.hall.models import HallNote
from dialog.agenda.models import AgendaItem
from dialog.agenda.point_queries import Point
from dialog.debates.models import Post, Thread, ThreadProposal
from dialog.meetings.models import Meeting


def threads_at(db: Session, meeting_id: int) -> list[Thread]:
    """The threads tied to the meeting, and those its questions and what was said stand in."""
    asked = (
        select(Post.thread_id)
        .join(AgendaItem, AgendaItem.question_id == Post.id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.taken_off_at.is_(None))
    )
    said = select(HallNote.post_id).where(HallNote.meeting_id == meeting_id)
    spoken = select(Post.thread_id).where(Post.id.in_(said))
    wanted = select(Thread).where(
        (Thread.meeting_id == meeting_id) | Thread.id.in_(asked) | Thread.id.in_(spoken)
    )
    return list(db.scalars(wanted.order_by(Thread.position, Thread.id)))


def thread_about(db: Session, meeting: Meeting, proposal_id: int) -> Thread | None:
    """The thread in which a proposal is debated, one tied to the meeting before others."""
    wanted = (
        select(Thread)
        .join(ThreadProposal, ThreadProposal.thread_id == Thread.id)
        .where(ThreadProposal.proposal_id == proposal_id)
        .order_by(case((Thread.meeting_id == meeting.id, 0), else_=1), Thread.id)
    )
    return db.scalars(wanted).first()


def points_by_thread(db: Session, meeting_id: int) -> dict[int, list[Point]]:
    """The questions that the meeting took up or meant to, by the thread they stand in."""
    found: dict[int, list[Point]] = {}
    for point in point_queries.headings(db, meeting_id):
        if point.question is not None:
            found.setdefault(point.question.thread_id, []).append(point)
    return found
