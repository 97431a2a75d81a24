"""What the front page and the desks read, joined from the rooms it lies in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from dialog.catalogue.models import Proposal
from dialog.catalogue.queries import PricedProposal
from dialog.consultations.models import Consultation, State
from dialog.core import clock
from dialog.debates import queries as debates
from dialog.debates.models import Post, PostState, Thread
from dialog.duties import queries as duties
from dialog.duties.models import Duty
from dialog.meetings.models import Meeting
from dialog.people.models import Party, User
from dialog.rules.promise import OPEN
from dialog.strategy.models import Activity


@dataclass(frozen=True, slots=True)
class Card:
    """A consultation on the front page: what a citizen can take part in, and until when."""

    consultation: Consultation
    days_left: int | None  # to the decision; negative once its day has passed
    proposals: int
    answered: int
    asked: int
    next_meeting: Meeting | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """A politician with answers over their deadline, and the question that has waited longest."""

    name: str
    party: str | None  # letter
    count: int
    due_at: datetime  # of the oldest
    question_id: int


def open_cards(db: Session, now: datetime) -> list[Card]:
    """The open consultations, the one decided first before. Four queries however many they are."""
    wanted = select(Consultation).where(Consultation.state == State.OPEN)
    found = sorted(db.scalars(wanted), key=lambda each: (each.decision_on or date.max, each.id))
    ids = [each.id for each in found]
    proposals, asked = proposal_counts(db, ids), duties.answered_and_asked(db)
    meetings = next_meetings(db, ids, now)
    return [
        Card(
            each,
            days_to(each.decision_on, now),
            proposals.get(each.id, 0),
            *asked.get(each.id, (0, 0)),
            meetings.get(each.id),
        )
        for each in found
    ]


def past_consultations(db: Session, limit: int) -> list[Consultation]:
    """The consultations that are over, the last one first."""
    wanted = (
        select(Consultation)
        .where(Consultation.state.in_((State.CLOSED, State.DECIDED)))
        .order_by(Consultation.opened_at.desc(), Consultation.id.desc())
        .limit(limit)
    )
    return list(db.scalars(wanted))


def proposal_counts(db: Session, consultation_ids: Iterable[int]) -> dict[int, int]:
    """Consultation id → how many proposals lie on the table."""
    wanted = (
        select(Proposal.consultation_id, func.count())
        .where(Proposal.consultation_id.in_(list(consultation_ids)))
        .group_by(Proposal.consultation_id)
    )
    return dict(db.execute(wanted).all())


def next_meetings(
    db: Session, consultation_ids: Iterable[int], now: datetime
) -> dict[int, Meeting]:
    """Consultation id → the meeting that is on or comes next."""
    wanted = (
        select(Meeting)
        .where(Meeting.consultation_id.in_(list(consultation_ids)))
        .where(Meeting.cancelled_at.is_(None), Meeting.ends_at > now)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    )
    return {meeting.consultation_id: meeting for meeting in db.scalars(wanted)}


def days_to(day: date | None, now: datetime) -> int | None:
    """Days from today, in Denmark, to `day`; None without a day."""
    return (day - clock.local(now).date()).days if day else None


def answered_questions(db: Session, user_id: int, limit: int) -> list[tuple[Duty, Post]]:
    """The questions someone has answered, the newest answer first."""
    wanted = (
        select(Duty, Post)
        .join(Post, Post.id == Duty.question_id)
        .where(Duty.answered_by == user_id, Post.state == PostState.VISIBLE)
        .order_by(Duty.answered_at.desc(), Duty.id.desc())
        .limit(limit)
    )
    return [(duty, question) for duty, question in db.execute(wanted)]


def proposals_of_thread(db: Session, thread_id: int) -> list[PricedProposal]:
    """The proposals a thread debates, with their money in every year; without committees."""
    found = debates.proposals_of(db, thread_id)
    return [PricedProposal(proposal, "", dict(amounts)) for proposal, amounts in found]


def overdue_by_politician(db: Session, now: datetime) -> list[Overdue]:
    """Who has answers over their deadline, the longest wait first."""
    wanted = (
        select(User.name, Party.letter, Duty.holder_id, Duty.due_at, Duty.question_id)
        .join(User, User.id == Duty.holder_id)
        .outerjoin(Party, Party.id == User.party_id)
        .where(Duty.due_at < now, _still_owed())
        .order_by(Duty.due_at.desc(), Duty.id.desc())
    )
    found: dict[int, Overdue] = {}
    for name, party, holder_id, due_at, question_id in db.execute(wanted):
        before = found.get(holder_id)
        count = before.count + 1 if before else 1
        found[holder_id] = Overdue(name, party, count, due_at, question_id)
    return sorted(found.values(), key=lambda each: each.due_at)


def consultations_at_work(db: Session) -> list[Consultation]:
    """Every consultation that is not decided, the one decided first before."""
    wanted = select(Consultation).where(Consultation.state != State.DECIDED)
    return sorted(db.scalars(wanted), key=lambda each: (each.decision_on or date.max, each.id))


def next_activities(db: Session, limit: int) -> list[tuple[Activity, Consultation]]:
    """What the plans have next, from what should have happened already and on."""
    wanted = (
        select(Activity, Consultation)
        .join(Consultation, Consultation.id == Activity.consultation_id)
        .where(Activity.is_done.is_(False), Activity.on_date.is_not(None))
        .order_by(Activity.on_date, Activity.id)
        .limit(limit)
    )
    return [(activity, consultation) for activity, consultation in db.execute(wanted)]


def meetings_without_minutes(db: Session, now: datetime) -> list[tuple[Meeting, Consultation]]:
    """The meetings that are held and whose minutes nobody can read yet, the oldest first."""
    wanted = (
        select(Meeting, Consultation)
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Consultation.state != State.DRAFT, Meeting.minutes_published_at.is_(None))
        .where(Meeting.cancelled_at.is_(None), Meeting.ends_at <= now)
        .order_by(Meeting.ends_at, Meeting.id)
    )
    return [(meeting, consultation) for meeting, consultation in db.execute(wanted)]


def threads_that_wait(db: Session, limit: int) -> list[tuple[Thread, int]]:
    """The threads with most questions without an answer, and how many."""
    wanted = (
        select(Thread, Post.open_questions)
        .join(Post, and_(Post.thread_id == Thread.id, Post.depth == 0))
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(Post.open_questions > 0, Consultation.state != State.DRAFT)
        .order_by(Post.open_questions.desc(), Thread.id)
        .limit(limit)
    )
    return [(thread, count) for thread, count in db.execute(wanted)]


def _still_owed() -> ColumnElement[bool]:
    return Duty.state.in_(OPEN)
