"""The course of a consultation: its dates, what cannot be, and what the law leaves room for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from dialog.consultations.models import Consultation, Kind
from dialog.core import clock
from dialog.rules import oral, start_early

OBJECTIONS = timedelta(weeks=start_early.OBJECTION_WEEKS)
AFTER_OBJECTIONS = timedelta(weeks=start_early.WEEKS_FROM_OBJECTIONS_TO_DECISION)
BETWEEN_READINGS = timedelta(days=start_early.DAYS_BETWEEN_READINGS)
EARLY = timedelta(days=start_early.DAYS_BEFORE_FIRST_READING)
MEETING_BEFORE_DECISION = timedelta(days=oral.DAYS_FROM_MEETING_TO_DECISION)


@dataclass(frozen=True, kw_only=True)
class Course:
    """What a consultation is called, where it lives, and its dates; None is not set yet."""

    title: str
    slug: str
    opens_on: date | None = None
    first_reading_on: date | None = None
    closes_at: datetime | None = None
    decision_on: date | None = None
    closes_a_school: bool = False
    effective_year: int | None = None  # the August of the change; None: the next after the decision


@dataclass(frozen=True, kw_only=True)
class Latest:
    """The last day each step can lie on, counted back from the decision; None is unknown."""

    opens_on: date | None = None
    first_reading_on: date | None = None
    closes_on: date | None = None
    decision_on: date | None = None
    meeting_on: date | None = None


def latest_days(consultation: Consultation) -> Latest:
    """What the rules leave room for, given the dates that are set."""
    decision = consultation.decision_on
    if decision is None:
        return Latest()
    meeting_on = decision - MEETING_BEFORE_DECISION
    if consultation.kind is Kind.BUDGET:
        first = consultation.first_reading_on or decision - BETWEEN_READINGS
        return Latest(
            opens_on=first - EARLY,
            first_reading_on=decision - BETWEEN_READINGS,
            meeting_on=meeting_on,
        )
    if not consultation.closes_a_school:
        return Latest(opens_on=decision - EARLY, meeting_on=meeting_on)
    return _closing_a_school(consultation, decision, meeting_on)


def takes_effect_on(consultation: Consultation | Course) -> date | None:
    """The first day of the school year in which the change is to hold, if it was said."""
    year = consultation.effective_year
    return date(year, *start_early.SCHOOL_YEAR_STARTS) if year else None


def mistakes(course: Course, kind: Kind) -> dict[str, str]:
    """Dates that contradict each other, each under its field; what only breaks a rule may stay."""
    return dict(_mistakes(course, kind))


def _closing_a_school(consultation: Consultation, decision: date, meeting_on: date) -> Latest:
    closes_on = decision - AFTER_OBJECTIONS
    if consultation.closes_at:
        closes_on = min(closes_on, clock.local(consultation.closes_at).date())
    return Latest(
        opens_on=closes_on - OBJECTIONS,
        closes_on=decision - AFTER_OBJECTIONS,
        decision_on=start_early.latest_decision(decision, takes_effect_on(consultation)),
        meeting_on=meeting_on,
    )


def _mistakes(course: Course, kind: Kind) -> Iterator[tuple[str, str]]:
    decision = course.decision_on
    if decision is None:
        return
    if course.opens_on and course.opens_on >= decision:
        yield "opens_on", _("Dialogen skal åbne før beslutningen.")
    if kind is Kind.BUDGET and course.first_reading_on and course.first_reading_on >= decision:
        yield "first_reading_on", _("1. behandling skal ligge før beslutningen.")
    if course.closes_at and clock.local(course.closes_at).date() > decision:
        yield "closes_at", _("Fristen skal ligge før beslutningen.")
    effect = takes_effect_on(course)
    if effect and effect <= decision:
        yield "effective_year", _("Ændringen skal begynde efter beslutningen.")
