"""What was asked and how long it has waited, straight from the duties. Only what all may read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from dialog.consultations.models import Consultation, State
from dialog.debates.models import Post, PostState, Thread, ThreadProposal
from dialog.duties.models import Duty, DutyState, Origin, Recess
from dialog.pages.moments import newest, seconds
from dialog.people.models import Committee, Party, User
from dialog.rules.promise import OPEN

PAGE = 30
MOST_ROWS = 20_000  # of the file with everything in it
NEWEST = 50  # entries of the feed
SOON = timedelta(days=60)  # how far ahead a recess is told of

_CURSOR = re.compile(r"([01])_(-?\d{1,12})_(\d{1,10})\Z", re.ASCII)
_DONE = (DutyState.ANSWERED, DutyState.ACCEPTED)

# A question that was laid together with another waits for that one's answer.
_Lead = aliased(Duty)
_STATE = func.coalesce(_Lead.state, Duty.state)
_DUE_AT = func.coalesce(_Lead.due_at, Duty.due_at)
_ENDED_AT = func.coalesce(
    _Lead.answered_at, Duty.answered_at, _Lead.declined_at, Duty.declined_at, Duty.opened_at
)
_IS_OPEN = _STATE.in_(OPEN)
_GROUP = case((_IS_OPEN, 0), else_=1)
# Whoever has waited longest comes first: asked first among the open ones, whatever the hour.
_WAIT = case(
    (_IS_OPEN, seconds(Duty.opened_at)), else_=seconds(Duty.opened_at) - seconds(_ENDED_AT)
)


class Show(StrEnum):
    """Which questions are listed."""

    ALL = "all"
    WAITING = "waiting"
    LATE = "late"
    ANSWERED = "answered"
    CONTESTED = "contested"
    DECLINED = "declined"
    PROMISED = "promised"


@dataclass(frozen=True)
class Wanted:
    """What the reader chose to see. Empty means everything."""

    show: Show = Show.ALL
    consultation_id: int | None = None
    committee_id: int | None = None
    owed_by: int | None = None
    proposal_id: int | None = None  # in the threads on it


@dataclass(frozen=True, slots=True)
class Line:
    """A question, or the answer that carries a promise, with the duty it opened."""

    duty: Duty
    question: Post
    thread: Thread
    consultation: Consultation
    holder_name: str
    holder_party: str | None  # letter
    committee: str | None
    lead: Duty | None  # the question it was laid together with
    cursor: str

    @property
    def counts(self) -> Duty:
        """The duty whose state and deadline hold for this question."""
        return self.lead or self.duty

    @property
    def ended_at(self) -> datetime | None:
        """When it no longer waited, or None."""
        if self.counts.is_open:
            return None
        return self.counts.answered_at or self.counts.declined_at or self.duty.opened_at


@dataclass(frozen=True)
class Totals:
    """How many questions there are of each kind, and how long clocks have stood."""

    shown: dict[Show, int]
    paused_days: int


def lines(db: Session, wanted: Wanted, now: datetime, after: str = "") -> list[Line]:
    """A page and one more, the longest wait first; `after` is the cursor of the last line seen."""
    chosen = _lines(wanted, now).order_by(_GROUP, _WAIT, Duty.id)
    place = _CURSOR.match(after)
    if place:
        chosen = chosen.where(
            tuple_(_GROUP, _WAIT, Duty.id) > tuple(int(part) for part in place.groups())
        )
    return _read(db, chosen.limit(PAGE + 1))


def every_line(db: Session, wanted: Wanted, now: datetime) -> list[Line]:
    """All of them, for a file."""
    chosen = _lines(wanted, now).order_by(_GROUP, _WAIT, Duty.id)
    return _read(db, chosen.limit(MOST_ROWS))


def newest_lines(db: Session, wanted: Wanted, now: datetime) -> list[Line]:
    """What was asked, answered or turned down last, the newest first."""
    return _read(db, _lines(wanted, now).order_by(_changed_at().desc(), Duty.id).limit(NEWEST))


def totals(db: Session, wanted: Wanted, now: datetime) -> Totals:
    """The counts for the consultation and the committee that were chosen, of every kind."""
    asked = Duty.origin != Origin.PROMISE
    counts = [func.sum(case((_is_shown(show, now), 1), else_=0)) for show in Show]
    paused = func.sum(case((asked, Duty.paused_days), else_=0))
    row = db.execute(_joined(select(*counts, paused)).where(_is_within(wanted))).one()
    *found, days = (int(number or 0) for number in row)
    return Totals(dict(zip(Show, found, strict=True)), days)


def consultations_asked_in(db: Session) -> list[tuple[int, str, str]]:
    """(id, slug, title) of every dialogue in which something was asked, the newest first."""
    asked = select(Duty.id).where(Duty.consultation_id == Consultation.id).exists()
    wanted = (
        select(Consultation.id, Consultation.slug, Consultation.title)
        .where(asked, Consultation.state != State.DRAFT)
        .order_by(Consultation.opened_at.desc(), Consultation.id.desc())
    )
    return [(id_, slug, title) for id_, slug, title in db.execute(wanted)]


def recesses_to_tell(every: Sequence[Recess], today: date) -> list[Recess]:
    """Those that are on, or come soon."""
    return [each for each in every if each.last_day >= today and each.first_day <= today + SOON]


def owed_by() -> ColumnElement[int]:
    """Who is to answer; still the politician while the administration finds facts for him."""
    return func.coalesce(Duty.returns_to_id, Duty.holder_id)


def _lines(wanted: Wanted, now: datetime) -> Select[Any]:
    chosen = select(
        Duty, Post, Thread, Consultation, User.name, Party.letter, Committee.name, _Lead,
        _GROUP, _WAIT,
    )  # fmt: skip
    return (
        _joined(chosen)
        .join(User, User.id == owed_by())
        .outerjoin(Party, Party.id == User.party_id)
        .outerjoin(Committee, Committee.id == Duty.committee_id)
        .where(_is_within(wanted), _is_shown(wanted.show, now))
    )


def _joined(chosen: Select[Any]) -> Select[Any]:
    """With everything that decides whether a line is public: its post, and its dialogue."""
    return (
        chosen.select_from(Duty)
        .join(Post, Post.id == Duty.question_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .outerjoin(_Lead, _Lead.id == Duty.merged_into_id)
        .where(Post.state == PostState.VISIBLE, Consultation.state != State.DRAFT)
        .where(Duty.state != DutyState.CLOSED)
    )


def _is_within(wanted: Wanted) -> ColumnElement[bool]:
    given = (
        (Duty.consultation_id, wanted.consultation_id),
        (Duty.committee_id, wanted.committee_id),
        (owed_by(), wanted.owed_by),
    )
    chosen = [column == value for column, value in given if value is not None]
    if wanted.proposal_id is not None:
        on_it = select(ThreadProposal.thread_id).where(
            ThreadProposal.proposal_id == wanted.proposal_id
        )
        chosen.append(Thread.id.in_(on_it))
    return and_(True, *chosen)


def _is_shown(show: Show, now: datetime) -> ColumnElement[bool]:
    if show is Show.PROMISED:
        return Duty.origin == Origin.PROMISE
    of_that_kind = {
        Show.ALL: and_(True),
        Show.WAITING: _IS_OPEN,
        Show.LATE: and_(_IS_OPEN, now > _DUE_AT),
        Show.ANSWERED: _STATE.in_(_DONE),
        Show.CONTESTED: Duty.contested_at.is_not(None),
        Show.DECLINED: _STATE == DutyState.DECLINED,
    }[show]
    return and_(Duty.origin != Origin.PROMISE, of_that_kind)


def _changed_at() -> ColumnElement[datetime]:
    """When something last happened that all can see; `answers.changed_at` tells the same."""
    seen = (Duty.acknowledged_at, Duty.answered_at, Duty.declined_at, Duty.accepted_at,
            Duty.contested_at)  # fmt: skip
    return newest(Duty.opened_at, *(func.coalesce(each, Duty.opened_at) for each in seen))


def _read(db: Session, chosen: Select[Any]) -> list[Line]:
    return [
        Line(duty, post, thread, consultation, name, party, committee, lead,
             f"{group}_{wait}_{duty.id}")
        for duty, post, thread, consultation, name, party, committee, lead, group, wait
        in db.execute(chosen)
    ]  # fmt: skip
