"""What the page of a meeting asks of the store."""

from datetime import timedelta

from flask import Flask

from dialog.agenda.hall import minutes as hall_minutes
from dialog.core import clock
from dialog.meetings import staffing
from tests import make
from tests.pages import town as towns

NOW = clock.now()


def cost(app: Flask, questions: int, slug: str) -> tuple[int, str]:
    """How many statements the page takes of one who sat on the panel, and the page."""
    with make.committed(app) as db:
        dialogue = make.make_consultation(db, slug)
        meeting = make.make_meeting(db, dialogue, starts_at=NOW - timedelta(days=2))
        thread = make.make_thread(db, dialogue, meeting=meeting, now=NOW - timedelta(days=20))
        for number in range(questions):
            make.make_question(db, thread, body=f"Nummer {number}?", now=NOW - timedelta(days=9))
        chief, anders = make.make_chief(db), make.make_politician(db)
        staffing.name_staff(
            db, chief, meeting_id=meeting.id, chairs=[], note_takers=[],
            panel=[anders.id or 0], now=NOW,
        )  # fmt: skip
        hall_minutes.publish(db, chief, meeting_id=meeting.id, source="Vi talte.", now=NOW)
        hall_minutes.dissent_by_account(
            db, anders, meeting_id=meeting.id, body="Vi sang også.", now=NOW
        )
    reader = towns.browser(app)
    make.sign_in(app, reader, anders)
    reader.get(f"/meetings/{meeting.id}")
    with towns.counted_statements(app) as sent:
        page = reader.get(f"/meetings/{meeting.id}").text
    return len(sent), page


def test_a_meeting_costs_no_more_with_three_hundred_questions_than_with_thirty(app: Flask) -> None:
    few, _page = cost(app, 30, "lille")
    many, page = cost(app, 300, "stor")
    assert "300 spørgsmål venter på svar" in page
    assert "Vi talte." in page
    assert "Vi sang også." in page
    assert many == few
    assert many <= 8
