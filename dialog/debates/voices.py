"""In whose voice a person writes: as a citizen, as a politician or for the administration."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.debates import queries
from dialog.debates.models import Voice
from dialog.people import office_queries as offices
from dialog.people import queries as people
from dialog.people import titles
from dialog.permissions import Actor, Role

COUNCILLOR = titles.COUNCILLOR


@dataclass(frozen=True)
class VoiceOf:
    """What stands above a post for as long as it stands."""

    kind: Voice
    name: str
    title: str | None = None
    party: str | None = None
    party_name: str | None = None
    area: str | None = None
    verified: bool = False


def voice_of(
    db: Session, actor: Actor, page: queries.ThreadPage, *, as_office: bool = True
) -> VoiceOf:
    """The voice of `actor` in this thread; a politician speaks from the office it concerns.

    Raises: NotFound, if the account is gone.
    """
    writer = people.writer(db, actor.id) if actor.id is not None else None
    if writer is None:
        raise NotFound("user")
    if writer.role is Role.POLITICIAN:
        office = _office(db, writer.id, page) if as_office else None
        title = office or COUNCILLOR
        return VoiceOf(Voice.POLITICIAN, writer.name, title, writer.party, writer.party_name)
    if writer.role is Role.CITIZEN:
        return VoiceOf(Voice.CITIZEN, writer.name, area=writer.area, verified=writer.verified)
    return VoiceOf(Voice.ADMINISTRATION, writer.name, writer.title)


def _office(db: Session, user_id: int, page: queries.ThreadPage) -> str | None:
    owners = [proposal.committee_id for proposal, _ in queries.proposals_of(db, page.thread.id)]
    return offices.office_title(db, user_id, owners[0] if owners else None)
