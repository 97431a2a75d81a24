"""The forest: a consultation's threads and the branches of each, a line for every one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from dialog.catalogue.models import Proposal
from dialog.core.errors import NotFound
from dialog.debates.models import AtMeeting, Post, Thread, ThreadProposal
from dialog.debates.tree import branch_path
from dialog.meetings.models import Meeting

THREADS = 20  # on a page
BRANCHES = 8  # of each thread; "show all" gives the thread a page of its own
ALL_BRANCHES = 200  # on that page


@dataclass
class Tree:
    """A thread in the outline: what stands in its opening post's counters, and its branches."""

    thread: Thread
    meeting: Meeting
    opening: Post
    proposals: list[Proposal] = field(default_factory=list)
    branches: list[Post] = field(default_factory=list)
    at_meeting: set[str] = field(default_factory=set)  # paths of those with something on an agenda

    @property
    def branches_left(self) -> int:
        """How many branches come after those shown."""
        if not self.branches:
            return 0
        return max(0, self.opening.child_count - self.branches[-1].ordinal - 1)


@dataclass
class Grove:
    """Threads that follow one another and are about the same proposals."""

    proposals: list[Proposal]
    trees: list[Tree] = field(default_factory=list)


def trees_of(
    db: Session, consultation_id: int, *, proposal_id: int | None = None, after: int | None = None
) -> list[Tree]:
    """Threads in the order of their set-up, behind thread `after`: a page, and one to tell of more.

    Raises: NotFound for an `after` that is no thread of the consultation.
    """
    wanted = _threads().where(Thread.consultation_id == consultation_id)
    if proposal_id is not None:
        about = select(ThreadProposal.thread_id)
        wanted = wanted.where(Thread.id.in_(about.where(ThreadProposal.proposal_id == proposal_id)))
    if after is not None:
        last = _thread_of(db, consultation_id, after)
        behind = and_(Thread.position == last.position, Thread.id > last.id)
        wanted = wanted.where(or_(Thread.position > last.position, behind))
    rows = db.execute(wanted.order_by(Thread.position, Thread.id).limit(THREADS + 1))
    return _with_ties(
        db, [Tree(thread, meeting, opening) for thread, meeting, opening in rows], 0, BRANCHES
    )


def whole_tree(db: Session, consultation_id: int, thread_id: int, start: int) -> Tree:
    """One thread with its branches from number `start` on.

    Raises: NotFound.
    """
    _thread_of(db, consultation_id, thread_id)
    thread, meeting, opening = db.execute(_threads().where(Thread.id == thread_id)).one()
    return _with_ties(db, [Tree(thread, meeting, opening)], start, ALL_BRANCHES)[0]


def groves_of(trees: Iterable[Tree]) -> list[Grove]:
    """The threads under the proposals they are about."""
    groves: list[Grove] = []
    for tree in trees:
        if not groves or _ids(groves[-1].proposals) != _ids(tree.proposals):
            groves.append(Grove(tree.proposals))
        groves[-1].trees.append(tree)
    return groves


def _threads() -> Select[Thread, Meeting, Post]:
    return (
        select(Thread, Meeting, Post)
        .join(Meeting, Meeting.id == Thread.meeting_id)
        .join(Post, and_(Post.thread_id == Thread.id, Post.path == ""))
    )


def _thread_of(db: Session, consultation_id: int, thread_id: int) -> Thread:
    thread = db.get(Thread, thread_id)
    if thread is None or thread.consultation_id != consultation_id:
        raise NotFound("thread")
    return thread


def _with_ties(db: Session, trees: list[Tree], start: int, most: int) -> list[Tree]:
    """The trees with their proposals and branches: two queries for all of them."""
    by_thread = {tree.thread.id: tree for tree in trees}
    about = (
        select(ThreadProposal.thread_id, Proposal)
        .join(Proposal, Proposal.id == ThreadProposal.proposal_id)
        .where(ThreadProposal.thread_id.in_(by_thread))
        .order_by(Proposal.position, Proposal.id)
    )
    for thread_id, proposal in db.execute(about):
        by_thread[thread_id].proposals.append(proposal)
    branches = select(Post).where(
        Post.parent_id.in_([tree.opening.id for tree in trees]),
        Post.ordinal >= start,
        Post.ordinal < start + most,
    )
    for branch in db.scalars(branches.order_by(Post.ordinal)):
        by_thread[branch.thread_id].branches.append(branch)
    for thread_id, path in db.execute(_on_agendas(by_thread)):
        by_thread[thread_id].at_meeting.add(branch_path(path))
    return trees


def _on_agendas(thread_ids: Iterable[int]) -> Select[int, str]:
    """The posts that a meeting to come takes up."""
    return (
        select(Post.thread_id, Post.path)
        .join(Meeting, Meeting.id == Post.at_meeting_id)
        .where(
            Post.thread_id.in_(thread_ids),
            Post.at_meeting_id.is_not(None),  # in the very words of the index that knows them
            Post.at_meeting.in_([AtMeeting.PLANNED, AtMeeting.NOW]),
            Meeting.cancelled_at.is_(None),
        )
    )


def _ids(proposals: list[Proposal]) -> list[int]:
    return [proposal.id for proposal in proposals]
