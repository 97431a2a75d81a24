"""The basis as one text that can be frozen: what everyone reads, in a form that has one hash."""

import hashlib
import json
from typing import Any

from sqlalchemy.orm import Session

from dialog.catalogue import queries as catalogue
from dialog.catalogue.queries import PricedProposal
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation

CONSULTATION_FIELDS = (
    "title",
    "kind",
    "decision_on",
    "summary",
    "question",
    "target_tkr",
    "budget_year",
    "decided_by",
    "already_decided",
    "still_open",
    "impossible",
    "use_of_contributions",
)
PROPOSAL_FIELDS = (
    "code",
    "title",
    "kind",
    "policy_area",
    "description",
    "service_impact",
    "assumptions",
    "people_affected",
    "fte_delta",
    "one_off_cost_tkr",
    "area_total_tkr",
    "is_statutory",
    "special_procedure",
    "exclusive_group",
)
SOURCE_FIELDS = ("title", "publisher", "url")
SCHOOL_FIELDS = (
    "name",
    "area",
    "pupils_now",
    "pupils_forecast",
    "forecast_year",
    "capacity",
    "class_average",
)


def basis_content(db: Session, consultation: Consultation) -> str:
    """Canonical JSON of everything the dialogue builds on, as it stands now."""
    content: dict[str, Any] = {
        **_fields(consultation, CONSULTATION_FIELDS),
        "sources": [
            _fields(source, SOURCE_FIELDS) for source in consultations.sources(db, consultation.id)
        ],
        "proposals": [_proposal(row) for row in catalogue.priced_proposals(db, consultation.id)],
        "schools": [
            _fields(school, SCHOOL_FIELDS) for school in catalogue.schools(db, consultation.id)
        ],
    }
    if consultation.effective_year:  # only then, so that what was frozen before keeps its hash
        content["effective_year"] = consultation.effective_year
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )


def sha256(content: str) -> str:
    """The hash (hex) that names a version of the basis."""
    return hashlib.sha256(content.encode()).hexdigest()


def _proposal(row: PricedProposal) -> dict[str, Any]:
    amounts = {str(year): tkr for year, tkr in row.amounts.items()}
    told = _fields(row.proposal, PROPOSAL_FIELDS)
    return {**told, "committee": row.committee, "amounts_tkr": amounts}


def _fields(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}
