"""The five rules. This is the table of contents; nothing else decides these questions.

1  start_early.py  the dialogue opens long enough before the decision
2  strategy.py     a communication plan covers the whole course, with owners, dates and targets
3  basis.py        what is decided, open and impossible, the figures, who decides: public, frozen
4  oral.py         every thread is tied to a public meeting, and its minutes come back
5  threads.py      the threads show: nothing vanishes, nothing is ranked by outrage

And the promise behind them: who is asked, answers in time (promise.py).

A rule is a pure function from `Facts` to a `Verdict`. No rule reads a clock, a database or a
request; `gate` gathers the facts. A finding is a code with parameters; templates hold the words.
"""

from dialog.rules import basis, oral, start_early, strategy, threads
from dialog.rules.facts import (
    ActivityFact,
    Facts,
    KpiFact,
    MeetingFact,
    OverrideFact,
    ProposalFact,
    Settings,
    ThreadFact,
)
from dialog.rules.verdict import Finding, Rule, State, Target, Verdict

RULES: tuple[Rule, ...] = (start_early, strategy, basis, oral, threads)

STATES_THAT_MAY_OPEN = frozenset({State.KEPT, State.AT_RISK, State.OVERRIDDEN})


def evaluate(facts: Facts) -> tuple[Verdict, ...]:
    """The verdict on each of the five rules, in their order."""
    return tuple(rule.judge(facts) for rule in RULES)


def may_open(verdicts: tuple[Verdict, ...]) -> bool:
    """True when all five rules are judged and none is missing something or broken."""
    return len(verdicts) == len(RULES) and all(v.state in STATES_THAT_MAY_OPEN for v in verdicts)


__all__ = [
    "RULES",
    "STATES_THAT_MAY_OPEN",
    "ActivityFact",
    "Facts",
    "Finding",
    "KpiFact",
    "MeetingFact",
    "OverrideFact",
    "ProposalFact",
    "Rule",
    "Settings",
    "State",
    "Target",
    "ThreadFact",
    "Verdict",
    "evaluate",
    "may_open",
]
