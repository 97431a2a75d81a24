"""Proposals on the agenda: put there by the chair, moved, timed, talked about, and taken off."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.agenda import commands, point_queries, queries
from dialog.agenda.hall import noting
from dialog.agenda.hall.models import NoteKind
from dialog.agenda.models import AgendaItem
from dialog.audit.models import AuditEvent
from dialog.catalogue.models import Proposal
from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.debates.models import Post
from dialog.meetings.models import Meeting
from tests import make
from tests.agenda.evening import make_evening
from tests.agenda.people import AFTER
from tests.agenda.test_pages import chief, post
from tests.make import NOW

SOON = clock.now() + timedelta(days=7)


@pytest.fixture
def dialogue(db: Session) -> Consultation:
    return make.make_consultation(db)


@pytest.fixture
def meeting(db: Session, dialogue: Consultation) -> Meeting:
    return make.make_meeting(db, dialogue)


@pytest.fixture
def proposal(db: Session, dialogue: Consultation) -> Proposal:
    return make.make_proposal(db, dialogue)


def put_on(db: Session, meeting: Meeting, proposal: Proposal, minutes: int = 15) -> AgendaItem:
    return commands.put_proposal_on(
        db, make.make_chief(db), meeting_id=meeting.id, proposal_id=proposal.id, minutes=minutes,
        now=NOW,
    )  # fmt: skip


def test_a_proposal_stands_on_the_agenda_with_its_code_and_time(
    db: Session, meeting: Meeting, proposal: Proposal
) -> None:
    item = put_on(db, meeting, proposal, 20)
    [point] = point_queries.agenda(db, meeting.id)
    assert point.heading == "ÆO-01 Færre ture med rengøring"
    assert (point.item.minutes, point.question) == (20, None)
    noted = select(AuditEvent.action).where(AuditEvent.object_type == "agenda_items")
    assert db.scalars(noted).all() == ["agenda_item_added"]
    assert item.code


def test_it_is_put_there_once(db: Session, meeting: Meeting, proposal: Proposal) -> None:
    put_on(db, meeting, proposal)
    with pytest.raises(AlreadyDone):
        put_on(db, meeting, proposal)


def test_what_was_taken_off_comes_back_with_its_code(
    db: Session, meeting: Meeting, proposal: Proposal
) -> None:
    item = put_on(db, meeting, proposal)
    code = item.code
    commands.take_off(
        db, make.make_chief(db), meeting_id=meeting.id, item_id=item.id, reason="Salen er lille.",
        now=NOW,
    )  # fmt: skip
    assert queries.items(db, meeting.id) == []
    again = put_on(db, meeting, proposal)
    assert (again.id, again.code, again.taken_off_reason) == (item.id, code, None)


@pytest.mark.parametrize("minutes", [0, 241])
def test_the_time_has_its_limits(
    db: Session, meeting: Meeting, proposal: Proposal, minutes: int
) -> None:
    with pytest.raises(InvalidInput) as refused:
        put_on(db, meeting, proposal, minutes)
    assert list(refused.value.fields) == ["proposal_minutes"]


def test_another_dialogues_proposal_is_refused(db: Session, meeting: Meeting) -> None:
    other = make.make_proposal(db, make.make_consultation(db, "andet"), "BS-01")
    with pytest.raises(InvalidInput):
        put_on(db, meeting, other)


def test_only_those_who_run_the_meeting_put_it_there(
    db: Session, meeting: Meeting, proposal: Proposal
) -> None:
    with pytest.raises(NotFound):
        commands.put_proposal_on(
            db, make.make_citizen(db), meeting_id=meeting.id, proposal_id=proposal.id, now=NOW
        )


def test_after_the_meeting_the_agenda_is_fixed(
    db: Session, meeting: Meeting, proposal: Proposal
) -> None:
    with pytest.raises(TooLate):
        commands.put_proposal_on(
            db, make.make_chief(db), meeting_id=meeting.id, proposal_id=proposal.id, now=AFTER
        )


def test_those_that_the_meetings_threads_debate_are_offered_first(
    db: Session, dialogue: Consultation, meeting: Meeting
) -> None:
    make.make_proposal(db, dialogue, "A-1")
    debated = make.make_proposal(db, dialogue, "B-1")
    on_it = make.make_proposal(db, dialogue, "C-1")
    make.make_thread(db, dialogue, meeting=meeting, proposals=[debated])
    put_on(db, meeting, on_it)
    offered = queries.proposals_to_put_on(db, meeting)
    assert [(one.code, is_debated) for one, is_debated in offered] == [
        ("B-1", True),
        ("A-1", False),
    ]


def test_what_is_said_about_it_comes_into_its_thread(db: Session) -> None:
    evening = make_evening(db)
    dialogue = db.get_one(Consultation, evening.meeting.consultation_id)
    proposal = make.make_proposal(db, dialogue)
    thread = make.make_thread(
        db, dialogue, meeting=evening.meeting, proposals=[proposal], title="To"
    )
    item = put_on(db, evening.meeting, proposal)
    note = noting.Note(
        key="noegle-proposal", kind=NoteKind.CONTRIBUTION, item_id=item.id, speaker="Ole",
        body="Min mor kan ikke selv.",
    )  # fmt: skip
    noting.take_note(db, evening.notes, meeting_id=evening.meeting.id, note=note, now=NOW)
    said = db.scalars(select(Post).where(Post.source == "Min mor kan ikke selv.")).one()
    assert said.thread_id == thread.id


# --- The form -------------------------------------------------------------------------------------


@pytest.fixture
def planned(app: Flask) -> tuple[Meeting, Proposal]:
    with make.committed(app) as db:
        dialogue = make.make_consultation(db)
        meeting = make.make_meeting(db, dialogue, starts_at=SOON)
        proposal = make.make_proposal(db, dialogue)
        make.make_thread(db, dialogue, meeting=meeting, proposals=[proposal])
        return meeting, proposal


def test_the_chair_puts_one_on_without_a_script(
    app: Flask, client: FlaskClient, planned: tuple[Meeting, Proposal]
) -> None:
    meeting, proposal = planned
    chief(app, client)
    address = f"/meetings/{meeting.id}/agenda"
    page = client.get(f"{address}/plan").text
    assert '<optgroup label="I mødets tråde">' in page
    sent = post(
        client, f"{address}/proposals", {"proposal_id": proposal.id, "proposal_minutes": "20"}
    )
    assert sent.status_code == 303
    page = client.get(f"{address}/plan").text
    assert "Forslaget står på dagsordenen nu." in page
    assert "Et forslag, mødet skal tale om" not in page  # there is none left
    shown = client.get(address).text
    assert f'href="/proposals/{proposal.id}"' in shown
    assert "ÆO-01 Færre ture med rengøring" in shown
    assert "20 minutter" in shown.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"proposal_id": "0", "proposal_minutes": "15"}, "Vælg det forslag, mødet skal tale om."),
        ({"proposal_id": "x", "proposal_minutes": "15"}, "Vælg det forslag, mødet skal tale om."),
        ({"proposal_minutes": "15"}, "Vælg det forslag, mødet skal tale om."),
        ({"proposal_id": "1", "proposal_minutes": "0"}, "Sæt mellem 1 og 240 minutter af."),
        ({"proposal_id": "1", "proposal_minutes": "en time"}, "Skriv et helt tal."),
        ({"proposal_id": "1", "proposal_minutes": ""}, "Skriv et helt tal."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(
    app: Flask,
    client: FlaskClient,
    planned: tuple[Meeting, Proposal],
    fields: dict[str, str],
    says: str,
) -> None:
    chief(app, client)
    sent = post(client, f"/meetings/{planned[0].id}/agenda/proposals", fields)
    assert sent.status_code == 422
    assert sent.text.count(says) == 2  # on top, and at the field
    assert sent.text.count('aria-invalid="true"') == 1
