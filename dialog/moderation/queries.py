"""The public log of moderation."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation, State
from dialog.debates.models import Post, Thread
from dialog.moderation.models import Decision

PAGE = 50  # decisions a page


def decisions(db: Session, before: int | None = None) -> list[tuple[Decision, Thread]]:
    """Decisions in public threads, the newest first; `before` is the id to go on from."""
    wanted = (
        select(Decision, Thread)
        .join(Post, Post.id == Decision.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(Consultation.state != State.DRAFT)
        .order_by(Decision.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        wanted = wanted.where(Decision.id < before)
    return [(decision, thread) for decision, thread in db.execute(wanted)]
