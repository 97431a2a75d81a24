"""Reading agendas. A page costs the same with three hundred points as with three."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.agenda.models import AgendaItem, SelectionRule
from dialog.catalogue.models import Proposal
from dialog.core import html
from dialog.core.errors import NotFound
from dialog.debates import tree
from dialog.debates.models import AtMeeting, Post, PostState, Thread
from dialog.duties.models import Duty
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.people.models import Party, User
from dialog.permissions import Action, Actor

HEADING = 140  # signs of a question that has no heading of its own


@dataclass
class Point:
    """A point of the agenda with what it is about."""

    item: AgendaItem
    question: Post | None = None
    thread: Thread | None = None
    proposal: Proposal | None = None
    line: list[Post] = field(default_factory=list)  # what the question answers, outermost first
    skipped: bool = False  # `line` leaves out some in between
    answerers: list[str] = field(default_factory=list)  # "Anders Toft (L)"
    is_owed: bool = False  # an answer is still owed online

    @property
    def words_are_gone(self) -> bool:
        """Whether the question was hidden or withdrawn: its words are shown nowhere."""
        return self.question is not None and self.question.state is not PostState.VISIBLE

    @property
    def heading(self) -> str:
        """What the point is about, on one line; empty when its words are gone."""
        if self.question is not None:
            return "" if self.words_are_gone else heading_of(self.question)
        return self.proposal.title if self.proposal else self.item.title


def heading_of(post: Post) -> str:
    """The heading of a post, or its first words."""
    return post.topic or html.excerpt(post.source, HEADING)


def may_run(db: Session, actor: Actor, meeting: Meeting) -> bool:
    """Whether this person runs the meeting: its agenda, its screen and its clock."""
    del db, meeting
    return permissions.may(actor.role, Action.SET_UP)


def access_to_run(
    db: Session, actor: Actor, meeting_id: int, *, to_change: bool = False
) -> Meeting:
    """The meeting, for one who runs it.

    to_change: nobody else changes its agenda until the commit.
    Raises: NotFound, NotAllowed.
    """
    if to_change:
        lock_agenda(db, meeting_id)
    meeting = meetings.access_meeting(db, actor, meeting_id)
    if not may_run(db, actor, meeting):
        raise permissions.NotAllowed(f"{actor.role} does not run meeting {meeting_id}")
    return meeting


def lock_agenda(db: Session, meeting_id: int) -> None:
    """Makes every other writer of the agenda wait for this transaction; on SQLite they do."""
    if db.get_bind().dialect.name != "sqlite":
        db.execute(select(Meeting.id).where(Meeting.id == meeting_id).with_for_update())


def item_of(db: Session, meeting_id: int, item_id: int) -> AgendaItem:
    """The point, if it is on this meeting's agenda and was not taken off. Raises: NotFound."""
    found = db.get(AgendaItem, item_id, populate_existing=True)
    if found is None or found.meeting_id != meeting_id or found.taken_off_at is not None:
        raise NotFound("agenda item")
    return found


def item_by_code(db: Session, meeting_id: int, code: str) -> AgendaItem | None:
    """The point with this code on paper or screen, however it was typed."""
    wanted = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting_id,
        AgendaItem.code == code.strip().upper(),
        AgendaItem.taken_off_at.is_(None),
    )
    return db.scalars(wanted).first()


def items(db: Session, meeting_id: int) -> list[AgendaItem]:
    """What stands on the agenda, in order."""
    wanted = (
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.taken_off_at.is_(None))
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return list(db.scalars(wanted))


def agenda(db: Session, meeting_id: int, *, taken_off: bool = False) -> list[Point]:
    """The points in order, each with its question, line and answerers: three queries.

    taken_off: those that were taken off instead.
    """
    wanted = (
        select(AgendaItem, Post, Thread, Proposal)
        .outerjoin(Post, Post.id == AgendaItem.question_id)
        .outerjoin(Thread, Thread.id == Post.thread_id)
        .outerjoin(Proposal, Proposal.id == AgendaItem.proposal_id)
        .where(
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.taken_off_at.is_not(None)
            if taken_off
            else AgendaItem.taken_off_at.is_(None),
        )
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    points = [Point(*row) for row in db.execute(wanted)]
    return with_duties(db, with_lines(db, points))


def running(db: Session, meeting_id: int) -> AgendaItem | None:
    """The point that the hall is at, or None."""
    wanted = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.state == AtMeeting.NOW
    )
    return db.scalars(wanted).first()


def rules(db: Session, meeting_id: int) -> list[SelectionRule]:
    """The selection rules of a meeting, the one that counts first."""
    wanted = select(SelectionRule).where(SelectionRule.meeting_id == meeting_id)
    return list(db.scalars(wanted.order_by(SelectionRule.number.desc())))


def earlier_item(db: Session, meeting_id: int, question_id: int) -> AgendaItem | None:
    """The point this question once was at the meeting, also when it was taken off."""
    wanted = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.question_id == question_id
    )
    return db.scalars(wanted).first()


def codes(db: Session, meeting_id: int) -> set[str]:
    """Every code that a point of the meeting has or had."""
    return set(db.scalars(select(AgendaItem.code).where(AgendaItem.meeting_id == meeting_id)))


def last_position(db: Session, meeting_id: int) -> int:
    """The position of the last point ever put on; 0 for none."""
    wanted = select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting_id)
    return db.scalar(wanted) or 0


def with_lines(db: Session, points: Sequence[Point]) -> Sequence[Point]:
    """The points with what their questions answer: the branch's first post and the parent."""
    asked = [point for point in points if point.question is not None]
    above = posts_at(db, [place for point in asked for place in _line_of(point.question)])
    for point in asked:
        places = _line_of(point.question)
        point.line = [above[place] for place in places if place in above]
        point.skipped = point.question is not None and point.question.depth - 1 > len(places)
    return points


def with_duties(db: Session, points: Sequence[Point]) -> list[Point]:
    """The points with who owes the answers."""
    ids = [point.question.id for point in points if point.question is not None]
    wanted = (
        select(Duty, User.name, Party.letter)
        .join(User, User.id == Duty.holder_id)
        .outerjoin(Party, Party.id == User.party_id)
        .where(Duty.question_id.in_(ids))
    )
    held = {duty.question_id: (duty, name, letter) for duty, name, letter in db.execute(wanted)}
    for point in points:
        if point.question is None or point.question.id not in held:
            continue
        duty, name, letter = held[point.question.id]
        point.answerers = [f"{name} ({letter})" if letter else name]
        point.is_owed = duty.answered_at is None and duty.closed_reason is None
    return list(points)


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
