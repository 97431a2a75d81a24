"""The desks: what one person has to do now, with what he needs to do it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from dialog.catalogue.queries import PricedProposal
from dialog.consultations.models import Consultation, State
from dialog.core import clock
from dialog.debates import queries as debates
from dialog.debates import reading_queries, tree, voices
from dialog.debates.models import Post, PostState, Thread
from dialog.duties import queries as duties
from dialog.duties.models import Duty
from dialog.gate import mending
from dialog.gate import queries as gate
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.pages import queries
from dialog.permissions import Actor
from dialog.rules import STATES_THAT_MAY_OPEN, Verdict
from dialog.rules import State as RuleState
from dialog.strategy.models import Activity

ANSWERED = 20  # own answers that the desk links to
REPLIES = 12  # replies to a question that the desk shows; the thread has the rest
ACTIVITIES = 6
MEETINGS = 4
THREADS = 5
TODOS = 4  # of one consultation; the rest is on its set-up page


@dataclass(frozen=True)
class PoliticiansDesk:
    """The questions that wait for a politician, the most urgent first."""

    late: list[queries.Owed]
    waiting: list[queries.Owed]
    due_today: int
    answered: list[tuple[Duty, Post]]

    @property
    def first(self) -> queries.Owed | None:
        """The question to begin with."""
        return next(iter(self.late + self.waiting), None)

    @property
    def count(self) -> int:
        return len(self.late) + len(self.waiting)


@dataclass(frozen=True)
class Question:
    """A question on the desk, with everything said round it that helps to answer it."""

    owed: queries.Owed
    page: debates.ThreadPage
    ancestors: list[Post]
    replies: list[tree.Row]
    proposals: list[PricedProposal]
    voice: voices.VoiceOf
    draft: str

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.owed.duty.is_open

    @property
    def office(self) -> str | None:
        """What he answers as, when that is more than a seat in the council."""
        return self.voice.title if self.voice.title != voices.COUNCILLOR else None


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


def politicians_desk(db: Session, actor: Actor, now: datetime) -> PoliticiansDesk:
    """What waits for this politician."""
    if actor.id is None:
        return PoliticiansDesk([], [], 0, [])
    owed = queries.owed_questions(db, actor.id)
    late = [each for each in owed if each.duty.due_at < now]
    waiting = [each for each in owed if each.duty.due_at >= now]
    today = clock.local(now).date()
    return PoliticiansDesk(
        late,
        waiting,
        sum(clock.local(each.duty.due_at).date() == today for each in waiting),
        queries.answered_questions(db, actor.id, ANSWERED),
    )


def question_of(db: Session, actor: Actor, question_id: int) -> Question:
    """The question with its context, for the one it was put to.

    Raises: NotFound.
    """
    owed = queries.access_owed(db, actor, question_id)
    page = debates.access_thread(db, actor, owed.thread.id)
    return Question(
        owed,
        page,
        _visible(debates.ancestors_of(db, owed.question)),
        _replies(db, owed.question),
        queries.proposals_of_thread(db, owed.thread.id),
        voices.voice_of(db, actor, page),
        _draft(db, actor, owed.question),
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


def _visible(posts: list[Post]) -> list[Post]:
    return [post for post in posts if post.state is PostState.VISIBLE]


def _replies(db: Session, question: Post) -> list[tree.Row]:
    if not question.child_count:
        return []
    rows = reading_queries.reply_rows(db, question)
    shown = [row for row in rows if not row.is_more and row.post.state is PostState.VISIBLE]
    return shown[:REPLIES]


def _draft(db: Session, actor: Actor, question: Post) -> str:
    """What he has begun to answer; empty if nothing."""
    if actor.id is None:
        return ""
    begun = debates.drafts_in(db, question.thread_id, actor.id)
    return next((draft.body for draft in begun if draft.parent_id == question.id), "")
