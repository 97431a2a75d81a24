"""Reading what the clock has to do with agendas."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from dialog.agenda.models import AgendaItem, SelectionRule
from dialog.debates.models import AtMeeting, Post, PostState
from dialog.duties.models import Duty, Origin
from dialog.meetings.models import Meeting
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
