"""The days of the demo: its content counts them from the day it is loaded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from dialog.core import clock
from dialog.rules import start_early, workdays

TUESDAY = 1
COUNCIL_IS_BACK = (8, 15)  # the council's summer is over, and so are the school holidays


@dataclass(frozen=True)
class Calendar:
    """Days and moments as numbers of days from `today`; minus is the past."""

    today: date

    def day(self, offset: int) -> date:
        """The day, or its nearest working day: past ones move back and coming ones forward."""
        return moved(self.today + timedelta(days=offset), -1 if offset < 0 else 1)

    def moment(self, offset: int, clock_time: str) -> datetime:
        """The time (19:00) on `day`, in UTC."""
        return at(self.day(offset), clock_time)

    def spoken(self, offset: int, clock_time: str) -> datetime:
        """The time on the very day, also a Sunday: people write when they like."""
        return at(self.today + timedelta(days=offset), clock_time)


def at(day: date, clock_time: str) -> datetime:
    """The Danish time on the day, in UTC."""
    local = datetime.combine(day, time.fromisoformat(clock_time), clock.COPENHAGEN)
    return local.astimezone(UTC)


def moved(day: date, step: int) -> date:
    """The day if it is worked, else the first one in the direction of `step` that is."""
    return next(found for found in _days(day, step) if workdays.is_working_day(found))


def second_reading(day: date, first_reading: date) -> date:
    """The day, but never sooner after the first reading than the law lets it be."""
    earliest = first_reading + timedelta(days=start_early.DAYS_BETWEEN_READINGS)
    return moved(max(day, earliest), 1)


def school_decision(deadline: date) -> date:
    """The first Tuesday on which the council may lawfully close a school.

    What cannot be decided by 1 March has to wait for the next school year to begin.
    """
    weeks = timedelta(weeks=start_early.WEEKS_FROM_OBJECTIONS_TO_DECISION)
    decision = _tuesday(deadline + weeks)
    latest = date(decision.year, *start_early.DECIDE_SCHOOLS_BY)
    if latest < decision < date(decision.year, *start_early.SCHOOL_YEAR_STARTS):
        return _tuesday(date(decision.year, *COUNCIL_IS_BACK))
    return decision


def takes_effect_in(decision: date) -> int:
    """The year of the 1 August on which a decision about schools takes effect."""
    in_time = decision <= date(decision.year, *start_early.DECIDE_SCHOOLS_BY)
    return decision.year if in_time else decision.year + 1


def minutes_day(wanted: date, meeting: date) -> date:
    """The day the minutes come out: the wanted one, unless the days off moved it too far back."""
    return wanted if wanted > meeting else workdays.add_working_days(meeting, 1)


def _tuesday(day: date) -> date:
    return next(
        found
        for found in _days(day, 1)
        if found.weekday() == TUESDAY and workdays.is_working_day(found)
    )


def _days(day: date, step: int) -> Iterator[date]:
    return (day + timedelta(days=n * step) for n in count())
