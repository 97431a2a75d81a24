"""Rule 3: everyone can read what the dialogue builds on, and it stays put."""

from dataclasses import replace

import pytest

from dialog import rules
from dialog.rules import basis


def codes(facts: rules.Facts) -> list[str]:
    return [found.code for found in basis.judge(facts).findings]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"target_tkr": None}, "target_amount_missing"),
        ({"target_tkr": 0}, "target_amount_missing"),
        ({"decides_who": ""}, "decider_missing"),
        ({"decision_on": None}, "decision_date_missing"),
        ({"already_decided": " "}, "already_decided_missing"),
        ({"open_to_change": ""}, "open_missing"),
        ({"impossible": ""}, "impossible_missing"),
        ({"use_of_contributions": ""}, "use_of_contributions_missing"),
        ({"plain_summary": "\n"}, "plain_summary_missing"),
        ({"sources_count": 0}, "source_missing"),
        ({"proposals": ()}, "proposal_missing"),
    ],
)
def test_a_basis_that_lacks_something_is_not_yet_a_basis(
    budget: rules.Facts, change: dict[str, object], code: str
) -> None:
    verdict = basis.judge(replace(budget, **change))  # type: ignore[arg-type]
    assert (verdict.state, [found.code for found in verdict.findings]) == ("not_yet", [code])


def test_a_school_structure_asks_a_question_and_needs_no_amount(schools: rules.Facts) -> None:
    assert codes(schools) == []
    assert codes(replace(schools, question="")) == ["question_missing"]


@pytest.mark.parametrize(
    ("lack", "named"),
    [
        ({"has_amounts": False}, ("amounts",)),
        ({"has_consequences": False}, ("consequences",)),
        ({"committee": ""}, ("committee",)),
        ({"has_amounts": False, "committee": " "}, ("amounts", "committee")),
    ],
)
def test_one_proposal_at_least_is_complete(
    budget: rules.Facts, lack: dict[str, object], named: tuple[str, ...]
) -> None:
    poor = replace(budget.proposals[0], **lack)  # type: ignore[arg-type]
    (found,) = basis.judge(replace(budget, proposals=(poor,))).findings
    assert (found.code, found.target) == ("proposal_incomplete", ("proposal", 3))
    assert found.params["lacks"] == named


def test_the_evidence_tells_how_many_proposals_are_complete(budget: rules.Facts) -> None:
    poor = replace(budget.proposals[0], id=9, has_amounts=False)
    verdict = basis.judge(replace(budget, proposals=(poor, *budget.proposals)))
    assert verdict.state == "kept"
    assert verdict.evidence[0].params == {"complete": 1, "total": 2}


@pytest.mark.parametrize(
    ("frozen", "now", "expected"),
    [
        ("a1", "a1", []),
        ("a1", "b2", ["basis_changed"]),
        ("a1", None, ["basis_changed"]),
        (None, "a1", ["basis_not_frozen"]),
    ],
)
def test_an_open_dialogue_builds_on_a_frozen_basis(
    open_budget: rules.Facts, frozen: str | None, now: str | None, expected: list[str]
) -> None:
    facts = replace(open_budget, basis_frozen=frozen, basis_now=now)
    assert codes(facts) == expected
    assert basis.judge(facts).state == ("broken" if expected else "kept")


def test_a_draft_may_still_change_its_basis(budget: rules.Facts) -> None:
    assert codes(replace(budget, basis_frozen=None, basis_now="b2")) == []
