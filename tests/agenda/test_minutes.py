"""The minutes grow out of the evening, stand in versions, and come back into every thread."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.agenda.hall import flow as hall_flow
from dialog.agenda.hall import minutes as hall_minutes
from dialog.agenda.hall import noting as hall_noting
from dialog.agenda.hall import slip_queries as hall_slip_queries
from dialog.agenda.hall import slips as hall_slips
from dialog.agenda.hall.models import NoteKind
from dialog.agenda.hall.noting import Note
from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.core.errors import AlreadyDone, InvalidInput, TooLate
from dialog.debates import writing_queries
from dialog.debates.models import Origin, Post, Voice
from dialog.meetings import minutes
from dialog.meetings.models import Meeting
from dialog.permissions import Actor
from tests import make
from tests.agenda.evening import Evening, make_evening
from tests.make import NOW

AFTER = NOW + timedelta(hours=3)


def note(db: Session, evening: Evening, key: str, kind: NoteKind, body: str, **more: Any) -> Post:
    here = {"item_id": evening.items[0].id, "politician_id": evening.panel[0].id}
    made = hall_noting.take_note(
        db, evening.notes, meeting_id=evening.meeting.id,
        note=Note(key=key, kind=kind, body=body, **here | more), now=NOW,
    )  # fmt: skip
    return db.get_one(Post, made.post_id) if made.post_id else Post()


def talk(db: Session) -> tuple[Evening, Post]:
    """The whole evening: one answer, one voice, one remark; the second point was not reached."""
    evening = make_evening(db)
    meeting, chair = evening.meeting.id, evening.chair
    hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW)
    note(db, evening, "noegle-1111", NoteKind.ANSWER, "Det gør *hjemmeplejen*.")
    spoken = note(
        db, evening, "noegle-2222", NoteKind.CONTRIBUTION, "Det passer ikke.", speaker="Ole",
        speaks_for=3,
    )  # fmt: skip
    note(db, evening, "noegle-3333", NoteKind.REMARK, "Salen klappede.")
    hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW)
    hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW)
    return evening, spoken


def publish(db: Session, evening: Evening, source: str, **more: Any) -> Meeting:
    return hall_minutes.publish(
        db, evening.chair, meeting_id=evening.meeting.id, source=source, now=AFTER,
        **more,
    )  # fmt: skip


def test_the_draft_tells_the_evening_in_its_order(db: Session) -> None:
    evening, _spoken = talk(db)
    draft = hall_minutes.draft_of(db, db.get_one(Meeting, evening.meeting.id))
    lines = [
        "**Hvem hjælper dem, der ikke selv kan?**",
        "- **Anders Toft (L)** svarede: Det gør \\*hjemmeplejen\\*.",
        "- Ole (taler for 3) sagde: Det passer ikke.",
        "- Salen klappede.",
        "**Ikke besvaret på mødet**",
        "- Hvad koster det?",
    ]
    places = [draft.find(line) for line in lines]
    assert -1 not in places, draft
    assert places == sorted(places)


def test_they_come_back_into_every_tied_thread_once_and_are_mended_there(db: Session) -> None:
    evening, _spoken = talk(db)
    consultation = db.get_one(Consultation, evening.meeting.consultation_id)
    other = make.make_thread(db, consultation, title="En anden tråd", meeting=evening.meeting)
    publish(db, evening, "Først.")
    publish(db, evening, "Siden.", reason="Et tal var forkert")
    for thread in (evening.thread, other):
        post = writing_queries.minutes_post(db, thread.id, evening.meeting.id)
        assert post is not None
        assert (post.voice, post.origin, post.depth) == (Voice.ADMINISTRATION, Origin.MEETING, 1)
        assert f"/meetings/{evening.meeting.id}/minutes" in post.source
        assert post.edition == 2
    found = minutes.versions(db, evening.meeting.id)
    assert [(one.number, one.source, one.reason) for one in found] == [
        (2, "Siden.", "Et tal var forkert"),
        (1, "Først.", None),
    ]


def test_the_same_words_are_no_new_version(db: Session) -> None:
    evening, _spoken = talk(db)
    publish(db, evening, "Først.")
    publish(db, evening, "Først.")
    assert len(minutes.versions(db, evening.meeting.id)) == 1


def test_a_stale_form_overwrites_nothing(db: Session) -> None:
    evening, _spoken = talk(db)
    version = db.get_one(Meeting, evening.meeting.id).version
    publish(db, evening, "Først.", version=version)
    with pytest.raises(AlreadyDone):
        publish(db, evening, "Siden.", version=version)


def dissent(db: Session, evening: Evening, who: Actor, days: int = 1) -> Post:
    return hall_minutes.dissent_by_account(
        db, who, meeting_id=evening.meeting.id, body="Jeg sagde noget andet.",
        now=AFTER + timedelta(days=days),
    )  # fmt: skip


def test_one_who_spoke_attaches_a_dissent_for_14_days(db: Session) -> None:
    evening, _spoken = talk(db)
    anders = evening.panel[0]
    with pytest.raises(TooLate):
        dissent(db, evening, anders)
    publish(db, evening, "Først.")
    post = dissent(db, evening, anders, 14)
    back = writing_queries.minutes_post(db, evening.thread.id, evening.meeting.id)
    assert back is not None
    assert post.parent_id == back.id
    assert [one.id for one in hall_slip_queries.dissents(db, evening.meeting.id)] == [post.id]
    with pytest.raises(TooLate):
        dissent(db, evening, anders, 15)
    with pytest.raises(InvalidInput):
        dissent(db, evening, make.make_other_citizen(db))


def test_a_slip_is_enough_for_a_dissent(db: Session) -> None:
    evening, spoken = talk(db)
    slip, _code = hall_slips.make_slip(db, evening.notes, post_id=spoken.id, now=NOW)
    publish(db, evening, "Først.")
    post = hall_minutes.dissent_by_slip(db, slip_id=slip.id, body="Nej.", now=AFTER)
    assert (post.author_name, post.author_id) == ("Ole", None)


def test_the_pages_show_draft_versions_and_dissent(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now() - timedelta(hours=3))
        hall_flow.go_on(db, evening.chair, meeting_id=evening.meeting.id, now=clock.now())
    make.sign_in(app, client, evening.chair)
    edit = f"/set-up/budget-2028/meetings/{evening.meeting.id}/minutes"
    assert "Et udkast ud fra det, der blev skrevet ned" in client.get(edit).text
    version = evening.meeting.version
    first = client.post(edit, data={"version": str(version), "source": "Det første."})
    assert first.status_code == 303, first.text
    client.post(edit, data={"version": str(version + 1), "source": "Det **andet**."})
    page = client.get(f"/meetings/{evening.meeting.id}/minutes").text
    assert "Version 2" in page
    assert "andet." in page
    assert "**" not in page
    assert "første." in page
    make.sign_in(app, client, evening.panel[0])
    here = f"/meetings/{evening.meeting.id}/dissent"
    assert client.post(here, data={"body": " "}).status_code == 422
    assert client.post(here, data={"body": "Det var ikke sådan."}).status_code == 303
    assert "Det var ikke sådan." in client.get(f"/meetings/{evening.meeting.id}").text
