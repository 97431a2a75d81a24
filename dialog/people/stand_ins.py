"""Reading who can take something on: the mayor, the staff, and whoever stands in for someone."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.people.models import Office, OfficeTitle, User
from dialog.permissions import Role

LONGEST_CHAIN = 5  # substitutes of substitutes


def mayor(db: Session) -> int | None:
    """Who is mayor, or None."""
    wanted = select(Office.user_id).where(Office.title == OfficeTitle.MAYOR)
    return db.scalars(wanted.order_by(Office.id)).first()


def chairs(db: Session) -> list[int]:
    """Everyone who chairs a committee, the oldest office first."""
    wanted = select(Office.user_id).where(Office.title == OfficeTitle.CHAIR)
    return list(db.scalars(wanted.order_by(Office.id)))


def with_role(db: Session, role: Role) -> list[int]:
    """Everyone who has the role, the one who has been here longest first."""
    return list(db.scalars(select(User.id).where(User.role == role).order_by(User.id)))


def is_on_leave(user: User, day: date) -> bool:
    """Whether the day lies in the person's leave, first and last day counted in."""
    if user.leave_from is None or day < user.leave_from:
        return False
    return user.leave_until is None or day <= user.leave_until


def stand_in_for(db: Session, user_id: int, day: date) -> int | None:
    """Who answers for this politician on the day: himself, or his substitute while he is away.

    Without a substitute who is there it stays with him. None if he is no politician any more.
    """
    person = _politician(db, user_id)
    if person is None:
        return None
    here = person
    for _link in range(LONGEST_CHAIN):
        if not is_on_leave(here, day):
            return here.id
        there = _politician(db, here.substitute_id) if here.substitute_id else None
        if there is None:
            break
        here = there
    return person.id


def _politician(db: Session, user_id: int) -> User | None:
    user = db.get(User, user_id, populate_existing=True)
    return user if user is not None and user.role is Role.POLITICIAN else None
