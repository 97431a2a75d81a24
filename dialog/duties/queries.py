"""What is owed, to whom, and since when."""

from collections.abc import Iterable

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from dialog.duties.models import Duty


def duties_of(db: Session, question_ids: Iterable[int]) -> dict[int, Duty]:
    """The duty of each question that has one, by the question's id."""
    ids = list(question_ids)
    if not ids:
        return {}
    found = db.scalars(select(Duty).where(Duty.question_id.in_(ids)))
    return {duty.question_id: duty for duty in found}


def duty_of(db: Session, question_id: int) -> Duty | None:
    """The duty that a question opened, or None."""
    return db.scalars(select(Duty).where(Duty.question_id == question_id)).first()


def owed_by(db: Session, holder_id: int) -> list[Duty]:
    """What a politician owes, the most urgent first."""
    wanted = select(Duty).where(
        Duty.holder_id == holder_id, Duty.answered_at.is_(None), Duty.closed_reason.is_(None)
    )
    return list(db.scalars(wanted.order_by(Duty.due_at, Duty.id)))


def answered_by(db: Session, user_id: int, limit: int) -> list[Duty]:
    """What a politician has answered, the newest first."""
    wanted = select(Duty).where(Duty.answered_by == user_id, Duty.answered_at.is_not(None))
    return list(db.scalars(wanted.order_by(Duty.answered_at.desc(), Duty.id.desc()).limit(limit)))


def open_count(db: Session, consultation_id: int) -> int:
    """How many answers a consultation still owes."""
    wanted = select(func.count()).where(
        Duty.consultation_id == consultation_id,
        Duty.answered_at.is_(None),
        Duty.closed_reason.is_(None),
    )
    return db.scalar(wanted) or 0


def answered_and_asked(db: Session) -> dict[int, tuple[int, int]]:
    """For each consultation, how many questions are answered and how many were asked."""
    answered = func.sum(case((Duty.answered_at.is_not(None), 1), else_=0))
    wanted = (
        select(Duty.consultation_id, answered, func.count())
        .where(Duty.closed_reason.is_(None))
        .group_by(Duty.consultation_id)
    )
    return {consultation: (done, asked) for consultation, done, asked in db.execute(wanted)}
