"""Rule 5: the technique shows who answers whom, and hides nothing."""

from dataclasses import replace

import pytest

from dialog import rules
from dialog.rules import threads


def codes(facts: rules.Facts) -> list[str]:
    return [found.code for found in threads.judge(facts).findings]


def test_every_proposal_can_be_debated(budget: rules.Facts) -> None:
    mute = replace(budget.proposals[0], thread_count=0)
    (found,) = threads.judge(replace(budget, proposals=(mute,))).findings
    assert (found.code, found.target) == ("proposal_without_thread", ("proposal", 3))
    assert found.params == {"code": "B12", "title": "Biblioteket lukker om søndagen"}


def test_every_thread_has_politicians_who_answer_for_it(budget: rules.Facts) -> None:
    orphan = replace(budget.threads[0], responsible_count=0)
    (found,) = threads.judge(replace(budget, threads=(orphan,))).findings
    assert (found.code, found.target) == ("thread_without_politician", ("thread", 7))


@pytest.mark.parametrize("order", sorted(threads.CALM_ORDERS))
def test_posts_may_stand_as_the_talk_went_or_by_the_clock(budget: rules.Facts, order: str) -> None:
    assert codes(replace(budget, default_order=order)) == []


@pytest.mark.parametrize("order", ["votes", "activity", "popular", "hot", ""])
def test_posts_are_never_ranked_by_votes_or_activity(budget: rules.Facts, order: str) -> None:
    assert codes(replace(budget, default_order=order)) == ["order_not_calm"]


def test_a_post_that_is_gone_without_a_tombstone_breaks_the_rule(open_budget: rules.Facts) -> None:
    verdict = threads.judge(replace(open_budget, vanished_posts=2))
    assert verdict.state == "broken"
    assert [(found.code, found.params) for found in verdict.findings] == [
        ("posts_vanished", {"count": 2})
    ]


def test_a_dialogue_has_a_thread(budget: rules.Facts) -> None:
    assert codes(replace(budget, threads=())) == ["thread_missing"]
