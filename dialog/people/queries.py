"""Reading people: who they are, what they are elected to, and whether they are signed in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_login import UserMixin
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.people import tokens
from dialog.people.models import (
    Committee,
    MailToken,
    Office,
    OfficeTitle,
    Party,
    TokenPurpose,
    User,
    UserSession,
)
from dialog.permissions import Actor, Role

# How long a sign-in lasts without and with use (promises S9; the staff's half hour of idleness is
# stretched, since whoever writes an answer may be called away from it).
CITIZEN_IDLE, CITIZEN_LONGEST = timedelta(days=14), timedelta(days=90)
STAFF_IDLE, STAFF_LONGEST = timedelta(hours=2), timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=5)  # how exactly `seen_at` is kept

MOST_FOUND = 50  # people shown at a time

# Most senior first. A title is stored with what was written under it, so it is never translated.
_TITLES = {
    OfficeTitle.MAYOR: "borgmester",
    OfficeTitle.CHAIR: "formand for {}",
    OfficeTitle.VICE_CHAIR: "næstformand for {}",
    OfficeTitle.MEMBER: "medlem af {}",
}
_RANK = {title: rank for rank, title in enumerate(_TITLES)}
_LEADERS = (OfficeTitle.MAYOR, OfficeTitle.CHAIR)


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
class Seat:
    """An office with its committee's name."""

    committee_id: int
    committee: str
    title: OfficeTitle

    @property
    def words(self) -> str:
        """As "formand for Ældreudvalget"."""
        return _TITLES[self.title].format(self.committee)


@dataclass(frozen=True)
class Politician:
    """A politician with what he is elected to, the most senior office first."""

    id: int
    name: str
    party: str | None  # letter
    party_name: str | None
    offices: tuple[Seat, ...]


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
    .where(User.id == bindparam("of_user"))
)


def writer(db: Session, user_id: int) -> Writer | None:
    """The person as a writer, or None if there is no such person."""
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
    """The person, for himself and for whoever manages people. Raises: NotFound."""
    user = db.get(User, user_id)
    allowed = actor.role is Role.ADMIN or (actor.id is not None and actor.id == user_id)
    if user is None or not allowed:
        raise NotFound(f"user {user_id}")
    return user


def official_names(db: Session) -> list[str]:
    """The names that no citizen may seem to carry."""
    return list(db.scalars(select(User.name).where(User.role != Role.CITIZEN)))


def people_found(db: Session, words: str) -> Sequence[User]:
    """Everyone with a task, by name; with `words`, whoever has them in his name or as address."""
    wanted = select(User).order_by(User.name, User.id).limit(MOST_FOUND)
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


def parties(db: Session) -> Sequence[Party]:
    """Every list in the council, by letter."""
    return db.scalars(select(Party).order_by(Party.letter)).all()


def committees(db: Session) -> Sequence[Committee]:
    """Every committee, by name."""
    return db.scalars(select(Committee).order_by(Committee.name)).all()


def politicians(db: Session) -> list[Politician]:
    """Every politician, by name."""
    wanted = (
        select(User, Party)
        .outerjoin(Party, Party.id == User.party_id)
        .where(User.role == Role.POLITICIAN)
        .order_by(User.name)
    )
    seats = _seats_by_user(db)
    return [
        Politician(
            id=user.id,
            name=user.name,
            party=party.letter if party else None,
            party_name=party.name if party else None,
            offices=tuple(seats.get(user.id, ())),
        )
        for user, party in db.execute(wanted)
    ]


def seats(db: Session, user_id: int) -> list[Seat]:
    """What the person is elected to, the most senior office first."""
    return _seats_by_user(db, user_id).get(user_id, [])


def most_senior_first(held: Iterable[Seat]) -> list[Seat]:
    """The seats by rank: the mayor's before a chair's before a member's."""
    return sorted(held, key=lambda seat: _RANK[seat.title])


def edition_of(db: Session, user: User) -> str:
    """A mark of what an admin decides about the person: it changes when any of it does."""
    held = sorted((seat.committee_id, seat.title.value) for seat in seats(db, user.id))
    return tokens.hash_of(repr((user.name, user.title, user.role.value, user.party_id, held)))[:16]


def office_title(db: Session, user_id: int, committee_id: int | None) -> str | None:
    """In Danish, what the person is on that committee: "formand for Ældreudvalget".

    Without a committee, or without a seat on it, his most senior office; None without any.
    """
    held = seats(db, user_id)
    here = [seat for seat in held if seat.committee_id == committee_id]
    found = here or held
    return found[0].words if found else None


def senior_office(held: Sequence[Seat]) -> str | None:
    """In Danish, the most senior of these seats; None without any."""
    return min(held, key=lambda seat: _RANK[seat.title]).words if held else None


def chair_of(db: Session, committee_id: int) -> int | None:
    """Who chairs the committee, or None."""
    wanted = select(Office.user_id).where(
        Office.committee_id == committee_id, Office.title.in_(_LEADERS)
    )
    return db.scalars(wanted.order_by(Office.id)).first()


def responsible_for(db: Session, committee_id: int) -> list[int]:
    """Who answers for the committee: the chair, then the vice chair."""
    wanted = select(Office.user_id, Office.title).where(
        Office.committee_id == committee_id,
        Office.title.in_((*_LEADERS, OfficeTitle.VICE_CHAIR)),
    )
    found = db.execute(wanted.order_by(Office.id)).all()
    return [user_id for user_id, title in sorted(found, key=lambda row: _RANK[row[1]])]


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


def _seats_by_user(db: Session, user_id: int | None = None) -> dict[int, list[Seat]]:
    wanted = select(Office, Committee.name).join(Committee, Committee.id == Office.committee_id)
    if user_id is not None:
        wanted = wanted.where(Office.user_id == user_id)
    found: dict[int, list[Seat]] = {}
    for office, name in db.execute(wanted.order_by(Committee.name)):
        seat = Seat(office.committee_id, name, office.title)
        found.setdefault(office.user_id, []).append(seat)
    return {key: most_senior_first(held) for key, held in found.items()}


def _is_over(signed_in_at: datetime, seen_at: datetime, role: Role, now: datetime) -> bool:
    citizen = role is Role.CITIZEN
    idle = CITIZEN_IDLE if citizen else STAFF_IDLE
    longest = CITIZEN_LONGEST if citizen else STAFF_LONGEST
    return now - seen_at > idle or now - signed_in_at > longest
