"""The evening at the meeting that was held: what was said there, and what became of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.agenda import commands as agenda
from dialog.agenda import queries as agenda_queries
from dialog.agenda import running
from dialog.agenda.hall import noting as hall_noting
from dialog.agenda.hall import slips as hall_slips
from dialog.agenda.hall.models import NoteKind
from dialog.agenda.models import AgendaItem
from dialog.debates import confirming, oral
from dialog.debates.models import AtMeeting, Origin, Post, PostKind
from dialog.debates.spoken import Said
from dialog.demo.calendar import at
from dialog.demo.town import Act, Content, Event, Town, read
from dialog.meetings import staffing

CHIEF = "line"


def events(town: Town, met: list[Content]) -> Iterator[Event]:
    """Everything said aloud, in no order."""
    told = read("hall")
    meeting = next(one for one in met if one["key"] == told["meeting"])
    held_on = town.calendar.moment(meeting["day"], "12:00").date()
    yield at(held_on, "12:00"), _getting_ready(town, told)
    for item in told["item"]:
        yield at(held_on, item["starts"]), _taking_up(town, told, item)
        yield at(held_on, item["ends"]), _finishing(town, told, item)
    day_after = held_on + timedelta(days=1)
    for note in told["note"]:
        yield at(held_on, note["said"]), _noting(town, told, note)
        if "amended" in note:
            yield at(day_after, note["amended_at"]), _amending(town, note)
    for spoken in told["spoken"]:
        said_at = at(held_on, spoken["said"])
        when = said_at
        if "recorded_day" in spoken:
            when = town.calendar.spoken(spoken["recorded_day"], spoken["recorded_time"])
        yield when, _answering(town, told, spoken, said_at)
        if "confirmed_at" in spoken:
            yield at(day_after, spoken["confirmed_at"]), _confirming(town, spoken)
    for asked in told["asked"]:
        when = town.calendar.spoken(asked["recorded_day"], asked["recorded_time"])
        yield when, _found(town, told, asked, held_on)
    for remark in told["remark"]:
        yield at(held_on, remark["said"]), _noting(town, told, {"kind": "remark", **remark})
    for voice in told["voice"]:
        yield town.calendar.spoken(voice["day"], voice["time"]), _entering(town, voice)


def _getting_ready(town: Town, told: Content) -> Act:
    def ready(now: datetime) -> None:
        meeting_id = town.meetings[told["meeting"]]
        panel = [town.users[key].id for key in told["panel"]]
        staffing.name_staff(
            town.db,
            town.actor(CHIEF),
            meeting_id=meeting_id,
            chairs=[town.users[key].id for key in told["chairs"]],
            note_takers=[town.users[told["by"]].id],
            panel=panel,
            now=now,
        )
        for item in told["item"]:
            if agenda_queries.earlier_item(town.db, meeting_id, town.posts[item["question"]]):
                continue
            agenda.put_question_on(
                town.db,
                town.actor(CHIEF),
                meeting_id=meeting_id,
                question_id=town.posts[item["question"]],
                now=now,
            )

    return ready


def _item(town: Town, told: Content, question: str) -> AgendaItem:
    meeting_id = town.meetings[told["meeting"]]
    found = agenda_queries.earlier_item(town.db, meeting_id, town.posts[question])
    assert found is not None, question
    return found


def _taking_up(town: Town, told: Content, item: Content) -> Act:
    return lambda now: running.start_item(
        town.db,
        town.actor(CHIEF),
        meeting_id=town.meetings[told["meeting"]],
        item_id=_item(town, told, item["question"]).id,
        now=now,
    )


def _finishing(town: Town, told: Content, item: Content) -> Act:
    return lambda now: running.finish_item(
        town.db,
        town.actor(CHIEF),
        meeting_id=town.meetings[told["meeting"]],
        item_id=_item(town, told, item["question"]).id,
        state=AtMeeting.ANSWERED,
        now=now,
    )


def _noting(town: Town, told: Content, note: Content) -> Act:
    def take(now: datetime) -> None:
        row = hall_noting.take_note(
            town.db,
            town.actor(told["by"]),
            meeting_id=town.meetings[told["meeting"]],
            note=hall_noting.Note(
                key=f"demo-{note['said']}-{note['kind']}",
                kind=NoteKind(note["kind"]),
                body=note["text"],
                item_id=_item(town, told, note["item"]).id if "item" in note else None,
                thread_id=town.threads[note["thread"]] if "thread" in note else None,
                politician_id=_user_id(town, note.get("politician")),
                speaker=note.get("speaker", ""),
                speaks_for=note.get("speaks_for", 1),
            ),
            now=now,
        )
        if row.post_id is not None:
            town.posts[note["key"]] = row.post_id
        if note.get("slip") and row.post_id is not None:
            by = town.actor(told["by"])
            slip, _code = hall_slips.make_slip(town.db, by, post_id=row.post_id, now=now)
            hall_slips.confirm(town.db, slip_id=slip.id, now=now)

    return take


def _user_id(town: Town, key: str | None) -> int | None:
    return town.users[key].id if key else None


def _amending(town: Town, note: Content) -> Act:
    return lambda now: confirming.amend_answer(
        town.db,
        town.actor(note["politician"]),
        post_id=town.posts[note["key"]],
        body=note["amended"],
        now=now,
    )


def _found(town: Town, told: Content, asked: Content, held_on: date) -> Act:
    """A question from the hall and its answer, entered days after they were said."""

    def find(now: datetime) -> None:
        made = oral.record_contribution(
            town.db,
            town.actor(told["by"]),
            thread_id=town.threads[asked["thread"]],
            parent_id=None,
            said=Said(
                body=asked["text"],
                speaker=asked["speaker"],
                meeting_id=town.meetings[told["meeting"]],
                said_at=at(held_on, asked["said"]),
            ),
            kind=PostKind.QUESTION,
            now=now,
        )
        town.posts[asked["key"]] = made.id
        spoken = {
            "under": asked["key"],
            "politician": asked["politician"],
            "text": asked["answer"],
        }
        _answering(town, told, spoken, at(held_on, asked["answered"]))(now)

    return find


def _answering(town: Town, told: Content, spoken: Content, said_at: datetime) -> Act:
    def answer(now: datetime) -> None:
        made = oral.record_answer(
            town.db,
            town.actor(told["by"]),
            question_id=town.posts[spoken["under"]],
            politician_id=town.users[spoken["politician"]].id,
            said=Said(
                body=spoken["text"], meeting_id=town.meetings[told["meeting"]], said_at=said_at
            ),
            now=now,
        )
        town.posts[f"{spoken['under']}-answer"] = made.id

    return answer


def _confirming(town: Town, spoken: Content) -> Act:
    return lambda now: confirming.confirm_answer(
        town.db,
        town.actor(spoken["politician"]),
        post_id=town.posts[f"{spoken['under']}-answer"],
        now=now,
    )


def _entering(town: Town, voice: Content) -> Act:
    return lambda now: hall_slips.enter_voice(
        town.db,
        town.actor(CHIEF),
        parent_id=_opening(town.db, town.threads[voice["thread"]]),
        said=Said(
            body=voice["text"],
            speaker=voice["speaker"],
            area=voice.get("area", ""),
            origin=Origin(voice["origin"]),
            speaks_for=voice["speaks_for"],
            said_at=now,
        ),
        is_question=False,
        now=now,
    )


def _opening(db: Session, thread_id: int) -> int:
    return db.scalars(select(Post.id).where(Post.thread_id == thread_id, Post.path == "")).one()
