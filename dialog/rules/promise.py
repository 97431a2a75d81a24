"""The promise: inviting obliges. A question to a politician is owed an answer, in time.

No statute obliges a councillor to answer a citizen; the council takes the promise upon itself
when it opens a dialogue. Source: the five rules ("at invitere til dialog forpligter") and the
municipalities' question time, where the right to ask is old and the answer has no clock.
"""

from datetime import datetime

from dialog.rules.verdict import Finding, finding
from dialog.rules.workdays import (
    add_working_days,
    end_of_day,
    local_date,
    working_days_between,
)

ANSWER_WORKING_DAYS = 5
"""An answer is due by the end of this many working days after the day of the question. Source:
the council's own promise; no law sets it."""


def answer_due_at(asked_at: datetime, working_days: int = ANSWER_WORKING_DAYS) -> datetime:
    """23:59 Danish time on the last working day of the promise, in UTC.

    The day of the question does not count. Raises: ValueError when `asked_at` is naive.
    """
    return end_of_day(add_working_days(local_date(asked_at), working_days))


def working_days_late(due_at: datetime, now: datetime) -> int:
    """The working days since the day it was due; 0 on that day and the weekend after it."""
    return working_days_between(local_date(due_at), local_date(now))


def may_decide(open_duties: int) -> Finding | None:
    """None when every answer is given, else what stands in the way of marking it decided."""
    if open_duties == 0:
        return None
    return finding("answers_owed", ("duty", None), count=open_duties)


__all__ = [
    "ANSWER_WORKING_DAYS",
    "answer_due_at",
    "may_decide",
    "working_days_between",
    "working_days_late",
]
