"""Closing an account: the person goes, and the words that others have answered stay.

What is left of him is a number without a name, for what counts people to go on counting right.
This room lies below those that know of him. Each declares what it forgets, and is asked in the
transaction of the closing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core.errors import InvalidInput
from dialog.mail import commands as mail
from dialog.people import names, queries, sessions
from dialog.people.models import MailToken, User
from dialog.permissions import Action, Actor, demand


@dataclass(frozen=True)
class Leaver:
    """Who closes his account, and when."""

    id: int
    actor: Actor
    now: datetime


Forget = Callable[[Session, Leaver], None]
"""Takes away what a room keeps of a person, or keeps it without him."""

Hold = Callable[[Session, Leaver], str | None]
"""Why the person cannot go yet, as a sentence for him; None if he can."""


class _Room(NamedTuple):
    forget: Forget
    lock: Forget | None
    hold: Hold | None


_rooms: dict[str, _Room] = {}


def declare(
    room: str, forget: Forget, *, lock: Forget | None = None, hold: Hold | None = None
) -> None:
    """Has the room asked whenever somebody closes his account.

    lock: keeps others from what `forget` is going to change.
    """
    _rooms[room] = _Room(forget, lock, hold)


def holds(db: Session, actor: Actor, *, now: datetime) -> list[str]:
    """Why the actor cannot close his account yet; empty if he can."""
    user = queries.access_user(db, actor, actor.id or 0)
    if user.is_demo:
        return [_("Demoens konti kan ikke lukkes. Opret din egen konto, så kan du prøve det.")]
    who = Leaver(user.id, actor, now)
    found = (room.hold(db, who) for room in _rooms.values() if room.hold)
    return [sentence for sentence in found if sentence]


def close_account(db: Session, actor: Actor, *, now: datetime) -> None:
    """Ends the actor's own account for good, and every sign-in with it.

    Who has held an office keeps the name with what he did in it, and nothing else.
    Raises: NotAllowed, NotFound, InvalidInput (account) while something holds him.
    """
    demand(actor, Action.CLOSE_ACCOUNT)
    user = queries.locked_user(db, actor, actor.id or 0)
    held = holds(db, actor, now=now)
    if held:
        raise InvalidInput({"account": held[0]})
    who, address = Leaver(user.id, actor, now), user.email
    # Everything that can wait for others comes before the chain, which others wait for.
    for room in _rooms.values():
        if room.lock:
            room.lock(db, who)
    _strip(user, keeps_name=queries.has_held_office(db, user.id), now=now)
    db.flush()
    for room in _rooms.values():
        room.forget(db, who)
    mail.forget_receiver(db, user_id=user.id, address=address, now=now)
    db.execute(delete(MailToken).where(MailToken.user_id == user.id))
    sessions.end_all_sessions(db, actor, user.id, now=now)
    audit.append(db, actor, "account_closed", ("users", user.id), now=now)


def _strip(user: User, *, keeps_name: bool, now: datetime) -> None:
    """That he was a verified resident stays: what he supported was counted because of it."""
    user.closed_at = now
    user.name = user.name if keeps_name else names.FORMER
    user.email = f"closed:{user.id}"  # no address, so nobody can sign in or sign up with it
    user.password_hash = user.confirmed_at = None
    user.title = user.area = user.party_id = None
    user.leave_from = user.leave_until = user.substitute_id = None
    user.failed_sign_ins, user.last_failed_at = 0, None
    user.locale = "da"
