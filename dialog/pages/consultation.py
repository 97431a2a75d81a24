"""A consultation and its basis as everyone reads them, put together from the rooms below."""

from collections.abc import Iterator
from datetime import date, datetime

from flask import render_template
from flask_babel import gettext as _

from dialog.catalogue import queries as catalogue
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, Kind
from dialog.consultations.views import bp
from dialog.core import clock, web
from dialog.core import db as store
from dialog.duties import queries as duties
from dialog.gate import basis as frozen
from dialog.gate import views as gate
from dialog.gate import words
from dialog.meetings.models import Meeting
from dialog.pages import consultation_queries as queries
from dialog.strategy import queries as strategy
from dialog.strategy.models import Activity, Phase

Milestone = tuple[date, str, str]


@bp.get("/consultations/<slug>", endpoint="show")
def show(slug: str) -> str:
    """The consultation: where it stands, what it builds on, and whose the proposals are."""
    db, now = store.session(), clock.now()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    rows = catalogue.priced_proposals(db, consultation.id)
    year = catalogue.first_year(consultation, rows)
    meetings = queries.meetings_held_as_planned(db, consultation.id)
    next_meeting, last_meeting = queries.next_and_last(meetings, now)
    answered, asked = duties.answered_and_asked(db).get(consultation.id, (0, 0))
    return render_template(
        "consultations/show.html",
        consultation=consultation,
        year=year if consultation.kind is Kind.BUDGET else None,
        total_tkr=catalogue.saving_tkr(rows, year) if year else 0,
        proposal_count=len(rows),
        by_committee=queries.by_committee(db, consultation.id, rows, year),
        next_meeting=next_meeting,
        last_meeting=last_meeting,
        milestones=_milestones(consultation, meetings, now),
        standings=gate.standings(consultation),
        answered=answered,
        asked=asked,
        words=words,
    )


@bp.get("/consultations/<slug>/basis", endpoint="basis")
def basis(slug: str) -> str:
    """What the dialogue builds on, and the proof that it lies still."""
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    versions = consultations.basis_versions(db, consultation.id)
    now_reads = frozen.sha256(frozen.basis_content(db, consultation))
    return render_template(
        "consultations/basis.html",
        consultation=consultation,
        sources=consultations.sources(db, consultation.id),
        schools=catalogue.schools(db, consultation.id),
        proposal_count=catalogue.proposal_count(db, consultation.id),
        versions=versions,
        is_unchanged=bool(versions) and versions[0].sha256 == now_reads,
    )


def milestones(
    consultation: Consultation, meetings: list[Meeting], after: Activity | None, today: date
) -> list[Milestone]:
    """The course as (day, words, "past", "today" or ""), in order, today among them."""
    course = sorted(_course(consultation, meetings, after))
    if not course:
        return []
    line = [(day, label, "past" if day < today else "") for day, label in course if day != today]
    on_the_day = ", ".join(label for day, label in course if day == today)
    if on_the_day or course[0][0] < today < course[-1][0]:
        line.append((today, on_the_day, "today"))
    return sorted(line, key=lambda step: step[0])


def _milestones(
    consultation: Consultation, meetings: list[Meeting], now: datetime
) -> list[Milestone]:
    plan = strategy.activities(store.session(), consultation.id)
    after = (each for each in plan if each.phase is Phase.AFTER and each.on_date)
    return milestones(consultation, meetings, next(after, None), clock.local(now).date())


def _course(
    consultation: Consultation, meetings: list[Meeting], after: Activity | None
) -> Iterator[tuple[date, str]]:
    if consultation.opened_at:
        yield clock.local(consultation.opened_at).date(), _("Dialogen åbnede")
    elif consultation.opens_on:
        yield consultation.opens_on, _("Dialogen åbner")
    for meeting in meetings:
        yield clock.local(meeting.starts_at).date(), _("Borgermøde")
    if consultation.first_reading_on:
        yield consultation.first_reading_on, _("1. behandling i byrådet")
    if consultation.closes_at:
        yield clock.local(consultation.closes_at).date(), _("Frist for svar")
    if consultation.decision_on:
        yield consultation.decision_on, _("Byrådet beslutter")
    if after and after.on_date:
        yield after.on_date, _("Svar på, hvad I ændrede")
