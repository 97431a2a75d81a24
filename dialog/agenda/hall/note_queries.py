"""Reading what was written down in the hall."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.agenda.hall.models import HallNote, NoteKind
from dialog.agenda.models import AgendaItem
from dialog.core.errors import NotFound
from dialog.debates.models import Post, PostState
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.people.models import User
from dialog.permissions import Actor


@dataclass(frozen=True)
class Noted:
    """A note with the post it became and the point it belongs to."""

    note: HallNote
    post: Post | None
    item: AgendaItem | None
    recorder: str

    @property
    def edition(self) -> int:
        """The number of its text."""
        return self.note.edition if self.post is None else self.post.edition

    @property
    def words(self) -> str:
        """What was said; empty when the post was hidden or withdrawn."""
        if self.post is None:
            return self.note.body
        return self.post.source if self.post.state is PostState.VISIBLE else ""


def notes(db: Session, meeting_id: int, item_id: int | None = None) -> list[Noted]:
    """What was written down, in the order it was said; of one point alone, if it is named."""
    wanted = (
        select(HallNote, Post, AgendaItem, User.name)
        .outerjoin(Post, Post.id == HallNote.post_id)
        .outerjoin(AgendaItem, AgendaItem.id == HallNote.item_id)
        .join(User, User.id == HallNote.recorded_by)
        .where(HallNote.meeting_id == meeting_id)
        .order_by(HallNote.said_at, HallNote.id)
    )
    if item_id is not None:
        wanted = wanted.where(HallNote.item_id == item_id)
    return [Noted(*row) for row in db.execute(wanted)]


def note_with_key(db: Session, meeting_id: int, key: str) -> HallNote | None:
    """The note that this submission became before, if it did."""
    wanted = select(HallNote).where(HallNote.meeting_id == meeting_id, HallNote.key == key)
    return db.scalars(wanted).first()


def noted(db: Session, note: HallNote) -> Noted:
    """The note with what belongs to it."""
    post = db.get(Post, note.post_id, populate_existing=True) if note.post_id else None
    item = db.get(AgendaItem, note.item_id) if note.item_id else None
    return Noted(note, post, item, db.get_one(User, note.recorded_by).name)


def access_note(db: Session, actor: Actor, note_id: int) -> tuple[Noted, Meeting]:
    """The note and its meeting, for one who runs it. Raises: NotFound."""
    note = db.get(HallNote, note_id)
    if note is None:
        raise NotFound("note")
    return noted(db, note), meetings.access_to_run(db, actor, note.meeting_id)


def answers_since(
    db: Session, meeting_id: int, item_id: int, seen: int, politician_id: int, recorder_id: int
) -> Sequence[Noted]:
    """What others wrote of the same answer after the last note that this one has seen."""
    return [
        one
        for one in notes(db, meeting_id, item_id)
        if one.note.kind is NoteKind.ANSWER
        and one.note.id > seen
        and one.note.recorded_by != recorder_id
        and one.post is not None
        and one.post.author_id == politician_id
    ]


def note_before(db: Session, note: HallNote) -> int | None:
    """The public note that was written down before this one."""
    wanted = (
        select(HallNote.id)
        .where(
            HallNote.meeting_id == note.meeting_id,
            HallNote.id < note.id,
            HallNote.kind != NoteKind.REMARK,
        )
        .order_by(HallNote.id.desc())
    )
    return db.scalars(wanted.limit(1)).first()


def newest_notes(db: Session, meeting_id: int, limit: int) -> list[Noted]:
    """What everyone may read of the notes, the newest first."""
    wanted = (
        select(HallNote, Post, AgendaItem, User.name)
        .join(Post, Post.id == HallNote.post_id)
        .outerjoin(AgendaItem, AgendaItem.id == HallNote.item_id)
        .join(User, User.id == HallNote.recorded_by)
        .where(HallNote.meeting_id == meeting_id, Post.state == PostState.VISIBLE)
        .order_by(HallNote.id.desc())
        .limit(limit)
    )
    return [Noted(*row) for row in db.execute(wanted)]


def note_of_post(db: Session, post_id: int) -> HallNote | None:
    """The note that a post came from."""
    return db.scalars(select(HallNote).where(HallNote.post_id == post_id)).first()
