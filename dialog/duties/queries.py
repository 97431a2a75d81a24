"""What is owed, to whom, and since when."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from dialog.duties.models import (
    Desk,
    Duty,
    DutyEvent,
    DutyState,
    Origin,
    Recess,
    Support,
)
from dialog.people.models import Office, OfficeTitle, User
from dialog.permissions import Role
from dialog.rules.promise import OPEN
from dialog.rules.workdays import Periods

# Every recess as "2028-10-16/2028-10-22", in one column beside whatever else is read.
_RECESS_DAYS = select(
    func.aggregate_strings(
        cast(Recess.first_day, String) + "/" + cast(Recess.last_day, String), " "
    )
).scalar_subquery()
_GIVEN = (DutyState.ANSWERED, DutyState.ACCEPTED)
_OUT_OF_COUNT = (DutyState.CLOSED, DutyState.DECLINED)  # neither given nor waited for
_NO_QUESTION = (Origin.PROMISE, Origin.CORRECTION)
_LEADERS = (OfficeTitle.MAYOR, OfficeTitle.CHAIR)


def duties_of(db: Session, question_ids: Iterable[int]) -> dict[int, Duty]:
    """The duty of each question that has one, by the question's id.

    Of an answer among them the question's duty is there too: it says who helped with it.
    Each knows the name of its holder. What the clock reads comes with them, so that their days
    can be counted.
    """
    ids = list(question_ids)
    if not ids:
        return {}
    wanted = select(Duty, User.name, _RECESS_DAYS).join(User, User.id == Duty.holder_id)
    about = or_(Duty.question_id.in_(ids), Duty.answer_id.in_(ids))
    duties: dict[int, Duty] = {}
    for duty, name, recesses in db.execute(wanted.where(about)):
        duties[duty.question_id] = duty
        duty.holder_name = name
        if len(duties) == 1:
            _remember(db, _periods(recesses))
    return duties


def duty_of(db: Session, question_id: int) -> Duty | None:
    """The duty that a question opened, or None."""
    return db.scalars(select(Duty).where(Duty.question_id == question_id)).first()


def duty_by_id(db: Session, duty_id: int) -> Duty | None:
    """The duty with this number, or None."""
    return db.get(Duty, duty_id)


def locked_duty(db: Session, question_id: int) -> Duty | None:
    """The duty of this post as it stands now; nobody else changes it until the commit."""
    return db.scalars(_fresh(select(Duty).where(Duty.question_id == question_id))).first()


def locked_group(db: Session, duty: Duty) -> list[Duty]:
    """The duties that are answered together with this one, the oldest question first."""
    wanted = select(Duty).where(Duty.merged_into_id == duty.id).order_by(Duty.id)
    return list(db.scalars(_fresh(wanted)))


def locked_relying_on(db: Session, post_id: int) -> list[Duty]:
    """The duties that are done because of this post, as their answer or where it is found."""
    here = and_(Duty.state == DutyState.DECLINED, Duty.see_answer_id == post_id)
    wanted = select(Duty).where(or_(Duty.answer_id == post_id, here)).order_by(Duty.id)
    return list(db.scalars(_fresh(wanted)))


def group_question_ids(db: Session, question_id: int) -> list[int]:
    """The questions that are answered together with this one, itself not counted in."""
    head = aliased(Duty)
    wanted = (
        select(Duty.question_id)
        .join(head, head.id == Duty.merged_into_id)
        .where(head.question_id == question_id)
    )
    return list(db.scalars(wanted.order_by(Duty.id)))


def question_ids_relying_on(db: Session, post_id: int) -> list[int]:
    """The questions that are done because of this post."""
    wanted = select(Duty.question_id).where(
        or_(Duty.answer_id == post_id, Duty.see_answer_id == post_id)
    )
    return list(db.scalars(wanted.order_by(Duty.id)))


def history(db: Session, duty_id: int) -> list[DutyEvent]:
    """What happened to the duty, the oldest line first, each with who held it after that."""
    wanted = select(DutyEvent, User.name).join(User, User.id == DutyEvent.holder_id)
    events = []
    for event, name in db.execute(
        wanted.where(DutyEvent.duty_id == duty_id).order_by(DutyEvent.id)
    ):
        event.holder_name = name
        events.append(event)
    return events


def owed_by(db: Session, holder_id: int) -> list[Duty]:
    """What a person owes, the most urgent first."""
    wanted = select(Duty).where(Duty.holder_id == holder_id, Duty.state.in_(OPEN))
    return list(db.scalars(wanted.order_by(Duty.due_at, Duty.id)))


def answered_by(db: Session, user_id: int, limit: int) -> list[Duty]:
    """What a person has answered, the newest first."""
    wanted = select(Duty).where(Duty.answered_by == user_id, Duty.state.in_(_GIVEN))
    return list(db.scalars(wanted.order_by(Duty.answered_at.desc(), Duty.id.desc()).limit(limit)))


def open_count(db: Session, consultation_id: int) -> int:
    """How many answers a consultation still owes. A promise outlives the decision."""
    wanted = select(func.count()).where(
        Duty.consultation_id == consultation_id,
        Duty.state.in_(OPEN),
        Duty.origin != Origin.PROMISE,
    )
    return db.scalar(wanted) or 0


def answered_and_asked(db: Session) -> dict[int, tuple[int, int]]:
    """For each consultation, how many questions are answered and how many wait or are answered."""
    answered = func.sum(case((Duty.state.in_(_GIVEN), 1), else_=0))
    wanted = (
        select(Duty.consultation_id, answered, func.count())
        .where(counts())
        .group_by(Duty.consultation_id)
    )
    return {consultation: (done, asked) for consultation, done, asked in db.execute(wanted)}


def counts() -> ColumnElement[bool]:
    """A question that is answered or waits: not one that is gone or turned down, and no promise."""
    return and_(Duty.state.not_in(_OUT_OF_COUNT), Duty.origin.not_in(_NO_QUESTION))


def open_duties(db: Session) -> list[Duty]:
    """Everything that somebody still has to do something about, the most urgent first."""
    return list(db.scalars(select(Duty).where(Duty.state.in_(OPEN)).order_by(Duty.due_at, Duty.id)))


def locked_open_duties(db: Session) -> list[Duty]:
    """The same; nobody else changes any of them until the commit."""
    return list(db.scalars(_fresh(select(Duty).where(Duty.state.in_(OPEN)).order_by(Duty.id))))


def out_of_place(db: Session, today: date) -> list[int]:
    """The questions of open duties whose holder may not be the right one any more."""
    is_chair = (
        select(Office.id)
        .where(Office.user_id == Duty.holder_id, Office.committee_id == Duty.committee_id)
        .where(Office.title.in_(_LEADERS))
        .exists()
    )
    wanted = (
        select(Duty.question_id)
        .join(User, User.id == Duty.holder_id)
        .where(
            Duty.state.in_(OPEN),
            or_(
                and_(Duty.desk == Desk.POLITICIAN, User.role != Role.POLITICIAN),
                and_(
                    Duty.desk == Desk.ADMINISTRATION,
                    User.role.not_in((Role.COMMS_CHIEF, Role.ADMIN)),
                ),
                and_(User.leave_from <= today, User.substitute_id.is_not(None)),
                and_(Duty.by_office, ~is_chair),
            ),
        )
    )
    return list(db.scalars(wanted.order_by(Duty.id)))


def recesses(db: Session) -> list[Recess]:
    """The council's recesses, the first one first."""
    found = list(db.scalars(select(Recess).order_by(Recess.first_day, Recess.id)))
    _remember(db, tuple((each.first_day, each.last_day) for each in found))
    return found


def recess_days(db: Session) -> Periods:
    """The same, as the clock reads them. A request that only reads asks for them once."""
    known: Periods | None = db.info.get("recess_days")
    return _remember(db, _periods(db.scalar(select(_RECESS_DAYS)))) if known is None else known


def support_counts(db: Session, post_ids: Iterable[int]) -> dict[int, int]:
    """How many verified residents stand behind each question, by its id."""
    ids = list(post_ids)
    if not ids:
        return {}
    wanted = _supported().where(Support.post_id.in_(ids))
    return {post_id: count for post_id, count in db.execute(wanted)}  # noqa: C416 (typed)


def supports_of(db: Session, user_id: int, post_ids: Iterable[int]) -> set[int]:
    """Which of these questions the person stands behind."""
    wanted = select(Support.post_id).where(
        Support.user_id == user_id, Support.post_id.in_(list(post_ids))
    )
    return set(db.scalars(wanted))


def support_areas(db: Session, post_id: int) -> int:
    """How many parts of town those residents come from, however each of them spells it."""
    wanted = select(User.area).join(Support, Support.user_id == User.id)
    found = db.scalars(wanted.where(Support.post_id == post_id, User.verified_at.is_not(None)))
    return len({(area or "").casefold() for area in found})


def supported_and_unowned(db: Session) -> list[tuple[int, int]]:
    """Questions that residents stand behind and nobody was asked: (post id, how many)."""
    wanted = _supported().outerjoin(Duty, Duty.question_id == Support.post_id)
    return [(one, count) for one, count in db.execute(wanted.where(Duty.id.is_(None)))]


def _supported() -> Select[int, int]:
    return (
        select(Support.post_id, func.count())
        .join(User, User.id == Support.user_id)
        .where(User.verified_at.is_not(None))
        .group_by(Support.post_id)
    )


def _periods(words: str | None) -> Periods:
    days = [each.partition("/") for each in (words or "").split()]
    return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, _to, last in days)


def _remember(db: Session, days: Periods) -> Periods:
    """The days; a session that only reads knows them from now on."""
    if "kept" in db.info:
        db.info["recess_days"] = days
    return days


def _fresh(wanted: Select[Duty]) -> Select[Duty]:
    return wanted.with_for_update().execution_options(populate_existing=True)
