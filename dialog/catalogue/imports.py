"""Taking a municipality's own spreadsheet in. Proposals are known again by their code."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.audit import commands as audit
from dialog.catalogue import queries, spreadsheet
from dialog.catalogue.models import Proposal, ProposalAmount, ProposalKind
from dialog.catalogue.spreadsheet import CatalogueFile, CatalogueRow
from dialog.consultations import queries as consultations
from dialog.core.problems import Problem
from dialog.people import commands as people
from dialog.people import office_queries as offices
from dialog.permissions import SYSTEM, Action, Actor

Outcome = Literal["added", "changed", "unchanged"]

_FIELDS = (
    "title", "policy_area", "description", "service_impact", "assumptions", "fte_delta",
    "people_affected", "is_statutory", "one_off_cost_tkr", "area_total_tkr",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `committees` are the ones it had to create."""

    added: int
    changed: int
    unchanged: int
    committees: tuple[str, ...]

    @property
    def anything(self) -> bool:
        return bool(self.added or self.changed)


def import_catalogue(
    db: Session, actor: Actor, *, consultation_id: int, catalogue_file: CatalogueFile, now: datetime
) -> Imported:
    """What the file added and changed; taken in twice, it changes nothing the second time.

    A cell that is empty in the file leaves what stands in the catalogue. It does not ask
    whether the basis is frozen: the caller does, or publishes a new version of it.
    """
    permissions.demand(actor, Action.SET_UP)
    consultation = consultations.access_consultation_by_id(db, actor, consultation_id)
    committees = _Committees(db, now)
    catalogue = _Catalogue(db, consultation.id)
    outcomes = Counter(
        catalogue.take(row, committees.id_of(row.committee)) for row in catalogue_file.rows
    )
    catalogue.write_amounts()
    counts = {name: outcomes[name] for name in ("added", "changed", "unchanged")}
    done = Imported(**counts, committees=tuple(committees.created))
    if done.anything:
        thing = ("consultations", consultation.id)
        content = json.dumps([row.code for row in catalogue_file.rows], ensure_ascii=False)
        audit.append(db, actor, "catalogue_imported", thing, now=now, content=content)
    return done


def sentences(problems: Sequence[Problem]) -> list[str]:
    """Each problem in words, in the reader's language."""
    return [
        _(spreadsheet.SENTENCES[problem.code], line=problem.line, **problem.params)
        for problem in problems
    ]


class _Committees:
    """Committees by name; the unknown ones are created, each once, by the installation itself."""

    def __init__(self, db: Session, now: datetime) -> None:
        self._db, self._now = db, now
        self._ids = {_key(found.name): found.id for found in offices.committees(db)}
        self.created: list[str] = []

    def id_of(self, name: str) -> int | None:
        if not name:
            return None
        if _key(name) not in self._ids:
            committee = people.create_committee(self._db, SYSTEM, name=name, now=self._now)
            self._ids[_key(name)] = committee.id
            self.created.append(name)
        return self._ids[_key(name)]


class _Catalogue:
    """The consultation's proposals while a file is taken in."""

    def __init__(self, db: Session, consultation_id: int) -> None:
        self._db, self._consultation_id = db, consultation_id
        self._by_code = queries.proposals_by_code(db, consultation_id)
        self._amounts = queries.amounts_of_consultation(db, consultation_id)
        self._position = queries.last_position(db, consultation_id)
        self._repriced: list[tuple[Proposal, dict[int, int]]] = []

    def take(self, row: CatalogueRow, committee_id: int | None) -> Outcome:
        proposal, amounts = self._by_code.get(row.code.casefold()), dict(row.amounts_tkr)
        if proposal is None:
            self._repriced.append((self._added(row, committee_id), amounts))
            return "added"
        new = {
            name: value
            for name, value in _told(row, committee_id).items()
            if getattr(proposal, name) != value
        }
        repriced = self._amounts.get(proposal.id, {}) != amounts
        if repriced:
            self._repriced.append((proposal, amounts))
        if not new and not repriced:
            return "unchanged"
        for name, value in new.items():
            setattr(proposal, name, value)
        proposal.version += 1
        return "changed"

    def write_amounts(self) -> None:
        """Stores the amounts of what was added or changed: exactly the years of the file."""
        self._db.flush()
        for proposal, amounts in self._repriced:
            for year in self._amounts.get(proposal.id, {}).keys() - amounts.keys():
                self._db.delete(self._db.get_one(ProposalAmount, (proposal.id, year)))
            for year, tkr in amounts.items():
                self._db.merge(ProposalAmount(proposal_id=proposal.id, year=year, amount_tkr=tkr))
        self._db.flush()

    def _added(self, row: CatalogueRow, committee_id: int | None) -> Proposal:
        self._position += 1
        proposal = Proposal(
            consultation_id=self._consultation_id,
            code=row.code,
            position=self._position,
            **_told(row, committee_id),
        )
        self._db.add(proposal)
        return proposal


def _told(row: CatalogueRow, committee_id: int | None) -> dict[str, Any]:
    """What the row says of its proposal, without what it leaves empty."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _FIELDS}
    values["committee_id"] = committee_id
    if row.fte_delta is not None:
        values["fte_delta"] = round(float(row.fte_delta), 2)  # as the store gives it back
    values["kind"] = ProposalKind(row.kind) if row.kind else None
    return {name: value for name, value in values.items() if value not in (None, "")}


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
