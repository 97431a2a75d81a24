"""A politician's leave, and who answers while he is away."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import clock
from dialog.core.errors import InvalidInput
from dialog.people import queries
from dialog.people.models import User
from dialog.permissions import Action, Actor, Role, demand


@dataclass(frozen=True)
class Leave:
    """First and last day, and who stands in; without a last day it lasts until it is ended."""

    first_day: date
    last_day: date | None
    substitute_id: int


def set_leave(
    db: Session, actor: Actor, user_id: int, *, leave: Leave | None, now: datetime
) -> User:
    """The politician with this leave, or with none. What he owes follows within a minute.

    Raises: NotFound for anyone but himself and those who manage people; InvalidInput
    (leave_until, substitute_id).
    """
    demand(actor, Action.OWN_PAGE)
    user = queries.access_user(db, actor, user_id)
    if leave is not None:
        _check(db, user, leave, clock.local(now).date())
    user.leave_from = leave.first_day if leave else None
    user.leave_until = leave.last_day if leave else None
    user.substitute_id = leave.substitute_id if leave else None
    audit.append(db, actor, "leave_set" if leave else "leave_ended", ("users", user_id), now=now)
    return user


def _check(db: Session, user: User, leave: Leave, today: date) -> None:
    last = leave.last_day
    if last is not None and (last < leave.first_day or last < today):
        raise InvalidInput({"leave_until": _("Den sidste dag skal ligge efter den første.")})
    substitute = queries.user_by_id(db, leave.substitute_id)
    can = substitute is not None and substitute.role is Role.POLITICIAN
    if user.role is not Role.POLITICIAN or not can or leave.substitute_id == user.id:
        raise InvalidInput({"substitute_id": _("Vælg en anden politiker, der svarer imens.")})
