"""A borgermøde that is changed says so in its threads, and heals pages that missed it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.agenda import commands as agenda
from dialog.consultations.models import Consultation
from dialog.debates import meeting_changes, setting_up
from dialog.debates.models import Thread
from dialog.gate import calling_off
from dialog.meetings.models import Meeting
from dialog.meetings.planning import MeetingContent
from tests import make
from tests.make import NOW


@pytest.fixture
def thread(app: Flask) -> Thread:
    """A thread whose meeting is not the dialogue's only one."""
    with make.committed(app) as db:
        dialogue = make.make_consultation(db)
        make.make_meeting(db, dialogue, starts_at=NOW + timedelta(days=20), title="Det andet")
        return make.make_thread(db, dialogue)


def dialogue_of(db: Session, thread: Thread) -> Consultation:
    return db.get_one(Consultation, thread.consultation_id)


def content_of(meeting: Meeting, **changes: Any) -> MeetingContent:
    content = MeetingContent(
        title=meeting.title,
        place=meeting.place,
        address=meeting.address,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )
    return replace(content, **changes)


def edit(db: Session, meeting_id: int, **changes: Any) -> Meeting:
    meeting = db.get_one(Meeting, meeting_id)
    chief, content = make.make_chief(db), content_of(meeting, **changes)
    return meeting_changes.edit_meeting(db, chief, meeting_id=meeting_id, content=content, now=NOW)


def rev_of(app: Flask, thread: Thread) -> int:
    with make.committed(app) as db:
        return db.get_one(Thread, thread.id).rev


def since(client: FlaskClient, thread: Thread, rev: int) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(client.get(f"/threads/{thread.id}/since/{rev}").text)
    return told


def test_a_meeting_that_moves_is_a_change_of_each_of_its_threads(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    with make.committed(app) as db:
        meeting = db.get_one(Meeting, thread.meeting_id)
        other = make.make_thread(db, dialogue_of(db, thread), meeting=meeting)
    known, known_there = rev_of(app, thread), rev_of(app, other)
    with make.committed(app) as db:
        edit(db, thread.meeting_id, place="Fjordbyhallen")
    assert rev_of(app, thread) == known + 1
    assert rev_of(app, other) == known_there + 1
    told = since(client, thread, known)
    assert told["rev"] == known + 1
    assert "Drøftes på borgermødet" in told["meeting"]
    assert "i Fjordbyhallen" in told["meeting"]
    assert "et andet sted: Kulturhuset" in told["meeting"]


def test_a_cancelled_meeting_is_told_on_thread_and_post_alike(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    with make.committed(app) as db:
        post = make.make_post(db, thread)
    known = rev_of(app, thread)
    with make.committed(app) as db:
        chief = make.make_chief(db)
        calling_off.cancel_meeting(
            db, chief, meeting_id=thread.meeting_id, reason="Vandskade", now=NOW
        )
    assert "Aflyst: Vandskade" in since(client, thread, known)["meeting"]
    for path in (f"/threads/{thread.id}", f"/posts/{post.id}"):
        page = client.get(path).text
        assert "er aflyst" in page
        assert "Aflyst: Vandskade" in page
        assert "Drøftes på" not in page


def test_what_stands_on_its_agenda_changes_along(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    with make.committed(app) as db:
        question = make.make_question(db, thread)
        agenda.put_question_on(
            db, make.make_chief(db), meeting_id=thread.meeting_id, question_id=question.id, now=NOW
        )
        make.make_post(db, thread, body="Ingen dagsorden")
    known = rev_of(app, thread)
    with make.committed(app) as db:
        later = db.get_one(Meeting, thread.meeting_id).starts_at + timedelta(days=1)
        edit(db, thread.meeting_id, starts_at=later, ends_at=later + timedelta(hours=2))
    told = since(client, thread, known)
    assert [one["id"] for one in told["posts"]] == [question.id]
    html = told["posts"][0]["html"].replace("\xa0", " ")
    assert "På dagsordenen til borgermødet 21. september" in html


def test_a_question_from_another_thread_tells_it_there(app: Flask, thread: Thread) -> None:
    with make.committed(app) as db:
        dialogue = dialogue_of(db, thread)
        elsewhere = make.make_thread(db, dialogue, meeting=make.make_meeting(db, dialogue))
        question = make.make_question(db, elsewhere)
        agenda.put_question_on(
            db, make.make_chief(db), meeting_id=thread.meeting_id, question_id=question.id, now=NOW
        )
    known = rev_of(app, elsewhere)
    with make.committed(app) as db:
        edit(db, thread.meeting_id, place="Fjordbyhallen")
    assert rev_of(app, elsewhere) == known + 1


def test_a_thread_that_gets_another_meeting_says_so(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    known = rev_of(app, thread)
    with make.committed(app) as db:
        other = make.make_meeting(db, dialogue_of(db, thread), place="Østre Skole")
        setting_up.edit_thread(
            db, make.make_chief(db), thread_id=thread.id, title=thread.title, intro="",
            meeting_id=other.id, proposal_ids=[], politician_ids=[], version=1, now=NOW,
        )  # fmt: skip
    told = since(client, thread, known)
    assert told["rev"] == known + 1
    assert "på Østre Skole" in told["meeting"]
