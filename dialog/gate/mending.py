"""From a finding to the page that mends it, and from the verdicts to the steps of the set-up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from dialog.consultations.models import Consultation, State
from dialog.rules import Finding, Verdict
from dialog.rules import State as Standing

SHOWN = 4  # findings of one kind in a list; the rest are counted

# The page that holds all of a kind, the page of one, and what the latter calls its number.
_PLACES = {
    "consultation": ("consultations.edit", None, ""),
    "basis": ("consultations.edit_basis", None, ""),
    "strategy": ("strategy.edit", None, ""),
    "proposal": ("catalogue.edit_proposals", "catalogue.edit_proposal", "proposal_id"),
    "meeting": ("meetings.edit_meetings", "meetings.edit_meeting", "meeting_id"),
    "thread": ("debates.edit_threads", "debates.edit_thread", "thread_id"),
    "duty": ("debates.threads", None, ""),
}
# Where the thing that a code points at is not what has to be changed.
_ELSEWHERE = {"proposal_without_thread": "debates.edit_threads"}
_MINUTES = ("minutes_missing", "minutes_due_soon")


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of a checklist: what is missing, where to mend it, and how many more like it."""

    finding: Finding
    url: str
    more: int = 0


def place(slug: str, finding: Finding) -> str:
    """The address of the page where the finding is mended."""
    kind, number = finding.target
    if finding.code in _ELSEWHERE:
        return url_for(_ELSEWHERE[finding.code], slug=slug)
    every, one, name = _PLACES.get(kind, _PLACES["consultation"])
    if number is None or one is None:
        return url_for(every, slug=slug)
    if finding.code in _MINUTES:
        one = "meetings.edit_minutes"
    numbered: dict[str, Any] = {name: number}
    return url_for(one, slug=slug, **numbered)


def todos(slug: str, findings: Iterable[Finding]) -> Iterator[Todo]:
    """The findings as lines; of many alike only the first few, the last of them with a count."""
    alike = defaultdict(list)
    for finding in findings:
        alike[finding.code].append(finding)
    for same in alike.values():
        shown = same if len(same) <= SHOWN + 1 else same[:SHOWN]
        for finding in shown[:-1]:
            yield Todo(finding, place(slug, finding))
        yield Todo(shown[-1], place(slug, shown[-1]), len(same) - len(shown))


def steps(
    consultation: Consultation, verdicts: Iterable[Verdict], here: str
) -> list[tuple[str, str, str, bool]]:
    """The side list of the set-up: title, address, state, and whether it is this page."""
    standing = _standing(verdicts)
    slug = consultation.slug
    pages = [
        ("consultation", _("Forløb"), "consultations.edit", ("consultation",)),
        ("basis", _("Grundlag"), "consultations.edit_basis", ("basis",)),
        ("strategy", _("Plan"), "strategy.edit", ("strategy",)),
        ("proposal", _("Forslag"), "catalogue.edit_proposals", ("proposals", "schools")),
        ("meeting", _("Møder"), "meetings.edit_meetings", ("meetings",)),
        ("thread", _("Tråde"), "debates.edit_threads", ("threads", "thread")),
    ]
    is_draft = consultation.state is State.DRAFT
    last = _("Åbn") if is_draft else _("De fem råd")
    return [
        *(
            (title, url_for(endpoint, slug=slug), standing.get(kind, "done"), here in names)
            for kind, title, endpoint, names in pages
        ),
        (last, url_for("gate.set_up", slug=slug), "todo" if is_draft else "done", here == "open"),
    ]


def _standing(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """The state of each kind of thing that some finding points at."""
    found: dict[str, str] = {}
    for verdict in verdicts:
        for finding in verdict.findings:
            kind = "thread" if finding.code in _ELSEWHERE else finding.target[0]
            if found.get(kind) != "missing":
                found[kind] = _WORST.get(verdict.state, "missing")
    return found


_WORST = {Standing.AT_RISK: "at_risk", Standing.OVERRIDDEN: "overridden"}
