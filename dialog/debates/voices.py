"""In whose voice a person writes: as a citizen, as a politician or for the administration."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.debates import queries
from dialog.debates.models import Voice
from dialog.people import queries as people
from dialog.people.models import Party, User
from dialog.permissions import Actor, Role

COUNCILLOR = "medlem af byrådet"


@dataclass(frozen=True)
class VoiceOf:
    """What stands above a post for as long as it stands."""

    kind: Voice
    name: str
    title: str | None = None
    party: str | None = None
    party_name: str | None = None
    area: str | None = None


def voice_of(
    db: Session, actor: Actor, page: queries.ThreadPage, *, as_office: bool = True
) -> VoiceOf:
    """The voice of `actor` in this thread; a politician speaks from the office it concerns.

    Raises: NotFound, if the account is gone.
    """
    user = db.get(User, actor.id) if actor.id is not None else None
    if user is None:
        raise NotFound("user")
    if user.role is Role.POLITICIAN:
        party = db.get(Party, user.party_id) if user.party_id else None
        office = _office(db, user, page) if as_office else None
        return VoiceOf(
            Voice.POLITICIAN,
            user.name,
            office or COUNCILLOR,
            party.letter if party else None,
            party.name if party else None,
        )
    if user.role is Role.CITIZEN:
        return VoiceOf(Voice.CITIZEN, user.name, area=user.area)
    return VoiceOf(Voice.ADMINISTRATION, user.name, user.title)


def _office(db: Session, user: User, page: queries.ThreadPage) -> str | None:
    owners = [proposal.committee_id for proposal, _ in queries.proposals_of(db, page.thread.id)]
    return people.office_title(db, user.id, owners[0] if owners else None)
