"""What the pages of the catalogue need from several rooms at once."""

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from dialog.catalogue.models import Proposal
from dialog.debates.models import Post, PostState, Thread, ThreadProposal
from dialog.duties import queries as duties
from dialog.duties.models import Duty
from dialog.meetings.models import Meeting


def answered_of_asked(db: Session, consultation_id: int) -> dict[int | None, tuple[int, int]]:
    """Committee id → questions answered and asked in the threads on its proposals.

    A question in a thread on proposals of two committees counts for both.
    """
    answered = case((Duty.answered_at.is_not(None), Duty.id))
    wanted = (
        select(Proposal.committee_id, func.count(distinct(answered)), func.count(distinct(Duty.id)))
        .join(ThreadProposal, ThreadProposal.proposal_id == Proposal.id)
        .join(Post, Post.thread_id == ThreadProposal.thread_id)
        .join(Duty, Duty.question_id == Post.id)
        .where(Proposal.consultation_id == consultation_id, duties.counts())
        .group_by(Proposal.committee_id)
    )
    return {committee: (done, asked) for committee, done, asked in db.execute(wanted)}


def threads_on(db: Session, proposal_id: int) -> list[tuple[Thread, Meeting, int]]:
    """The threads on a proposal, each with its meeting and how many questions wait in it."""
    wanted = (
        select(Thread, Meeting, Post.open_questions)
        .join(ThreadProposal, ThreadProposal.thread_id == Thread.id)
        .join(Meeting, Meeting.id == Thread.meeting_id)
        .join(Post, Post.thread_id == Thread.id)
        .where(ThreadProposal.proposal_id == proposal_id, Post.parent_id.is_(None))
        .where(Post.state != PostState.HIDDEN)
        .order_by(Thread.position, Thread.id)
    )
    return [(thread, meeting, waiting) for thread, meeting, waiting in db.execute(wanted)]
