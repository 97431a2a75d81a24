"""The clock over every day off and both changes of the clocks, 2026 to 2030, and the recess."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dialog.rules import promise, workdays
from dialog.rules.promise import DutyState, Numbers, Step

# Written by hand from the calendar, so that no rule is compared with itself.
DAYS_OFF = {
    2026: (
        "01-01 04-02 04-03 04-06 05-14 05-25 06-05 12-24 12-25 12-31",
        "04-05 05-24 12-26",  # these fall in a weekend
    ),
    2027: ("01-01 03-25 03-26 03-29 05-06 05-17 12-24 12-31", "03-28 05-16 06-05 12-25 12-26"),
    2028: ("04-13 04-14 04-17 05-25 06-05 12-25 12-26", "01-01 04-16 06-04 12-24 12-31"),
    2029: ("01-01 03-29 03-30 04-02 05-10 05-21 06-05 12-24 12-25 12-26 12-31", "04-01 05-20"),
    2030: ("01-01 04-18 04-19 04-22 05-30 06-05 06-10 12-24 12-25 12-26 12-31", "04-21 06-09"),
}
# The last Sundays of March and October, when the day has 23 hours and 25.
CLOCKS_CHANGE = [
    *("2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31", "2028-03-26"),
    *("2028-10-29", "2029-03-25", "2029-10-28", "2030-03-31", "2030-10-27"),
]


def days(year: int, which: int) -> list[date]:
    return [date.fromisoformat(f"{year}-{day}") for day in DAYS_OFF[year][which].split()]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=workdays.COPENHAGEN)


def danish_minute(moment: datetime) -> str:
    return moment.astimezone(workdays.COPENHAGEN).isoformat(timespec="minutes")


@pytest.mark.parametrize("year", DAYS_OFF)
def test_a_town_hall_is_closed_on_these_weekdays_and_on_no_others(year: int) -> None:
    first = date(year, 1, 1)
    weekdays = [
        day
        for day in (first + timedelta(days=n) for n in range(366))
        if day.year == year and day.weekday() < 5
    ]
    closed = [day for day in weekdays if not workdays.is_working_day(day)]
    assert closed == days(year, 0)


@pytest.mark.parametrize("year", DAYS_OFF)
def test_no_answer_is_due_on_a_day_off(year: int) -> None:
    for day in (*days(year, 0), *days(year, 1)):
        for before in range(1, 9):
            due = promise.answer_due_at(noon(day - timedelta(days=before)))
            assert workdays.is_working_day(workdays.local_date(due))


@pytest.mark.parametrize("year", DAYS_OFF)
def test_a_promise_for_a_day_off_is_due_on_the_next_day_worked(year: int) -> None:
    for day in (*days(year, 0), *days(year, 1)):
        due = workdays.local_date(promise.due_on(day))
        assert due > day
        assert workdays.is_working_day(due)
        assert workdays.working_days_between(day, due) == 1


@pytest.mark.parametrize("day", CLOCKS_CHANGE)
def test_a_deadline_over_the_change_of_clocks_is_still_a_minute_before_midnight(day: str) -> None:
    sunday = date.fromisoformat(day)
    assert sunday.weekday() == workdays.SUNDAY
    due = promise.answer_due_at(noon(sunday - timedelta(days=3)))
    before, after = (sunday - timedelta(days=1), sunday + timedelta(days=1))
    assert noon(before).utcoffset() != noon(after).utcoffset()
    assert danish_minute(due).split("T")[1][:5] == "23:59"
    assert workdays.local_date(due) > sunday


@pytest.mark.parametrize("day", CLOCKS_CHANGE)
def test_a_question_in_the_hour_that_is_missing_or_comes_twice_is_that_days(day: str) -> None:
    sunday = date.fromisoformat(day)
    midnight = datetime(sunday.year, sunday.month, sunday.day, tzinfo=UTC)
    for minutes in (0, 30, 59, 60, 61, 90, 120):  # 1:00 UTC is the change
        due = promise.answer_due_at(midnight + timedelta(minutes=minutes), 1)
        assert workdays.local_date(due) == workdays.working_day_from(sunday + timedelta(days=1))


def test_no_day_of_the_recess_counts() -> None:
    summer = ((date(2028, 7, 3), date(2028, 8, 6)),)
    asked = noon(date(2028, 6, 29))  # a Thursday
    due = workdays.local_date(promise.answer_due_at(asked, 3, summer))
    assert due == date(2028, 8, 8)  # Friday 30 June, then Monday 7 and Tuesday 8 August


def test_a_question_in_the_recess_is_counted_from_its_end() -> None:
    summer = ((date(2028, 7, 3), date(2028, 8, 6)),)
    due = promise.answer_due_at(noon(date(2028, 7, 14)), 1, summer)
    assert workdays.local_date(due) == date(2028, 8, 7)


@pytest.mark.parametrize("state", DutyState)
def test_every_state_has_a_way_on(state: DutyState) -> None:
    assert promise.MOVES[state]


def test_every_open_state_can_be_answered_turned_down_and_merged() -> None:
    for state in promise.OPEN:
        for end in (DutyState.ANSWERED, DutyState.DECLINED, DutyState.MERGED, DutyState.CLOSED):
            assert promise.may_move(state, end)


def test_every_state_can_be_reached_and_owed_again() -> None:
    reached = {new for ways in promise.MOVES.values() for new in ways}
    assert reached == set(DutyState) - {DutyState.TRIAGE}  # where a question begins
    for state in set(DutyState) - promise.OPEN:
        assert promise.may_move(state, DutyState.OWED)


@pytest.mark.parametrize(
    ("now", "step"),
    [
        ("2028-09-13 10:00", Step.NONE),  # Wednesday, the day it was asked
        ("2028-09-18 23:00", Step.NONE),
        ("2028-09-19 00:00", Step.REMINDED),  # one working day left
        ("2028-09-20 23:59", Step.REMINDED),  # the last minute counts
        ("2028-09-21 00:00", Step.OVERDUE),
        ("2028-09-24 12:00", Step.OVERDUE),  # the weekend after: two working days over
        ("2028-09-25 00:00", Step.ESCALATED),
    ],
)
def test_the_ladder_is_climbed_by_the_clock(now: str, step: Step) -> None:
    asked = noon(date(2028, 9, 13))
    moment = datetime.fromisoformat(now).replace(tzinfo=workdays.COPENHAGEN)
    due = promise.answer_due_at(asked)
    assert promise.step_due(asked, due, moment, Numbers()) is step


def test_nobody_is_reminded_of_what_he_was_told_today() -> None:
    asked = noon(date(2028, 9, 13))
    due = promise.answer_due_at(asked, 1)
    assert promise.step_due(asked, due, asked, Numbers()) is Step.NONE
