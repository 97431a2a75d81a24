"""How long something has waited, in working days as everybody counts them."""

from datetime import datetime

from dialog.duties.models import Duty
from dialog.rules import promise
from dialog.rules.workdays import Periods, local_date, working_days_between


def days_late(duty: Duty, recesses: Periods, now: datetime) -> int:
    """Working days over the deadline: of an open duty until now, else until it was settled."""
    until = now if duty.is_open else duty.answered_at or duty.declined_at or duty.due_at
    return promise.working_days_late(duty.due_at, until, recesses) if until > duty.due_at else 0


def working_days(start: datetime, end: datetime, recesses: Periods) -> int:
    """Working days from the one moment to the other; the first day does not count."""
    return working_days_between(local_date(start), local_date(end), recesses)
