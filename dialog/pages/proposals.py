"""The catalogue as everyone reads it: by committee, with its sum and what is answered."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import render_template, request
from sqlalchemy.orm import Session

from dialog.catalogue import queries as catalogue
from dialog.catalogue.models import School
from dialog.catalogue.queries import PricedProposal
from dialog.catalogue.views import bp
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, Kind
from dialog.core import db as store
from dialog.core import web
from dialog.core.errors import NotFound
from dialog.duties import queries as duties
from dialog.pages import proposal_queries

NO_COMMITTEE = 0  # how the address names the proposals that no committee owns


@dataclass
class CommitteeGroup:
    """A committee's part of the catalogue. `saving_tkr` is of the first year, positive."""

    id: int
    name: str
    rows: list[PricedProposal] = field(default_factory=list)
    saving_tkr: int = 0
    answered: int = 0
    asked: int = 0


@bp.get("/consultations/<slug>/proposals", endpoint="proposals")
def proposals(slug: str) -> str:
    """The whole catalogue, or one committee's with `?committee=`."""
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    rows = catalogue.priced_proposals(db, consultation.id)
    year = catalogue.first_year(consultation, rows)
    groups = _by_committee(rows, year, proposal_queries.answered_of_asked(db, consultation.id))
    answered, asked = duties.answered_and_asked(db).get(consultation.id, (0, 0))
    return render_template(
        _template(consultation),
        consultation=consultation,
        groups=groups,
        shown=_shown(groups, request.args.get("committee", type=int)),
        year=year,
        total_tkr=catalogue.saving_tkr(rows, year) if year else 0,
        count=len(rows),
        proposal_count=len(rows),
        excluded=_excluded_codes(rows),
        answered=answered,
        asked=asked,
        schools=_schools(db, consultation),
    )


def _template(consultation: Consultation) -> str:
    is_school = consultation.kind is Kind.SCHOOL_STRUCTURE
    return "catalogue/scenarios.html" if is_school else "catalogue/proposals.html"


def _by_committee(
    rows: Iterable[PricedProposal],
    year: int | None,
    questions: dict[int | None, tuple[int, int]],
) -> list[CommitteeGroup]:
    """The catalogue cut up by committee, in its own order; the ones without come last."""
    groups: dict[int | None, CommitteeGroup] = {}
    for row in rows:
        committee_id = row.proposal.committee_id
        new = CommitteeGroup(committee_id or NO_COMMITTEE, row.committee)
        groups.setdefault(committee_id, new).rows.append(row)
    for committee_id, group in groups.items():
        group.saving_tkr = catalogue.saving_tkr(group.rows, year) if year else 0
        group.answered, group.asked = questions.get(committee_id, (0, 0))
    return sorted(groups.values(), key=lambda group: group.id == NO_COMMITTEE)


def _shown(groups: list[CommitteeGroup], committee_id: int | None) -> list[CommitteeGroup]:
    if committee_id is None:
        return groups
    found = [group for group in groups if group.id == committee_id]
    if not found:
        raise NotFound("committee")
    return found


def _excluded_codes(rows: Iterable[PricedProposal]) -> dict[int, list[str]]:
    """Proposal id → the codes it excludes, for those that exclude any."""
    groups: dict[str, list[PricedProposal]] = {}
    for row in rows:
        if row.proposal.exclusive_group is not None:
            groups.setdefault(row.proposal.exclusive_group, []).append(row)
    return {
        row.proposal.id: [each.proposal.code for each in group if each is not row]
        for group in groups.values()
        for row in group
        if len(group) > 1
    }


def _schools(db: Session, consultation: Consultation) -> list[School]:
    is_school = consultation.kind is Kind.SCHOOL_STRUCTURE
    return catalogue.schools(db, consultation.id) if is_school else []
