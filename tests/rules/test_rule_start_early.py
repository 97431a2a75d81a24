"""Rule 1: the dialogue opens while everything can still be changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dialog import rules
from dialog.rules import start_early


def codes(facts: rules.Facts) -> list[str]:
    return [found.code for found in start_early.judge(facts).findings]


def budget_open_for(budget: rules.Facts, opens_on: date, days: int) -> rules.Facts:
    return replace(
        budget,
        now=datetime(2020, 1, 1, tzinfo=UTC),
        opens_at=datetime(opens_on.year, opens_on.month, opens_on.day, 9, tzinfo=UTC),
        first_reading_on=opens_on + timedelta(days=days),
        decision_on=opens_on + timedelta(days=days + 21),
    )


@pytest.mark.parametrize(
    "opens_on",
    [
        date(2027, 4, 26),
        date(2028, 2, 1),  # across 29 February
        date(2027, 2, 22),  # across the start of summer time
        date(2027, 10, 4),  # across its end
        date(2027, 12, 1),  # across the new year
    ],
)
@pytest.mark.parametrize(("days", "state"), [(43, "kept"), (42, "kept"), (41, "not_yet")])
def test_a_budget_opens_42_calendar_days_before_the_first_reading(
    budget: rules.Facts, opens_on: date, days: int, state: str
) -> None:
    verdict = start_early.judge(budget_open_for(budget, opens_on, days))
    assert verdict.state == state
    told = verdict.evidence[0] if state == "kept" else verdict.findings[0]
    assert (told.params["days"], told.params["required"]) == (days, 42)


@pytest.mark.parametrize(
    ("opens_at", "expected"),
    [
        (datetime(2027, 7, 29, 21, 59, tzinfo=UTC), []),  # 29 July 23:59 in Denmark
        (datetime(2027, 7, 29, 22, 1, tzinfo=UTC), ["opens_too_late"]),  # 30 July 00:01
    ],
)
def test_the_day_of_opening_is_the_danish_day(
    budget: rules.Facts, opens_at: datetime, expected: list[str]
) -> None:
    facts = replace(
        budget, opens_at=opens_at, school_holidays=(), first_reading_on=date(2027, 9, 9)
    )
    assert codes(facts) == expected


def test_a_planned_opening_that_has_passed_counts_from_today(budget: rules.Facts) -> None:
    late = datetime(2027, 8, 30, 8, tzinfo=UTC)
    assert codes(replace(budget, now=late)) == ["opens_too_late"]


def test_the_actual_opening_counts_once_it_has_happened(open_budget: rules.Facts) -> None:
    later = replace(open_budget, now=datetime(2027, 9, 8, 8, tzinfo=UTC))
    assert start_early.judge(later).state == "kept"


def test_moving_the_first_reading_forward_breaks_the_rule(open_budget: rules.Facts) -> None:
    moved = replace(open_budget, first_reading_on=date(2027, 4, 20))
    assert start_early.judge(moved).state == "broken"


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"opens_at": None}, "opening_date_missing"),
        ({"first_reading_on": None}, "milestone_missing"),
    ],
)
def test_a_date_that_is_missing_is_asked_for(
    budget: rules.Facts, missing: dict[str, None], code: str
) -> None:
    assert codes(replace(budget, **missing)) == [code]  # type: ignore[arg-type]


@pytest.mark.parametrize(("setting", "state"), [(60, "not_yet"), (50, "kept"), (30, "kept")])
def test_a_municipality_sets_its_own_number_of_days_for_a_budget(
    budget: rules.Facts, setting: int, state: str
) -> None:
    facts = budget_open_for(budget, date(2027, 4, 26), 50)
    settings = rules.Settings(days_before_first_reading=setting)
    assert start_early.judge(replace(facts, settings=settings)).state == state


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [
        (date(2026, 11, 30), []),  # 56 days after 5 October
        (date(2026, 11, 29), ["opens_too_late"]),
        (datetime(2026, 11, 30, 11, tzinfo=UTC), []),
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), ["opens_too_late"]),  # midnight: day before
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), []),
    ],
)
def test_the_closing_of_a_school_leaves_8_weeks_for_objections(
    schools: rules.Facts, last_day: date | datetime, expected: list[str]
) -> None:
    assert codes(replace(schools, objection_deadline=last_day)) == expected


@pytest.mark.parametrize(
    ("decision_on", "expected"),
    [(date(2027, 1, 1), []), (date(2026, 12, 31), ["decision_too_soon"])],
)
def test_4_weeks_pass_from_the_objections_to_the_decision(
    schools: rules.Facts, decision_on: date, expected: list[str]
) -> None:
    assert codes(replace(schools, decision_on=decision_on)) == expected


@pytest.mark.parametrize(
    ("decision_on", "takes_effect_on", "expected"),
    [
        (date(2027, 3, 1), None, []),
        (date(2027, 3, 2), None, ["decision_too_late"]),
        (date(2028, 2, 29), None, []),
        (date(2028, 3, 1), None, []),
        (date(2028, 3, 2), None, ["decision_too_late"]),
        (date(2027, 7, 31), None, ["decision_too_late"]),
        (date(2027, 8, 1), None, []),  # for August 2028
        (date(2027, 4, 20), date(2028, 8, 1), []),
        (date(2027, 8, 20), date(2027, 8, 1), ["decision_too_late"]),
    ],
)
def test_the_closing_of_a_school_is_decided_by_1_march_of_the_year_it_takes_effect(
    schools: rules.Facts, decision_on: date, takes_effect_on: date | None, expected: list[str]
) -> None:
    facts = replace(schools, decision_on=decision_on, takes_effect_on=takes_effect_on)
    assert codes(facts) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (rules.Settings(objection_weeks=1, weeks_from_objections_to_decision=1), []),
        (rules.Settings(objection_weeks=9), ["opens_too_late"]),
        (rules.Settings(weeks_from_objections_to_decision=5), ["decision_too_soon"]),
    ],
)
def test_the_legal_weeks_can_only_grow(
    schools: rules.Facts, settings: rules.Settings, expected: list[str]
) -> None:
    facts = replace(
        schools,
        settings=settings,
        objection_deadline=date(2026, 11, 30),
        decision_on=date(2026, 12, 28),
    )
    assert codes(facts) == expected


def test_fewer_weeks_than_the_law_gives_are_refused_whatever_is_set(schools: rules.Facts) -> None:
    facts = replace(
        schools,
        settings=rules.Settings(objection_weeks=2, weeks_from_objections_to_decision=1),
        objection_deadline=date(2026, 11, 29),
        decision_on=date(2026, 12, 26),
    )
    assert codes(facts) == ["opens_too_late", "decision_too_soon"]


@pytest.mark.parametrize(("days", "expected"), [(42, []), (41, ["opens_too_late"])])
def test_a_school_structure_that_closes_no_school_opens_42_days_before_the_decision(
    schools: rules.Facts, days: int, expected: list[str]
) -> None:
    decision_on = date(2026, 10, 5) + timedelta(days=days)
    facts = replace(schools, closes_a_school=False, objection_deadline=None)
    assert codes(replace(facts, decision_on=decision_on)) == expected


@pytest.mark.parametrize(
    ("opens_on", "days", "state"),
    [
        (date(2027, 6, 1), 60, "kept"),  # 30 of 60 days in July: exactly half
        (date(2027, 6, 2), 59, "at_risk"),  # 30 of 59
        (date(2027, 6, 2), 60, "at_risk"),  # 31 of 60
        (date(2027, 6, 2), 61, "at_risk"),  # 31 of 61
        (date(2027, 6, 2), 62, "kept"),  # 31 of 62: exactly half
    ],
)
def test_more_than_half_of_the_time_in_july_puts_the_rule_at_risk(
    budget: rules.Facts, opens_on: date, days: int, state: str
) -> None:
    facts = replace(budget_open_for(budget, opens_on, days), school_holidays=())
    assert start_early.judge(facts).state == state


def test_school_holidays_and_july_are_counted_once(budget: rules.Facts) -> None:
    facts = budget_open_for(budget, date(2027, 6, 26), 60)  # holidays run 26 June to 8 August
    (found,) = start_early.judge(facts).findings
    assert (found.code, found.params) == ("window_in_holidays", {"days": 60, "holiday_days": 44})


@pytest.mark.parametrize(("days", "expected"), [(21, []), (20, ["readings_too_close"])])
def test_readings_closer_than_three_weeks_put_the_rule_at_risk(
    budget: rules.Facts, days: int, expected: list[str]
) -> None:
    decision_on = date(2027, 9, 9) + timedelta(days=days)
    verdict = start_early.judge(replace(budget, decision_on=decision_on))
    assert [found.code for found in verdict.findings] == expected
    assert verdict.state == ("at_risk" if expected else "kept")
