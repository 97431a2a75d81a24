"""Reading the catalogue. Amounts are whole thousands of kroner; minus is a saving."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from dialog.catalogue import summary
from dialog.catalogue.models import Proposal, ProposalAmount, School
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core.errors import NotFound
from dialog.people.models import Committee
from dialog.permissions import Actor


@dataclass(frozen=True, slots=True)
class PricedProposal:
    """A proposal with its money; `committee` is empty while no committee owns it."""

    proposal: Proposal
    committee: str
    amounts: dict[int, int] = field(default_factory=dict)

    @property
    def headline(self) -> summary.Headline | None:
        return summary.headline(self.amounts)

    @property
    def consequence(self) -> str:
        return summary.first_sentence(self.proposal.service_impact)

    @property
    def lacks(self) -> Sequence[str]:
        p = self.proposal
        return summary.lacks(self.amounts, p.service_impact, p.committee_id)

    def in_year(self, year: int) -> int | None:
        """What it is worth in `year`; None when its own years are others."""
        return self.amounts.get(year)


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as its own page shows it."""

    consultation: Consultation
    row: PricedProposal
    excluded: list[Proposal]  # the others of its exclusive group: if it is chosen, they fall away


def access_proposal(db: Session, actor: Actor, proposal_id: int) -> Proposal:
    """The proposal, if this reader may see its consultation.

    Raises: NotFound.
    """
    found = db.get(Proposal, proposal_id)
    if found is None:
        raise NotFound("proposal")
    consultations.access_consultation_by_id(db, actor, found.consultation_id)
    return found


def access_shown(db: Session, actor: Actor, proposal_id: int) -> Shown:
    """The same with its dialogue, its money, and what it excludes: one query.

    Raises: NotFound.
    """
    asked = aliased(Proposal)
    excludes = and_(
        Proposal.consultation_id == asked.consultation_id,
        Proposal.exclusive_group == asked.exclusive_group,
    )
    is_its = and_(ProposalAmount.proposal_id == Proposal.id, Proposal.id == asked.id)
    wanted = (
        select(
            Proposal, Consultation, Committee.name, ProposalAmount.year, ProposalAmount.amount_tkr
        )
        .select_from(asked)
        .join(Proposal, or_(Proposal.id == asked.id, excludes))
        .join(Consultation, Consultation.id == asked.consultation_id)
        .outerjoin(Committee, Committee.id == asked.committee_id)
        .outerjoin(ProposalAmount, is_its)
        .where(asked.id == proposal_id)
        .order_by(Proposal.position, Proposal.code, ProposalAmount.year)
    )
    rows: list[Any] = list(db.execute(wanted))  # a proposal without amounts has no year
    own = [row for row in rows if row[0].id == proposal_id]
    if not own:
        raise NotFound("proposal")
    proposal, consultation, committee, *_money = own[0]
    consultations.shown_to(actor, consultation)
    amounts = {year: tkr for *_rest, year, tkr in own if year is not None}
    others = [row[0] for row in rows if row[0].id != proposal_id]
    return Shown(consultation, PricedProposal(proposal, committee or "", amounts), others)


def proposal_of(db: Session, consultation_id: int, proposal_id: int) -> Proposal:
    """The proposal, if it belongs to this consultation.

    Raises: NotFound.
    """
    found = db.get(Proposal, proposal_id)
    if found is None or found.consultation_id != consultation_id:
        raise NotFound("proposal")
    return found


def priced_proposals(db: Session, consultation_id: int) -> list[PricedProposal]:
    """The whole catalogue in its own order, with committees and amounts."""
    wanted = (
        select(Proposal, Committee.name)
        .outerjoin(Committee, Committee.id == Proposal.committee_id)
        .where(Proposal.consultation_id == consultation_id)
        .order_by(Proposal.position, Proposal.code)
    )
    found = db.execute(wanted).all()
    amounts = amounts_of_consultation(db, consultation_id)
    return [PricedProposal(p, name or "", amounts.get(p.id, {})) for p, name in found]


def priced_proposal(db: Session, proposal: Proposal) -> PricedProposal:
    """One proposal with its committee and amounts."""
    committee = db.get(Committee, proposal.committee_id) if proposal.committee_id else None
    name = committee.name if committee else ""
    return PricedProposal(proposal, name, amounts_of(db, proposal.id))


def amounts_of(db: Session, proposal_id: int) -> dict[int, int]:
    """Year → tkr, in order of years."""
    wanted = (
        select(ProposalAmount.year, ProposalAmount.amount_tkr)
        .where(ProposalAmount.proposal_id == proposal_id)
        .order_by(ProposalAmount.year)
    )
    return dict(db.execute(wanted).all())


def amounts_of_consultation(db: Session, consultation_id: int) -> dict[int, dict[int, int]]:
    """Proposal id → year → tkr, in order of years."""
    wanted = (
        select(ProposalAmount.proposal_id, ProposalAmount.year, ProposalAmount.amount_tkr)
        .join(Proposal, Proposal.id == ProposalAmount.proposal_id)
        .where(Proposal.consultation_id == consultation_id)
        .order_by(ProposalAmount.year)
    )
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for proposal_id, year, tkr in db.execute(wanted):
        found[proposal_id][year] = tkr
    return dict(found)


def proposals_by_code(db: Session, consultation_id: int) -> dict[str, Proposal]:
    """Every proposal of the consultation under its code in small letters."""
    wanted = select(Proposal).where(Proposal.consultation_id == consultation_id)
    return {found.code.casefold(): found for found in db.scalars(wanted)}


def proposal_count(db: Session, consultation_id: int) -> int:
    """How many proposals the catalogue holds."""
    wanted = select(func.count()).where(Proposal.consultation_id == consultation_id)
    return db.execute(wanted).scalar_one()


def last_position(db: Session, consultation_id: int) -> int:
    """The position of the last proposal; 0 in an empty catalogue."""
    wanted = select(func.max(Proposal.position)).where(Proposal.consultation_id == consultation_id)
    return db.execute(wanted).scalar() or 0


def total_saving_tkr(db: Session, consultation: Consultation) -> int:
    """What the catalogue saves in its first year, positive. See `saving_tkr`."""
    rows = priced_proposals(db, consultation.id)
    year = first_year(consultation, rows)
    return saving_tkr(rows, year) if year else 0


def saving_tkr(rows: Iterable[PricedProposal], year: int) -> int:
    """What the proposals save in `year`, positive; of those that exclude each other only one."""
    priced = ((row.proposal.exclusive_group, row.in_year(year) or 0) for row in rows)
    return -summary.net_tkr(priced)


def first_year(consultation: Consultation, rows: Iterable[PricedProposal]) -> int | None:
    """The year the catalogue is summed in: the budget year, else its first. None without money."""
    years = {year for row in rows for year in row.amounts}
    if consultation.budget_year in years:
        return consultation.budget_year
    return min(years, default=None)


def schools(db: Session, consultation_id: int) -> list[School]:
    """The schools the consultation is about, by name."""
    wanted = select(School).where(School.consultation_id == consultation_id).order_by(School.name)
    return list(db.scalars(wanted))


def school_of(db: Session, consultation_id: int, school_id: int) -> School:
    """The school, if it belongs to this consultation.

    Raises: NotFound.
    """
    found = db.get(School, school_id)
    if found is None or found.consultation_id != consultation_id:
        raise NotFound("school")
    return found
