"""What lies on a desk, joined from the rooms it lies in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from dialog.agenda.models import AgendaItem
from dialog.consultations.models import Consultation, State
from dialog.core.errors import NotFound
from dialog.debates.models import Confirmation, Draft, Post, PostState, Thread, Voice
from dialog.duties.models import Desk, Duty, DutyState, Origin
from dialog.meetings.models import Meeting
from dialog.people.models import Party, User
from dialog.permissions import Actor, Role
from dialog.rules.promise import OPEN

_GIVEN = (DutyState.ANSWERED, DutyState.ACCEPTED)
CANDIDATES = 400  # earlier answers, and waiting questions, that are compared with a question


@dataclass(frozen=True, slots=True)
class Owed:
    """A question, or an answer with a promise, with its duty and the thread it stands in."""

    duty: Duty
    question: Post
    thread: Thread
    holder_name: str
    meeting_at: datetime | None = None  # the borgermøde whose agenda it is on


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """An answer given at a borgermøde, as the note-taker wrote it down, with its question."""

    answer: Post
    question: Post
    thread: Thread
    meeting: Meeting


@dataclass(frozen=True, slots=True)
class Earlier:
    """A question that was answered before, with its answer."""

    question: Post
    answer: Post


@dataclass(frozen=True, slots=True)
class Prepared:
    """A secretary's draft of an answer."""

    by_id: int
    by_name: str
    body: str
    saved_at: datetime


def owed_to(db: Session, actor: Actor, now: datetime) -> list[Owed]:
    """What lies on this person's desk, the most urgent first."""
    at_meeting = (
        select(func.min(Meeting.starts_at))
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.question_id == Duty.question_id, AgendaItem.taken_off_at.is_(None))
        .where(Meeting.ends_at > now, Meeting.cancelled_at.is_(None))
        .scalar_subquery()
    )
    wanted = public_duties(Duty, Post, Thread, User.name, at_meeting).where(
        _lies_with(actor), Duty.state.in_(OPEN)
    )
    return [Owed(*row) for row in db.execute(wanted.order_by(Duty.due_at, Duty.id))]


def access_owed(db: Session, actor: Actor, question_id: int) -> Owed:
    """The question, if it lies or lay on this person's desk; settled ones too.

    Raises: NotFound, also for a question put to someone else.
    """
    wanted = public_duties(Duty, Post, Thread, User.name).where(
        Duty.question_id == question_id, _lies_with(actor)
    )
    found = db.execute(wanted).first()
    if found is None:
        raise NotFound("question")
    return Owed(*found)


def to_confirm(db: Session, actor: Actor, now: datetime) -> list[ToConfirm]:
    """What was written down for this person at a borgermøde and he can still confirm."""
    question = aliased(Post)
    wanted = (
        select(Post, question, Thread, Meeting)
        .join(question, question.id == Post.parent_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Meeting, Meeting.id == Post.meeting_id)
        .where(Post.author_id == actor.id, Post.state == PostState.VISIBLE)
        .where(Post.confirmation == Confirmation.WAITING, Post.confirm_by > now)
        .order_by(Post.confirm_by, Post.id)
    )
    return [ToConfirm(*row) for row in db.execute(wanted)]


def laid_together(db: Session, duty: Duty) -> list[Post]:
    """The visible questions that are answered together with this one."""
    wanted = (
        select(Post)
        .join(Duty, Duty.question_id == Post.id)
        .where(Duty.merged_into_id == duty.id, Post.state == PostState.VISIBLE)
        .order_by(Post.id)
    )
    return list(db.scalars(wanted))


def answered_before(db: Session, duty: Duty) -> list[Earlier]:
    """The newest answered questions of the dialogue, to be compared with this one."""
    answer = aliased(Post)
    wanted = (
        select(Post, answer)
        .join(Duty, Duty.question_id == Post.id)
        .join(answer, answer.id == Duty.answer_id)
        .where(Duty.consultation_id == duty.consultation_id, Duty.id != duty.id)
        .where(Duty.state.in_(_GIVEN), Duty.origin != Origin.PROMISE)
        .where(Post.state == PostState.VISIBLE, answer.state == PostState.VISIBLE)
        .order_by(Duty.answered_at.desc(), Duty.id.desc())
        .limit(CANDIDATES)
    )
    return [Earlier(question, given) for question, given in db.execute(wanted)]


def facts_for(db: Session, question: Post) -> list[Post]:
    """What the administration has brought under the question, the oldest first."""
    wanted = (
        select(Post)
        .where(Post.parent_id == question.id, Post.voice == Voice.ADMINISTRATION)
        .where(Post.state == PostState.VISIBLE)
        .order_by(Post.ordinal)
    )
    return list(db.scalars(wanted))


def prepared_for(db: Session, question_id: int) -> list[Prepared]:
    """What secretaries have drafted as the answer, the newest first."""
    wanted = (
        select(User.id, User.name, Draft.body, Draft.saved_at)
        .join(User, User.id == Draft.user_id)
        .where(Draft.parent_id == question_id, User.role == Role.SECRETARY)
        .order_by(Draft.saved_at.desc(), User.id)
    )
    return [Prepared(*row) for row in db.execute(wanted)]


def prepared_questions(db: Session, question_ids: Iterable[int]) -> set[int]:
    """Which of these questions have a secretary's draft."""
    wanted = (
        select(Draft.parent_id)
        .join(User, User.id == Draft.user_id)
        .where(Draft.parent_id.in_(list(question_ids)), User.role == Role.SECRETARY)
    )
    return set(db.scalars(wanted))


def who_can_take(db: Session, duty: Duty) -> list[tuple[int, str]]:
    """(id, name) of everyone it can be handed on to; a disputed figure stays with the
    administration."""
    is_figure = duty.origin is Origin.CORRECTION
    roles = (Role.COMMS_CHIEF, Role.ADMIN) if is_figure else (Role.POLITICIAN,)
    return _people(db, roles, duty.holder_id)


def other_politicians(db: Session, but_id: int) -> list[tuple[int, str]]:
    """(id, name with the party's letter) of everyone who can stand in for a politician."""
    return _people(db, (Role.POLITICIAN,), but_id)


def _people(db: Session, roles: Iterable[Role], but_id: int) -> list[tuple[int, str]]:
    wanted = (
        select(User.id, User.name, Party.letter)
        .outerjoin(Party, Party.id == User.party_id)
        .where(User.role.in_(list(roles)), User.id != but_id)
        .order_by(User.name)
    )
    return [
        (id_, f"{name} ({letter})" if letter else name) for id_, name, letter in db.execute(wanted)
    ]


def public_duties(*columns: Any) -> Select[Any]:
    """These columns of what is owed where everyone may read, each with its post and holder."""
    return (
        select(*columns)
        .select_from(Duty)
        .join(Post, Post.id == Duty.question_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .join(User, User.id == Duty.holder_id)
        .where(Consultation.state != State.DRAFT)
    )


def _lies_with(actor: Actor) -> ColumnElement[bool]:
    """Whose desk: his who owes it, the whole administration's, or every politician's."""
    if actor.role is Role.COMMS_CHIEF:
        return Duty.desk == Desk.ADMINISTRATION
    if actor.role is Role.SECRETARY:
        return and_(Duty.desk == Desk.POLITICIAN, Duty.origin != Origin.PROMISE)
    if actor.id is None:
        return false()
    return or_(Duty.holder_id == actor.id, Duty.returns_to_id == actor.id)
