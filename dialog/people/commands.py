"""Everything that changes who people are and how they come in.

Passwords arrive here as hashes: hashing takes its time, and no transaction waits for it.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import InvalidInput
from dialog.people import addresses, links, mails, names, queries
from dialog.people.council import create_committee, create_party
from dialog.people.models import TokenPurpose, User
from dialog.people.offices import edit_person, set_offices
from dialog.people.roles import change_role
from dialog.people.sessions import end_all_sessions, end_session, start_session, touch_session
from dialog.permissions import SYSTEM, Action, Actor, Role, demand

__all__ = [
    "change_account",
    "change_password",
    "change_role",
    "confirm_email",
    "create_committee",
    "create_first_admin",
    "create_party",
    "create_user",
    "edit_person",
    "end_all_sessions",
    "end_session",
    "renew_hash",
    "request_reset",
    "reset_password",
    "send_confirmation",
    "set_offices",
    "sign_up",
    "start_session",
    "touch_session",
]

LONGEST_AREA = 60  # characters


def create_user(
    db: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    now: datetime,
    password_hash: str | None = None,
    title: str | None = None,
    area: str | None = None,
    party_id: int | None = None,
    locale: str = "da",
    confirmed: bool = True,
    is_demo: bool = False,
    created_at: datetime | None = None,
) -> User:
    """The new person, made by one who manages people or by the installation itself.

    Raises: InvalidInput for an address or a name that cannot be, or an address in use.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    email = addresses.checked_email(email)
    if queries.user_by_email(db, email):
        raise InvalidInput({"email": _("Der er allerede en konto med den mailadresse.")})
    user = User(
        email=email,
        name=names.checked_name(name),
        role=role,
        title=title,
        area=area,
        party_id=party_id,
        locale=locale,
        password_hash=password_hash,
        confirmed_at=(created_at or now) if confirmed else None,
        created_at=created_at or now,
        is_demo=is_demo,
    )
    db.add(user)
    db.flush()
    audit.append(db, actor, "user_created", ("users", user.id), now=now, reason=role.value)
    return user


def create_first_admin(db: Session, *, email: str, name: str, now: datetime) -> str:
    """The token of a reset link for a person who is an admin from now on (made if unknown)."""
    user = queries.user_by_email(db, email)
    if user is None:
        user = create_user(db, SYSTEM, email=email, name=name, role=Role.ADMIN, now=now)
    elif user.role is not Role.ADMIN:
        change_role(db, SYSTEM, user_id=user.id, role=Role.ADMIN, now=now)
    audit.append(db, SYSTEM, "admin_invited", ("users", user.id), now=now)
    return links.new_link(db, user.id, TokenPurpose.RESET, now=now, lasts=links.INVITATION_LASTS)


def sign_up(
    db: Session,
    *,
    email: str,
    name: str,
    password_hash: str,
    area: str,
    locale: str,
    next_path: str | None,
    now: datetime,
) -> None:
    """Nothing, whether or not the address is in use: only its owner learns that, by mail.

    Signing up again before confirming replaces what was written the first time, and the links
    sent for it stop working: whoever confirms is the one who wrote last.
    Raises: InvalidInput for an address or a name that cannot be.
    """
    email = addresses.checked_email(email)
    name = _citizen_name(db, name)
    user = queries.user_by_email(db, email)
    if user is not None and (user.confirmed_at or user.role is not Role.CITIZEN):
        audit.append(db, SYSTEM, "sign_up_repeated", ("users", user.id), now=now)
        words = mails.taken_words(user.locale)
        mails.send(db, user, words, key=f"taken:{user.id}:{now.isoformat()}", now=now)
        return
    if user is None:
        user = User(email=email, name=name, role=Role.CITIZEN, created_at=now)
        db.add(user)
    user.name, user.area, user.locale, user.password_hash = name, _area(area), locale, password_hash
    db.flush()
    links.withdraw_all(db, user.id, now=now)
    audit.append(db, Actor(user.id, user.role), "signed_up", ("users", user.id), now=now)
    send_confirmation(db, user.id, next_path=next_path, now=now)


def send_confirmation(db: Session, user_id: int, *, next_path: str | None, now: datetime) -> None:
    """Sends a link that confirms the address. The audit holds its cause: the signing up."""
    user = db.get_one(User, user_id)
    token = links.new_link(db, user_id, TokenPurpose.CONFIRM, now=now, lasts=links.CONFIRM_LASTS)
    words = mails.confirm_words(user.locale, token, next_path)
    mails.send(db, user, words, key=f"confirm:{links.key_of(token)}", now=now)


def confirm_email(db: Session, token: str, *, now: datetime) -> User:
    """The person whose address is confirmed now. Raises: TooLate."""
    user = links.consume(db, token, TokenPurpose.CONFIRM, now=now)
    user.confirmed_at = user.confirmed_at or now
    audit.append(db, Actor(user.id, user.role), "email_confirmed", ("users", user.id), now=now)
    return user


def request_reset(db: Session, *, email: str, now: datetime) -> None:
    """Nothing, whether or not the address is known: only its owner learns that, by mail.

    An unknown address leaves a trace in the audit too, so that the answer takes as long.
    """
    user = queries.user_by_email(db, email)
    known = user is not None and not user.is_demo
    audit.append(
        db, SYSTEM, "reset_requested", ("users", user.id if user and known else None), now=now
    )
    if user is None or not known:
        return
    token = links.new_link(db, user.id, TokenPurpose.RESET, now=now, lasts=links.RESET_LASTS)
    words = mails.reset_words(user.locale, token)
    mails.send(db, user, words, key=f"reset:{links.key_of(token)}", now=now)


def reset_password(db: Session, *, token: str, password_hash: str, now: datetime) -> User:
    """The person who has a new password now, and no sign-in left. Raises: TooLate."""
    user = links.consume(db, token, TokenPurpose.RESET, now=now)
    user.confirmed_at = user.confirmed_at or now  # the link came by mail, so the address is his
    _set_password(db, Actor(user.id, user.role), user, password_hash, now)
    return user


def change_password(db: Session, actor: Actor, *, password_hash: str, now: datetime) -> None:
    """Gives the actor a new password and ends all his sign-ins."""
    demand(actor, Action.OWN_PAGE)
    user = queries.access_user(db, actor, actor.id or 0)
    if user.is_demo:
        raise InvalidInput({"password": _("Demoens adgangskoder kan ikke ændres.")})
    _set_password(db, actor, user, password_hash, now)


def renew_hash(db: Session, user_id: int, password_hash: str) -> None:
    """Keeps the same password by a stronger measure. Nothing changed, so nothing is recorded."""
    db.get_one(User, user_id).password_hash = password_hash


def change_account(
    db: Session, actor: Actor, *, name: str, area: str, locale: str, now: datetime
) -> None:
    """Changes what the actor says of himself. Only a citizen's name is his own to change.

    Raises: InvalidInput.
    """
    demand(actor, Action.OWN_PAGE)
    user = queries.access_user(db, actor, actor.id or 0)
    if user.role is Role.CITIZEN:
        user.name = _citizen_name(db, name) if name != user.name else user.name
        if user.verified_at is None:  # else a slip has shown where he lives
            user.area = _area(area)
    user.locale = locale
    audit.append(db, actor, "account_changed", ("users", user.id), now=now)


def _set_password(db: Session, actor: Actor, user: User, password_hash: str, now: datetime) -> None:
    user.password_hash = password_hash
    links.withdraw_all(db, user.id, now=now)
    end_all_sessions(db, actor, user.id, now=now)
    audit.append(db, actor, "password_changed", ("users", user.id), now=now)
    words = mails.changed_words(user.locale)
    mails.send(db, user, words, key=f"changed:{user.id}:{now.isoformat()}", now=now)


def _citizen_name(db: Session, text: str) -> str:
    name = names.checked_name(text)
    if names.looks_official(name, queries.official_names(db)):
        raise InvalidInput(
            {
                "name": _(
                    "Det navn ligner en politiker eller en ansat i kommunen. "
                    "Skriv også dit mellemnavn, så ingen tager fejl."
                )
            }
        )
    return name


def _area(text: str) -> str | None:
    return html.one_line(text)[:LONGEST_AREA] or None
