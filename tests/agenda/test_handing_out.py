"""The meeting pack reaches those who sit in front: a week before, and once more if it changed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dialog.agenda import commands, handing_out, ordering
from dialog.agenda.models import AgendaItem
from dialog.consultations.models import Consultation, State
from dialog.core import jobs
from dialog.core.db import Database
from dialog.mail.commands import DELAY
from dialog.meetings import staffing
from dialog.meetings.models import Meeting
from dialog.notifications.models import Notification
from dialog.people.models import User
from dialog.permissions import Actor
from tests import make
from tests.agenda.people import put_on
from tests.make import NOW
from tests.notifications.post_office import html_of, send_due, text_of

STARTS = NOW + timedelta(days=20)
WEEK = STARTS - handing_out.BEFORE
HOUR = STARTS - handing_out.AGAIN_BEFORE - DELAY
MINUTE = timedelta(minutes=1)


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """A meeting with one point, two politicians on its panel, a chair and a note-taker."""
    with make.committed(app) as db:
        dialogue = make.make_consultation(db)
        meeting = make.make_meeting(db, dialogue, starts_at=STARTS, title="Ældre og sundhed")
        panel = [make.make_politician(db), make.make_politician(db, "Ida Falk", committee=None)]
        name(db, meeting, panel)
        add_point(db, meeting, "Velkomst")
        db.execute(update(User).values(confirmed_at=NOW))
        return meeting


def name(db: Session, meeting: Meeting, panel: list[Actor]) -> None:
    """Line leads the meeting, Jens writes, and these sit in front."""
    jens = make.make_citizen(db, "Jens Dam")
    staffing.name_staff(
        db, make.make_chief(db), meeting_id=meeting.id, chairs=[make.make_chief(db).id or 0],
        note_takers=[jens.id or 0], panel=[one.id or 0 for one in panel], now=NOW,
    )  # fmt: skip


def add_point(db: Session, meeting: Meeting, title: str) -> AgendaItem:
    return commands.put_title_on(
        db, make.make_chief(db), meeting_id=meeting.id, title=title, now=NOW
    )


@pytest.fixture
def reading(app: Flask) -> Iterator[Session]:
    database: Database = app.extensions["database"]
    with app.app_context(), database.reading() as db:
        yield db


def hand_out(app: Flask, at: datetime) -> None:
    assert jobs.run(app, "hand out meeting packs", at)


def told(db: Session, kind: str = "meeting_pack") -> list[str]:
    """The names of those who were told, each as often as it happened."""
    wanted = (
        select(User.name)
        .join(Notification, Notification.user_id == User.id)
        .where(Notification.kind == kind)
    )
    return sorted(db.scalars(wanted))


ALL = ["Anders Toft", "Ida Falk", "Jens Dam", "Line Østerby"]


def test_panel_chair_and_note_taker_get_it_seven_days_before_and_once(
    app: Flask, meeting: Meeting, reading: Session
) -> None:
    hand_out(app, WEEK - timedelta(seconds=1))
    assert told(reading) == []
    for minutes in (0, 1, 600):
        hand_out(app, WEEK + minutes * MINUTE)
    assert told(reading) == ALL


def test_two_workers_at_once_send_it_once(app: Flask, meeting: Meeting, reading: Session) -> None:
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _n: hand_out(app, WEEK), range(8)))
    assert told(reading) == ALL


def test_the_mail_has_a_link_and_no_attachment(app: Flask, meeting: Meeting) -> None:
    hand_out(app, WEEK)
    mails = send_due(app, WEEK + DELAY)
    assert sorted(str(mail["To"]).split("@")[0] for mail in mails) == [
        "anders.toft", "ida.falk", "jens.dam", "line.oesterby",
    ]  # fmt: skip
    mail = mails[0]
    assert "Mødemappen til borgermødet" in str(mail["Subject"])
    assert "er klar" in str(mail["Subject"])
    assert f"http://localhost/meetings/{meeting.id}/pack" in text_of(mail)
    assert f'href="http://localhost/meetings/{meeting.id}/pack"' in html_of(mail)
    assert "\nÆldre og sundhed: Kulturhuset" in text_of(mail)  # nobody's words, so no quote
    assert list(mail.iter_attachments()) == []


def test_the_link_needs_no_sign_in(app: Flask, client: FlaskClient, meeting: Meeting) -> None:
    assert client.get(f"/meetings/{meeting.id}/pack").status_code == 200


def test_an_agenda_that_changed_is_sent_again_an_hour_before_and_once(
    app: Flask, meeting: Meeting, reading: Session
) -> None:
    hand_out(app, WEEK)
    with make.committed(app) as db:
        add_point(db, meeting, "Pause")
    hand_out(app, HOUR - MINUTE)
    assert told(reading, "meeting_pack_again") == []
    hand_out(app, HOUR)
    with make.committed(app) as db:
        add_point(db, meeting, "Spørgsmål fra salen")
    hand_out(app, HOUR + MINUTE)
    assert told(reading, "meeting_pack_again") == ALL
    assert told(reading) == ALL
    [mail, *_more] = send_due(app, STARTS - handing_out.AGAIN_BEFORE)
    # What waited is told in one letter; the newer news is in it.
    assert "Dagsordenen til borgermødet" in text_of(mail)


@pytest.mark.parametrize("change", ["nothing", "there and back"])
def test_the_same_agenda_is_not_sent_again(
    app: Flask, meeting: Meeting, reading: Session, change: str
) -> None:
    with make.committed(app) as db:
        item = add_point(db, meeting, "Pause")
    hand_out(app, WEEK)
    if change != "nothing":
        with make.committed(app) as db:
            for step in (-1, 1):
                ordering.move(
                    db, make.make_chief(db), meeting_id=meeting.id, item_id=item.id, step=step,
                    now=NOW,
                )  # fmt: skip
    hand_out(app, HOUR)
    assert told(reading, "meeting_pack_again") == []


@pytest.mark.parametrize("change", ["order", "minutes", "off", "question"])
def test_whatever_the_hall_does_otherwise_is_a_change(
    app: Flask, meeting: Meeting, reading: Session, change: str
) -> None:
    with make.committed(app) as db:
        item = add_point(db, meeting, "Pause")
    hand_out(app, WEEK)
    with make.committed(app) as db:
        given: dict[str, Any] = {"meeting_id": meeting.id, "item_id": item.id, "now": NOW}
        chief = make.make_chief(db)
        if change == "order":
            ordering.move(db, chief, step=-1, **given)
        elif change == "minutes":
            commands.set_minutes(db, chief, minutes=9, **given)
        elif change == "off":
            commands.take_off(db, chief, reason="Vi når det ikke.", **given)
        else:
            dialogue = db.get_one(Consultation, meeting.consultation_id)
            thread = make.make_thread(db, dialogue, meeting=meeting, politicians=[])
            put_on(db, meeting, make.make_question(db, thread))
    hand_out(app, HOUR)
    assert told(reading, "meeting_pack_again") == ALL


def test_whoever_joins_the_panel_late_gets_it_then(
    app: Flask, meeting: Meeting, reading: Session
) -> None:
    hand_out(app, WEEK)
    with make.committed(app) as db:
        name(db, meeting, [make.make_politician(db, "Ole Bech", committee=None)])
    hand_out(app, WEEK + timedelta(days=3))
    assert told(reading) == sorted([*ALL, "Ole Bech"])


@pytest.mark.parametrize("why", ["cancelled", "draft", "begun"])
def test_nobody_gets_the_pack_of_what_is_not_to_come(
    app: Flask, meeting: Meeting, reading: Session, why: str
) -> None:
    with make.committed(app) as db:
        if why == "cancelled":
            db.get_one(Meeting, meeting.id).cancelled_at = NOW
        elif why == "draft":
            db.get_one(Consultation, meeting.consultation_id).state = State.DRAFT
    hand_out(app, STARTS if why == "begun" else WEEK)
    assert told(reading) == []


def test_a_cancellation_within_ten_minutes_stops_the_mail(app: Flask, meeting: Meeting) -> None:
    hand_out(app, WEEK)
    with make.committed(app) as db:
        db.get_one(Meeting, meeting.id).cancelled_at = WEEK
    assert send_due(app, WEEK + DELAY) == []
