"""Reading an agenda: whose it is to run, its points in order, its selection rule."""

from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from dialog.agenda.models import AgendaItem, ChosenBy, SelectionRule, Suggestion
from dialog.catalogue.models import Proposal
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core.errors import NotFound
from dialog.debates.models import AtMeeting, Thread, ThreadProposal
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.permissions import SYSTEM, Actor


def access_to_run(
    db: Session, actor: Actor, meeting_id: int, *, to_change: bool = False
) -> Meeting:
    """The meeting, for one who runs it: its staff, the comms chiefs, and the installation itself.

    to_change: nobody else changes its agenda until the commit.
    Raises: NotFound.
    """
    if to_change:
        lock_agenda(db, meeting_id)
    if actor is SYSTEM:
        return meetings.access_meeting(db, actor, meeting_id)
    return meetings.access_to_run(db, actor, meeting_id)


@dataclass(frozen=True)
class Planning:
    """A meeting as those find it who plan its agenda."""

    meeting: Meeting
    consultation: Consultation
    rule: SelectionRule | None  # the one that counts


def access_to_plan(db: Session, actor: Actor, meeting_id: int) -> Planning:
    """The meeting with its rule, for one who runs it: one query. Raises: NotFound."""
    newer = aliased(SelectionRule)
    is_newest = ~exists().where(
        newer.meeting_id == SelectionRule.meeting_id, newer.number > SelectionRule.number
    )
    counts = and_(SelectionRule.meeting_id == Meeting.id, is_newest)
    wanted = (
        select(Meeting, Consultation, SelectionRule, meetings.is_run_by(actor))
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .outerjoin(SelectionRule, counts)
        .where(Meeting.id == meeting_id)
    )
    found = db.execute(wanted).first()
    if found is None or not found[-1]:
        raise NotFound("meeting")
    planning = Planning(*found[:-1])
    consultations.shown_to(actor, planning.consultation)
    return planning


def lock_agenda(db: Session, meeting_id: int) -> None:
    """Makes every other writer of the agenda and in the hall wait; on SQLite they do.

    Comes before the locks of threads, and those before the chain: whoever holds one of them waits
    only for what comes later.
    """
    if db.get_bind().dialect.name != "sqlite":
        # Not against those who merely point at the row: they may hold the lock of the audit.
        db.execute(
            select(Meeting.id).where(Meeting.id == meeting_id).with_for_update(key_share=True)
        )


def item_of(db: Session, meeting_id: int, item_id: int) -> AgendaItem:
    """The point, if it is on this meeting's agenda and was not taken off. Raises: NotFound."""
    found = db.get(AgendaItem, item_id, populate_existing=True)
    if found is None or found.meeting_id != meeting_id or found.taken_off_at is not None:
        raise NotFound("agenda item")
    return found


def item_by_code(db: Session, meeting_id: int, code: str) -> AgendaItem | None:
    """The point with this code on paper or screen, however it was typed."""
    wanted = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting_id,
        AgendaItem.code == code.strip().upper(),
        AgendaItem.taken_off_at.is_(None),
    )
    return db.scalars(wanted).first()


def items(db: Session, meeting_id: int) -> list[AgendaItem]:
    """What stands on the agenda, in order."""
    wanted = (
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.taken_off_at.is_(None))
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return list(db.scalars(wanted))


def running(db: Session, meeting_id: int) -> AgendaItem | None:
    """The point that the hall is at, or None."""
    wanted = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.state == AtMeeting.NOW
    )
    return db.scalars(wanted).first()


def rules(db: Session, meeting_id: int) -> list[SelectionRule]:
    """The selection rules of a meeting, the one that counts first."""
    wanted = select(SelectionRule).where(SelectionRule.meeting_id == meeting_id)
    return list(db.scalars(wanted.order_by(SelectionRule.number.desc())))


def chosen_count(db: Session, meeting_id: int, chosen_by: ChosenBy) -> int:
    """How many questions stand on the agenda because they were chosen like this."""
    wanted = select(func.count()).where(
        AgendaItem.meeting_id == meeting_id,
        AgendaItem.question_id.is_not(None),
        AgendaItem.chosen_by == chosen_by,
        AgendaItem.taken_off_at.is_(None),
    )
    return db.scalar(wanted) or 0


def earlier_item(db: Session, meeting_id: int, question_id: int) -> AgendaItem | None:
    """The point this question once was at the meeting, also when it was taken off."""
    wanted = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.question_id == question_id
    )
    return db.scalars(wanted).first()


def earlier_proposal_item(db: Session, meeting_id: int, proposal_id: int) -> AgendaItem | None:
    """The point this proposal is or once was at the meeting."""
    wanted = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.proposal_id == proposal_id
    )
    return db.scalars(wanted).first()


def proposal_for(db: Session, meeting: Meeting, proposal_id: int) -> Proposal | None:
    """The proposal, if it belongs to the meeting's dialogue."""
    found = db.get(Proposal, proposal_id)
    is_own = found is not None and found.consultation_id == meeting.consultation_id
    return found if is_own else None


def proposals_to_put_on(db: Session, meeting: Meeting) -> list[tuple[Proposal, bool]]:
    """The proposals that are not on the agenda, each with whether the meeting's threads debate it.

    Those that they do come first.
    """
    debated = (
        exists()
        .where(ThreadProposal.proposal_id == Proposal.id)
        .where(Thread.id == ThreadProposal.thread_id, Thread.meeting_id == meeting.id)
    )
    stands = exists().where(
        AgendaItem.proposal_id == Proposal.id,
        AgendaItem.meeting_id == meeting.id,
        AgendaItem.taken_off_at.is_(None),
    )
    wanted = (
        select(Proposal, debated)
        .where(Proposal.consultation_id == meeting.consultation_id, ~stands)
        .order_by(debated.desc(), Proposal.position, Proposal.code)
    )
    return [(proposal, is_debated) for proposal, is_debated in db.execute(wanted)]


def codes(db: Session, meeting_id: int) -> set[str]:
    """Every code that a point of the meeting has or had."""
    return set(db.scalars(select(AgendaItem.code).where(AgendaItem.meeting_id == meeting_id)))


def suggestion(db: Session, post_id: int, user_id: int) -> Suggestion | None:
    """Someone's wish to have the post taken up, or None."""
    return db.get(Suggestion, (post_id, user_id))


def last_position(db: Session, meeting_id: int) -> int:
    """The position of the last point ever put on; 0 for none."""
    wanted = select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting_id)
    return db.scalar(wanted) or 0
