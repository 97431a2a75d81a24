"""Rule 1, start early: the dialogue opens while everything can still be changed.

- A budget opens at least 42 days before the council's first reading.
- The closing or merging of a school leaves 8 weeks for objections and 4 more before the decision,
  and is decided by 1 March.
- Any other school structure opens at least 42 days before the decision.
- It is at risk when more than half of that time falls in July or the school holidays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dialog.rules.facts import Facts
from dialog.rules.verdict import CONSULTATION, Finding, Verdict, finding, settle
from dialog.rules.workdays import is_within, local_date

NUMBER = 1
NAME = "start_early"

DAYS_BEFORE_FIRST_READING = 42
"""Days from opening to the first reading. Source: the paper's rule 1; no law sets it. Hearings of
5 to 20 days are what citizens complain of, so six weeks is twice the longest of them."""

OBJECTION_WEEKS = 8
"""Weeks for objections to the closing or merging of a school; a legal minimum. Source:
bekendtgørelse nr. 700 af 23/06/2014."""

WEEKS_FROM_OBJECTIONS_TO_DECISION = 4
"""Weeks from the objection deadline to the decision; a legal minimum. Source: bekendtgørelse
nr. 700 af 23/06/2014."""

DECIDE_SCHOOLS_BY = (3, 1)
"""(month, day) by which a closing is decided in the year it takes effect. Source:
folkeskoleloven § 24 stk. 4."""

SCHOOL_YEAR_STARTS = (8, 1)
"""(month, day) on which a closing takes effect. Source: folkeskoleloven § 24 stk. 4."""

DAYS_BETWEEN_READINGS = 21
"""Days from the first to the second reading of a budget. Source: kommunestyrelsesloven § 38."""

JULY = 7


@dataclass(frozen=True)
class Clock:
    """The time citizens have: until which milestone, on which day, and how long at least."""

    milestone: str
    on: date | None
    required: int


def judge(facts: Facts) -> Verdict:
    """The verdict on rule 1."""
    return settle(
        NUMBER,
        NAME,
        facts,
        missing=_missing(facts),
        risks=_risks(facts),
        evidence=_evidence(facts),
    )


def clock(facts: Facts) -> Clock:
    """The clock that this kind of consultation runs by."""
    chosen = facts.settings
    days = chosen.days_before_first_reading or DAYS_BEFORE_FIRST_READING
    if facts.kind == "budget":
        return Clock("first_reading", facts.first_reading_on, days)
    if facts.closes_a_school:
        weeks = max(chosen.objection_weeks or 0, OBJECTION_WEEKS)
        return Clock("objection_deadline", _last_day(facts.objection_deadline), weeks * 7)
    return Clock("decision", facts.decision_on, days)


def latest_decision(decision: date, takes_effect_on: date | None = None) -> date:
    """The last day on which the closing of a school can be decided.

    1 March of the year it takes effect: the next school year after `decision`, unless it is said.
    """
    if takes_effect_on:
        return date(takes_effect_on.year, *DECIDE_SCHOOLS_BY)
    this_year = decision < date(decision.year, *SCHOOL_YEAR_STARTS)
    return date(decision.year + (0 if this_year else 1), *DECIDE_SCHOOLS_BY)


def _missing(facts: Facts) -> Iterator[Finding]:
    if facts.opens is None:
        yield finding("opening_date_missing")
    if clock(facts).on is None:
        yield finding("milestone_missing", milestone=clock(facts).milestone)
    if facts.opens and clock(facts).on and not _is_early_enough(facts):
        yield finding("opens_too_late", CONSULTATION, **_measure(facts))
    if facts.kind == "school_structure" and facts.closes_a_school:
        yield from _school_clocks(facts)


def _school_clocks(facts: Facts) -> Iterator[Finding]:
    decision = facts.decision_on
    if decision is None:
        yield finding("milestone_missing", milestone="decision")
        return
    earliest = _earliest_decision(facts)
    if earliest and decision < earliest:
        yield finding("decision_too_soon", decision_on=decision, earliest_on=earliest)
    latest = latest_decision(decision, facts.takes_effect_on)
    if decision > latest:
        yield finding("decision_too_late", decision_on=decision, latest_on=latest)


def _risks(facts: Facts) -> Iterator[Finding]:
    days, in_holidays = _days_open(facts), _holiday_days(facts)
    if in_holidays * 2 > days:
        yield finding("window_in_holidays", days=days, holiday_days=in_holidays)
    if facts.kind == "budget" and facts.first_reading_on and facts.decision_on:
        between = max(0, (facts.decision_on - facts.first_reading_on).days)
        if between < DAYS_BETWEEN_READINGS:
            yield finding("readings_too_close", days=between, required=DAYS_BETWEEN_READINGS)


def _evidence(facts: Facts) -> Iterator[Finding]:
    if _is_early_enough(facts):
        code = "opened_before" if facts.has_opened else "opens_before"
        yield finding(code, CONSULTATION, **_measure(facts))
    if facts.kind == "school_structure" and facts.closes_a_school and facts.decision_on:
        latest = latest_decision(facts.decision_on, facts.takes_effect_on)
        if facts.decision_on <= latest:
            yield finding("decided_by", decision_on=facts.decision_on, latest_on=latest)


def _measure(facts: Facts) -> dict[str, object]:
    until = clock(facts)
    return {
        "days": _days_open(facts),
        "required": until.required,
        "milestone": until.milestone,
        "milestone_on": until.on,
        "opens_on": local_date(facts.opens) if facts.opens else None,
    }


def _is_early_enough(facts: Facts) -> bool:
    return _days_open(facts) >= clock(facts).required


def _days_open(facts: Facts) -> int:
    """Days from the day it opens to the milestone's day; never below 0."""
    until = clock(facts).on
    if facts.opens is None or until is None:
        return 0
    return max(0, (until - local_date(facts.opens)).days)


def _holiday_days(facts: Facts) -> int:
    if facts.opens is None:
        return 0
    first = local_date(facts.opens)
    days = (first + timedelta(days=n) for n in range(_days_open(facts)))
    return sum(day.month == JULY or is_within(day, facts.school_holidays) for day in days)


def _last_day(deadline: datetime | date | None) -> date | None:
    """The last day with time left to object; a deadline at midnight belongs to the day before."""
    if isinstance(deadline, datetime):
        return local_date(deadline - timedelta(microseconds=1))
    return deadline


def _earliest_decision(facts: Facts) -> date | None:
    chosen = facts.settings.weeks_from_objections_to_decision or 0
    weeks = max(chosen, WEEKS_FROM_OBJECTIONS_TO_DECISION)
    deadline = _last_day(facts.objection_deadline)
    return deadline + timedelta(weeks=weeks) if deadline else None
