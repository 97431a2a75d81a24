"""Who holds which office, and everything else that an admin decides about a person."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput
from dialog.people import names, office_queries, queries
from dialog.people.models import Office, OfficeTitle, User
from dialog.people.roles import change_role
from dialog.permissions import Action, Actor, Role, demand


def set_offices(
    db: Session,
    actor: Actor,
    user_id: int,
    *,
    offices: Iterable[tuple[int, OfficeTitle]],
    now: datetime,
) -> None:
    """Makes these (committee id, title) all that the person is elected to.

    The mayor's title stands on the committee he chairs. Raises: InvalidInput if a committee
    would get two chairs, or comes twice.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    queries.access_user(db, actor, user_id)
    wanted = list(offices)
    if sorted(wanted) == sorted(
        (seat.committee_id, seat.title) for seat in office_queries.seats(db, user_id)
    ):
        return
    _check_offices(db, user_id, wanted)
    db.execute(delete(Office).where(Office.user_id == user_id))
    for committee_id, title in wanted:
        db.add(Office(user_id=user_id, committee_id=committee_id, title=title))
    db.flush()
    audit.append(db, actor, "offices_changed", ("users", user_id), now=now)


def edit_person(
    db: Session,
    actor: Actor,
    user_id: int,
    *,
    name: str,
    title: str,
    role: Role,
    party_id: int | None,
    offices: Iterable[tuple[int, OfficeTitle]],
    edition: str,
    now: datetime,
) -> None:
    """Changes everything that an admin decides about a person.

    edition: `office_queries.edition_of` as the admin saw it. Raises: AlreadyDone if someone else
    changed the person meanwhile; InvalidInput.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    user = queries.access_user(db, actor, user_id)
    if office_queries.edition_of(db, user) != edition:
        raise AlreadyDone(_("En anden har ændret personen imens. Åbn siden igen, og se efter."))
    change_role(db, actor, user_id=user_id, role=role, now=now)
    elected = role is Role.POLITICIAN
    set_offices(db, actor, user_id, offices=offices if elected else (), now=now)
    _change_particulars(user, name, title, party_id if elected else None)
    audit.append(db, actor, "person_changed", ("users", user_id), now=now)


def _change_particulars(user: User, name: str, title: str, party_id: int | None) -> None:
    user.name = names.checked_name(name)
    user.title = html.one_line(title) or None
    user.party_id = party_id


def _check_offices(db: Session, user_id: int, wanted: list[tuple[int, OfficeTitle]]) -> None:
    if len({committee_id for committee_id, _title in wanted}) < len(wanted):
        raise InvalidInput({"offices": _("Vælg kun ét hverv i hvert udvalg.")})
    for committee_id, title in wanted:
        chair = office_queries.chair_of(db, committee_id)
        leads = title in (OfficeTitle.MAYOR, OfficeTitle.CHAIR)
        if leads and chair not in (None, user_id):
            raise InvalidInput({"offices": _("Udvalget har allerede en formand.")})
