"""The council as an admin writes it down: its committees and its parties."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import InvalidInput
from dialog.people import office_queries
from dialog.people.models import Committee, Party
from dialog.permissions import Action, Actor, demand

LONGEST_NAME = 80  # characters
LONGEST_LETTER = 2  # a list that stands in one municipality only may have two


def create_party(db: Session, actor: Actor, *, letter: str, name: str, now: datetime) -> Party:
    """The new list in the council. Raises: InvalidInput."""
    demand(actor, Action.MANAGE_PEOPLE)
    letter, name = _checked_letter(db, letter), _checked_name(name)
    party = Party(letter=letter, name=name)
    db.add(party)
    db.flush()
    audit.append(db, actor, "party_created", ("parties", party.id), now=now)
    return party


def edit_party(
    db: Session, actor: Actor, party_id: int, *, letter: str, name: str, now: datetime
) -> None:
    """Gives the list another letter or name. Raises: NotFound, InvalidInput."""
    demand(actor, Action.MANAGE_PEOPLE)
    party = office_queries.access_party(db, party_id)
    party.letter, party.name = _checked_letter(db, letter, party_id), _checked_name(name)
    audit.append(db, actor, "party_changed", ("parties", party_id), now=now)


def delete_party(db: Session, actor: Actor, party_id: int, *, now: datetime) -> None:
    """Takes away a list that nobody is elected for. Raises: NotFound, InvalidInput."""
    demand(actor, Action.MANAGE_PEOPLE)
    in_use = _("Partiet har medlemmer her. Giv dem først et andet parti.")
    _delete(db, office_queries.access_party(db, party_id), in_use)
    audit.append(db, actor, "party_deleted", ("parties", party_id), now=now)


def create_committee(db: Session, actor: Actor, *, name: str, now: datetime) -> Committee:
    """The new standing committee. Raises: InvalidInput."""
    demand(actor, Action.SET_UP)  # a catalogue may name one that nobody has entered yet
    committee = Committee(name=_checked_committee(db, name))
    db.add(committee)
    db.flush()
    audit.append(db, actor, "committee_created", ("committees", committee.id), now=now)
    return committee


def edit_committee(
    db: Session, actor: Actor, committee_id: int, *, name: str, now: datetime
) -> None:
    """Gives the committee another name. Raises: NotFound, InvalidInput.

    What was written under the old name keeps it: an office stands with its words.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    committee = office_queries.access_committee(db, committee_id)
    committee.name = _checked_committee(db, name, committee_id)
    audit.append(db, actor, "committee_changed", ("committees", committee_id), now=now)


def delete_committee(db: Session, actor: Actor, committee_id: int, *, now: datetime) -> None:
    """Takes away a committee that nothing belongs to. Raises: NotFound, InvalidInput."""
    demand(actor, Action.MANAGE_PEOPLE)
    in_use = _("Udvalget har medlemmer, forslag eller spørgsmål, så det kan ikke slettes.")
    _delete(db, office_queries.access_committee(db, committee_id), in_use)
    audit.append(db, actor, "committee_deleted", ("committees", committee_id), now=now)


def _delete(db: Session, thing: Committee | Party, in_use: str) -> None:
    """The store knows whatever points at it, also what lies on floors above this one."""
    try:
        with db.begin_nested():
            db.delete(thing)
    except IntegrityError:
        raise InvalidInput({"name": in_use}) from None


def _checked_letter(db: Session, typed: str, party_id: int | None = None) -> str:
    letter = html.one_line(typed).upper()
    if not letter.isalpha() or len(letter) > LONGEST_LETTER:
        raise InvalidInput({"letter": _("Skriv bogstavet fra stemmesedlen, for eksempel A.")})
    for other in office_queries.parties(db):
        if other.letter == letter and other.id != party_id:
            taken = _("%(party)s har allerede det bogstav.", party=other.name)
            raise InvalidInput({"letter": taken})
    return letter


def _checked_committee(db: Session, typed: str, committee_id: int | None = None) -> str:
    name = _checked_name(typed)
    for other in office_queries.committees(db):
        if other.name.casefold() == name.casefold() and other.id != committee_id:
            raise InvalidInput({"name": _("Der er allerede et udvalg med det navn.")})
    return name


def _checked_name(typed: str) -> str:
    name = html.one_line(typed)
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput({"name": _("Skriv et navn på højst 80 tegn.")})
    return name
