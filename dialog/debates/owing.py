"""A duty and its question, held together: what changes the one shows at the other."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.consultations import queries as consultations
from dialog.debates import counters, live, queries
from dialog.debates.models import Post, PostState, Thread
from dialog.duties import machine
from dialog.duties import queries as duties
from dialog.duties.models import Duty, Origin
from dialog.permissions import Actor
from dialog.rules import promise


@dataclass(frozen=True)
class Owed:
    """What is owed, and where it stands."""

    post: Post
    page: queries.ThreadPage
    duty: Duty


def access(db: Session, actor: Actor, question_id: int) -> Owed:
    """The duty of this post with its thread; nobody else changes either until the commit.

    Raises: NotFound, also for a question that nobody owes an answer to.
    """
    lock(db, question_id)
    post, page = queries.access_post(db, actor, question_id)
    db.refresh(post)
    return Owed(post, page, machine.access(db, question_id))


def lock(db: Session, *post_ids: int) -> None:
    """Makes others wait who want to write in the threads of these posts, or of their duplicates.

    Always in the same order, so that two who need the same threads never wait for each other.
    """
    if db.get_bind().dialect.name == "sqlite":
        return
    ids = {*post_ids}
    for one in post_ids:
        ids |= {*duties.group_question_ids(db, one), *duties.question_ids_relying_on(db, one)}
    threads = select(Post.thread_id).where(Post.id.in_(ids))
    db.execute(
        select(Thread.id).where(Thread.id.in_(threads)).order_by(Thread.id).with_for_update()
    )


def show(db: Session, actor: Actor, changed: Iterable[Duty]) -> None:
    """Lets the threads say what became of these duties, and count what still waits in them."""
    for duty in changed:
        post, page = queries.access_post(db, actor, duty.question_id)
        db.refresh(post)
        rev = counters.next_rev(db, page.thread)
        if duty.origin is not Origin.PROMISE:
            counters.set_awaits(db, page.thread, post, awaits=duty.is_open)
        post.rev = rev
        db.flush()
        live.announce_changed(db, page, post)


def numbers(db: Session, owed: Owed) -> promise.Numbers:
    """The numbers of the promise where the question was asked."""
    return consultations.promise_numbers(db, owed.page.consultation.id)


def is_readable(db: Session, post_id: int | None) -> bool:
    """Whether a post can be read: it stands, and so does its dialogue."""
    post = db.get(Post, post_id, populate_existing=True) if post_id is not None else None
    if post is None or post.state is not PostState.VISIBLE:
        return False
    thread = db.get(Thread, post.thread_id)
    return thread is not None
