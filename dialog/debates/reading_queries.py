"""What a page of the tree shows. Its cost does not grow with its thread."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session, aliased

from dialog.debates import kept, tree
from dialog.debates.models import Post, PostState
from dialog.debates.queries import ThreadPage

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
