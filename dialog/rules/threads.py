"""Rule 5, threads: the technique shows who answers whom, and hides nothing.

- Every proposal can be debated in a thread.
- Every thread has politicians who answer for it.
- By default posts stand in the order of the talk, never by votes or activity.
- Nothing vanishes without a tombstone that says so.
"""

from collections.abc import Iterator

from dialog.rules.facts import Facts, ProposalFact
from dialog.rules.verdict import Finding, Target, Verdict, finding, settle

NUMBER = 5
NAME = "threads"

CALM_ORDERS = frozenset({"tree", "waiting", "oldest", "newest"})
"""The orders a thread may have by default: as the talk went, by the clock, or with the questions
that have waited longest for an answer first. Source: the paper's
rule 5, "en teknik, hvor man kan se trådene"; ranking by votes or activity puts the loudest on
top. What is not named here is not allowed."""

NEW_THREAD: Target = ("thread", None)


def judge(facts: Facts) -> Verdict:
    """The verdict on rule 5."""
    return settle(NUMBER, NAME, facts, missing=_missing(facts), evidence=_evidence(facts))


def _missing(facts: Facts) -> Iterator[Finding]:
    if not facts.threads:
        yield finding("thread_missing", NEW_THREAD)
    for proposal in facts.proposals:
        if proposal.thread_count < 1:
            yield _not_debatable(proposal)
    for thread in facts.threads:
        if thread.responsible_count < 1:
            yield finding("thread_without_politician", ("thread", thread.id), title=thread.title)
    if facts.default_order not in CALM_ORDERS:
        yield finding("order_not_calm", order=facts.default_order)
    if facts.vanished_posts > 0:
        yield finding("posts_vanished", count=facts.vanished_posts)


def _evidence(facts: Facts) -> Iterator[Finding]:
    if facts.threads:
        yield finding("threads_public", NEW_THREAD, count=len(facts.threads))
    if facts.proposals:
        debatable = sum(proposal.thread_count > 0 for proposal in facts.proposals)
        counted = {"debatable": debatable, "total": len(facts.proposals)}
        yield finding("proposals_debatable", ("proposal", None), **counted)
    if facts.default_order in CALM_ORDERS:
        yield finding("order_calm", order=facts.default_order)
    if facts.has_opened and facts.vanished_posts == 0:
        yield finding("nothing_vanished")


def _not_debatable(proposal: ProposalFact) -> Finding:
    target = ("proposal", proposal.id)
    return finding("proposal_without_thread", target, code=proposal.code, title=proposal.title)
