"""A post's place in the tree, and the counters of everything above it.

All of it happens in the transaction of the change, so that no page ever has to count.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, bindparam, case, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from dialog.debates import tree
from dialog.debates.models import BranchPerson, Post, PostState, Thread

THREADS: Any = Thread.__table__
POSTS: Any = Post.__table__
PEOPLE: Any = BranchPerson.__table__

# What every new post says to the store, past the unit of work and made once: making such a
# statement takes longer than running it.
_BUMP = (
    update(THREADS)
    .where(THREADS.c.id == bindparam("of_thread"))
    .values(rev=THREADS.c.rev + 1, post_count=THREADS.c.post_count + 1)
    .returning(THREADS.c.rev, THREADS.c.post_count)
)
_COUNTED = {
    "child_count": POSTS.c.child_count + case((POSTS.c.id == bindparam("under"), 1), else_=0),
    "descendant_count": POSTS.c.descendant_count + 1,
    "open_questions": POSTS.c.open_questions + bindparam("more_questions"),
    "answers": POSTS.c.answers + bindparam("more_answers"),
    "rev": bindparam("new_rev"),
}
_COUNT = (
    update(POSTS)
    .where(POSTS.c.thread_id == bindparam("of_thread"))
    .where(POSTS.c.path.in_(bindparam("above", expanding=True)))
    .values(**_COUNTED)
    .returning(POSTS.c.id, *(POSTS.c[name] for name in _COUNTED))
)
_UNSAID = {
    column.key: column.default.arg if column.default is not None else None
    for column in POSTS.columns
    if not column.primary_key
}
_INSERT = insert(POSTS).returning(POSTS.c.id)
_JOIN = {
    dialect: into(PEOPLE)
    .from_select(
        ["post_id", "key"],
        select(POSTS.c.id, bindparam("who", type_=Text)).where(
            POSTS.c.thread_id == bindparam("of_thread"),
            POSTS.c.path.in_(bindparam("above", expanding=True)),
        ),
    )
    .on_conflict_do_nothing()
    .returning(PEOPLE.c.post_id)
    for dialect, into in (("sqlite", sqlite_insert), ("postgresql", postgres_insert))
}
_COUNT_PERSON = (
    update(POSTS)
    .where(POSTS.c.id.in_(bindparam("new_to", expanding=True)))
    .values(people=POSTS.c.people + 1)
    .returning(POSTS.c.id, POSTS.c.people)
)
_COUNT_PARTICIPANT = (
    update(THREADS)
    .where(THREADS.c.id == bindparam("of_thread"))
    .values(participant_count=THREADS.c.participant_count + 1)
    .returning(THREADS.c.participant_count)
)


def next_rev(db: Session, thread: Thread) -> int:
    """The thread's new rev. On PostgreSQL this also locks the thread until commit."""
    bump = update(Thread).where(Thread.id == thread.id).values(rev=Thread.rev + 1)
    thread.rev = db.execute(bump.returning(Thread.rev)).scalar_one()
    return thread.rev


def place(
    db: Session, thread: Thread, parent: Post, post: Post, above: Sequence[Post] = ()
) -> Post:
    """The post in its place, and counted in everything above it.

    above: what the caller holds of the posts over `parent`; they learn their new numbers with it.
    """
    rev, post_count = db.execute(_BUMP, {"of_thread": thread.id}).one()
    set_committed_value(thread, "rev", rev)
    set_committed_value(thread, "post_count", post_count)
    post.state = PostState.VISIBLE
    post.open_questions = int(post.awaits_answer)
    ordinal = _count(db, thread, parent, post, above)
    post.rev = post.created_rev = thread.rev
    post.ordinal = ordinal
    post.thread_id, post.parent_id = thread.id, parent.id
    post.depth, post.path = parent.depth + 1, tree.child_path(parent.path, ordinal)
    _insert(db, post)
    return post


def _insert(db: Session, post: Post) -> None:
    """Stores the post as the unit of work would, in half the time."""
    said = vars(post)  # asking the object for each of its columns would cost as much again
    row = {name: usual if said.get(name) is None else said[name] for name, usual in _UNSAID.items()}
    for name, value in row.items():
        if name not in said:
            set_committed_value(post, name, value)
    post.id = db.execute(_INSERT, row).scalar_one()
    make_transient_to_detached(post)
    db.add(post)


def _count(db: Session, thread: Thread, parent: Post, post: Post, above: Sequence[Post]) -> int:
    """The number of the new post among the replies to its parent."""
    given = {
        "of_thread": thread.id,
        "above": [*tree.ancestor_paths(parent.path), parent.path],
        "under": parent.id,
        "more_questions": post.open_questions,
        "more_answers": int(post.is_answer),
        "new_rev": thread.rev,
    }
    held = {one.id: one for one in (*above, parent)}
    for post_id, *numbers in db.execute(_COUNT, given):
        if post_id in held:
            for name, number in zip(_COUNTED, numbers, strict=True):
                set_committed_value(held[post_id], name, number)
    return parent.child_count - 1


def add_along(db: Session, thread: Thread, paths: list[str], **change: int) -> None:
    """Adds to the counters of the posts at these paths, which thereby change with the thread."""
    added = {name: getattr(Post, name) + number for name, number in change.items()}
    db.execute(
        update(Post)
        .where(Post.thread_id == thread.id, Post.path.in_(paths))
        .values(**added, rev=thread.rev)
        .execution_options(synchronize_session=False)
    )


def set_awaits(db: Session, thread: Thread, post: Post, *, awaits: bool) -> None:
    change = int(awaits) - int(post.awaits_answer)
    if not change:
        return
    add_along(db, thread, [*tree.ancestor_paths(post.path), post.path], open_questions=change)
    db.execute(update(Post).where(Post.id == post.id).values(awaits_answer=awaits))
    db.refresh(post)


def take_part(
    db: Session, thread: Thread, post: Post, key: str, above: Sequence[Post] = ()
) -> None:
    """Counts the writer once in every branch the post stands in.

    above: what the caller holds of those branches' first posts; they learn their new number.
    """
    paths = tree.ancestor_paths(post.path)
    join = _JOIN[db.get_bind().dialect.name]
    given = {"of_thread": thread.id, "above": paths, "who": key}
    new_to = db.scalars(join, given).all()
    if not new_to:
        return
    people: dict[int, int] = dict(db.execute(_COUNT_PERSON, {"new_to": new_to}).all())
    for one in above:
        if one.id in people:
            set_committed_value(one, "people", people[one.id])
    if len(new_to) == len(paths):  # nobody is new to the thread without being new to the branch
        count = db.execute(_COUNT_PARTICIPANT, {"of_thread": thread.id}).scalar_one()
        set_committed_value(thread, "participant_count", count)
