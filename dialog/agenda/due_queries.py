"""Reading what the clock has to do with agendas."""

from datetime import datetime

from sqlalchemy import Select, exists, or_, select, union
from sqlalchemy.orm import Session, aliased

from dialog.agenda.models import AgendaItem, PackSending, SelectionRule
from dialog.consultations.models import Consultation, State
from dialog.debates.models import AtMeeting, Post, PostState
from dialog.duties.models import Duty, Origin
from dialog.meetings.models import Meeting, MeetingStaff, Panelist
from dialog.rules.promise import OPEN


def rules_due(db: Session, now: datetime) -> list[int]:
    """The meetings whose questions are to be chosen now."""
    newer = aliased(SelectionRule)
    is_newest = ~exists().where(
        newer.meeting_id == SelectionRule.meeting_id, newer.number > SelectionRule.number
    )
    wanted = (
        select(Meeting.id)
        .join(SelectionRule, SelectionRule.meeting_id == Meeting.id)
        .where(
            SelectionRule.selected_at.is_(None),
            is_newest,
            Meeting.cancelled_at.is_(None),
            or_(SelectionRule.selects_at <= now, Meeting.starts_at <= now),
            Meeting.ends_at > now,
        )
    )
    return list(db.scalars(wanted))


def escalated(db: Session) -> list[int]:
    """The questions at the top of the ladder that no meeting takes up or has taken up.

    What was taken off with a reason stays off; what a cancelled meeting had comes again.
    """
    stood = (
        exists()
        .where(AgendaItem.question_id == Duty.question_id)
        .where(Meeting.id == AgendaItem.meeting_id, Meeting.cancelled_at.is_(None))
    )
    wanted = (
        select(Duty.question_id)
        .join(Post, Post.id == Duty.question_id)
        .where(
            Duty.escalated_at.is_not(None),
            Duty.state.in_(OPEN),
            Duty.origin != Origin.PROMISE,
            Post.state == PostState.VISIBLE,
            ~stood,
        )
        .order_by(Duty.escalated_at, Duty.id)
    )
    return list(db.scalars(wanted))


def left_open(db: Session, ended_before: datetime) -> list[int]:
    """The meetings that are over and have points nobody said anything about."""
    wanted = (
        select(Meeting.id)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(
            AgendaItem.state.in_([AtMeeting.PLANNED, AtMeeting.NOW]),
            AgendaItem.taken_off_at.is_(None),
            Meeting.cancelled_at.is_(None),
            Meeting.ends_at < ended_before,
        )
        .distinct()
    )
    return list(db.scalars(wanted))


def packs_due(db: Session, now: datetime, until: datetime) -> list[int]:
    """The public meetings that begin before `until`, whose packs may have to be handed out."""
    return list(db.scalars(_to_come(now, until).order_by(Meeting.starts_at, Meeting.id)))


def is_time_for_pack(db: Session, meeting_id: int, now: datetime, until: datetime) -> bool:
    """Whether the meeting is one of them."""
    return db.scalar(_to_come(now, until).where(Meeting.id == meeting_id)) is not None


def pack_can_be_read(db: Session, meeting_id: int) -> bool:
    """Whether everyone can read the pack of a meeting that is still to be held."""
    return db.scalar(_held_in_public().where(Meeting.id == meeting_id)) is not None


def pack_sendings(db: Session, meeting_id: int) -> dict[int, PackSending]:
    """Who was sent the pack of a meeting, by user."""
    wanted = select(PackSending).where(PackSending.meeting_id == meeting_id)
    return {one.user_id: one for one in db.scalars(wanted)}


def pack_readers(db: Session, meeting_id: int) -> list[int]:
    """The users on the panel and the staff of a meeting, each once."""
    wanted = union(
        select(Panelist.user_id).where(Panelist.meeting_id == meeting_id),
        select(MeetingStaff.user_id).where(MeetingStaff.meeting_id == meeting_id),
    )
    return sorted(db.scalars(wanted))


def _to_come(now: datetime, until: datetime) -> Select[int]:
    return _held_in_public().where(Meeting.starts_at > now, Meeting.starts_at <= until)


def _held_in_public() -> Select[int]:
    return (
        select(Meeting.id)
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Meeting.cancelled_at.is_(None), Consultation.state != State.DRAFT)
    )
