"""One proposal as everyone reads it: what it is worth, whom it touches, who answers for it."""

from datetime import datetime

from flask import render_template
from sqlalchemy.orm import Session

from dialog.catalogue import forms, summary
from dialog.catalogue import queries as catalogue
from dialog.catalogue.models import Proposal
from dialog.catalogue.views import bp
from dialog.core import clock, web
from dialog.core import db as store
from dialog.duties import queries as duties
from dialog.pages import answers, answers_queries, proposal_queries
from dialog.pages.answers import Told
from dialog.pages.answers_queries import Show, Wanted
from dialog.people import office_queries as offices
from dialog.people.office_queries import Politician

SHORT = 240  # characters of consequence that can stand large without pushing the figure away


@bp.get("/proposals/<int:proposal_id>", endpoint="show")
def show(proposal_id: int) -> str:
    """The proposal with its figures, its threads, and the politicians with what they promised."""
    db, reader, now = store.session(), web.actor(), clock.now()
    shown = catalogue.access_shown(db, reader, proposal_id)
    row, proposal = shown.row, shown.row.proposal
    impact, more_impact = _impact(proposal.service_impact)
    return render_template(
        "catalogue/show.html",
        consultation=shown.consultation,
        row=row,
        proposal=proposal,
        kind=forms.KINDS[proposal.kind],
        impact=impact,
        more_impact=more_impact,
        share=_share_of_area(row),
        excluded=shown.excluded,
        threads=proposal_queries.threads_on(db, proposal.id),
        responsible=_responsible(db, proposal.committee_id),
        promises=_promises(db, proposal, now),
        now=now,
    )


def _impact(text: str) -> tuple[str, str]:
    """What stands large under the title, and what is left for further down."""
    if len(text) <= SHORT:
        return text, ""
    return summary.first_sentence(text), summary.rest_after_first_sentence(text)


def _share_of_area(row: catalogue.PricedProposal) -> float | None:
    """Its headline as a share of the area's budget; None where either is unknown."""
    area_tkr, headline = row.proposal.area_total_tkr, row.headline
    if not area_tkr or headline is None:
        return None
    return abs(headline.amount_tkr) / area_tkr


def _promises(db: Session, proposal: Proposal, now: datetime) -> list[Told]:
    """What was promised in the threads on it: what is still to come first, the oldest on top."""
    wanted = Wanted(Show.PROMISED, proposal_id=proposal.id)
    lines = answers_queries.lines(db, wanted, now)[: answers_queries.PAGE]
    days = duties.recess_days(db) if lines else ()
    return answers.told(lines, days, now)


def _responsible(db: Session, committee_id: int | None) -> list[Politician]:
    """Chair and vice chair of the owning committee."""
    return offices.responsible_for(db, committee_id) if committee_id else []
