"""What lies on one person's desk: what he owes, with what he needs to answer it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dialog.catalogue.queries import PricedProposal
from dialog.core import clock
from dialog.debates import alike, reading_queries, tree, voices
from dialog.debates import lineage_queries as lineage
from dialog.debates import queries as debates
from dialog.debates.models import Post, PostState
from dialog.duties import queries as duties
from dialog.duties.models import Duty, DutyEvent, Origin
from dialog.pages import desk_queries as queries
from dialog.pages import queries as front
from dialog.pages import waiting
from dialog.pages.desk_queries import Earlier, Owed, Prepared, ToConfirm
from dialog.permissions import Actor, Role

GROUPS = ("late", "today", "waiting", "meeting", "promises", "away")  # in the order of the page
ANSWERED = 20  # own answers that the desk links to
REPLIES = 12  # replies to a question that the desk shows; the thread has the rest
EARLIER, ALIKE = 3, 5  # questions like this one, answered and waiting


@dataclass(frozen=True)
class Line:
    """What someone owes, with its lateness in working days."""

    owed: Owed
    late: int
    is_prepared: bool  # a secretary has drafted the answer

    @property
    def question_id(self) -> int:
        return self.owed.question.id


@dataclass(frozen=True)
class Group:
    """Lines of the desk under one heading."""

    name: str
    lines: list[Line]


@dataclass(frozen=True)
class OwnDesk:
    """What waits for one person, in groups, the most urgent first."""

    groups: list[Group]
    answered: list[tuple[Duty, Post]]
    role: Role
    to_confirm: list[ToConfirm]  # said at a borgermøde

    @property
    def lines(self) -> list[Line]:
        """Every line in the order of the page."""
        return [line for group in self.groups for line in group.lines]

    def count(self, name: str) -> int:
        """How many lines stand in the group of that name."""
        return sum(len(group.lines) for group in self.groups if group.name == name)

    @property
    def first(self) -> Line | None:
        """The one to begin with."""
        return next(iter(self.lines), None)

    def meeting_at(self, question_id: int) -> datetime | None:
        """When a borgermøde takes the question up; None if it is on no agenda."""
        lines = (line for line in self.lines if line.question_id == question_id)
        return next((line.owed.meeting_at for line in lines), None)

    def around(self, question_id: int) -> tuple[Line | None, Line | None]:
        """The lines before and after this one."""
        lines = self.lines
        here = next((n for n, line in enumerate(lines) if line.question_id == question_id), None)
        if here is None:
            return None, self.first
        before = lines[here - 1] if here else None
        return before, lines[here + 1] if here + 1 < len(lines) else None


@dataclass(frozen=True)
class Question:
    """A question on the desk, with everything said round it that helps to answer it."""

    owed: Owed
    page: debates.ThreadPage
    late: int
    ancestors: list[Post]
    replies: list[tree.Row]
    facts: list[Post]
    proposals: list[PricedProposal]
    earlier: list[Earlier]
    together: list[Post]  # answered with it
    alike: list[Owed]  # that wait on the same desk, and could be
    history: list[DutyEvent]
    prepared: Prepared | None
    voice: voices.VoiceOf | None
    draft: str
    actor: Actor

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.owed.duty.is_open

    @property
    def is_promise(self) -> bool:
        return self.owed.duty.origin is Origin.PROMISE

    @property
    def may_act(self) -> bool:
        """Whether the reader himself owes it now, and so can stop the clock or hand it on."""
        return self.is_open and self.owed.duty.holder_id == self.actor.id

    @property
    def is_away(self) -> bool:
        """Whether it lies with the administration, which finds facts for the reader."""
        return self.is_open and self.owed.duty.returns_to_id == self.actor.id

    @property
    def office(self) -> str | None:
        """What he answers as, when that is more than a seat in the council."""
        title = self.voice.title if self.voice else None
        return title if title != voices.COUNCILLOR else None


def own_desk(db: Session, actor: Actor, now: datetime) -> OwnDesk:
    """What waits for this person: his own duties, the administration's, or all to prepare."""
    owed = queries.owed_to(db, actor, now)
    prepared = queries.prepared_questions(db, [each.question.id for each in owed])
    recesses = duties.recess_days(db)
    groups: dict[str, list[Line]] = {name: [] for name in GROUPS}
    for each in owed:
        late = waiting.days_late(each.duty, recesses, now)
        line = Line(each, late, each.question.id in prepared)
        groups[_group_of(each, actor, now)].append(line)
    return OwnDesk(
        [Group(name, lines) for name, lines in groups.items() if lines],
        front.answered_questions(db, actor.id or 0, ANSWERED),
        actor.role,
        queries.to_confirm(db, actor, now) if actor.role is Role.POLITICIAN else [],
    )


def _group_of(owed: Owed, actor: Actor, now: datetime) -> str:
    duty = owed.duty
    if actor.role is Role.POLITICIAN and duty.holder_id != actor.id:
        return "away"
    if duty.due_at < now:
        return "late"
    if duty.origin is Origin.PROMISE:
        return "promises"
    if clock.local(duty.due_at).date() == clock.local(now).date():
        return "today"
    return "meeting" if owed.meeting_at else "waiting"


def question_of(
    db: Session, actor: Actor, question_id: int, now: datetime, desk: OwnDesk
) -> Question:
    """The question with its context, for the one on whose desk it lies.

    Raises: NotFound.
    """
    owed = queries.access_owed(db, actor, question_id)
    page = debates.access_thread(db, actor, owed.thread.id)
    facts = queries.facts_for(db, owed.question)
    has_voice = actor.role is not Role.SECRETARY
    drafted = queries.prepared_for(db, question_id)
    return Question(
        owed,
        page,
        waiting.days_late(owed.duty, duties.recess_days(db), now),
        _visible(lineage.ancestors_of(db, owed.question)),
        _replies(db, owed.question, {post.id for post in facts}),
        facts,
        front.proposals_of_thread(db, owed.thread.id),
        _earlier(db, owed),
        queries.laid_together(db, owed.duty),
        _alike(owed, desk),
        duties.history(db, owed.duty.id),
        next(iter(drafted), None),
        voices.voice_of(db, actor, page) if has_voice else None,
        _draft(db, actor, owed.question),
        actor,
    )


def _earlier(db: Session, owed: Owed) -> list[Earlier]:
    by_id = {each.question.id: each for each in queries.answered_before(db, owed.duty)}
    texts = ((id_, each.question.source) for id_, each in by_id.items())
    return [by_id[id_] for id_ in alike.most_alike(owed.question.source, texts, EARLIER)]


def _alike(owed: Owed, desk: OwnDesk) -> list[Owed]:
    by_id = {
        line.question_id: line.owed
        for line in desk.lines
        if line.owed.duty.consultation_id == owed.duty.consultation_id
        and line.owed.duty.holder_id == owed.duty.holder_id
        and line.owed.duty.origin is not Origin.PROMISE
        and line.question_id != owed.question.id
    }
    texts = ((id_, each.question.source) for id_, each in by_id.items())
    return [by_id[id_] for id_ in alike.most_alike(owed.question.source, texts, ALIKE)]


def _visible(posts: list[Post]) -> list[Post]:
    return [post for post in posts if post.state is PostState.VISIBLE]


def _replies(db: Session, question: Post, but: set[int]) -> list[tree.Row]:
    if not question.child_count:
        return []
    rows = reading_queries.reply_rows(db, question)
    shown = (row for row in rows if not row.is_more and row.post.state is PostState.VISIBLE)
    return [row for row in shown if row.post.id not in but][:REPLIES]


def _draft(db: Session, actor: Actor, question: Post) -> str:
    """What he has begun to answer; empty if nothing."""
    if actor.id is None:
        return ""
    begun = debates.drafts_in(db, question.thread_id, actor.id)
    return next((draft.body for draft in begun if draft.parent_id == question.id), "")
