"""A consultation may promise more than the rules ask, never less than the law."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from dialog.consultations import commands, numbers, queries
from dialog.consultations.models import Consultation, Kind, State
from dialog.core.errors import InvalidInput, NotAllowed, TooLate
from dialog.gate import queries as gate
from dialog.permissions import SYSTEM, VISITOR
from dialog.rules.promise import Numbers

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)


def make_draft(db: Session, kind: Kind = Kind.BUDGET) -> Consultation:
    made = commands.create_consultation(db, SYSTEM, title="Budget 2028", kind=kind, now=NOW)
    db.flush()
    return made


def test_the_rules_are_asked_with_the_numbers_of_the_consultation(db: Session) -> None:
    draft = make_draft(db)
    chosen = {"days_before_first_reading": 60, "answer_working_days": 3}
    numbers.set_numbers(db, SYSTEM, slug=draft.slug, chosen=chosen, now=NOW)
    assert gate.facts(db, draft, NOW).settings.days_before_first_reading == 60
    assert queries.answer_working_days(db, draft.id) == 3


def test_an_empty_choice_goes_back_to_the_default(db: Session) -> None:
    draft = make_draft(db)
    numbers.set_numbers(db, SYSTEM, slug=draft.slug, chosen={"kpi_targets": 5}, now=NOW)
    numbers.set_numbers(db, SYSTEM, slug=draft.slug, chosen={"kpi_targets": None}, now=NOW)
    assert gate.facts(db, draft, NOW).settings.kpi_targets is None


@pytest.mark.parametrize(
    ("name", "value"), [("objection_weeks", 7), ("weeks_from_objections_to_decision", 3)]
)
def test_less_than_the_law_asks_is_refused(db: Session, name: str, value: int) -> None:
    draft = make_draft(db, Kind.SCHOOL_STRUCTURE)
    with pytest.raises(InvalidInput) as refused:
        numbers.set_numbers(db, SYSTEM, slug=draft.slug, chosen={name: value}, now=NOW)
    assert set(refused.value.fields) == {name}


def test_the_numbers_stand_once_the_dialogue_has_opened(db: Session) -> None:
    draft = make_draft(db)
    draft.state, draft.opened_at = State.OPEN, NOW
    with pytest.raises(TooLate):
        numbers.set_numbers(db, SYSTEM, slug=draft.slug, chosen={"kpi_targets": 4}, now=NOW)


def test_only_those_who_set_up_choose_them(db: Session) -> None:
    draft = make_draft(db)
    with pytest.raises(NotAllowed):
        numbers.set_numbers(db, VISITOR, slug=draft.slug, chosen={}, now=NOW)


def install(app: Flask, **chosen: int) -> None:
    """Has the installation promise these numbers."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, promise=replace(settings.promise, **chosen))


def test_what_a_consultation_does_not_set_is_the_installation_s(app: Flask, db: Session) -> None:
    draft = make_draft(db)
    install(app, answer_working_days=8, pause_working_days=4)
    numbers.set_numbers(db, SYSTEM, slug=draft.slug, chosen={"pause_working_days": 3}, now=NOW)
    assert queries.promise_numbers(db, draft.id) == Numbers(
        answer_working_days=8, pause_working_days=3
    )
    defaults = {each.name: each.default for each in numbers.numbers_for(draft)}
    assert (defaults["answer_working_days"], defaults["minutes_working_days"]) == (8, 5)


def test_what_is_promised_stays_promised_when_the_installation_changes(
    app: Flask, db: Session
) -> None:
    draft, other = make_draft(db), make_draft(db)
    numbers.settle_promise(db, draft)
    db.flush()
    install(app, answer_working_days=20)
    both = queries.promises_numbers(db, [draft.id, other.id])
    assert both == {draft.id: Numbers(), other.id: Numbers(answer_working_days=20)}
