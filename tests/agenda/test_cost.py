"""What the pages of a meeting ask of the store, whoever reads them and however much there is."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from dialog.agenda.hall import commands as hall_commands
from dialog.agenda.hall import flow as hall_flow
from dialog.agenda.hall import noting as hall_noting
from dialog.agenda.hall.models import NoteKind
from dialog.agenda.hall.noting import Note
from dialog.core import clock
from dialog.permissions import VISITOR, Actor
from tests import make
from tests.agenda.evening import Evening, make_evening
from tests.agenda.people import publish, put_on
from tests.pages import town as towns

MOST = 8  # statements: of the frame and of who reads, three; the rest is the page's
FOR_EVERYONE = ("", "/agenda", "/hall", "/hall/state", "/screen", "/minutes")
FOR_THE_STAFF = ("/chair", "/notes")
PLAN = "/agenda/plan"  # shows what could come on as well, and what several sides raise
MOST_OF_PLAN = 10


def evening_with(app: Flask, questions: int, slug: str = "lille") -> Evening:
    """An evening in its third point, with so many questions: a third of them on the agenda."""
    began = clock.now() - timedelta(hours=1)
    with make.committed(app) as db:
        evening = make_evening(db, began=began, slug=slug)
        people = [make.make_citizen(db, f"Per {n}sen", area=f"Område {n}") for n in "abc"]
        publish(db, evening.meeting, now=began - timedelta(days=3))
        for number in range(questions - 2):
            under = make.make_post(
                db, evening.thread, people[number % 3], body=f"Emne {number}", now=began
            )
            asked = make.make_question(
                db, evening.thread, people[number % 2], under=under, body=f"Nummer {number}?",
                now=began,
            )  # fmt: skip
            if number % 3 == 0:
                put_on(db, evening.meeting, asked, now=clock.now())
        for number in range(questions // 3):
            hall_commands.raise_hand(
                db, VISITOR, meeting_id=evening.meeting.id, code=evening.code,
                name=f"Gæst {number}", key=f"key {number}", now=clock.now(),
            )  # fmt: skip
            say(db, evening, number)
        for _point in range(3):
            hall_flow.go_on(db, evening.chair, meeting_id=evening.meeting.id, now=clock.now())
    return evening


def say(db: Session, evening: Evening, number: int) -> None:
    note = Note(
        key=f"a key of {number}", kind=NoteKind.CONTRIBUTION, body=f"Det er sagt {number}.",
        item_id=evening.items[0].id,
    )  # fmt: skip
    hall_noting.take_note(
        db, evening.notes, meeting_id=evening.meeting.id, note=note, now=clock.now()
    )


def costs(app: Flask, evening: Evening, who: Actor | None) -> dict[str, int]:
    """How many statements each page takes of this reader."""
    reader = towns.browser(app)
    if who is not None:
        make.sign_in(app, reader, who)
    reader.get("/")
    is_staff = who in (evening.notes, evening.chair)
    found = {}
    for path in (*FOR_EVERYONE, *((*FOR_THE_STAFF, PLAN) if is_staff else ())):
        with towns.counted_statements(app) as sent:
            answer = reader.get(f"/meetings/{evening.meeting.id}{path}")
        assert answer.status_code == 200, path
        found[path] = len(sent)
    return found


def everyone(app: Flask, evening: Evening) -> list[dict[str, int]]:
    """The same of a visitor, a citizen, one on the panel, the note-taker and the chief."""
    with make.committed(app) as db:
        karen = make.make_citizen(db)
    who = (None, karen, evening.panel[0], evening.notes, evening.chair)
    return [costs(app, evening, one) for one in who]


def test_no_page_of_a_meeting_takes_more_than_eight_statements_of_anyone_however_much_there_is(
    app: Flask,
) -> None:
    few = everyone(app, evening_with(app, 30))
    assert everyone(app, evening_with(app, 300, "stor")) == few
    for costs_of_one in few:
        assert costs_of_one.pop(PLAN, 0) <= MOST_OF_PLAN
        assert max(costs_of_one.values()) <= MOST, costs_of_one
