"""The promise: inviting obliges. A question to a politician is owed an answer, in time.

No statute obliges a councillor to answer a citizen; the council takes the promise upon itself
when it opens a dialogue. Source: the five rules ("at invitere til dialog forpligter") and the
municipalities' question time, where the right to ask is old and the answer has no clock.

What is here: the numbers, the states a duty goes through and the ways between them, the clock,
and the ladder of who is told when it runs out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from dialog.rules.verdict import Finding, finding
from dialog.rules.workdays import (
    Periods,
    add_working_days,
    end_of_day,
    local_date,
    working_day_from,
    working_days_between,
)

ANSWER_WORKING_DAYS = 5
"""An answer is due by the end of this many working days after the day of the question. Source:
the council's own promise; no law sets it. So are all the numbers below."""

MEETING_WORKING_DAYS = 5
"""At most, for what was asked at a borgermøde and not answered there. Said on its screen."""

CONTESTED_WORKING_DAYS = 3
"""The shorter clock, when the asker says that it was no answer."""

REMIND_WORKING_DAYS = 1
"""Working days left when the one who owes the answer is reminded."""

ESCALATE_WORKING_DAYS = 3
"""Working days over the deadline before the mayor is told and the question is taken to the
next borgermøde."""

PAUSE_WORKING_DAYS = 10
"""The most working days that the clock of one question can be stopped, all pauses together."""

SUPPORT_NEEDED = 10
"""Verified residents behind a question that nobody was asked directly, before it is owed."""

SUPPORT_AREAS = 2
"""Parts of town that those residents come from, at least: one street alone decides nothing."""

TRIAGE_WORKING_DAYS = 1
"""Working days triage has to look at a question; after that it is owed, looked at or not."""

NOTICE = timedelta(hours=48)
"""How long before the old deadline of a whole dialogue it must be said that it moves."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The numbers of the promise as they hold for one consultation, or wherever it sets none."""

    answer_working_days: int = ANSWER_WORKING_DAYS
    contested_working_days: int = CONTESTED_WORKING_DAYS
    remind_working_days: int = REMIND_WORKING_DAYS
    escalate_working_days: int = ESCALATE_WORKING_DAYS
    pause_working_days: int = PAUSE_WORKING_DAYS
    support_needed: int = SUPPORT_NEEDED
    support_areas: int = SUPPORT_AREAS
    triage_working_days: int = TRIAGE_WORKING_DAYS

    def are_enough(self, residents: int, areas: int) -> bool:
        """Whether a question with so many behind it, from so many parts of town, is owed."""
        areas_needed = min(self.support_areas, self.support_needed)
        return residents >= self.support_needed and areas >= areas_needed


LIMITS: dict[str, tuple[int, int]] = {
    "answer_working_days": (1, 20),
    "contested_working_days": (1, 20),
    "remind_working_days": (1, 10),
    "escalate_working_days": (1, 20),
    "pause_working_days": (1, PAUSE_WORKING_DAYS),
    "support_needed": (1, 1000),
    "support_areas": (1, 10),
    "triage_working_days": (1, 5),
}
"""The least and the most of each of them, for an installation and for a consultation alike."""


class DutyState(StrEnum):
    """Where a duty is. Overdue and escalated are no states: the clock tells them."""

    TRIAGE = "triage"  # has a name and a date already; nobody has looked at it yet
    OWED = "owed"
    ACKNOWLEDGED = "acknowledged"  # "I have seen it": no answer, and the clock goes on
    ANSWERED = "answered"
    ACCEPTED = "accepted"  # the asker says thank you
    DECLINED = "declined"  # with a public reason
    MERGED = "merged"  # is answered together with another
    CLOSED = "closed"  # the question was withdrawn or hidden


OPEN = frozenset({DutyState.TRIAGE, DutyState.OWED, DutyState.ACKNOWLEDGED})
"""The states in which somebody still has to do something."""

MOVES: dict[DutyState, frozenset[DutyState]] = {
    state: frozenset(DutyState(name) for name in names.split())
    for state, names in {
        DutyState.TRIAGE: "owed acknowledged answered declined merged closed",
        DutyState.OWED: "acknowledged answered declined merged closed",
        # Handed on to one who has not seen it, it is owed again.
        DutyState.ACKNOWLEDGED: "owed answered declined merged closed",
        # Contested, or the answer was taken back; never away while the answer stands.
        DutyState.ANSWERED: "accepted owed merged closed",
        DutyState.ACCEPTED: "owed answered merged closed",
        DutyState.DECLINED: "owed answered merged closed",
        DutyState.MERGED: "owed answered declined closed",
        DutyState.CLOSED: "owed answered declined merged",
    }.items()
}
"""The ways from each state. There is one out of every state: no dead end."""


class Step(IntEnum):
    """How far up the ladder a duty is. Each step tells once."""

    NONE = 0
    REMINDED = 1  # the one who owes it, and the secretaries
    OVERDUE = 2  # the chair of the committee
    ESCALATED = 3  # the mayor; on the public list and on to the next borgermøde


def answer_due_at(
    asked_at: datetime, working_days: int = ANSWER_WORKING_DAYS, recesses: Periods = ()
) -> datetime:
    """23:59 Danish time on the last working day of the promise, in UTC.

    The day of the question does not count. Raises: ValueError when `asked_at` is naive.
    """
    return end_of_day(add_working_days(local_date(asked_at), working_days, recesses))


def due_on(day: date, recesses: Periods = ()) -> datetime:
    """The end of the day, or of the first working day after it."""
    return end_of_day(working_day_from(day, recesses))


def moved_on(due_at: datetime, working_days: int, recesses: Periods = ()) -> datetime:
    """The deadline that many working days later."""
    return end_of_day(add_working_days(local_date(due_at), working_days, recesses))


def is_late(due_at: datetime, now: datetime) -> bool:
    """Whether the deadline has passed; its last minute still counts."""
    return now > due_at


def working_days_late(due_at: datetime, now: datetime, recesses: Periods = ()) -> int:
    """The working days since the day it was due; 0 on that day and the weekend after it."""
    return working_days_between(local_date(due_at), local_date(now), recesses)


def triage_ends_at(opened_at: datetime, numbers: Numbers, recesses: Periods = ()) -> datetime:
    """When a question that nobody has looked at is owed all the same."""
    return answer_due_at(opened_at, numbers.triage_working_days, recesses)


def step_due(
    opened_at: datetime,
    due_at: datetime,
    now: datetime,
    numbers: Numbers,
    recesses: Periods = (),
) -> Step:
    """How far up the ladder an open duty is to be at this moment."""
    if is_late(due_at, now):
        late = working_days_late(due_at, now, recesses)
        return Step.ESCALATED if late >= numbers.escalate_working_days else Step.OVERDUE
    left = working_days_between(local_date(now), local_date(due_at), recesses)
    is_news = local_date(opened_at) == local_date(now)  # was told of it this very day
    return Step.REMINDED if left <= numbers.remind_working_days and not is_news else Step.NONE


def may_move(old: DutyState, new: DutyState) -> bool:
    """Whether there is a way from the one state to the other."""
    return new in MOVES[old]


def may_decide(open_duties: int) -> Finding | None:
    """None when every answer is given, else what stands in the way of marking it decided."""
    if open_duties == 0:
        return None
    return finding("answers_owed", ("duty", None), count=open_duties)


__all__ = [
    "ANSWER_WORKING_DAYS",
    "CONTESTED_WORKING_DAYS",
    "ESCALATE_WORKING_DAYS",
    "LIMITS",
    "MOVES",
    "NOTICE",
    "OPEN",
    "PAUSE_WORKING_DAYS",
    "REMIND_WORKING_DAYS",
    "SUPPORT_AREAS",
    "SUPPORT_NEEDED",
    "TRIAGE_WORKING_DAYS",
    "DutyState",
    "Numbers",
    "Step",
    "answer_due_at",
    "due_on",
    "is_late",
    "may_decide",
    "may_move",
    "moved_on",
    "step_due",
    "triage_ends_at",
    "working_days_between",
    "working_days_late",
]
