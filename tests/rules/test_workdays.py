"""Danish calendar days: which are worked, and which fall in the school holidays."""

from datetime import date

import pytest

from dialog.rules import workdays


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2027, 3, 24), True),
        (date(2027, 3, 25), False),  # Maundy Thursday
        (date(2027, 3, 26), False),  # Good Friday
        (date(2027, 3, 29), False),  # Easter Monday
        (date(2023, 5, 5), False),  # Great Prayer Day, until 2023
        (date(2024, 4, 26), True),
        (date(2026, 5, 1), True),  # no day off for a town hall
        (date(2026, 6, 5), False),  # Grundlovsdag
        (date(2026, 12, 24), False),
        (date(2026, 12, 30), True),
        (date(2026, 12, 31), False),
        (date(2028, 2, 29), True),
        (date(2027, 9, 11), False),  # Saturday
    ],
)
def test_town_halls_work_on_weekdays_but_not_on_days_off(day: date, worked: bool) -> None:
    assert workdays.is_working_day(day) is worked


@pytest.mark.parametrize(
    ("year", "index", "first", "last"),
    [
        (2027, 0, date(2027, 2, 13), date(2027, 2, 21)),  # winter, week 7
        (2027, 1, date(2027, 3, 20), date(2027, 3, 29)),  # Easter
        (2026, 2, date(2026, 6, 27), date(2026, 8, 9)),  # summer
        (2027, 2, date(2027, 6, 26), date(2027, 8, 8)),
        (2026, 3, date(2026, 10, 10), date(2026, 10, 18)),  # autumn, week 42
        (2025, 4, date(2025, 12, 20), date(2026, 1, 4)),  # Christmas
        (2026, 4, date(2026, 12, 19), date(2027, 1, 3)),
    ],
)
def test_school_holidays_follow_the_usual_calendar(
    year: int, index: int, first: date, last: date
) -> None:
    assert workdays.school_holidays_for(year)[index] == (first, last)


def test_the_christmas_holiday_of_the_year_before_is_found() -> None:
    found = workdays.school_holidays_between(date(2027, 1, 2), date(2027, 2, 1))
    assert found == ((date(2026, 12, 19), date(2027, 1, 3)),)
