"""Giving people other roles."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core.errors import InvalidInput
from dialog.people import queries, sessions
from dialog.permissions import Action, Actor, Role, demand


def change_role(db: Session, actor: Actor, *, user_id: int, role: Role, now: datetime) -> None:
    """Gives the person another role and ends all his sign-ins.

    Raises: InvalidInput for one's own role, so that there is always an admin left.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    user = queries.access_user(db, actor, user_id)
    if user.role is role:
        return
    if user_id == actor.id:
        raise InvalidInput({"role": _("Du kan ikke ændre din egen rolle. Bed en anden om det.")})
    user.role = role
    sessions.end_all_sessions(db, actor, user_id, now=now)
    audit.append(db, actor, "role_changed", ("users", user_id), now=now, reason=role.value)
