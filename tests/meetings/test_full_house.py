"""Seats are counted exactly, however many ask for them in the same second."""

import threading
from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from dialog.core import clock
from dialog.core.db import Database
from dialog.mail.models import OutgoingMail
from dialog.meetings import seats
from dialog.meetings.models import Place, SignUp
from dialog.permissions import VISITOR
from tests import make

CAPACITY = 300


def sign_up_at_once(app: Flask, count: int) -> Counter[int]:
    """The answers to so many people who all press the button at the same moment."""
    app.config["WTF_CSRF_ENABLED"] = False
    start, answers = threading.Barrier(count), Counter[int]()

    def press(number: int) -> None:
        client = app.test_client()
        fields = {"name": f"Borger {number}", "email": f"nr{number}@eksempel.dk", "seats": "1"}
        start.wait()
        answer = client.post("/meetings/1/sign-up", data=fields | {"draw": f"draw-{number}"})
        answers[answer.status_code] += 1

    threads = [threading.Thread(target=press, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_301_for_300_seats_all_but_one_get_in(app: Flask) -> None:
    with make.committed(app) as db:
        ahead = clock.now() + timedelta(days=7)
        make.make_meeting(db, make.make_consultation(db), starts_at=ahead, capacity=CAPACITY)
    assert sign_up_at_once(app, CAPACITY + 1) == {303: CAPACITY + 1}
    with make.committed(app) as db:
        by_place = select(SignUp.place, func.sum(SignUp.seats)).group_by(SignUp.place)
        found = {row.place: row[1] for row in db.execute(by_place)}
        assert found == {Place.SEATED: CAPACITY, Place.WAITING: 1}
        waits = db.scalars(select(SignUp).where(SignUp.place == Place.WAITING)).one()
        assert waits.id == db.scalar(select(func.max(SignUp.id)))  # the last to come
        assert db.scalar(select(func.count()).select_from(OutgoingMail)) == CAPACITY + 1


def test_seats_given_back_at_once_go_to_as_many_and_no_more(app: Flask) -> None:
    database: Database = app.extensions["database"]
    with make.committed(app) as db:
        ahead = clock.now() + timedelta(days=7)
        make.make_meeting(db, make.make_consultation(db), starts_at=ahead, capacity=10)
        for number in range(20):
            wish = seats.Wish(name=f"Borger {number}", email=f"nr{number}@eksempel.dk", seats=1)
            seats.sign_up(
                db, VISITOR, meeting_id=1, wish=wish, code=f"code-{number}", now=clock.now()
            )
    start = threading.Barrier(6)

    def give_back(number: int) -> None:
        start.wait()
        with app.app_context(), database.transaction() as db:
            seats.cancel(db, VISITOR, meeting_id=1, code=f"code-{number}", now=clock.now())

    threads = [threading.Thread(target=give_back, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with make.committed(app) as db:
        seated = select(SignUp.name).where(SignUp.place == Place.SEATED).order_by(SignUp.id)
        assert list(db.scalars(seated)) == [f"Borger {number}" for number in range(6, 16)]
