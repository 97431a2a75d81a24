"""The desk of those who run the dialogues: what is due today, and where the remedy is."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation, State
from dialog.debates.models import Thread
from dialog.duties import queries as duties
from dialog.gate import mending
from dialog.gate import queries as gate
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.pages import queries
from dialog.rules import STATES_THAT_MAY_OPEN, Verdict
from dialog.rules import State as RuleState
from dialog.strategy.models import Activity

ACTIVITIES = 6
MEETINGS = 4
THREADS = 5
TODOS = 4  # of one consultation; the rest is on its set-up page


class Standing(NamedTuple):
    """How a consultation stands today, for those who run it."""

    consultation: Consultation
    days_left: int | None
    answered: int
    asked: int
    kept: int  # rules of five that hold
    troubled: int  # rules that need something done
    todos: list[mending.Todo]  # what to do about them


@dataclass(frozen=True)
class ChiefsDesk:
    """What is due today, and where the remedy is."""

    standings: list[Standing]
    overdue: list[queries.Overdue]
    activities: list[tuple[Activity, Consultation]]
    without_minutes: list[tuple[Meeting, Consultation]]
    meetings: list[tuple[Meeting, Consultation]]
    threads: list[tuple[Thread, int]]

    @property
    def late_answers(self) -> int:
        return sum(each.count for each in self.overdue)

    @property
    def rules_in_trouble(self) -> int:
        """In consultations that are public; a draft has until it opens."""
        return sum(
            each.troubled for each in self.standings if each.consultation.state is not State.DRAFT
        )


def chiefs_desk(db: Session, now: datetime) -> ChiefsDesk:
    """What is due for those who run the consultations."""
    asked = duties.answered_and_asked(db)
    return ChiefsDesk(
        [
            _standing(db, each, asked.get(each.id, (0, 0)), now)
            for each in queries.consultations_at_work(db)
        ],
        queries.overdue_by_politician(db, now),
        queries.next_activities(db, ACTIVITIES),
        queries.meetings_without_minutes(db, now),
        meetings.coming_public(db, now, MEETINGS),
        queries.threads_that_wait(db, THREADS),
    )


def _standing(
    db: Session, consultation: Consultation, answered_of: tuple[int, int], now: datetime
) -> Standing:
    verdicts = gate.verdicts(db, consultation, now)
    troubled = [each for each in verdicts if _needs_work(each)]
    findings = [finding for each in troubled for finding in each.findings]
    return Standing(
        consultation,
        queries.days_to(consultation.decision_on, now),
        *answered_of,
        kept=sum(each.state in STATES_THAT_MAY_OPEN for each in verdicts),
        troubled=len(troubled),
        todos=list(mending.todos(consultation.slug, findings)),
    )


def _needs_work(verdict: Verdict) -> bool:
    return verdict.state not in (RuleState.KEPT, RuleState.OVERRIDDEN)
