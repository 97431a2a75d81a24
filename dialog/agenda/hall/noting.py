"""Writing down what is said, straight onto its place in the tree; the same note twice is one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda import queries
from dialog.agenda.hall import live as hall_live
from dialog.agenda.hall import note_queries as hall_note_queries
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.hall import thread_queries as hall_thread_queries
from dialog.agenda.hall.models import HallNote, NoteKind
from dialog.agenda.hall.note_queries import Noted
from dialog.agenda.models import AgendaItem
from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import AlreadyDone, DialogError, InvalidInput, NotFound, TooLate
from dialog.debates import oral
from dialog.debates.models import Origin, Post, PostKind, Thread
from dialog.debates.spoken import Said
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.permissions import Action, Actor, demand

WRITTEN_UP = timedelta(days=3)  # after the meeting, for what was noted on paper
LONGEST_REMARK = 2_000
KEY = range(8, 65)  # signs


@dataclass(frozen=True, kw_only=True)
class Note:
    """What the note-taker typed, and where it belongs: a point of the agenda or a thread.

    seen: the highest number of a note on that point that his page had shown.
    """

    key: str
    kind: NoteKind
    body: str
    item_id: int | None = None
    thread_id: int | None = None
    politician_id: int | None = None
    speaker: str = ""
    speaks_for: int = 1
    said_at: datetime | None = None
    seen: int | None = None


class TwoTexts(DialogError):
    """Another note-taker has written the same answer down. Nothing is overwritten."""

    def __init__(self, others: list[Noted]) -> None:
        super().__init__(_("En anden har skrevet det samme svar ned imens. Se begge tekster."))
        self.others = others


def take_note(db: Session, actor: Actor, *, meeting_id: int, note: Note, now: datetime) -> HallNote:
    """The note, and the post that it became. Sent again with the same key it is the same note.

    Raises: NotFound, NotAllowed, TooLate, InvalidInput (fields body, who, kind, place, key,
    speaks_for), TwoTexts when `seen` says that another's note was not seen.
    """
    meeting = _to_write(db, actor, meeting_id, now)
    if len(note.key) not in KEY:
        raise InvalidInput({"key": _("Hent siden igen, før du sender.")})
    again = hall_note_queries.note_with_key(db, meeting_id, note.key)
    if again is not None:
        return again
    said_at = _said_within(meeting, note.said_at, now)
    item = _item(db, meeting, note.item_id)
    _demand_seen(db, actor, meeting, item, note)
    row = HallNote(
        meeting_id=meeting.id,
        item_id=item.id if item else None,
        kind=note.kind,
        key=note.key,
        recorded_by=actor.id,
        said_at=said_at,
        saved_at=now,
    )
    if note.kind is NoteKind.REMARK:
        row.body = _remark(note.body)
    else:
        row.post_id = _post(db, actor, meeting, item, note, said_at, now).id
    db.add(row)
    db.flush()
    hall_queries.turn(db, meeting.id)
    audit.append(db, actor, "note_taken", ("hall_notes", row.id), now=now, content=note.body)
    if note.kind is not NoteKind.REMARK:
        hall_live.announce_noted(db, meeting.id, row.id)
    return row


def mend_note(
    db: Session, actor: Actor, *, note_id: int, body: str, edition: int, now: datetime
) -> HallNote:
    """The note in better words, for as long as its speaker has not confirmed it.

    edition: of the text that was being mended. Raises: NotFound, TooLate, InvalidInput (body),
    AlreadyDone when the other note-taker was first.
    """
    demand(actor, Action.RUN_MEETING)
    noted, _meeting = hall_note_queries.access_note(db, actor, note_id)
    if noted.post is None:
        _mend_remark(noted.note, _remark(body), edition)
    else:
        oral.rewrite(db, actor, post_id=noted.post.id, body=body, edition=edition, now=now)
    audit.append(db, actor, "note_mended", ("hall_notes", note_id), now=now, content=body)
    return noted.note


def _mend_remark(note: HallNote, body: str, edition: int) -> None:
    if note.edition != edition:
        raise AlreadyDone(_("En anden har rettet det imens. Intet er overskrevet."))
    note.body, note.edition = body, edition + 1


def _to_write(db: Session, actor: Actor, meeting_id: int, now: datetime) -> Meeting:
    demand(actor, Action.RUN_MEETING)
    queries.lock_agenda(db, meeting_id)
    meeting = meetings.access_to_run(db, actor, meeting_id)
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst, så der er intet at skrive ned."))
    if meeting.starts_at > now:
        raise TooLate(_("Mødet er ikke begyndt endnu."))
    if meeting.ends_at + WRITTEN_UP < now:
        raise TooLate(_("Det er mere end tre dage siden. Skriv det i referatet i stedet."))
    return meeting


def _said_within(meeting: Meeting, said_at: datetime | None, now: datetime) -> datetime:
    """When it was said: what the browser noted, if that lies in the meeting and behind us."""
    if said_at is None:
        return now
    return min(max(said_at, meeting.starts_at), now) if meeting.starts_at <= now else now


def _item(db: Session, meeting: Meeting, item_id: int | None) -> AgendaItem | None:
    if item_id is None:
        return None
    found = db.get(AgendaItem, item_id)
    if found is None or found.meeting_id != meeting.id:
        raise NotFound("agenda item")
    return found


def _demand_seen(
    db: Session, actor: Actor, meeting: Meeting, item: AgendaItem | None, note: Note
) -> None:
    is_answer = note.kind is NoteKind.ANSWER and note.seen is not None and item is not None
    if not is_answer or note.politician_id is None or actor.id is None:
        return
    others = hall_note_queries.answers_since(
        db, meeting.id, item.id if item else 0, note.seen or 0, note.politician_id, actor.id
    )
    if others:
        raise TwoTexts(list(others))


def _post(
    db: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem | None,
    note: Note,
    said_at: datetime,
    now: datetime,
) -> Post:
    said = Said(
        body=note.body,
        speaker=note.speaker,
        origin=Origin.MEETING,
        meeting_id=meeting.id,
        speaks_for=note.speaks_for,
        said_at=said_at,
    )
    question = db.get(Post, item.question_id) if item and item.question_id else None
    if note.kind is NoteKind.ANSWER:
        return _answer(db, actor, meeting, question, note, said, now)
    thread_id, parent_id = _place(db, meeting, item, question, note)
    return oral.record_contribution(
        db,
        actor,
        thread_id=thread_id,
        parent_id=parent_id,
        said=said,
        kind=PostKind.QUESTION if note.kind is NoteKind.QUESTION else PostKind.COMMENT,
        now=now,
    )


def _answer(
    db: Session,
    actor: Actor,
    meeting: Meeting,
    question: Post | None,
    note: Note,
    said: Said,
    now: datetime,
) -> Post:
    if question is None:
        raise InvalidInput({"place": _("Vælg det spørgsmål, der blev svaret på.")})
    seated = {one.user_id for one in hall_queries.panel(db, meeting.id)}
    if note.politician_id is None or note.politician_id not in seated:
        raise InvalidInput({"who": _("Vælg den i panelet, der svarede.")})
    return oral.record_answer(
        db,
        actor,
        question_id=question.id,
        politician_id=note.politician_id,
        said=said,
        now=now,
    )


def _place(
    db: Session, meeting: Meeting, item: AgendaItem | None, question: Post | None, note: Note
) -> tuple[int, int | None]:
    """The thread, and the post that it stands under there; None is the opening post."""
    if question is not None:
        return question.thread_id, question.id
    thread: Thread | None = None
    if item is not None and item.proposal_id is not None:
        thread = hall_thread_queries.thread_about(db, meeting, item.proposal_id)
    elif note.thread_id is not None:
        thread = db.get(Thread, note.thread_id)
    if thread is None or thread.consultation_id != meeting.consultation_id:
        raise InvalidInput({"place": _("Vælg det punkt eller den tråd, det hører til.")})
    return thread.id, None


def _remark(body: str) -> str:
    text = html.tidy(body)
    if not text:
        raise InvalidInput({"body": _("Skriv noget, før du sender.")})
    if len(text) > LONGEST_REMARK:
        raise InvalidInput({"body": _("Bemærkningen er for lang. Der er plads til 2.000 tegn.")})
    return text
