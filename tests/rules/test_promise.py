"""The promise: a question is owed an answer within five Danish working days."""

from datetime import UTC, date, datetime

import pytest

from dialog.rules import promise, workdays


def danish(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=workdays.COPENHAGEN)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2027-09-06 10:00", "2027-09-13 23:59"),  # Monday to Monday
        ("2027-09-10 10:00", "2027-09-17 23:59"),  # Friday
        ("2027-09-11 10:00", "2027-09-17 23:59"),  # Saturday
        ("2027-09-12 23:59", "2027-09-17 23:59"),  # Sunday
        ("2027-09-06 00:00", "2027-09-13 23:59"),  # first minute of the day
        ("2027-09-06 23:59", "2027-09-13 23:59"),  # and its last
        ("2027-03-22 10:00", "2027-04-01 23:59"),  # across Easter, 25 to 29 March
        ("2027-03-18 10:00", "2027-03-30 23:59"),  # the fifth day would be Maundy Thursday
        ("2027-04-29 10:00", "2027-05-07 23:59"),  # across Ascension Day
        ("2023-05-02 10:00", "2023-05-10 23:59"),  # Great Prayer Day was still a day off
        ("2024-04-22 10:00", "2024-04-29 23:59"),  # and from 2024 it is not
        ("2026-06-01 10:00", "2026-06-09 23:59"),  # Grundlovsdag is a Friday
        ("2026-12-18 10:00", "2026-12-29 23:59"),  # Christmas Eve to 26 December are off
        ("2026-12-28 10:00", "2027-01-06 23:59"),  # New Year's Eve and Day are off
        ("2028-02-24 10:00", "2028-03-02 23:59"),  # 29 February is a Tuesday
        ("2027-03-19 10:00", "2027-03-31 23:59"),  # into summer time
        ("2027-10-28 10:00", "2027-11-04 23:59"),  # out of it
    ],
)
def test_an_answer_is_due_at_the_end_of_the_fifth_working_day(asked: str, due: str) -> None:
    assert promise.answer_due_at(danish(asked)) == danish(due)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2027, 1, 4, 9, tzinfo=UTC), datetime(2027, 1, 11, 22, 59, tzinfo=UTC)),
        (datetime(2027, 7, 5, 9, tzinfo=UTC), datetime(2027, 7, 12, 21, 59, tzinfo=UTC)),
        (datetime(2027, 7, 5, 22, 30, tzinfo=UTC), datetime(2027, 7, 13, 21, 59, tzinfo=UTC)),
    ],
)
def test_it_is_reckoned_in_danish_time_and_told_in_utc(asked: datetime, due: datetime) -> None:
    told = promise.answer_due_at(asked)
    assert (told, told.tzinfo) == (due, UTC)


def test_another_number_of_working_days_can_be_promised() -> None:
    assert promise.answer_due_at(danish("2027-09-06 10:00"), 2) == danish("2027-09-08 23:59")


def test_a_question_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        promise.answer_due_at(datetime(2027, 9, 6, 10))  # noqa: DTZ001 (on purpose)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2027, 9, 6), date(2027, 9, 6), 0),
        (date(2027, 9, 6), date(2027, 9, 13), 5),
        (date(2027, 9, 10), date(2027, 9, 12), 0),
        (date(2027, 3, 24), date(2027, 3, 30), 1),  # Easter
        (date(2026, 12, 23), date(2027, 1, 4), 4),
        (date(2027, 9, 13), date(2027, 9, 6), 0),
    ],
)
def test_working_days_between_two_days(first: date, last: date, days: int) -> None:
    assert promise.working_days_between(first, last) == days


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ("2027-09-17 12:00", 0),
        ("2027-09-19 12:00", 0),  # the weekend after
        ("2027-09-20 00:01", 1),
        ("2027-09-24 12:00", 5),
        ("2027-09-01 12:00", 0),  # long before
    ],
)
def test_lateness_is_told_in_working_days(now: str, late: int) -> None:
    assert promise.working_days_late(danish("2027-09-17 23:59"), danish(now)) == late


def test_nothing_is_decided_while_answers_are_owed() -> None:
    found = promise.may_decide(3)
    assert found is not None
    assert (found.code, found.params, found.target) == (
        "answers_owed",
        {"count": 3},
        ("duty", None),
    )
    assert promise.may_decide(0) is None
