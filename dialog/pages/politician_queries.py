"""What each politician was asked and has answered, and how long a committee's answers take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation, State
from dialog.core.errors import NotFound
from dialog.debates.models import Post, PostState
from dialog.duties.models import Duty, DutyState, Origin
from dialog.pages.answers_queries import owed_by
from dialog.people import office_queries as offices
from dialog.people.models import Committee, Office, Party, User
from dialog.people.office_queries import Politician, Seat
from dialog.permissions import Role

_DONE = (DutyState.ANSWERED, DutyState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the figures need it."""

    committee_id: int | None
    holder_id: int
    answered_by: int | None
    state: DutyState
    opened_at: datetime
    due_at: datetime
    answered_at: datetime | None
    paused_days: int

    @property
    def is_answered(self) -> bool:
        return self.state in _DONE and self.answered_at is not None

    @property
    def owner_id(self) -> int:
        """Whoever answered it, else whoever owes it."""
        return self.answered_by if self.is_answered and self.answered_by else self.holder_id


def politician(db: Session, user_id: int) -> Politician:
    """The politician with his offices. Raises: NotFound, also for anybody else."""
    wanted = (
        select(User.id, User.name, Party.letter, Party.name, Office, Committee.name)
        .outerjoin(Party, Party.id == User.party_id)
        .outerjoin(Office, Office.user_id == User.id)
        .outerjoin(Committee, Committee.id == Office.committee_id)
        .where(User.id == user_id, User.role == Role.POLITICIAN)
        .order_by(Committee.name)
    )
    rows = db.execute(wanted).all()
    if not rows:
        raise NotFound("politician")
    id_, name, letter, party, _office, _committee = rows[0]
    seats = [Seat(office.committee_id, of, office.title) for *_who, office, of in rows if office]
    return Politician(id_, name, letter, party, tuple(offices.most_senior_first(seats)))


def asked(db: Session, *, user_id: int, committee_ids: Iterable[int]) -> list[Asked]:
    """Every public question that the politician or one of these committees was asked."""
    about = or_(
        owed_by() == user_id,
        Duty.answered_by == user_id,
        Duty.committee_id.in_(list(committee_ids)),
    )
    return _asked(db, about)


def all_asked(db: Session) -> list[Asked]:
    """Every public question."""
    return _asked(db, true())


def _asked(db: Session, about: ColumnElement[bool]) -> list[Asked]:
    wanted = (
        select(
            Duty.committee_id, owed_by(), Duty.answered_by, Duty.state, Duty.opened_at,
            Duty.due_at, Duty.answered_at, Duty.paused_days,
        )
        .join(Post, Post.id == Duty.question_id)
        .join(Consultation, Consultation.id == Duty.consultation_id)
        .where(Duty.origin != Origin.PROMISE, Duty.state != DutyState.CLOSED)
        .where(Post.state == PostState.VISIBLE, Consultation.state != State.DRAFT)
        .where(about)
    )  # fmt: skip
    return [Asked(*row) for row in db.execute(wanted)]
