"""What the pages of one consultation tell from the rooms together."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from dialog.catalogue import queries as catalogue
from dialog.catalogue.models import Proposal
from dialog.catalogue.queries import PricedProposal
from dialog.debates.models import Post, ThreadProposal
from dialog.duties import queries as duties
from dialog.duties.models import Duty
from dialog.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class CommitteeLine:
    """A committee's share of the catalogue; `committee_id` is None for what nobody owns yet.

    asked, answered: questions in the threads of its proposals.
    """

    committee_id: int | None
    name: str
    count: int
    saving_tkr: int
    asked: int
    answered: int


def by_committee(
    db: Session, consultation_id: int, rows: list[PricedProposal], year: int | None
) -> list[CommitteeLine]:
    """The catalogue committee by committee, the greatest saving first."""
    owned: dict[tuple[int | None, str], list[PricedProposal]] = defaultdict(list)
    for row in rows:
        owned[row.proposal.committee_id, row.committee].append(row)
    questions = _questions_by_committee(db, consultation_id)
    lines = [
        CommitteeLine(
            committee_id,
            name,
            len(own),
            catalogue.saving_tkr(own, year) if year else 0,
            *questions.get(committee_id, (0, 0)),
        )
        for (committee_id, name), own in owned.items()
    ]
    return sorted(lines, key=lambda line: (-line.saving_tkr, line.name))


def meetings_held_as_planned(db: Session, consultation_id: int) -> list[Meeting]:
    """The meetings that are not cancelled, the first first."""
    wanted = (
        select(Meeting)
        .where(Meeting.consultation_id == consultation_id, Meeting.cancelled_at.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return list(db.scalars(wanted))


def next_and_last(meetings: list[Meeting], now: datetime) -> tuple[Meeting | None, Meeting | None]:
    """The meeting that is on or comes next, and the last that is over."""
    coming = [meeting for meeting in meetings if meeting.ends_at >= now]
    over = [meeting for meeting in meetings if meeting.ends_at < now]
    return (coming[0] if coming else None), (over[-1] if over else None)


def _questions_by_committee(db: Session, consultation_id: int) -> dict[int | None, tuple[int, int]]:
    """Committee id → (questions asked, of them answered). A thread may be several committees'."""
    wanted = (
        select(
            Proposal.committee_id,
            func.count(Duty.id.distinct()),
            func.count(case((Duty.answered_at.is_not(None), Duty.id)).distinct()),
        )
        .join(Post, Post.id == Duty.question_id)
        .join(ThreadProposal, ThreadProposal.thread_id == Post.thread_id)
        .join(Proposal, Proposal.id == ThreadProposal.proposal_id)
        .where(Duty.consultation_id == consultation_id, duties.counts())
        .group_by(Proposal.committee_id)
    )
    return {committee: (asked, answered) for committee, asked, answered in db.execute(wanted)}
