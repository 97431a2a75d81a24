"""What may be told of the debate outside its own pages."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation, State
from dialog.debates.models import Post, PostState, Thread


def post_can_be_read(db: Session, post_id: int) -> bool:
    """Whether everyone can read the post, words and all."""
    wanted = (
        select(Post.id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(
            Post.id == post_id,
            Post.state == PostState.VISIBLE,
            Consultation.state != State.DRAFT,
        )
    )
    return db.scalar(wanted) is not None


def thread_can_be_read(db: Session, thread_id: int) -> bool:
    """Whether everyone can read the thread."""
    wanted = (
        select(Thread.id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(Thread.id == thread_id, Consultation.state != State.DRAFT)
    )
    return db.scalar(wanted) is not None
