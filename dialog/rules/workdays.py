"""Danish calendar days: which are worked, and which fall in the school holidays.

All days are counted in Europe/Copenhagen: a question asked on Monday at 00:30 there is Monday's.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

import holidays

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

TOWN_HALL_CLOSED = ((6, 5), (12, 24), (12, 31))
"""(month, day) when town halls are closed though the law names no public holiday: Grundlovsdag,
Christmas Eve and New Year's Eve. Source: common municipal practice, in line with the collective
agreements; a municipality that works on these days answers a day earlier, never later."""

LAST_MINUTE = time(23, 59)

SATURDAY, SUNDAY = 5, 6

Periods = Iterable[tuple[date, date]]
"""Stretches of days, each as its first and last day."""


def local_date(moment: datetime) -> date:
    """The Danish calendar day of an aware moment. Raises: ValueError when it is naive."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(COPENHAGEN).date()


def end_of_day(day: date) -> datetime:
    """23:59 on the Danish calendar day, in UTC."""
    return datetime.combine(day, LAST_MINUTE, COPENHAGEN).astimezone(UTC)


@lru_cache(maxsize=64)
def days_off(year: int) -> frozenset[date]:
    """The year's public holidays and the days town halls are closed, weekends not counted in."""
    closed = {date(year, month, day) for month, day in TOWN_HALL_CLOSED}
    return frozenset(closed | set(holidays.country_holidays("DK", years=year)))


def is_working_day(day: date, recesses: Periods = ()) -> bool:
    """True from Monday to Friday, but for days off and the council's recesses."""
    if day.weekday() >= SATURDAY or day in days_off(day.year):
        return False
    return not is_within(day, recesses)


def add_working_days(day: date, number: int, recesses: Periods = ()) -> date:
    """The `number`th working day after the day; the day itself never counts."""
    recesses = tuple(recesses)
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day, recesses)
    return day


def working_day_from(day: date, recesses: Periods = ()) -> date:
    """The day if it is worked, else the first one after it that is."""
    return add_working_days(day - timedelta(days=1), 1, recesses)


def working_days_between(first: date, last: date, recesses: Periods = ()) -> int:
    """The number of working days after `first`, up to and with `last`; 0 if that is no later."""
    recesses = tuple(recesses)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, recesses) for day in days)


@lru_cache(maxsize=64)
def school_holidays_for(year: int) -> tuple[tuple[date, date], ...]:
    """The school holidays that begin in the year, each as its first and last day.

    A default by rule, since each municipality sets its own: winter is week 7, Easter runs from the
    Saturday before Palm Sunday to Easter Monday, summer from June's last Saturday to August's
    second Sunday, autumn is week 42, Christmas runs from the last Saturday by 23 December to the
    first Sunday of January. Weekends at either end are counted in. Source: the calendars most
    Danish municipalities adopt; edit them per municipality.
    """
    easter = _easter_sunday(year)
    return (
        _week_with_weekends(year, 7),
        (easter - timedelta(days=8), easter + timedelta(days=1)),
        (_last_by(date(year, 6, 30), SATURDAY), _last_by(date(year, 8, 14), SUNDAY)),
        _week_with_weekends(year, 42),
        (_last_by(date(year, 12, 23), SATURDAY), _last_by(date(year + 1, 1, 7), SUNDAY)),
    )


def school_holidays_between(first: date, last: date) -> tuple[tuple[date, date], ...]:
    """The default school holidays that touch the days from `first` to `last`."""
    years = range(first.year - 1, last.year + 1)
    every = (holiday for year in years for holiday in school_holidays_for(year))
    return tuple((start, end) for start, end in every if start <= last and end >= first)


def is_within(day: date, periods: Periods) -> bool:
    """True when the day lies in one of the periods, first and last day counted in."""
    return any(first <= day <= last for first, last in periods)


def _easter_sunday(year: int) -> date:
    danish = holidays.country_holidays("DK", years=year, language="da")
    return danish.get_named("Påskedag", lookup="exact")[0]


def _week_with_weekends(year: int, week: int) -> tuple[date, date]:
    monday = date.fromisocalendar(year, week, 1)
    return monday - timedelta(days=2), monday + timedelta(days=6)


def _last_by(day: date, weekday: int) -> date:
    return next(d for d in (day - timedelta(days=n) for n in count()) if d.weekday() == weekday)
