"""Bringing in whoever has a task here, without his having to sign up first."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import InvalidInput
from dialog.people import commands, links, mails
from dialog.people.models import TokenPurpose, User
from dialog.permissions import Action, Actor, Role, demand


def invite(
    db: Session, actor: Actor, *, email: str, name: str, role: Role, title: str, now: datetime
) -> User:
    """The new person, who is sent a link to choose a password with.

    Raises: InvalidInput for an address in use, a name that cannot be, or no task.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    if role is Role.CITIZEN:
        raise InvalidInput({"role": _("Borgere opretter sig selv. Vælg en anden rolle.")})
    user = commands.create_user(
        db, actor, email=email, name=name, role=role, now=now,
        title=html.one_line(title) or None, confirmed=False,
    )  # fmt: skip
    send_invitation(db, actor, user, now=now)
    return user


def send_invitation(db: Session, actor: Actor, user: User, *, now: datetime) -> None:
    """Sends the link, and makes any earlier one worthless.

    Raises: InvalidInput for one who has chosen a password already.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    if user.password_hash is not None:
        raise InvalidInput({"email": _("Personen har allerede valgt en adgangskode.")})
    links.withdraw_all(db, user.id, now=now)
    token = links.new_link(db, user.id, TokenPurpose.RESET, now=now, lasts=links.INVITATION_LASTS)
    audit.append(db, actor, "person_invited", ("users", user.id), now=now)
    words = mails.invitation_words(user.locale, token)
    mails.send(db, user, words, key=f"invitation:{links.key_of(token)}", now=now)
