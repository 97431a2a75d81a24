"""Reading agendas. A page costs the same with three hundred points as with three."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from dialog.agenda.models import AgendaItem, ChosenBy, SelectionRule, Suggestion
from dialog.catalogue.models import Proposal
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import html
from dialog.core.errors import NotFound
from dialog.debates import tree
from dialog.debates.models import AtMeeting, Post, PostState, Thread
from dialog.duties.models import Duty, Origin
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.people.models import Party, User
from dialog.permissions import SYSTEM, Action, Actor, may
from dialog.rules.promise import OPEN

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
        return self.proposal.title if self.proposal else self.item.title


Asked = TypeVar("Asked", bound=About)


def heading_of(post: Post) -> str:
    """The heading of a post, or its first words."""
    return post.topic or html.excerpt(post.source, HEADING)


def access_agenda(db: Session, actor: Actor, meeting_id: int) -> tuple[Meeting, Consultation]:
    """The meeting and its dialogue, if this reader may see them. One query.

    Raises: NotFound.
    """
    wanted = select(Meeting, Consultation).join(
        Consultation, Consultation.id == Meeting.consultation_id
    )
    found = db.execute(wanted.where(Meeting.id == meeting_id)).first()
    if found is None:
        raise NotFound("meeting")
    meeting, consultation = found
    if not consultations.is_public(consultation) and not may(actor.role, Action.SET_UP):
        raise NotFound("meeting")
    return meeting, consultation


def access_to_run(
    db: Session, actor: Actor, meeting_id: int, *, to_change: bool = False
) -> Meeting:
    """The meeting, for one who runs it: its staff, the comms chiefs, and the installation itself.

    to_change: nobody else changes its agenda until the commit.
    Raises: NotFound.
    """
    if to_change:
        lock_agenda(db, meeting_id)
    if actor is SYSTEM:
        return meetings.access_meeting(db, actor, meeting_id)
    return meetings.access_to_run(db, actor, meeting_id)


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


def agenda(db: Session, meeting_id: int, *, also_taken_off: bool = False) -> list[Point]:
    """The points in order, each with its question, line and who owes the answer: three queries."""
    stands = true() if also_taken_off else AgendaItem.taken_off_at.is_(None)
    return _points(db, AgendaItem.meeting_id == meeting_id, stands)


def point(db: Session, item: AgendaItem) -> Point:
    """The same of one point."""
    return _points(db, AgendaItem.id == item.id)[0]


def _points(db: Session, *conditions: ColumnElement[bool]) -> list[Point]:
    wanted = (
        select(AgendaItem, Post, Thread, Proposal)
        .outerjoin(Post, Post.id == AgendaItem.question_id)
        .outerjoin(Thread, Thread.id == Post.thread_id)
        .outerjoin(Proposal, Proposal.id == AgendaItem.proposal_id)
        .where(*conditions)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    points = [
        Point(item=item, question=post, thread=thread, proposal=proposal)
        for item, post, thread, proposal in db.execute(wanted)
    ]
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


def chosen_count(db: Session, meeting_id: int, chosen_by: ChosenBy) -> int:
    """How many questions stand on the agenda because they were chosen like this."""
    wanted = select(func.count()).where(
        AgendaItem.meeting_id == meeting_id,
        AgendaItem.question_id.is_not(None),
        AgendaItem.chosen_by == chosen_by,
        AgendaItem.taken_off_at.is_(None),
    )
    return db.scalar(wanted) or 0


def rules_due(db: Session, now: datetime) -> list[int]:
    """The meetings whose questions are to be chosen now."""
    newer = aliased(SelectionRule)
    is_newest = ~exists().where(
        newer.meeting_id == SelectionRule.meeting_id, newer.number > SelectionRule.number
    )
    wanted = (
        select(Meeting.id)
        .join(SelectionRule, SelectionRule.meeting_id == Meeting.id)
        .where(
            SelectionRule.selected_at.is_(None),
            is_newest,
            Meeting.cancelled_at.is_(None),
            or_(SelectionRule.selects_at <= now, Meeting.starts_at <= now),
            Meeting.ends_at > now,
        )
    )
    return list(db.scalars(wanted))


def escalated(db: Session) -> list[int]:
    """The questions at the top of the ladder that no meeting takes up or has taken up.

    What was taken off with a reason stays off; what a cancelled meeting had comes again.
    """
    stood = (
        exists()
        .where(AgendaItem.question_id == Duty.question_id)
        .where(Meeting.id == AgendaItem.meeting_id, Meeting.cancelled_at.is_(None))
    )
    wanted = (
        select(Duty.question_id)
        .join(Post, Post.id == Duty.question_id)
        .where(
            Duty.escalated_at.is_not(None),
            Duty.state.in_(OPEN),
            Duty.origin != Origin.PROMISE,
            Post.state == PostState.VISIBLE,
            ~stood,
        )
        .order_by(Duty.escalated_at, Duty.id)
    )
    return list(db.scalars(wanted))


def left_open(db: Session, ended_before: datetime) -> list[int]:
    """The meetings that are over and have points nobody said anything about."""
    wanted = (
        select(Meeting.id)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(
            AgendaItem.state.in_([AtMeeting.PLANNED, AtMeeting.NOW]),
            AgendaItem.taken_off_at.is_(None),
            Meeting.cancelled_at.is_(None),
            Meeting.ends_at < ended_before,
        )
        .distinct()
    )
    return list(db.scalars(wanted))


def earlier_item(db: Session, meeting_id: int, question_id: int) -> AgendaItem | None:
    """The point this question once was at the meeting, also when it was taken off."""
    wanted = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.question_id == question_id
    )
    return db.scalars(wanted).first()


def codes(db: Session, meeting_id: int) -> set[str]:
    """Every code that a point of the meeting has or had."""
    return set(db.scalars(select(AgendaItem.code).where(AgendaItem.meeting_id == meeting_id)))


def suggestion(db: Session, post_id: int, user_id: int) -> Suggestion | None:
    """Someone's wish to have the post taken up, or None."""
    return db.get(Suggestion, (post_id, user_id))


def last_position(db: Session, meeting_id: int) -> int:
    """The position of the last point ever put on; 0 for none."""
    wanted = select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting_id)
    return db.scalar(wanted) or 0


def with_lines(db: Session, asked: list[Asked]) -> list[Asked]:
    """The same, with what the questions answer: the branch's first post, and the parent."""
    above = posts_at(db, [place for one in asked for place in _line_of(one.question)])
    for one in asked:
        places = _line_of(one.question)
        one.line = [above[place] for place in places if place in above]
        one.skipped = one.question is not None and one.question.depth - 1 > len(places)
    return asked


def with_duties(db: Session, asked: list[Asked]) -> list[Asked]:
    """The same, with who owes the answers."""
    wanted = (
        select(Duty, User.name, Party.letter)
        .join(User, User.id == Duty.holder_id)
        .outerjoin(Party, Party.id == User.party_id)
        .where(Duty.question_id.in_([one.question.id for one in asked if one.question]))
    )
    held = {duty.question_id: (duty, name, letter) for duty, name, letter in db.execute(wanted)}
    for one in asked:
        if one.question is not None and one.question.id in held:
            one.duty, name, letter = held[one.question.id]
            one.holder = f"{name} ({letter})" if letter else name
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
