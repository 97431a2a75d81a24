"""Reading people: who they are, what they write as, and whether they are signed in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_login import UserMixin
from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from dialog.audit.models import AuditEvent
from dialog.core.errors import NotFound
from dialog.people import tokens
from dialog.people.models import MailToken, Party, TokenPurpose, User, UserSession
from dialog.permissions import Actor, Role

# How long a sign-in lasts without and with use (promises S9; the staff's half hour of idleness is
# stretched, since whoever writes an answer may be called away from it).
CITIZEN_IDLE, CITIZEN_LONGEST = timedelta(days=14), timedelta(days=90)
STAFF_IDLE, STAFF_LONGEST = timedelta(hours=2), timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=5)  # how exactly `seen_at` is kept

MOST_FOUND = 50  # people shown at a time


@dataclass(frozen=True, eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]
    """A reader with a living sign-in. Flask-Login knows him by the token alone."""

    token: str
    actor: Actor
    session_id: int
    is_demo: bool
    seen_at: datetime
    signed_in_at: datetime
    joined_at: datetime  # when the account was made

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.token


@dataclass(frozen=True)
class Writer:
    """What stands with the words of a person."""

    id: int
    name: str
    role: Role
    title: str | None
    area: str | None
    party: str | None  # letter
    party_name: str | None
    verified: bool  # a resident who has shown it


# Made once, and without objects of their own: every request of someone signed in asks it.
_READER = (
    select(
        UserSession.id,
        UserSession.seen_at,
        UserSession.created_at.label("signed_in_at"),
        User.id.label("user_id"),
        User.role,
        User.name,
        User.locale,
        User.is_demo,
        User.created_at.label("joined_at"),
    )
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.token_hash == bindparam("of_token"))
)


def reader_of(db: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Whoever is signed in with this token, or None once it has ended or grown old."""
    found = db.execute(_READER, {"of_token": tokens.hash_of(token)}).one_or_none()
    if found is None or _is_over(found.signed_in_at, found.seen_at, found.role, now):
        return None
    return SignedIn(
        token,
        Actor(found.user_id, found.role, found.name, found.locale),
        found.id,
        found.is_demo,
        found.seen_at,
        found.signed_in_at,
        found.joined_at,
    )


_WRITER = (
    select(
        User.id,
        User.name,
        User.role,
        User.title,
        User.area,
        Party.letter,
        Party.name,
        User.verified_at.is_not(None),
    )
    .outerjoin(Party, Party.id == User.party_id)
    .where(User.id == bindparam("of_user"), User.closed_at.is_(None))
)


def writer(db: Session, user_id: int) -> Writer | None:
    """The person as a writer, or None if there is no such person any more."""
    found = db.execute(_WRITER, {"of_user": user_id}).first()
    return Writer(*found) if found else None


def session_ids(db: Session, user_id: int, *, but: int | None = None) -> list[int]:
    """The sign-ins of a person, without the one named in `but`."""
    wanted = select(UserSession.id).where(UserSession.user_id == user_id)
    if but is not None:
        wanted = wanted.where(UserSession.id != but)
    return list(db.scalars(wanted))


def user_by_id(db: Session, user_id: int) -> User | None:
    """The person with this number, or None."""
    return db.get(User, user_id)


def users_by_id(db: Session, user_ids: Collection[int]) -> dict[int, User]:
    """Those of the people who exist, by number."""
    found = db.scalars(select(User).where(User.id.in_(user_ids)))
    return {user.id: user for user in found}


def user_by_email(db: Session, email: str) -> User | None:
    """The person with this address, however it is spelled, or None."""
    return db.scalars(select(User).where(User.email == email.strip().lower())).one_or_none()


def access_user(db: Session, actor: Actor, user_id: int) -> User:
    """The person, for himself and for whoever manages people.

    Raises: NotFound, also for one who has closed his account.
    """
    user = db.get(User, user_id)
    allowed = actor.role is Role.ADMIN or (actor.id is not None and actor.id == user_id)
    if user is None or user.closed_at is not None or not allowed:
        raise NotFound(f"user {user_id}")
    return user


def locked_user(db: Session, actor: Actor, user_id: int) -> User:
    """The same as he is now, kept from others who want to change him. Raises: NotFound."""
    user = access_user(db, actor, user_id)
    # Not against those who merely point at the row: they may hold the lock of the audit.
    db.refresh(user, with_for_update={"key_share": True})
    return access_user(db, actor, user.id)


def has_held_office(db: Session, user_id: int) -> bool:
    """Whether the person was ever more than a citizen here: the chain knows every role given."""
    given = exists().where(
        AuditEvent.object_type == "users",
        AuditEvent.object_id == user_id,
        AuditEvent.action.in_(("user_created", "role_changed")),
        AuditEvent.reason != Role.CITIZEN,
    )
    return bool(db.scalar(select(given)))


def official_names(db: Session) -> list[str]:
    """The names that no citizen may seem to carry."""
    return list(db.scalars(select(User.name).where(User.role != Role.CITIZEN)))


def people_found(db: Session, words: str) -> Sequence[User]:
    """Everyone with a task, by name; with `words`, whoever has them in his name or as address."""
    wanted = select(User).where(User.closed_at.is_(None))
    wanted = wanted.order_by(User.name, User.id).limit(MOST_FOUND)
    words = words.strip().lower()
    if not words:
        return db.scalars(wanted.where(User.role != Role.CITIZEN)).all()
    # Lower-casing in the store knows only ASCII on SQLite, so both spellings are tried.
    in_name = or_(*(User.name.contains(w, autoescape=True) for w in {words, words.title()}))
    folded = func.lower(User.name).contains(words, autoescape=True)
    return db.scalars(wanted.where(or_(in_name, folded, User.email == words))).all()


def everyone_with_a_task(db: Session) -> Sequence[User]:
    """All who are elected or hired to something, by name."""
    wanted = select(User).where(User.role != Role.CITIZEN).order_by(User.name, User.id)
    return db.scalars(wanted).all()


def demo_users(db: Session) -> Sequence[User]:
    """The demo's people who can sign in."""
    wanted = select(User).where(User.is_demo, User.password_hash.is_not(None))
    return db.scalars(wanted.order_by(User.id).limit(MOST_FOUND)).all()


def live_token(db: Session, token: str, purpose: TokenPurpose, now: datetime) -> MailToken | None:
    """What is stored of a link from a mail, or None if it is unknown, used or too old."""
    wanted = select(MailToken).where(
        MailToken.token_hash == tokens.hash_of(token),
        MailToken.purpose == purpose,
        MailToken.used_at.is_(None),
        MailToken.expires_at > now,
    )
    return db.scalars(wanted).one_or_none()


def _is_over(signed_in_at: datetime, seen_at: datetime, role: Role, now: datetime) -> bool:
    citizen = role is Role.CITIZEN
    idle = CITIZEN_IDLE if citizen else STAFF_IDLE
    longest = CITIZEN_LONGEST if citizen else STAFF_LONGEST
    return now - seen_at > idle or now - signed_in_at > longest
