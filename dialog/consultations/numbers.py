"""The numbers of the rules that a consultation may set for itself, before it opens.

The law's own numbers are floors: a municipality may promise more, never less.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.audit import commands as audit
from dialog.consultations import queries
from dialog.consultations.models import Consultation, Kind, RuleSettings, State
from dialog.core import web
from dialog.core.errors import InvalidInput, TooLate
from dialog.permissions import Action, Actor
from dialog.rules import oral, promise, start_early, strategy


@dataclass(frozen=True)
class Number:
    """One of them: what holds without a choice, and the least and the most that can be chosen."""

    name: str
    default: int
    least: int
    most: int


NUMBERS = (
    Number("days_before_first_reading", start_early.DAYS_BEFORE_FIRST_READING, 1, 365),
    Number("objection_weeks", start_early.OBJECTION_WEEKS, start_early.OBJECTION_WEEKS, 52),
    Number(
        "weeks_from_objections_to_decision",
        start_early.WEEKS_FROM_OBJECTIONS_TO_DECISION,
        start_early.WEEKS_FROM_OBJECTIONS_TO_DECISION,
        52,
    ),
    Number("kpi_targets", strategy.KPI_TARGETS, 1, 20),
    Number("days_from_meeting_to_decision", oral.DAYS_FROM_MEETING_TO_DECISION, 1, 90),
    Number("minutes_working_days", oral.MINUTES_WORKING_DAYS, 1, 20),
    *(Number(name, getattr(promise.Numbers(), name), *promise.LIMITS[name])
      for name in promise.LIMITS),
)  # fmt: skip
_BY_KIND = {
    Kind.BUDGET: {"objection_weeks", "weeks_from_objections_to_decision"},
    Kind.SCHOOL_STRUCTURE: {"days_before_first_reading"},
}


def numbers_for(consultation: Consultation) -> list[Number]:
    """The numbers that mean something for this kind of consultation, with this installation's
    defaults."""
    own = web.settings().promise
    return [
        replace(number, default=getattr(own, number.name, number.default))
        for number in NUMBERS
        if number.name not in _BY_KIND[consultation.kind]
    ]


def set_numbers(
    db: Session, actor: Actor, *, slug: str, chosen: Mapping[str, int | None], now: datetime
) -> RuleSettings:
    """The consultation's own numbers; None takes a number back to the default.

    Raises: TooLate once the dialogue has opened; InvalidInput outside what the law leaves room for.
    """
    permissions.demand(actor, Action.SET_UP)
    consultation = queries.access_consultation(db, actor, slug)
    if consultation.state is not State.DRAFT:
        raise TooLate(_("Dialogen er åbnet, så tallene ligger fast."))
    kept = queries.rule_settings(db, consultation.id) or RuleSettings(
        consultation_id=consultation.id
    )
    for number in numbers_for(consultation):
        value = chosen.get(number.name)
        _check(number, value)
        setattr(kept, number.name, value)
    db.add(kept)
    told = ", ".join(f"{name}={value}" for name, value in sorted(chosen.items()))
    thing = ("consultations", consultation.id)
    audit.append(db, actor, "rule_numbers_set", thing, now=now, content=told)
    return kept


def settle_promise(db: Session, consultation: Consultation) -> RuleSettings:
    """The numbers of the promise as they are from now on, whatever the installation sets later.

    Audited by the caller, who opens the dialogue.
    """
    now = queries.promise_numbers(db, consultation.id)
    kept = queries.rule_settings(db, consultation.id) or RuleSettings(
        consultation_id=consultation.id
    )
    for name in promise.LIMITS:
        setattr(kept, name, getattr(now, name))
    db.add(kept)
    return kept


def _check(number: Number, value: int | None) -> None:
    if value is not None and not number.least <= value <= number.most:
        raise InvalidInput(
            {
                number.name: _(
                    "Vælg et tal fra %(least)s til %(most)s.", least=number.least, most=number.most
                )
            }
        )
