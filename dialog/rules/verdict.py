"""What a rule answers: a verdict with its findings and its evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from dialog.rules.facts import Facts, OverrideFact

Target = tuple[str, int | None]
"""The kind of thing to mend and its id; None is the only one of its kind, or a new one."""

CONSULTATION: Target = ("consultation", None)
STRATEGY: Target = ("strategy", None)
BASIS: Target = ("basis", None)


class State(StrEnum):
    """How a rule stands."""

    KEPT = "kept"
    NOT_YET = "not_yet"  # something is missing, and the dialogue has not opened
    AT_RISK = "at_risk"  # kept today, and something threatens it
    BROKEN = "broken"  # something is missing, and the dialogue is open
    OVERRIDDEN = "overridden"  # set aside with a reason by two people, for all to see


@dataclass(frozen=True)
class Finding:
    """One fact about a rule: a stable code, what its sentence needs, and the thing to mend."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    target: Target = CONSULTATION


@dataclass(frozen=True)
class Verdict:
    """How one rule stands, why, and what speaks for it.

    `override` is there whenever two people have set the rule aside, also when it is kept by now:
    the public page shows it for as long as the consultation lives.
    """

    rule: str
    number: int
    state: State
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Finding, ...] = ()
    override: OverrideFact | None = None


class Rule(Protocol):
    """The shape of a rule's module."""

    NUMBER: int
    NAME: str

    def judge(self, facts: Facts) -> Verdict:
        """The verdict on this rule."""


def finding(code: str, target: Target = CONSULTATION, /, **params: object) -> Finding:
    """A finding, written so that it reads as one line in a rule."""
    return Finding(code, params, target)


def settle(
    number: int,
    name: str,
    facts: Facts,
    *,
    missing: Iterable[Finding],
    risks: Iterable[Finding] = (),
    evidence: Iterable[Finding] = (),
) -> Verdict:
    """The verdict that follows from what is missing and what threatens the rule."""
    missing, risks = tuple(missing), tuple(risks)
    state = _state(facts, missing, risks)
    override = facts.override_of(name)
    if override is not None and state is not State.KEPT:
        state = State.OVERRIDDEN
    return Verdict(name, number, state, missing + risks, tuple(evidence), override)


def _state(facts: Facts, missing: tuple[Finding, ...], risks: tuple[Finding, ...]) -> State:
    if missing:
        return State.BROKEN if facts.has_opened else State.NOT_YET
    return State.AT_RISK if risks else State.KEPT
