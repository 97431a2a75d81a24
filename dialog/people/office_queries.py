"""Reading the council: parties, committees, and who is elected to what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.people import tokens
from dialog.people.models import Committee, Office, OfficeTitle, Party, User
from dialog.permissions import Role

# Most senior first. Stored with what was written under it, and translated by `titles` when shown.
_TITLES = {
    OfficeTitle.MAYOR: "borgmester",
    OfficeTitle.CHAIR: "formand for {}",
    OfficeTitle.VICE_CHAIR: "næstformand for {}",
    OfficeTitle.MEMBER: "medlem af {}",
}
_RANK = {title: rank for rank, title in enumerate(_TITLES)}
_LEADERS = (OfficeTitle.MAYOR, OfficeTitle.CHAIR)


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

    @property
    def leads(self) -> bool:
        """Whether it is the chair's."""
        return self.title in _LEADERS


@dataclass(frozen=True)
class Politician:
    """A politician with what he is elected to, the most senior office first."""

    id: int
    name: str
    party: str | None  # letter
    party_name: str | None
    offices: tuple[Seat, ...]


def parties(db: Session) -> Sequence[Party]:
    """Every list in the council, by letter."""
    return db.scalars(select(Party).order_by(Party.letter)).all()


def committees(db: Session) -> Sequence[Committee]:
    """Every committee, by name."""
    return db.scalars(select(Committee).order_by(Committee.name)).all()


def access_committee(db: Session, committee_id: int) -> Committee:
    """The committee. Raises: NotFound."""
    found = db.get(Committee, committee_id)
    if found is None:
        raise NotFound(f"committee {committee_id}")
    return found


def access_party(db: Session, party_id: int) -> Party:
    """The list in the council. Raises: NotFound."""
    found = db.get(Party, party_id)
    if found is None:
        raise NotFound(f"party {party_id}")
    return found


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


def responsible_for(db: Session, committee_id: int) -> list[Politician]:
    """Who answers for the committee: the chair, then the vice chair; each with that office."""
    wanted = (
        select(User.id, User.name, Party.letter, Party.name, Office.title, Committee.name)
        .join(Office, Office.user_id == User.id)
        .join(Committee, Committee.id == Office.committee_id)
        .outerjoin(Party, Party.id == User.party_id)
        .where(Office.committee_id == committee_id)
        .where(Office.title.in_((*_LEADERS, OfficeTitle.VICE_CHAIR)))
        .order_by(Office.id)
    )
    found = [
        Politician(user_id, name, letter, party, (Seat(committee_id, committee, title),))
        for user_id, name, letter, party, title, committee in db.execute(wanted)
    ]
    return sorted(found, key=lambda one: _RANK[one.offices[0].title])


def _seats_by_user(db: Session, user_id: int | None = None) -> dict[int, list[Seat]]:
    wanted = select(Office, Committee.name).join(Committee, Committee.id == Office.committee_id)
    if user_id is not None:
        wanted = wanted.where(Office.user_id == user_id)
    found: dict[int, list[Seat]] = {}
    for office, name in db.execute(wanted.order_by(Committee.name)):
        seat = Seat(office.committee_id, name, office.title)
        found.setdefault(office.user_id, []).append(seat)
    return {key: most_senior_first(held) for key, held in found.items()}
