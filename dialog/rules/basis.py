"""Rule 3, basis: everyone can read what the dialogue builds on, and it stays put.

- The target amount (budget) or the question (schools); who decides, and when.
- What is already decided, what is open, what is impossible, and how contributions are used.
- A summary in plain language, a source, and a proposal with amounts, consequences and committee.
- From the opening on, the version is frozen by its hash and unchanged.

Source: the paper's rule 3, "kommunikér klart grundlaget for dialogen". What it guards against is
a saving of 5.9 million kroner that was put to citizens without a word of explanation.
"""

from collections.abc import Iterator

from dialog.rules.facts import Facts, ProposalFact
from dialog.rules.verdict import BASIS, Finding, Verdict, finding, settle

NUMBER = 3
NAME = "basis"


def judge(facts: Facts) -> Verdict:
    """The verdict on rule 3."""
    return settle(NUMBER, NAME, facts, missing=_missing(facts), evidence=_evidence(facts))


def _missing(facts: Facts) -> Iterator[Finding]:
    yield from _subject_missing(facts)
    if facts.decision_on is None:
        yield finding("decision_date_missing")
    for code, text in _texts(facts).items():
        if not text.strip():
            yield finding(code, BASIS)
    if facts.sources_count < 1:
        yield finding("source_missing", BASIS)
    if not facts.proposals:
        yield finding("proposal_missing", ("proposal", None))
    elif not any(_is_complete(proposal) for proposal in facts.proposals):
        yield _incomplete(facts.proposals[0])
    if facts.has_opened:
        yield from _not_frozen(facts)


def _subject_missing(facts: Facts) -> Iterator[Finding]:
    if facts.kind == "budget" and (facts.target_tkr or 0) <= 0:
        yield finding("target_amount_missing", BASIS)
    if facts.kind == "school_structure" and not facts.question.strip():
        yield finding("question_missing", BASIS)


def _texts(facts: Facts) -> dict[str, str]:
    """Every text the basis must have, under the code to give when it is empty."""
    return {
        "decider_missing": facts.decides_who,
        "already_decided_missing": facts.already_decided,
        "open_missing": facts.open_to_change,
        "impossible_missing": facts.impossible,
        "use_of_contributions_missing": facts.use_of_contributions,
        "plain_summary_missing": facts.plain_summary,
    }


def _incomplete(proposal: ProposalFact) -> Finding:
    parts = {
        "amounts": proposal.has_amounts,
        "consequences": proposal.has_consequences,
        "committee": bool(proposal.committee.strip()),
    }
    lacks = tuple(part for part, is_there in parts.items() if not is_there)
    target = ("proposal", proposal.id)
    return finding(
        "proposal_incomplete", target, code=proposal.code, title=proposal.title, lacks=lacks
    )


def _not_frozen(facts: Facts) -> Iterator[Finding]:
    if facts.basis_frozen is None:
        yield finding("basis_not_frozen", BASIS)
    elif facts.basis_now != facts.basis_frozen:
        yield finding("basis_changed", BASIS, frozen=facts.basis_frozen, now=facts.basis_now)


def _evidence(facts: Facts) -> Iterator[Finding]:
    if facts.proposals:
        complete = sum(_is_complete(proposal) for proposal in facts.proposals)
        yield finding("proposals_complete", BASIS, complete=complete, total=len(facts.proposals))
    if facts.sources_count > 0:
        yield finding("sources_listed", BASIS, count=facts.sources_count)
    if facts.decides_who.strip() and facts.decision_on:
        yield finding("decided_when", who=facts.decides_who, decision_on=facts.decision_on)
    if facts.basis_frozen and facts.basis_now == facts.basis_frozen:
        yield finding("basis_unchanged", BASIS, frozen=facts.basis_frozen)


def _is_complete(proposal: ProposalFact) -> bool:
    return proposal.has_amounts and proposal.has_consequences and bool(proposal.committee.strip())
