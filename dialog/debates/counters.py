"""A post's place in the tree, and the counters of everything above it.

All of it happens in the transaction of the change, so that no page ever has to count.
"""

from sqlalchemy import bindparam, case, literal, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from dialog.debates import tree
from dialog.debates.models import BranchPerson, Post, PostState, Thread

# The two statements of every new post, made once: making them takes longer than running them.
_BUMP = (
    update(Thread)
    .where(Thread.id == bindparam("of_thread"))
    .values(rev=Thread.rev + 1, post_count=Thread.post_count + 1)
    .returning(Thread.rev, Thread.post_count)
    .execution_options(synchronize_session=False)
)
_COUNTED = {
    "child_count": Post.child_count + case((Post.id == bindparam("under"), 1), else_=0),
    "descendant_count": Post.descendant_count + 1,
    "open_questions": Post.open_questions + bindparam("more_questions"),
    "answers": Post.answers + bindparam("more_answers"),
    "rev": bindparam("new_rev"),
}
_COUNT = (
    update(Post)
    .where(Post.thread_id == bindparam("of_thread"))
    .where(Post.path.in_(bindparam("above", expanding=True)))
    .values(**_COUNTED)
    .returning(Post.id, *(getattr(Post, name) for name in _COUNTED))
    .execution_options(synchronize_session=False)
)


def next_rev(db: Session, thread: Thread) -> int:
    """The thread's new rev. On PostgreSQL this also locks the thread until commit."""
    bump = update(Thread).where(Thread.id == thread.id).values(rev=Thread.rev + 1)
    thread.rev = db.execute(bump.returning(Thread.rev)).scalar_one()
    return thread.rev


def place(db: Session, thread: Thread, parent: Post, post: Post) -> Post:
    """The post in its place, and counted in everything above it."""
    rev, post_count = db.execute(_BUMP, {"of_thread": thread.id}).one()
    set_committed_value(thread, "rev", rev)
    set_committed_value(thread, "post_count", post_count)
    post.state = PostState.VISIBLE
    post.open_questions = int(post.awaits_answer)
    ordinal = _count(db, thread, parent, post)
    post.rev = post.created_rev = thread.rev
    post.ordinal = ordinal
    post.thread_id, post.parent_id = thread.id, parent.id
    post.depth, post.path = parent.depth + 1, tree.child_path(parent.path, ordinal)
    db.add(post)
    db.flush()
    return post


def _count(db: Session, thread: Thread, parent: Post, post: Post) -> int:
    """The number of the new post among the replies to its parent."""
    given = {
        "of_thread": thread.id,
        "above": [*tree.ancestor_paths(parent.path), parent.path],
        "under": parent.id,
        "more_questions": post.open_questions,
        "more_answers": int(post.is_answer),
        "new_rev": thread.rev,
    }
    for post_id, *numbers in db.execute(_COUNT, given):
        if post_id == parent.id:
            for name, number in zip(_COUNTED, numbers, strict=True):
                set_committed_value(parent, name, number)
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


def take_part(db: Session, thread: Thread, post: Post, key: str) -> None:
    """Counts the writer once in every branch the post stands in."""
    above = tree.ancestor_paths(post.path)
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    branches = select(Post.id, literal(key)).where(
        Post.thread_id == thread.id, Post.path.in_(above)
    )
    added = insert(BranchPerson).from_select(["post_id", "key"], branches)
    new_to = db.scalars(added.on_conflict_do_nothing().returning(BranchPerson.post_id)).all()
    if not new_to:
        return
    more = update(Post).where(Post.id.in_(new_to)).values(people=Post.people + 1)
    db.execute(more.execution_options(synchronize_session=False))
    if len(new_to) == len(above):  # nobody is new to the thread without being new to the branch
        joined = update(Thread).where(Thread.id == thread.id)
        db.execute(joined.values(participant_count=Thread.participant_count + 1))
