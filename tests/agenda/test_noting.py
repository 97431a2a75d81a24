"""What the note-taker writes lands on its place in the tree, once, and overwrites nobody."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.agenda.hall import note_queries as hall_note_queries
from dialog.agenda.hall import noting as hall_noting
from dialog.agenda.hall.models import HallNote, NoteKind
from dialog.agenda.hall.noting import Note, TwoTexts
from dialog.core import clock
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.debates.models import Post
from dialog.meetings.models import Meeting
from dialog.permissions import Actor
from tests import make
from tests.agenda.evening import Evening, make_evening
from tests.make import NOW


def take(db: Session, evening: Evening, who: Actor | None = None, **more: Any) -> HallNote:
    """A note on the first point: the answer of Anders, unless told otherwise."""
    what: dict[str, Any] = {
        "key": "noegle-1234",
        "kind": NoteKind.ANSWER,
        "body": "Det gør hjemmeplejen.",
        "item_id": evening.items[0].id,
        "politician_id": evening.panel[0].id,
    }
    now = more.pop("now", NOW)
    return hall_noting.take_note(
        db, who or evening.notes, meeting_id=evening.meeting.id, note=Note(**what | more), now=now
    )


def post_of(db: Session, note: HallNote) -> Post:
    return db.get_one(Post, note.post_id or 0)


def test_an_answer_stands_under_its_question(db: Session) -> None:
    evening = make_evening(db)
    post = post_of(db, take(db, evening))
    assert (post.parent_id, post.is_answer) == (evening.questions[0].id, True)
    assert post.author_name == "Anders Toft"


def test_the_same_note_sent_twice_is_one(db: Session) -> None:
    evening = make_evening(db)
    assert take(db, evening).id == take(db, evening, body="Andre ord.").id
    assert len(hall_note_queries.notes(db, evening.meeting.id)) == 1


def test_what_comes_late_keeps_the_time_it_was_said(db: Session) -> None:
    evening = make_evening(db)
    said = NOW - timedelta(minutes=20)
    assert take(db, evening, said_at=said).said_at == said
    early = take(db, evening, key="noegle-5678", said_at=NOW - timedelta(days=3))
    assert early.said_at == evening.meeting.starts_at
    ahead = take(db, evening, key="noegle-9012", said_at=NOW + timedelta(days=3))
    assert ahead.said_at == NOW


def test_a_question_from_the_hall_stands_in_the_chosen_thread(db: Session) -> None:
    evening = make_evening(db)
    note = take(
        db, evening, kind=NoteKind.QUESTION, item_id=None, thread_id=evening.thread.id,
        speaker="Ole", speaks_for=4, body="Hvad med vinteren?",
    )  # fmt: skip
    post = post_of(db, note)
    assert (post.depth, post.awaits_answer, post.speaks_for) == (1, True, 4)


def test_a_remark_stands_in_the_minutes_alone(db: Session) -> None:
    evening = make_evening(db)
    note = take(db, evening, kind=NoteKind.REMARK, body="Pause i ti minutter.")
    assert (note.post_id, note.body) == (None, "Pause i ti minutter.")
    assert hall_note_queries.newest_notes(db, evening.meeting.id, 5) == []


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("body", {"body": "  "}),
        ("who", {"politician_id": None}),
        ("who", {"politician_id": 9_999}),
        ("place", {"item_id": None}),
        ("place", {"kind": NoteKind.CONTRIBUTION, "item_id": None}),
        ("key", {"key": "kort"}),
    ],
)
def test_what_has_no_place_is_refused(db: Session, field: str, changed: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        take(db, make_evening(db), **changed)
    assert field in refused.value.fields


def test_only_those_who_run_the_meeting_write(db: Session) -> None:
    with pytest.raises(NotFound):
        take(db, make_evening(db), make.make_other_citizen(db))


def test_nothing_is_written_before_long_after_or_at_a_cancelled_meeting(db: Session) -> None:
    evening = make_evening(db)
    for moment in (evening.meeting.starts_at - timedelta(hours=1), NOW + timedelta(days=4)):
        with pytest.raises(TooLate):
            take(db, evening, now=moment)
    db.get_one(Meeting, evening.meeting.id).cancelled_at = NOW
    with pytest.raises(TooLate):
        take(db, evening)


def test_the_second_note_taker_sees_both_texts(db: Session) -> None:
    evening = make_evening(db)
    first = take(db, evening, seen=0)
    with pytest.raises(TwoTexts) as both:
        take(db, evening, evening.chair, key="noegle-5678", body="Hjemmeplejen, sagde han.", seen=0)
    assert [one.words for one in both.value.others] == ["Det gør hjemmeplejen."]
    second = take(db, evening, evening.chair, key="noegle-5678", body="To.", seen=first.id)
    assert second.id != first.id


def test_one_who_mends_a_stale_note_is_told(db: Session) -> None:
    evening = make_evening(db)
    for kind, key in ((NoteKind.ANSWER, "noegle-1234"), (NoteKind.REMARK, "noegle-5678")):
        note = take(db, evening, kind=kind, key=key)
        mend: dict[str, Any] = {"note_id": note.id, "edition": 1, "now": NOW}
        hall_noting.mend_note(db, evening.notes, body="Først.", **mend)
        with pytest.raises(AlreadyDone):
            hall_noting.mend_note(db, evening.chair, body="Sidst.", **mend)
        assert hall_note_queries.noted(db, note).words == "Først."


def fields(evening: Evening, **more: str) -> dict[str, str]:
    return {
        "key": "noegle-1234",
        "kind": "answer",
        "place": f"item:{evening.items[0].id}",
        "who": str(evening.panel[0].id),
        "body": "Det gør hjemmeplejen.",
        "seen": "0",
    } | more


def test_the_page_takes_a_note_without_a_script(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now() - timedelta(minutes=30))
    make.sign_in(app, client, evening.notes)
    here = f"/meetings/{evening.meeting.id}/notes"
    assert "Hvad blev der sagt?" in client.get(here).text
    assert client.post(here, data=fields(evening)).status_code == 303
    assert "Det gør hjemmeplejen." in client.get(here).text
    refused = client.post(here, data=fields(evening, key="noegle-5678", body=" "))
    assert refused.status_code == 422
    assert "Skriv noget, før du sender." in refused.text
    assert "Det gør hjemmeplejen." in client.get(f"/meetings/{evening.meeting.id}/hall").text
    assert "Det gør hjemmeplejen." in client.get(f"/threads/{evening.thread.id}").text


def test_a_script_is_told_of_both_texts_and_a_reader_sees_them(
    app: Flask, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now() - timedelta(minutes=30))
        take(db, evening, now=clock.now())
    make.sign_in(app, client, evening.chair)
    here, second = f"/meetings/{evening.meeting.id}/notes", fields(evening, key="noegle-5678")
    told = client.post(here, data=second, headers={"Accept": "application/json"})
    assert told.status_code == 409
    assert told.json is not None
    assert told.json["two"][0]["words"] == "Det gør hjemmeplejen."
    shown = client.post(here, data=second | {"body": "Mine egne ord."})
    assert shown.status_code == 409
    assert "Mine egne ord." in shown.text
    assert "Det gør hjemmeplejen." in shown.text


def test_the_hall_costs_no_more_with_many_points(app: Flask, client: FlaskClient) -> None:
    from sqlalchemy import event

    with make.committed(app) as db:
        evening = make_evening(db)
    counts = []
    database = app.extensions["database"]

    def count(*_args: Any) -> None:
        counts.append(1)

    event.listen(database.reader, "before_cursor_execute", count)
    client.get(f"/meetings/{evening.meeting.id}/screen")
    event.remove(database.reader, "before_cursor_execute", count)
    assert len(counts) <= 12
