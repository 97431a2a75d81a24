"""Rule 2: a communication plan covers the whole course."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dialog import rules
from dialog.rules import strategy


def codes(facts: rules.Facts) -> list[str]:
    return [found.code for found in strategy.judge(facts).findings]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"purpose": " "}, "purpose_missing"),
        ({"audiences": ()}, "audience_missing"),
        ({"audiences": ("", " ")}, "audience_missing"),
        ({"strategy_owner": ""}, "strategy_owner_missing"),
        ({"kpis": ()}, "kpi_targets_missing"),
    ],
)
def test_a_plan_that_lacks_something_is_not_yet_a_plan(
    budget: rules.Facts, change: dict[str, object], code: str
) -> None:
    verdict = strategy.judge(replace(budget, **change))  # type: ignore[arg-type]
    assert verdict.state == "not_yet"
    assert [(found.code, found.target) for found in verdict.findings] == [
        (code, ("strategy", None))
    ]


@pytest.mark.parametrize("phase", strategy.PHASES)
def test_each_phase_needs_an_activity(budget: rules.Facts, phase: str) -> None:
    left = tuple(a for a in budget.activities if a.phase != phase)
    (found,) = strategy.judge(replace(budget, activities=left)).findings
    assert (found.code, found.params["phase"]) == ("phase_without_activity", phase)


@pytest.mark.parametrize("lack", [{"on_date": None}, {"channel": ""}, {"owner": " "}])
def test_an_activity_counts_with_a_date_a_channel_and_an_owner(
    budget: rules.Facts, lack: dict[str, object]
) -> None:
    first, *rest = budget.activities
    poor = replace(first, **lack)  # type: ignore[arg-type]
    assert codes(replace(budget, activities=(poor, *rest))) == ["phase_activity_incomplete"]
    assert codes(replace(budget, activities=(poor, first, *rest))) == []


@pytest.mark.parametrize(
    ("targets", "setting", "kept"), [(3, None, True), (2, None, False), (3, 4, False)]
)
def test_at_least_three_measures_have_a_target(
    budget: rules.Facts, targets: int, setting: int | None, kept: bool
) -> None:
    kpis = tuple(rules.KpiFact(id=n, has_target=n < targets) for n in range(5))
    facts = replace(budget, kpis=kpis, settings=rules.Settings(kpi_targets=setting))
    assert codes(facts) == ([] if kept else ["kpi_targets_missing"])


def test_the_evidence_tells_what_comes_next_and_when_citizens_hear_back(
    budget: rules.Facts,
) -> None:
    told = [found.code for found in strategy.judge(budget).evidence]
    assert told == ["activities_planned", "next_activity", "feedback_planned", "kpi_targets_set"]


def test_the_evidence_counts_what_is_past(budget: rules.Facts) -> None:
    later = replace(budget, now=datetime(2027, 6, 1, tzinfo=UTC))
    assert strategy.judge(later).evidence[0].params == {"count": 5, "past": 5}
