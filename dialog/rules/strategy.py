"""Rule 2, strategy: a communication plan covers the whole course, not only the start of it.

- It has a purpose, an audience and an owner.
- Each phase has an activity with a date, a channel and an owner.
- At least three of the things it measures have a target.
"""

from collections.abc import Iterator
from datetime import date

from dialog.rules.facts import ActivityFact, Facts
from dialog.rules.verdict import STRATEGY, Finding, Verdict, finding, settle

NUMBER = 2
NAME = "strategy"

PHASES = ("announce", "dialogue", "meeting", "decision", "after")
"""The phases of a whole course. Source: the paper's rule 2, a strategy for the *whole* course; the
phase after the decision is the one that is forgotten."""

KPI_TARGETS = 3
"""Measures with a target, at the least. Source: our reading of rule 2; no law sets it."""


def judge(facts: Facts) -> Verdict:
    """The verdict on rule 2."""
    return settle(NUMBER, NAME, facts, missing=_missing(facts), evidence=_evidence(facts))


def _missing(facts: Facts) -> Iterator[Finding]:
    if not facts.purpose.strip():
        yield finding("purpose_missing", STRATEGY)
    if not any(audience.strip() for audience in facts.audiences):
        yield finding("audience_missing", STRATEGY)
    if not facts.strategy_owner.strip():
        yield finding("strategy_owner_missing", STRATEGY)
    for phase in PHASES:
        yield from _phase_missing(facts, phase)
    if _targets(facts) < _required(facts):
        counted = {"count": _targets(facts), "required": _required(facts)}
        yield finding("kpi_targets_missing", STRATEGY, **counted)


def _phase_missing(facts: Facts, phase: str) -> Iterator[Finding]:
    planned = [activity for activity in facts.activities if activity.phase == phase]
    if not planned:
        yield finding("phase_without_activity", STRATEGY, phase=phase)
    elif not any(_is_complete(activity) for activity in planned):
        yield finding("phase_activity_incomplete", STRATEGY, phase=phase, title=planned[0].title)


def _evidence(facts: Facts) -> Iterator[Finding]:
    complete = sorted(filter(_is_complete, facts.activities), key=_day)
    if complete:
        past = sum(_day(activity) < facts.today for activity in complete)
        yield finding("activities_planned", STRATEGY, count=len(complete), past=past)
    coming = [activity for activity in complete if _day(activity) >= facts.today]
    if coming:
        yield _activity("next_activity", coming[0])
    after = [activity for activity in complete if activity.phase == "after"]
    if after:
        yield _activity("feedback_planned", after[0])
    if _targets(facts) >= _required(facts):
        yield finding("kpi_targets_set", STRATEGY, count=_targets(facts))


def _is_complete(activity: ActivityFact) -> bool:
    named = activity.channel.strip() and activity.owner.strip()
    return bool(named) and activity.on_date is not None


def _day(activity: ActivityFact) -> date:
    return activity.on_date or date.max


def _activity(code: str, activity: ActivityFact) -> Finding:
    return finding(
        code,
        STRATEGY,
        title=activity.title,
        on_date=activity.on_date,
        channel=activity.channel,
    )


def _required(facts: Facts) -> int:
    return facts.settings.kpi_targets or KPI_TARGETS


def _targets(facts: Facts) -> int:
    return sum(kpi.has_target for kpi in facts.kpis)
