"""Since when a rule stands as it does, as far as it can be known."""

from collections.abc import Iterable
from datetime import date, datetime

from dialog.consultations.models import BasisVersion, Consultation
from dialog.core import clock
from dialog.rules import State, Verdict


def since(
    verdict: Verdict, consultation: Consultation, versions: Iterable[BasisVersion]
) -> date | None:
    """The day, or None where no fact in the store tells it."""
    if verdict.state is State.OVERRIDDEN:
        return verdict.override.approved_on if verdict.override else None
    if verdict.state is State.BROKEN:
        return _first_overdue(verdict)
    if verdict.state is not State.KEPT or consultation.opened_at is None:
        return None
    if verdict.rule == "start_early":  # its dates lie still once the dialogue is open
        return clock.local(consultation.opened_at).date()
    if verdict.rule == "basis":
        return max((clock.local(each.frozen_at).date() for each in versions), default=None)
    return None


def _first_overdue(verdict: Verdict) -> date | None:
    """The day the first minutes were due, when minutes alone are what is missing."""
    moments = [finding.params.get("due_at") for finding in verdict.findings]
    days = [clock.local(due).date() for due in moments if isinstance(due, datetime)]
    return min(days) if days and len(days) == len(moments) else None
