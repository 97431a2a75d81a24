"""The table of contents: five rules, in order, and when a dialogue may open."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dialog import rules
from dialog.rules import threads

NAMES = ("start_early", "strategy", "basis", "oral", "threads")
OVERRIDE = rules.OverrideFact(
    rule="threads",
    reason="Forslaget kom i går; tråden åbner i morgen.",
    requested_by=1,
    approved_by=2,
    approved_on=date(2027, 3, 1),
)


def test_the_rules_stand_in_their_order() -> None:
    assert tuple((rule.NUMBER, rule.NAME) for rule in rules.RULES) == tuple(enumerate(NAMES, 1))


@pytest.mark.parametrize("which", ["budget", "schools", "open_budget"])
def test_a_consultation_that_has_it_all_keeps_all_five(
    which: str, request: pytest.FixtureRequest
) -> None:
    verdicts = rules.evaluate(request.getfixturevalue(which))
    assert [(v.number, v.rule) for v in verdicts] == list(enumerate(NAMES, 1))
    assert [(v.state, v.findings) for v in verdicts] == [("kept", ())] * 5
    assert all(verdict.evidence for verdict in verdicts)
    assert rules.may_open(verdicts)


def test_nothing_told_keeps_nothing() -> None:
    verdicts = rules.evaluate(rules.Facts(now=datetime(2027, 3, 1, tzinfo=UTC), kind="budget"))
    assert {verdict.state for verdict in verdicts} == {rules.State.NOT_YET}
    assert not rules.may_open(verdicts)


@pytest.mark.parametrize(
    ("state", "opens"),
    [
        ("kept", True),
        ("at_risk", True),
        ("overridden", True),
        ("not_yet", False),
        ("broken", False),
    ],
)
def test_what_is_missing_or_broken_keeps_the_dialogue_shut(state: str, opens: bool) -> None:
    kept = [rules.Verdict(name, n, rules.State.KEPT) for n, name in enumerate(NAMES[:4], 1)]
    assert rules.may_open((*kept, rules.Verdict("threads", 5, rules.State(state)))) is opens


def test_a_dialogue_does_not_open_on_fewer_than_five_verdicts() -> None:
    assert not rules.may_open(())


def test_what_is_missing_is_not_yet_before_opening_and_broken_after(
    budget: rules.Facts, open_budget: rules.Facts
) -> None:
    assert threads.judge(replace(budget, threads=())).state == "not_yet"
    assert threads.judge(replace(open_budget, threads=())).state == "broken"


def test_an_open_state_without_a_moment_of_opening_is_not_taken_for_a_draft(
    budget: rules.Facts,
) -> None:
    assert threads.judge(replace(budget, state="open", threads=())).state == "broken"


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"rule": "oral"}, False),
        ({"reason": "  "}, False),
        ({"approved_by": None}, False),
        ({"approved_by": 1}, False),
        ({"approved_on": None}, False),
        ({"approved_on": date(2027, 3, 2)}, False),
    ],
)
def test_an_override_needs_a_reason_and_a_second_person(
    budget: rules.Facts, change: dict[str, object], holds: bool
) -> None:
    override = replace(OVERRIDE, **change)  # type: ignore[arg-type]
    verdict = threads.judge(replace(budget, threads=(), overrides=(override,)))
    assert (verdict.state == "overridden", verdict.override == override) == (holds, holds)
    assert [found.code for found in verdict.findings] == ["thread_missing"]


def test_an_override_also_sets_a_broken_rule_aside(open_budget: rules.Facts) -> None:
    verdict = threads.judge(replace(open_budget, threads=(), overrides=(OVERRIDE,)))
    assert verdict.state == "overridden"


def test_an_override_stays_in_sight_when_the_rule_is_kept_again(budget: rules.Facts) -> None:
    verdict = threads.judge(replace(budget, overrides=(OVERRIDE,)))
    assert (verdict.state, verdict.override) == ("kept", OVERRIDE)


def test_the_newest_override_is_the_one_shown(budget: rules.Facts) -> None:
    older = replace(OVERRIDE, approved_on=date(2027, 2, 1))
    verdict = threads.judge(replace(budget, overrides=(OVERRIDE, older)))
    assert verdict.override == OVERRIDE


@pytest.mark.parametrize("number", [0, -42])
def test_a_setting_cannot_switch_a_rule_off(number: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        rules.Settings(days_before_first_reading=number)
