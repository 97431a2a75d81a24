"""An evening in which everybody presses at the same moment."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialog.agenda import running
from dialog.agenda.hall import commands as hall_commands
from dialog.agenda.hall import flow as hall_flow
from dialog.agenda.hall import minutes as hall_minutes
from dialog.agenda.hall import noting as hall_noting
from dialog.agenda.hall.models import HallNote, Hand, HandState, NoteKind
from dialog.agenda.hall.noting import Note
from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.core.db import Database
from dialog.debates import commands as debates
from dialog.permissions import VISITOR
from tests import make
from tests.agenda.evening import Evening, make_evening
from tests.agenda.people import put_on

PHONES, NOTES = 12, 12
Act = Callable[[Any], object]


def all_at_once(app: Flask, acts: Sequence[Act]) -> list[Exception]:
    """What went wrong when each did his in a transaction of its own, all of them together."""
    database: Database = app.extensions["database"]
    start, wrong = threading.Barrier(len(acts)), list[Exception]()

    def do(act: Act) -> None:
        start.wait()
        try:
            with app.test_request_context(), database.transaction() as db:
                act(db)
        except Exception as error:  # noqa: BLE001  (told to the test)
            wrong.append(error)

    threads = [threading.Thread(target=do, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def raising(evening: Evening, phone: int) -> Act:
    return lambda db: hall_commands.raise_hand(
        db, VISITOR, meeting_id=evening.meeting.id, code=evening.code, name=f"Gæst {phone}",
        key=f"the key of {phone}", now=clock.now(),
    )  # fmt: skip


def noting(evening: Evening, number: int) -> Act:
    note = Note(
        key=f"the note {number}", kind=NoteKind.CONTRIBUTION, body=f"Det er sagt {number}.",
        item_id=evening.items[number % 2].id,
    )  # fmt: skip
    return lambda db: hall_noting.take_note(
        db, evening.notes, meeting_id=evening.meeting.id, note=note, now=clock.now()
    )


def going_on(evening: Evening) -> Act:
    return lambda db: hall_flow.go_on(
        db, evening.chair, meeting_id=evening.meeting.id, now=clock.now()
    )


def giving(evening: Evening) -> Act:
    return lambda db: hall_commands.give_word(
        db, evening.chair, meeting_id=evening.meeting.id, now=clock.now()
    )


def test_hands_notes_and_the_chair_do_not_stand_in_each_others_way(app: Flask) -> None:
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now())
    acts = [raising(evening, phone) for phone in range(PHONES)]
    acts += [noting(evening, number) for number in range(NOTES)]
    acts += [going_on(evening), going_on(evening), giving(evening), giving(evening)]
    assert all_at_once(app, acts) == []
    with make.committed(app) as db:
        assert db.scalar(select(func.count()).select_from(Hand)) == PHONES
        assert db.scalar(select(func.count()).select_from(HallNote)) == NOTES
        speaking = select(func.count()).where(Hand.state == HandState.SPEAKING)
        assert (db.scalar(speaking) or 0) <= 1


def test_a_hand_pressed_up_twice_in_the_same_moment_is_one(app: Flask) -> None:
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now())
    assert all_at_once(app, [raising(evening, phone % 4) for phone in range(PHONES)]) == []
    with make.committed(app) as db:
        assert db.scalar(select(func.count()).select_from(Hand)) == 4


def test_two_chairs_who_give_the_word_at_once_give_it_to_one(app: Flask) -> None:
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now())
        for phone in range(PHONES):
            raising(evening, phone)(db)
    assert all_at_once(app, [giving(evening) for _chair in range(6)]) == []
    with make.committed(app) as db:
        states = list(db.scalars(select(Hand.state).order_by(Hand.id)))
    assert states.count(HandState.SPEAKING) == 1
    assert states.count(HandState.SPOKEN) == 5


def test_the_same_note_sent_twice_in_the_same_moment_is_one(app: Flask) -> None:
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now())
    assert all_at_once(app, [noting(evening, 1) for _send in range(6)]) == []
    with make.committed(app) as db:
        assert db.scalar(select(func.count()).select_from(HallNote)) == 1


def test_a_hall_opened_twice_in_the_same_moment_has_one_code(app: Flask) -> None:
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now())
        other = make.make_meeting(
            db, make.make_consultation(db, "skoler"), starts_at=clock.now(), room="Hal 2"
        )
    opening = [
        lambda db: hall_commands.open_hall(db, evening.chair, meeting_id=other.id, now=clock.now())
        for _chair in range(6)
    ]
    assert all_at_once(app, opening) == []


def test_the_evening_goes_on_while_people_write_at_home_in_every_thread(app: Flask) -> None:
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now())
        dialogue = db.get_one(Consultation, evening.meeting.consultation_id)
        threads = [evening.thread, *(make.make_thread(db, dialogue, meeting=evening.meeting)
                                     for _more in "ab")]  # fmt: skip
        for thread in threads[1:]:
            put_on(db, evening.meeting, make.make_question(db, thread), now=clock.now())
        people = [make.make_citizen(db, f"Per {letter}sen") for letter in "abcdefgh"]

    def writing(number: int) -> Act:
        return lambda db: debates.post_reply(
            db, people[number], thread_id=threads[number % 3].id, parent_id=None,
            body=f"Skrevet {number} hjemmefra.", now=clock.now(),
        )  # fmt: skip

    def closing(db: Session) -> object:
        return running.close_agenda(
            db, evening.chair, meeting_id=evening.meeting.id, now=clock.now()
        )

    def publishing(db: Session) -> object:
        return hall_minutes.publish(
            db, evening.chair, meeting_id=evening.meeting.id, source="Vi talte.", now=clock.now()
        )

    acts = [writing(number) for number in range(8)]
    acts += [going_on(evening), going_on(evening), closing, publishing]
    assert all_at_once(app, acts) == []
