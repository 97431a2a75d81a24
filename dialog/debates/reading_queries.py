"""What a page of the tree shows. Its cost does not grow with its thread."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import CTE, Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session

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
    given = {
        "of_thread": page.thread.id,
        "from_number": start,
        "below_number": page.opening.child_count - start,
        "either": start + ROOTS,
    }
    return _laid_out(kept.posts(db, _PAGES[order], given), page.opening, order)


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
    given = {"of_thread": page.thread.id, "new_paths": paths}
    return _laid_out(kept.posts(db, _PAGES[Order.NEW], given), page.opening, Order.NEW)


def reply_rows(db: Session, post: Post, start: int = 0) -> list[tree.Row]:
    """Replies to `post` from number `start` on, with two levels below each."""
    return way_and_replies(db, post, start)[1]


def way_and_replies(db: Session, post: Post, start: int) -> tuple[list[Post], list[tree.Row]]:
    """The posts above `post`, outermost first, and `reply_rows`."""
    given = {
        "of_post": post.id,
        "from_number": start,
        "of_thread": post.thread_id,
        "above": tree.ancestor_paths(post.path)[1:],
    }
    found = kept.posts(db, _BELOW_POST, given)
    way = [one for one in found if one.depth < post.depth]
    return way, _laid_out(found[len(way) :], post, Order.OLDEST)


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
    return _laid_out(kept.posts(db, wanted.order_by(Post.path)), page.opening, order)


def _laid_out(posts: list[Post], parent: Post, order: Order) -> list[tree.Row]:
    """The rows of `posts`, which come in tree order, with the branches in theirs."""
    top = [post for post in posts if post.depth == parent.depth + 1]
    below = [post for post in posts if post.depth > parent.depth + 1]
    if order is Order.ANSWERS:
        top = [post for post in top if post.answers or post.is_answer]
    elif order is Order.NEWEST:
        top.reverse()
    elif order is Order.WAITING:
        top.sort(key=lambda post: not post.awaits_answer)
    return tree.lay_out(top, below, parent=parent)


# A page of the tree is asked for in one statement, made once for each order: the posts of its
# first level, the first three replies to each, and the first three to each of those.


def _first_level() -> Select[Any]:
    return select(Post.id).where(Post.thread_id == bindparam("of_thread"), Post.depth == 1)


def _answered() -> Select[Any]:
    branch = select(func.substr(Post.path, 1, tree.LEVEL))
    answered = branch.where(Post.thread_id == bindparam("of_thread"), Post.is_answer).distinct()
    found = _first_level().where(Post.path.in_(answered)).order_by(Post.path)
    return found.offset(bindparam("from_number")).limit(ROOTS)


def _by_wait() -> Select[Any]:
    """The ids of a page of branches: two short stretches of an index, one after the other.

    Sorting them all by both columns would read every branch of the thread.
    """
    stretch = _first_level().add_columns(Post.awaits_answer, Post.ordinal).order_by(Post.ordinal)
    waiting, rest = (
        stretch.where(awaits).limit(bindparam("either"))
        for awaits in (Post.awaits_answer, ~Post.awaits_answer)
    )
    both = union_all(select(waiting.subquery()), select(rest.subquery())).subquery()
    ordered = select(both.c.id).order_by(both.c.awaits_answer.desc(), both.c.ordinal)
    return ordered.offset(bindparam("from_number")).limit(ROOTS)


def _with_two_levels(top: Select[Any], *others: Select[Any]) -> Select[Any]:
    """The posts whose ids are in `top` and two levels below each, and `others`, in tree order.

    Level by level, each a handful of ids: a store that has not yet looked at a new thread's size
    may else hold all of its posts against all of them.
    """
    over = top.cte("top_posts")
    first = _first_replies(over).cte("first_replies")
    shown = union_all(select(over.c.id), select(first.c.id), _first_replies(first), *others)
    return select(Post).where(Post.id.in_(shown)).order_by(Post.path)


def _first_replies(over: CTE) -> Select[Any]:
    """The ids of the replies that are shown at first under each of these posts."""
    replies = select(Post.id).join(over, Post.parent_id == over.c.id)
    return replies.where(Post.ordinal < CHILDREN)


_NUMBER: Any = bindparam("from_number")
_NEWEST = _first_level().where(Post.ordinal < bindparam("below_number"))
_PAGES = {
    Order.WAITING: _with_two_levels(_by_wait()),
    Order.OLDEST: _with_two_levels(
        _first_level().where(Post.ordinal >= _NUMBER).order_by(Post.ordinal).limit(ROOTS)
    ),
    Order.NEWEST: _with_two_levels(_NEWEST.order_by(Post.ordinal.desc()).limit(ROOTS)),
    Order.ANSWERS: _with_two_levels(_answered()),
    Order.NEW: _with_two_levels(
        _first_level().where(Post.path.in_(bindparam("new_paths", expanding=True)))
    ),
}
_BELOW_POST = _with_two_levels(
    select(Post.id)
    .where(Post.parent_id == bindparam("of_post"), Post.ordinal >= _NUMBER)
    .order_by(Post.ordinal)
    .limit(REPLIES),
    select(Post.id).where(
        Post.thread_id == bindparam("of_thread"),
        Post.path.in_(bindparam("above", expanding=True)),
    ),
)
