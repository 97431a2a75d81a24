"""The meeting pack: everything about a meeting on paper, for the hall and for those offline."""

from datetime import datetime
from typing import Any

import gevent
from sqlalchemy.orm import Session

from dialog.agenda import pack_queries, point_queries, queries, side_queries
from dialog.catalogue import queries as catalogue
from dialog.catalogue.queries import PricedProposal
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting

Sum = tuple[str, int, int]
"""A committee, how many proposals are its, and what they save in the year of the budget."""


def content(
    db: Session, meeting: Meeting, consultation: Consultation, now: datetime
) -> dict[str, Any]:
    """What `agenda/pack.html` shows. A fixed number of queries, and bounded in length."""
    rows = catalogue.priced_proposals(db, consultation.id)
    year = catalogue.first_year(consultation, rows)
    owed, owed_count = pack_queries.open_questions(db, meeting)
    gevent.sleep(0)  # on SQLite a query lets nobody else be served
    many_sided = side_queries.many_sided(db, meeting)
    gevent.sleep(0)
    forest = pack_queries.forest(db, meeting)
    gevent.sleep(0)
    points = point_queries.agenda(db, meeting.id)
    return {
        "meeting": meeting,
        "consultation": consultation,
        "panel": meetings.panel(db, meeting.id),
        "points": points,
        "codes": {one.question.id: one.item.code for one in points if one.question},
        "rules": queries.rules(db, meeting.id),
        "year": year,
        "total_tkr": catalogue.saving_tkr(rows, year) if year else 0,
        "sums": _sums(rows, year),
        "proposal_count": len(rows),
        "forest": forest,
        "many_sided": many_sided,
        "owed": owed,
        "owed_count": owed_count,
        "corrections": pack_queries.corrections(db, meeting),
        "versions": consultations.basis_versions(db, consultation.id),
        "made_on": clock.local(now).date(),
        "now": now,
    }


def _sums(rows: list[PricedProposal], year: int | None) -> list[Sum]:
    """The catalogue by committee, in its own order."""
    sums: dict[str, list[PricedProposal]] = {}
    for row in rows:
        sums.setdefault(row.committee, []).append(row)
    return [
        (committee, len(own), catalogue.saving_tkr(own, year) if year else 0)
        for committee, own in sums.items()
    ]
