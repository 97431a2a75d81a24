"""Reading slips, and what their holders are to be told."""

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from dialog.agenda.hall.models import Dissent, HallSpeaker, Slip
from dialog.debates.models import Origin, Post, PostState
from dialog.people import codes


def slip_of(db: Session, post_id: int) -> Slip | None:
    """The slip of a post."""
    return db.scalars(select(Slip).where(Slip.post_id == post_id)).first()


def slip_with_code(db: Session, code: str) -> Slip | None:
    """The slip with this code, however it was typed."""
    return db.scalars(select(Slip).where(Slip.code_hash == codes.hash_of(code))).first()


def newest_answer(db: Session, post_id: int) -> int | None:
    """The last answer that stands under a post."""
    wanted = select(func.max(Post.id)).where(
        Post.parent_id == post_id, Post.is_answer, Post.state == PostState.VISIBLE
    )
    return db.scalar(wanted)


def to_tell(db: Session) -> list[tuple[Slip, Post]]:
    """The slips with an address, each with an answer it has not been told of."""
    answer, newer = aliased(Post), aliased(Post)
    latest = (
        select(func.max(newer.id))
        .where(newer.parent_id == Slip.post_id, newer.is_answer, newer.state == PostState.VISIBLE)
        .correlate(Slip)
        .scalar_subquery()
    )
    wanted = (
        select(Slip, answer)
        .join(answer, answer.id == latest)
        .where(Slip.email.is_not(None))
        .where(func.coalesce(Slip.told_post_id, 0) < answer.id)
        .order_by(Slip.id)
        .limit(50)
    )
    return [(slip, post) for slip, post in db.execute(wanted)]


def has_spoken(db: Session, meeting_id: int, user_id: int) -> bool:
    """Whether this person had the word at the meeting, by what his phone or the notes say."""
    in_line = exists().where(
        HallSpeaker.meeting_id == meeting_id,
        HallSpeaker.user_id == user_id,
        HallSpeaker.spoken > 0,
    )
    noted = exists().where(
        Post.meeting_id == meeting_id,
        Post.author_id == user_id,
        Post.origin == Origin.MEETING,
        Post.recorded_by.is_not(None),
    )
    return bool(db.scalar(select(or_(in_line, noted))))


def dissents(db: Session, meeting_id: int) -> list[Post]:
    """What was said against the minutes, in the order it came. Tombstones stay in place."""
    wanted = (
        select(Post)
        .join(Dissent, Dissent.post_id == Post.id)
        .where(Dissent.meeting_id == meeting_id)
        .order_by(Post.id)
    )
    return list(db.scalars(wanted))
