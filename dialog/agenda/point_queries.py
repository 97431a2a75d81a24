"""Reading the points of an agenda with their questions: what they answer, who owes an answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session

from dialog.agenda.models import AgendaItem
from dialog.catalogue.models import Proposal
from dialog.core import html
from dialog.debates import tree
from dialog.debates.models import Post, PostState, Thread
from dialog.duties.models import Duty
from dialog.people.models import Party, User

HEADING = 140  # signs of a question that has no heading of its own


@dataclass(kw_only=True)
class About:
    """A question in its place: what it answers, and who owes it an answer."""

    question: Post | None = None
    thread: Thread | None = None
    line: list[Post] = field(default_factory=list)  # what it answers, outermost first
    skipped: bool = False  # `line` leaves out some in between
    duty: Duty | None = None
    holder: str = ""  # of the duty: "Anders Toft (L)"

    @property
    def words_are_gone(self) -> bool:
        """Whether the question was hidden or withdrawn: its words are shown nowhere."""
        return self.question is not None and self.question.state is not PostState.VISIBLE

    @property
    def heading(self) -> str:
        """What it asks, on one line; empty when its words are gone."""
        if self.question is None or self.words_are_gone:
            return ""
        return heading_of(self.question)

    @property
    def is_owed(self) -> bool:
        """Whether an answer is still owed online."""
        return self.duty is not None and self.duty.is_open


@dataclass(kw_only=True)
class Point(About):
    """A point of the agenda with what it is about."""

    item: AgendaItem
    proposal: Proposal | None = None

    @property
    def heading(self) -> str:
        """What the point is about, on one line; empty when its words are gone."""
        if self.question is not None:
            return super().heading
        if self.proposal is not None:
            return f"{self.proposal.code} {self.proposal.title}"
        return self.item.title


Asked = TypeVar("Asked", bound=About)


def heading_of(post: Post) -> str:
    """The heading of a post, or its first words."""
    return post.topic or html.excerpt(post.source, HEADING)


def agenda(db: Session, meeting_id: int, *, also_taken_off: bool = False) -> list[Point]:
    """The points in order, each with its question, line and who owes the answer: two queries."""
    return with_lines(db, owed_points(db, meeting_id, also_taken_off=also_taken_off))


def owed_points(db: Session, meeting_id: int, *, also_taken_off: bool = False) -> list[Point]:
    """The same without the lines: one query."""
    stands = true() if also_taken_off else AgendaItem.taken_off_at.is_(None)
    return _with_duties(db, AgendaItem.meeting_id == meeting_id, stands)


def point(db: Session, item: AgendaItem) -> Point:
    """The same of one point, with its line."""
    return with_lines(db, _with_duties(db, AgendaItem.id == item.id))[0]


def headings(db: Session, meeting_id: int) -> list[Point]:
    """What stands on the agenda, in order, with no more than what each point is about."""
    wanted = _points(AgendaItem.meeting_id == meeting_id, AgendaItem.taken_off_at.is_(None))
    return [
        Point(item=item, question=post, thread=thread, proposal=proposal)
        for item, post, thread, proposal in db.execute(wanted)
    ]


def with_duty(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The same posts, each with the duty to answer it and the name and letter of who holds it."""
    return (
        wanted.add_columns(Duty, User.name, Party.letter)
        .outerjoin(Duty, Duty.question_id == Post.id)
        .outerjoin(User, User.id == Duty.holder_id)
        .outerjoin(Party, Party.id == User.party_id)
    )


def holder_of(name: str | None, letter: str | None) -> str:
    """As "Anders Toft (L)"; empty for nobody."""
    return f"{name} ({letter})" if name and letter else name or ""


def _with_duties(db: Session, *conditions: ColumnElement[bool]) -> list[Point]:
    return [
        Point(
            item=item,
            question=post,
            thread=thread,
            proposal=proposal,
            duty=duty,
            holder=holder_of(name, letter),
        )
        for item, post, thread, proposal, duty, name, letter in db.execute(
            with_duty(_points(*conditions))
        )
    ]


def _points(*conditions: ColumnElement[bool]) -> Select[AgendaItem, Post, Thread, Proposal]:
    """These points in order, each with what it is about."""
    return (
        select(AgendaItem, Post, Thread, Proposal)
        .outerjoin(Post, Post.id == AgendaItem.question_id)
        .outerjoin(Thread, Thread.id == Post.thread_id)
        .outerjoin(Proposal, Proposal.id == AgendaItem.proposal_id)
        .where(*conditions)
        .order_by(AgendaItem.position, AgendaItem.id)
    )


def with_lines(db: Session, asked: list[Asked]) -> list[Asked]:
    """The same, with what the questions answer: the branch's first post, and the parent."""
    above = posts_at(db, [place for one in asked for place in _line_of(one.question)])
    for one in asked:
        places = _line_of(one.question)
        one.line = [above[place] for place in places if place in above]
        one.skipped = one.question is not None and one.question.depth - 1 > len(places)
    return asked


def posts_at(db: Session, places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Post]:
    """The posts at these places, each a thread's id and a path."""
    by_thread: dict[int, set[str]] = {}
    for thread_id, path in places:
        by_thread.setdefault(thread_id, set()).add(path)
    if not by_thread:
        return {}
    wanted = [
        and_(Post.thread_id == thread_id, Post.path.in_(paths))
        for thread_id, paths in by_thread.items()
    ]
    return {(one.thread_id, one.path): one for one in db.scalars(select(Post).where(or_(*wanted)))}


def _line_of(question: Post | None) -> list[tuple[int, str]]:
    """Where the first post of the question's branch stands, and its parent."""
    if question is None:
        return []
    above = tree.ancestor_paths(question.path)[1:]
    shown = [above[0], above[-1]] if len(above) > 1 else above
    return [(question.thread_id, path) for path in shown]
