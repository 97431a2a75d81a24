"""Changing the catalogue. Once the dialogue has opened it is frozen with the basis."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.audit import commands as audit
from dialog.catalogue import queries
from dialog.catalogue.models import Proposal, ProposalAmount, ProposalKind, School
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, State
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, TooLate
from dialog.permissions import Action, Actor


@dataclass(frozen=True, kw_only=True)
class ProposalContent:
    """All that is written in a proposal. Amounts: year → tkr, minus a saving, None to remove.

    Years that `amounts` does not name keep what they have.
    """

    code: str
    title: str
    committee_id: int | None = None
    policy_area: str = ""
    kind: ProposalKind = ProposalKind.OTHER
    description: str = ""
    service_impact: str = ""
    assumptions: str = ""
    people_affected: int | None = None
    fte_delta: float | None = None
    one_off_cost_tkr: int | None = None
    area_total_tkr: int | None = None
    is_statutory: bool | None = None
    special_procedure: bool = False
    exclusive_group: str | None = None
    amounts: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SchoolContent:
    """All that is told of a school."""

    name: str
    area: str = ""
    pupils_now: int
    pupils_forecast: int
    forecast_year: int
    capacity: int
    class_average: float


def create_proposal(
    db: Session,
    actor: Actor,
    *,
    consultation_id: int,
    content: ProposalContent,
    amends_frozen: bool = False,
    now: datetime,
) -> Proposal:
    """The new proposal, last in the catalogue.

    amends_frozen: for the gate alone, which publishes a new version of the basis.
    Raises: InvalidInput, TooLate once the dialogue has opened.
    """
    consultation = _open_for_change(db, actor, consultation_id, amends_frozen)
    values = _checked(db, consultation, content, own_id=None)
    position = queries.last_position(db, consultation.id) + 1
    proposal = Proposal(consultation_id=consultation.id, position=position, **values)
    db.add(proposal)
    db.flush()
    _set_amounts(db, proposal.id, content.amounts)
    _record(db, actor, "proposal_created", proposal, content, now)
    return proposal


def edit_proposal(
    db: Session,
    actor: Actor,
    *,
    proposal_id: int,
    content: ProposalContent,
    version: int | None = None,
    amends_frozen: bool = False,
    now: datetime,
) -> Proposal:
    """The proposal with its new content.

    version: of the row that the form was filled from; None when there was no form.
    Raises: InvalidInput, NotFound, AlreadyDone for a stale form, TooLate as `create_proposal`.
    """
    permissions.demand(actor, Action.SET_UP)
    proposal = queries.access_proposal(db, actor, proposal_id)
    consultation = _open_for_change(db, actor, proposal.consultation_id, amends_frozen)
    if version is not None and version != proposal.version:
        raise AlreadyDone(_("En anden har rettet forslaget imens. Hent det igen, og ret derfra."))
    for name, value in _checked(db, consultation, content, own_id=proposal.id).items():
        setattr(proposal, name, value)
    _set_amounts(db, proposal.id, content.amounts)
    proposal.version += 1
    _record(db, actor, "proposal_edited", proposal, content, now)
    return proposal


def save_school(
    db: Session,
    actor: Actor,
    *,
    consultation_id: int,
    content: SchoolContent,
    school_id: int | None = None,
    now: datetime,
) -> School:
    """The school as told; a new one without `school_id`.

    Raises: InvalidInput, NotFound, TooLate.
    """
    consultation = _open_for_change(db, actor, consultation_id)
    values = asdict(content) | {
        "name": html.one_line(content.name),
        "class_average": round(float(content.class_average), 1),  # as the store gives it back
    }
    _check_school(db, consultation.id, values["name"], school_id)
    school = queries.school_of(db, consultation.id, school_id) if school_id else School()
    school.consultation_id = consultation.id
    for name, value in values.items():
        setattr(school, name, value)
    db.add(school)
    db.flush()
    told = json.dumps(values, sort_keys=True, ensure_ascii=False)
    audit.append(db, actor, "school_saved", ("schools", school.id), now=now, content=told)
    return school


def remove_school(
    db: Session, actor: Actor, *, consultation_id: int, school_id: int, now: datetime
) -> None:
    """Takes the school off the basis. Raises: NotFound, TooLate."""
    consultation = _open_for_change(db, actor, consultation_id)
    school = queries.school_of(db, consultation.id, school_id)
    db.delete(school)
    audit.append(db, actor, "school_removed", ("schools", school_id), now=now, content=school.name)


def check_draft(consultation: Consultation) -> None:
    """Nothing, while the catalogue can still be written in. Raises: TooLate."""
    if consultation.state is not State.DRAFT:
        raise TooLate(_("Dialogen er åbnet, så forslagene ligger fast."))


def _open_for_change(
    db: Session, actor: Actor, consultation_id: int, amends_frozen: bool = False
) -> Consultation:
    permissions.demand(actor, Action.SET_UP)
    consultation = consultations.access_consultation_by_id(db, actor, consultation_id)
    if not amends_frozen:
        check_draft(consultation)
    return consultation


def _checked(
    db: Session, consultation: Consultation, content: ProposalContent, *, own_id: int | None
) -> dict[str, Any]:
    """The values of the row, tidied. Raises: InvalidInput."""
    values = {name: value for name, value in vars(content).items() if name != "amounts"}
    for name in ("code", "title", "policy_area", "exclusive_group"):
        values[name] = html.one_line(values[name] or "")
    for name in ("description", "service_impact", "assumptions"):
        values[name] = html.tidy(values[name])
    values["exclusive_group"] = values["exclusive_group"] or None
    if content.fte_delta is not None:  # as the store gives it back, so that its hash is the same
        values["fte_delta"] = round(float(content.fte_delta), 2)
    wrong = {}
    if not values["title"]:
        wrong["title"] = _("Giv forslaget en titel.")
    if not values["code"]:
        wrong["code"] = _("Giv forslaget et nummer.")
    holder = queries.proposals_by_code(db, consultation.id).get(values["code"].casefold())
    if holder is not None and holder.id != own_id:
        wrong["code"] = _("Nummeret %(code)s er allerede brugt.", code=holder.code)
    if wrong:
        raise InvalidInput(wrong)
    return values


def _check_school(db: Session, consultation_id: int, name: str, own_id: int | None) -> None:
    if not name:
        raise InvalidInput({"name": _("Skriv, hvad skolen hedder.")})
    for school in queries.schools(db, consultation_id):
        if school.name.casefold() == name.casefold() and school.id != own_id:
            raise InvalidInput({"name": _("%(name)s står der allerede.", name=school.name)})


def _set_amounts(db: Session, proposal_id: int, amounts: Mapping[int, int | None]) -> None:
    for year, tkr in amounts.items():
        row = db.get(ProposalAmount, (proposal_id, year))
        if row is not None and tkr is None:
            db.delete(row)
        elif row is not None and tkr is not None:
            row.amount_tkr = tkr
        elif tkr is not None:
            db.add(ProposalAmount(proposal_id=proposal_id, year=year, amount_tkr=tkr))
    db.flush()


def _record(
    db: Session,
    actor: Actor,
    action: str,
    proposal: Proposal,
    content: ProposalContent,
    now: datetime,
) -> None:
    told = json.dumps(vars(content), default=str, sort_keys=True, ensure_ascii=False)
    audit.append(db, actor, action, ("proposals", proposal.id), now=now, content=told)
