"""Reading threads and trees. The cost of a page does not grow with its thread."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select, union_all
from sqlalchemy.orm import Session, aliased

from dialog.audit.models import SiteRev
from dialog.catalogue.models import Proposal, ProposalAmount
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, State
from dialog.core.errors import NotFound
from dialog.debates import kept, tree
from dialog.debates.models import (
    Draft,
    KeptText,
    Post,
    PostState,
    Thread,
    ThreadPolitician,
    ThreadProposal,
)
from dialog.meetings.models import Meeting
from dialog.people.models import Party, User
from dialog.permissions import Action, Actor, may

ROOTS = 20  # branches on the first page of a thread
CHILDREN = 3  # replies shown under each post at first
REPLIES = 50  # replies that "show more" brings at a time
WHOLE_UP_TO = 60  # a thread this small is shown whole: hiding would cost more than it saves
VISIBLE_DEPTH = 6  # levels shown under one another; deeper branches have a page of their own


MOST_NEWS = 1_000  # new posts looked through; whoever was away for longer reads from the top


class Order(StrEnum):
    """The orders a reader can choose. None of them counts votes or activity."""

    WAITING = "waiting"  # questions that wait for an answer, the longest wait first; then time
    OLDEST = "oldest"
    NEWEST = "newest"
    ANSWERS = "answers"  # only branches in which a politician has answered
    NEW = "new"  # only branches with something that came after a rev of the thread


DEFAULT_ORDER = Order.WAITING


@dataclass
class ThreadPage:
    """A thread with what stands above its tree."""

    thread: Thread
    consultation: Consultation
    meeting: Meeting
    opening: Post
    site_rev: int


@dataclass(frozen=True)
class Responsible:
    """A politician who answers for a thread."""

    user_id: int
    name: str
    party_letter: str | None
    party_name: str | None

    @property
    def label(self) -> str:
        """The name with the letter of the party: "Anders Toft (L)"."""
        return f"{self.name} ({self.party_letter})" if self.party_letter else self.name


@dataclass(frozen=True)
class NewPost:
    """A post that came after the reader's last visit."""

    id: int
    path: str
    author_name: str


@dataclass(frozen=True)
class News:
    """What came after a rev of a thread, by the path of its branch, in the order of the tree."""

    branches: dict[str, list[NewPost]]
    is_cut: bool  # there is more than was looked through; these are the newest

    @property
    def count(self) -> int:
        """How many posts are new."""
        return sum(len(posts) for posts in self.branches.values())


# Made once: every page and every post asks it.
_THREAD_PAGE = (
    select(Thread, Consultation, Meeting, Post, SiteRev.rev)
    .join(Consultation, Consultation.id == Thread.consultation_id)
    .join(Meeting, Meeting.id == Thread.meeting_id)
    .join(Post, and_(Post.thread_id == Thread.id, Post.path == ""))
    .join(SiteRev, SiteRev.id == 1)
    .where(Thread.id == bindparam("of_thread"))
)


def access_thread(db: Session, actor: Actor, thread_id: int) -> ThreadPage:
    """The thread, if this reader may see it.

    Raises: NotFound, also for threads of a draft consultation.
    """
    found = db.execute(_THREAD_PAGE, {"of_thread": thread_id}).first()
    if found is None:
        raise NotFound("thread")
    page = ThreadPage(*found)
    if not consultations.is_public(page.consultation) and not may(actor.role, Action.SET_UP):
        raise NotFound("thread")
    return page


def access_post(
    db: Session, actor: Actor, post_id: int, *, to_change: bool = False
) -> tuple[Post, ThreadPage]:
    """The post and its thread, if this reader may see them. A tombstone is seen, not its text.

    to_change: nobody else changes the thread until the commit.
    Raises: NotFound.
    """
    post = db.get(Post, post_id)
    if post is None:
        raise NotFound("post")
    if to_change:
        lock_thread(db, post.thread_id)
        db.refresh(post)
    return post, access_thread(db, actor, post.thread_id)


def lock_thread(db: Session, thread_id: int) -> None:
    """Makes every other writer of the thread wait for this transaction.

    On SQLite they already do. Without it, two who answer at once would both see a question
    that waits, and two copies of one post would not see each other.
    """
    if db.get_bind().dialect.name != "sqlite":
        db.execute(select(Thread.id).where(Thread.id == thread_id).with_for_update())


def first_rows(db: Session, page: ThreadPage, order: Order, start: int = 0) -> list[tree.Row]:
    """The tree of a thread's first page; `start` skips that many branches."""
    if page.thread.post_count <= WHOLE_UP_TO and start == 0:
        return _whole(db, page, order)
    roots = _roots(db, page.opening, order, start)
    return tree.lay_out(roots, _two_levels_below(db, roots), parent=page.opening)


def news_since(db: Session, page: ThreadPage, since: int | None) -> News:
    """What is new after `since`; nothing is, if it is no rev that the thread has had."""
    if since is None or since >= page.thread.rev:
        return News({}, is_cut=False)
    wanted = (
        select(Post.id, Post.path, Post.author_name)
        .where(
            Post.thread_id == page.thread.id,
            Post.created_rev > since,
            Post.depth > 0,
            Post.state == PostState.VISIBLE,
        )
        .order_by(Post.created_rev.desc())
        .limit(MOST_NEWS + 1)
    )
    found = sorted((NewPost(*row) for row in db.execute(wanted)), key=lambda new: new.path)
    branches: dict[str, list[NewPost]] = {}
    for new in found:
        branches.setdefault(tree.branch_path(new.path), []).append(new)
    return News(branches, is_cut=len(found) > MOST_NEWS)


def news_rows(db: Session, page: ThreadPage, news: News, start: int = 0) -> list[tree.Row]:
    """The branches that hold something new, in the order of the tree."""
    paths = sorted(news.branches)[start : start + ROOTS]
    if not paths:
        return []
    wanted = select(Post).where(Post.thread_id == page.thread.id, Post.path.in_(paths))
    roots = kept.posts(db, wanted.order_by(Post.path))
    return tree.lay_out(roots, _two_levels_below(db, roots), parent=page.opening)


def reply_rows(db: Session, post: Post, start: int = 0) -> list[tree.Row]:
    """Replies to `post` from number `start` on, with two levels below each."""
    wanted = (
        select(Post)
        .where(Post.parent_id == post.id, Post.ordinal >= start)
        .order_by(Post.ordinal)
        .limit(REPLIES)
    )
    replies = kept.posts(db, wanted)
    return tree.lay_out(replies, _two_levels_below(db, replies), parent=post)


def branches_left(page: ThreadPage, order: Order, rows: list[tree.Row], start: int) -> int:
    """How many branches of the first level come after those in `rows`."""
    if order is Order.ANSWERS:  # not counted in store: one more page if this one is full
        return ROOTS if sum(row.level == 1 for row in rows) == ROOTS else 0
    return max(0, page.opening.child_count - start - sum(row.level == 1 for row in rows))


def ancestors_of(db: Session, post: Post) -> list[Post]:
    """The posts between the opening post and `post`, outermost first."""
    paths = tree.ancestor_paths(post.path)[1:]
    if not paths:
        return []
    wanted = select(Post).where(Post.thread_id == post.thread_id, Post.path.in_(paths))
    return list(db.scalars(wanted.order_by(Post.path)))


@dataclass(frozen=True)
class Place:
    """Where in the whole thread a post is found: the page of its branch, and what to look at."""

    order: Order | None  # None is the default
    start: int | None
    anchor: int  # the id of the post, or of the nearest one above it that the page shows


def place_of(page: ThreadPage, line: list[Post]) -> Place:
    """The place of the last post of `line`, which runs from its branch's first post down to it."""
    if page.thread.post_count <= WHOLE_UP_TO:
        return Place(None, None, line[:VISIBLE_DEPTH][-1].id)
    anchor = line[0]
    for post in line[1:3]:
        if post.ordinal >= CHILDREN:
            break
        anchor = post
    # By age, because there a branch keeps its number for ever.
    start = line[0].ordinal - line[0].ordinal % ROOTS
    return Place(Order.OLDEST, start or None, anchor.id)


def changed_since(db: Session, thread_id: int, rev: int, limit: int) -> list[Post]:
    """Posts that changed after `rev`, in tree order; at most `limit` and one to tell of more."""
    wanted = (
        select(Post)
        .where(Post.thread_id == thread_id, Post.rev > rev)
        .order_by(Post.path)
        .limit(limit + 1)
    )
    return list(db.scalars(wanted))


def politicians_of(db: Session, thread_id: int) -> list[Responsible]:
    """Who answers for the thread, the first one first."""
    wanted = (
        select(User.id, User.name, Party.letter, Party.name)
        .join(ThreadPolitician, ThreadPolitician.user_id == User.id)
        .outerjoin(Party, Party.id == User.party_id)
        .where(ThreadPolitician.thread_id == thread_id)
        .order_by(ThreadPolitician.position, User.id)
    )
    return [Responsible(*row) for row in db.execute(wanted)]


def proposals_of(db: Session, thread_id: int) -> list[tuple[Proposal, list[tuple[int, int]]]]:
    """The proposals a thread debates, each with (year, amount in thousands) by year."""
    wanted = (
        select(Proposal, ProposalAmount.year, ProposalAmount.amount_tkr)
        .join(ThreadProposal, ThreadProposal.proposal_id == Proposal.id)
        .outerjoin(ProposalAmount, ProposalAmount.proposal_id == Proposal.id)
        .where(ThreadProposal.thread_id == thread_id)
        .order_by(Proposal.position, Proposal.id, ProposalAmount.year)
    )
    found: dict[int, tuple[Proposal, list[tuple[int, int]]]] = {}
    for proposal, year, amount in db.execute(wanted):
        _proposal, amounts = found.setdefault(proposal.id, (proposal, []))
        if year is not None:
            amounts.append((year, amount))
    return list(found.values())


@dataclass
class ThreadLine:
    """A thread in a list: its words and what is owed in it."""

    thread: Thread
    meeting: Meeting
    open_questions: int
    answers: int
    proposal_codes: list[str]


def threads_of(db: Session, consultation_id: int) -> list[ThreadLine]:
    """Every thread of a consultation in the order of its set-up."""
    wanted = (
        select(Thread, Meeting, Post.open_questions, Post.answers)
        .join(Meeting, Meeting.id == Thread.meeting_id)
        .join(Post, and_(Post.thread_id == Thread.id, Post.path == ""))
        .where(Thread.consultation_id == consultation_id)
        .order_by(Thread.position, Thread.id)
    )
    codes: dict[int, list[str]] = {}
    for thread_id, code in db.execute(
        select(ThreadProposal.thread_id, Proposal.code)
        .join(Proposal, Proposal.id == ThreadProposal.proposal_id)
        .where(Proposal.consultation_id == consultation_id)
        .order_by(Proposal.position, Proposal.id)
    ):
        codes.setdefault(thread_id, []).append(code)
    return [
        ThreadLine(thread, meeting, questions, answers, codes.get(thread.id, []))
        for thread, meeting, questions, answers in db.execute(wanted)
    ]


def threads_at_meeting(db: Session, actor: Actor, meeting_id: int) -> list[Thread]:
    """The threads that a meeting takes up."""
    del actor  # whoever may see the meeting may see its threads: they share a consultation
    wanted = select(Thread).where(Thread.meeting_id == meeting_id)
    return list(db.scalars(wanted.order_by(Thread.position, Thread.id)))


def threads_of_proposal(db: Session, proposal_id: int) -> list[Thread]:
    """The threads in which a proposal is debated."""
    wanted = (
        select(Thread)
        .join(ThreadProposal, ThreadProposal.thread_id == Thread.id)
        .where(ThreadProposal.proposal_id == proposal_id)
        .order_by(Thread.position, Thread.id)
    )
    return list(db.scalars(wanted))


def newest_answers(db: Session, limit: int) -> list[tuple[Post, Post, Thread]]:
    """The last answers from politicians in public threads: answer, question, thread."""
    question = aliased(Post)
    wanted = (
        select(Post, question, Thread)
        .join(question, question.id == Post.parent_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(
            Post.is_answer,
            Post.state == PostState.VISIBLE,
            question.state == PostState.VISIBLE,
            Consultation.state != State.DRAFT,
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(limit)
    )
    return [(answer, asked, thread) for answer, asked, thread in db.execute(wanted)]


def post_with_key(db: Session, author_id: int, key: str) -> Post | None:
    """The post this author already made with an idempotency key."""
    return db.scalars(
        select(Post).where(Post.author_id == author_id, Post.idempotency_key == key)
    ).first()


def same_words(
    db: Session, author_id: int, parent_id: int, source: str, since: datetime
) -> Post | None:
    """The same text by the same author under the same post, if it came after `since`."""
    wanted = select(Post).where(
        Post.author_id == author_id,
        Post.parent_id == parent_id,
        Post.source == source,
        Post.state == PostState.VISIBLE,
        Post.created_at > since,
    )
    return db.scalars(wanted).first()


def drafts_in(db: Session, thread_id: int, user_id: int) -> list[Draft]:
    """What someone has begun to write in a thread."""
    wanted = (
        select(Draft)
        .join(Post, Post.id == Draft.parent_id)
        .where(Draft.user_id == user_id, Post.thread_id == thread_id)
    )
    return list(db.scalars(wanted))


def kept_text(db: Session, key: str) -> KeptText | None:
    """What a visitor wrote before he signed in, or None."""
    return db.get(KeptText, key) if key else None


def post_by_id(db: Session, post_id: int) -> Post:
    """The post that was just written or changed.

    Raises: NotFound.
    """
    found = db.get(Post, post_id, populate_existing=True)
    if found is None:
        raise NotFound("post")
    return found


def standing_answer(db: Session, question_id: int) -> Post | None:
    """The first answer to a question that can still be read, or None."""
    wanted = select(Post).where(
        Post.parent_id == question_id, Post.is_answer, Post.state == PostState.VISIBLE
    )
    return db.scalars(wanted.order_by(Post.ordinal).limit(1)).first()


def own_posts(db: Session, thread_id: int, user_id: int) -> list[int]:
    """The ids of what someone has written in a thread and not withdrawn."""
    wanted = select(Post.id).where(
        Post.author_id == user_id, Post.thread_id == thread_id, Post.state == PostState.VISIBLE
    )
    return list(db.scalars(wanted))


def parents_of(db: Session, posts: list[Post]) -> dict[int, Post]:
    """The posts that these answer, by id."""
    ids = {post.parent_id for post in posts if post.parent_id}
    return {post.id: post for post in db.scalars(select(Post).where(Post.id.in_(ids)))}


def _whole(db: Session, page: ThreadPage, order: Order) -> list[tree.Row]:
    wanted = select(Post).where(
        Post.thread_id == page.thread.id, Post.depth.between(1, VISIBLE_DEPTH)
    )
    posts = kept.posts(db, wanted.order_by(Post.path))
    roots = [post for post in posts if post.depth == 1]
    if order is Order.ANSWERS:
        roots = [post for post in roots if post.answers or post.is_answer]
    elif order is Order.NEWEST:
        roots.reverse()
    elif order is Order.WAITING:
        roots.sort(key=lambda post: not post.awaits_answer)
    return tree.lay_out(roots, [post for post in posts if post.depth > 1], parent=page.opening)


def _roots(db: Session, opening: Post, order: Order, start: int) -> list[Post]:
    first_level = select(Post).where(Post.thread_id == opening.thread_id, Post.depth == 1)
    if order is Order.NEWEST:
        numbered = first_level.where(Post.ordinal < opening.child_count - start)
        return kept.posts(db, numbered.order_by(Post.ordinal.desc()).limit(ROOTS))
    if order is Order.OLDEST:
        numbered = first_level.where(Post.ordinal >= start).order_by(Post.ordinal)
        return kept.posts(db, numbered.limit(ROOTS))
    if order is Order.ANSWERS:
        answered = first_level.where(Post.path.in_(_answered_branches(opening.thread_id)))
        return kept.posts(db, answered.order_by(Post.path).offset(start).limit(ROOTS))
    by_wait = select(Post).where(Post.id.in_(_by_wait(opening.thread_id, start)))
    return kept.posts(db, by_wait.order_by(Post.awaits_answer.desc(), Post.ordinal))


def _answered_branches(thread_id: int) -> Select[Any]:
    branch = func.substr(Post.path, 1, tree.LEVEL)
    return select(branch).where(Post.thread_id == thread_id, Post.is_answer).distinct()


def _by_wait(thread_id: int, start: int) -> Select[Any]:
    """The ids of a page of branches: two short stretches of an index, one after the other.

    Sorting them all by both columns would read every branch of the thread.
    """
    stretch = select(Post.id, Post.awaits_answer, Post.ordinal).where(
        Post.thread_id == thread_id, Post.depth == 1
    )
    waiting, rest = (
        stretch.where(awaits).order_by(Post.ordinal).limit(start + ROOTS)
        for awaits in (Post.awaits_answer, ~Post.awaits_answer)
    )
    both = union_all(select(waiting.subquery()), select(rest.subquery())).subquery()
    ordered = select(both.c.id).order_by(both.c.awaits_answer.desc(), both.c.ordinal)
    return ordered.offset(start).limit(ROOTS)


def _two_levels_below(db: Session, posts: list[Post]) -> list[Post]:
    """The first three replies to each post, and the first three to each of those."""
    with_replies = [post.id for post in posts if post.child_count]
    if not with_replies:
        return []
    return kept.posts(db, _TWO_LEVELS, {"over": with_replies})


def _two_levels() -> Select[Any]:
    reply = aliased(Post)
    over: Any = bindparam("over", expanding=True)
    below_reply: Any = select(Post.id).join(reply, reply.id == Post.parent_id)
    first = select(Post.id).where(Post.parent_id.in_(over), Post.ordinal < CHILDREN)
    second = below_reply.where(
        reply.parent_id.in_(over), reply.ordinal < CHILDREN, Post.ordinal < CHILDREN
    )
    return select(Post).where(Post.id.in_(first.union_all(second))).order_by(Post.path)


_TWO_LEVELS = _two_levels()
