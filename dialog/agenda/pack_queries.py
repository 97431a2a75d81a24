"""What the meeting pack says of the debate. Each part is bounded, however long the debate is."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from dialog.agenda import point_queries
from dialog.agenda.point_queries import About
from dialog.catalogue.models import Proposal
from dialog.debates.models import Post, PostKind, PostState, Thread, ThreadProposal, Voice
from dialog.debates.outline import Grove, Tree, groves_of
from dialog.duties.models import Duty, Origin
from dialog.meetings.models import Meeting
from dialog.rules.promise import OPEN

THREADS = 40
BRANCHES = 120  # of all threads together
FEWEST_BRANCHES = 3  # of each
REPLIES = 2  # under each branch
OPEN_QUESTIONS = 60
CORRECTIONS = 20


@dataclass
class Forest:
    """The threads of a meeting under their proposals; `replies` by the branch they answer."""

    groves: list[Grove]
    replies: dict[int, list[Post]]
    threads: int  # in all; not all of them need be shown


def forest(db: Session, meeting: Meeting) -> Forest:
    """The trees of the meeting's threads: branches that wait for an answer first, then by age.

    Four queries.
    """
    found = db.execute(_threads(meeting).limit(THREADS))
    trees = {thread.id: Tree(thread, meeting, opening) for thread, opening in found}
    about = (
        select(ThreadProposal.thread_id, Proposal)
        .join(Proposal, Proposal.id == ThreadProposal.proposal_id)
        .where(ThreadProposal.thread_id.in_(trees))
        .order_by(Proposal.position, Proposal.id)
    )
    for thread_id, proposal in db.execute(about):
        trees[thread_id].proposals.append(proposal)
    for branch in db.scalars(_branches(trees)):
        trees[branch.thread_id].branches.append(branch)
    shown = [branch.id for one in trees.values() for branch in one.branches]
    return Forest(groves_of(trees.values()), _replies(db, shown), _count(db, _threads(meeting)))


def open_questions(db: Session, meeting: Meeting) -> tuple[list[About], int]:
    """What is owed in the meeting's threads, the most urgent first, and how much there is in all.

    Two queries.
    """
    owed = point_queries.with_duty(
        select(Post, Thread).join(Thread, Thread.id == Post.thread_id)
    ).where(
        Thread.meeting_id == meeting.id,
        Duty.state.in_(OPEN),
        Duty.origin != Origin.PROMISE,
        Post.state == PostState.VISIBLE,
    )
    by_urgency = owed.order_by(Duty.due_at, Duty.id).limit(OPEN_QUESTIONS)
    found = [
        About(
            question=post,
            thread=thread,
            duty=duty,
            holder=point_queries.holder_of(name, letter),
        )
        for post, thread, duty, name, letter in db.execute(by_urgency)
    ]
    return found, _count(db, owed)


def corrections(db: Session, meeting: Meeting) -> list[tuple[Post, Thread]]:
    """Figures that were disputed, and what the administration put right, the newest first."""
    wanted = (
        select(Post, Thread)
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Thread.meeting_id == meeting.id,
            Post.depth > 0,
            Post.state == PostState.VISIBLE,
            (Post.kind == PostKind.CORRECTION) | (Post.voice == Voice.ADMINISTRATION),
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(CORRECTIONS)
    )
    return [(post, thread) for post, thread in db.execute(wanted)]


def _threads(meeting: Meeting) -> Select[Thread, Post]:
    return (
        select(Thread, Post)
        .join(Post, and_(Post.thread_id == Thread.id, Post.path == ""))
        .where(Thread.meeting_id == meeting.id)
        .order_by(Thread.position, Thread.id)
    )


def _branches(thread_ids: Collection[int]) -> Select[Post]:
    """As many of each thread as there is room for, what waits first; then in the tree's order."""
    each = max(FEWEST_BRANCHES, BRANCHES // max(1, len(thread_ids)))
    waits = Post.open_questions > 0
    place = func.row_number().over(
        partition_by=Post.thread_id, order_by=(waits.desc(), Post.ordinal)
    )
    numbered = (
        select(Post.id, place.label("place"))
        .where(Post.thread_id.in_(thread_ids), Post.depth == 1, Post.state == PostState.VISIBLE)
        .subquery()
    )
    return (
        select(Post)
        .join(numbered, numbered.c.id == Post.id)
        .where(numbered.c.place <= each)
        .order_by(Post.thread_id, waits.desc(), Post.ordinal)
    )


def _replies(db: Session, branch_ids: list[int]) -> dict[int, list[Post]]:
    """The first replies to each branch."""
    wanted = (
        select(Post)
        .where(
            Post.parent_id.in_(branch_ids),
            Post.ordinal < REPLIES,
            Post.state == PostState.VISIBLE,
        )
        .order_by(Post.parent_id, Post.ordinal)
    )
    replies: dict[int, list[Post]] = {}
    for post in db.scalars(wanted):
        replies.setdefault(post.parent_id or 0, []).append(post)
    return replies


def _count(db: Session, wanted: Select[*tuple[object, ...]]) -> int:
    return db.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
