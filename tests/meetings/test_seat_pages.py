"""Signing up in a browser without JavaScript, and the staff's pages of a meeting."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Settings
from dialog.app import create_app
from dialog.core import clock, jobs
from dialog.meetings import commands, queries, seats, staffing
from dialog.meetings.models import Meeting, Place, SignUp
from dialog.meetings.planning import MeetingContent
from dialog.people import codes
from dialog.permissions import VISITOR, Actor
from tests import make
from tests.meetings.test_pages import page
from tests.pages.town import counted_statements

ULLA = {"name": "Ulla Brix", "email": "ulla@eksempel.dk", "seats": "2"}


@pytest.fixture
def town(app: Flask) -> Flask:
    """An open dialogue with a thread and a meeting with three seats, a week from now."""
    with make.committed(app) as db:
        dialogue = make.make_consultation(db, decision_on=None)
        ahead = clock.now() + timedelta(days=7)
        meeting = make.make_meeting(
            db, dialogue, starts_at=ahead, capacity=3, wheelchair="Porten i gården",
            interpreter="Dansk tegnsprog", hearing_loop=True, room="Store Sal",
            stream_url="https://tv.example/1",
        )  # fmt: skip
        make.make_thread(db, dialogue, meeting=meeting)
    return app


def send(client: FlaskClient, path: str, fields: dict[str, str], to: str = "") -> tuple[int, str]:
    """Fills in the form at `path`, hidden fields and all, and sends it there or `to` elsewhere."""
    hidden = re.findall(
        r'<input[^>]*name="(draw|csrf_token)"[^>]*value="([^"]*)"', client.get(path).text
    )
    answer = client.post(to or path, data={**dict(hidden), **fields})
    return answer.status_code, answer.headers.get("Location", answer.text)


def sign_up(client: FlaskClient, **changes: str) -> str:
    """The code, as the page shows it once."""
    status, where = send(client, "/meetings/1/sign-up", ULLA | changes)
    assert (status, where) == (303, "/meetings/1/signed-up")
    shown = client.get(where).text
    return str(re.findall(r'class="code__signs">([^<]*)<', shown)[0])


def sign_ups(app: Flask) -> list[SignUp]:
    with make.committed(app) as db:
        return list(db.scalars(select(SignUp).order_by(SignUp.id)))


def signed_in(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    make.sign_in(app, client, actor)
    return client


def test_the_meeting_tells_how_to_get_in_and_how_many_seats_are_left(
    town: Flask, client: FlaskClient
) -> None:
    shown = page(client, "/meetings/1")
    for words in ("Kulturhuset, Store Sal, Havnegade 1", "Porten i gården", "Dansk tegnsprog",
                  "Der er teleslynge i salen", "Der er 3 pladser tilbage af 3.",
                  'href="https://tv.example/1"'):  # fmt: skip
        assert words in shown


def test_a_visitor_signs_up_and_sees_the_code_once(town: Flask, client: FlaskClient) -> None:
    code = sign_up(client)
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", code)
    again = client.get("/meetings/1/signed-up")
    assert (again.status_code, again.headers["Location"]) == (303, "/seat")
    assert "Der er 1 plads tilbage af 3." in page(client, "/meetings/1")


def test_sending_the_same_form_twice_takes_the_seats_once(town: Flask, client: FlaskClient) -> None:
    hidden = dict(
        re.findall(
            r'<input[^>]*name="(draw|csrf_token)"[^>]*value="([^"]*)"',
            client.get("/meetings/1/sign-up").text,
        )
    )
    for _each in range(2):
        assert client.post("/meetings/1/sign-up", data=ULLA | hidden).status_code == 303
    assert [each.seats for each in sign_ups(town)] == [2]


def test_the_code_opens_the_seat_to_change_and_give_back(town: Flask, client: FlaskClient) -> None:
    code = sign_up(client)
    elsewhere = town.test_client()
    typed = code.lower().replace("-", " ")
    status, where = send(elsewhere, "/seat", {"code": typed})
    assert status == 303
    assert "Du har 2 pladser." in page(elsewhere, where)
    assert send(elsewhere, where, {"seats": "3"})[0] == 303
    assert [each.seats for each in sign_ups(town)] == [3]
    assert send(elsewhere, where, {"seats": "4"})[0] == 422
    assert send(elsewhere, where, {}, to=f"/seat/{code}/cancel")[0] == 303
    assert sign_ups(town) == []
    page(elsewhere, where, 404)


def test_the_line_is_told_with_ones_number_in_it(town: Flask, client: FlaskClient) -> None:
    sign_up(client, seats="3")
    other = town.test_client()
    assert "Skriv mig på ventelisten" in page(other, "/meetings/1/sign-up")
    code = sign_up(other, name="Bo Dam", email="bo@eksempel.dk", seats="1")
    assert "Du er nummer 1 i køen." in page(other, f"/seat/{code}")
    assert "Alle 3 pladser er taget. 1 venter på en plads." in page(client, "/meetings/1")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Skriv dit navn."),
        ({"email": ""}, "Skriv din mailadresse"),
        ({"email": "ulla"}, "Skriv din mailadresse, for eksempel navn@eksempel.dk."),
        ({"seats": "9"}, "Vælg"),
        ({"seats": "x"}, "Vælg"),
    ],
)
def test_what_cannot_be_a_sign_up_comes_back_with_words(
    town: Flask, client: FlaskClient, wrong: dict[str, str], words: str
) -> None:
    status, answer = send(client, "/meetings/1/sign-up", ULLA | wrong)
    assert status == 422
    assert words in answer
    assert sign_ups(town) == []


def test_a_program_that_fills_in_everything_is_not_kept(town: Flask, client: FlaskClient) -> None:
    assert send(client, "/meetings/1/sign-up", ULLA | {"homepage": "x"})[0] == 303
    assert sign_ups(town) == []


def test_one_who_is_signed_in_presses_once_and_needs_no_code(town: Flask) -> None:
    with make.committed(town) as db:
        karen = make.make_citizen(db)
    client = signed_in(town, karen)
    assert send(client, "/meetings/1/sign-up", {"seats": "1"})[0] == 303
    assert "Du har 1 plads." in page(client, "/meetings/1")
    assert client.get("/meetings/1/sign-up").headers["Location"] == "/meetings/1/seat"
    assert send(client, "/meetings/1/seat", {"seats": "2"})[0] == 303
    assert [(each.user_id, each.seats) for each in sign_ups(town)] == [(karen.id, 2)]
    assert send(client, "/meetings/1/seat", {}, to="/meetings/1/seat/cancel")[0] == 303
    page(client, "/meetings/1/seat", 404)


def test_a_meeting_that_is_cancelled_takes_nobody(town: Flask, client: FlaskClient) -> None:
    cancel(town)
    shown = page(client, "/meetings/1/sign-up")
    assert "Salen er oversvømmet." in shown
    assert 'name="email"' not in shown
    assert "Tilmeld dig" not in page(client, "/meetings/1")


def test_a_thread_tells_where_it_is_taken_up_and_at_once_that_it_is_not(
    town: Flask, client: FlaskClient
) -> None:
    with make.committed(town) as db:
        when = db.get_one(Meeting, 1)
    shown = page(client, "/threads/1")
    assert re.search(r"Drøftes på borgermødet \w+ .* kl\. [\d.]+ i Kulturhuset", shown)
    tag = {"If-None-Match": client.get("/threads/1").headers["ETag"]}
    assert client.get("/threads/1", headers=tag).status_code == 304
    move(town, when)
    answer = client.get("/threads/1", headers=tag)
    assert answer.status_code == 200
    assert "på Rådhuset" in page(client, "/threads/1")
    assert "Flyttet. Mødet skulle have været" in page(client, "/threads/1")
    cancel(town)
    shown = page(client, "/threads/1")
    assert "er aflyst" in shown
    assert "Aflyst: Salen er oversvømmet." in shown


def test_what_somebody_signs_up_for_turns_no_page_of_a_thread(
    town: Flask, client: FlaskClient
) -> None:
    tag = client.get("/threads/1").headers["ETag"]
    sign_up(town.test_client())
    assert client.get("/threads/1").headers["ETag"] == tag


def test_a_poster_holds_the_short_address_and_its_code(town: Flask, client: FlaskClient) -> None:
    shown = page(client, "/meetings/1/poster")
    assert "localhost/m/1" in shown
    assert 'src="data:image/svg+xml' in shown
    assert "Porten i gården" in shown
    assert client.get("/m/1").headers["Location"] == "/meetings/1"


def test_names_are_deleted_by_the_job_and_the_page_says_how_many_there_were(town: Flask) -> None:
    sign_up(town.test_client())
    with make.committed(town) as db:
        chief = make.make_chief(db)
    later = clock.now() + timedelta(days=7 + 15)
    assert "seats" in jobs.names()
    assert jobs.run(town, "seats", later)
    assert sign_ups(town) == []
    assert "2 pladser var taget. Vi gemmer kun tallet." in page(
        signed_in(town, chief), "/meetings/1/door"
    )


@pytest.fixture
def limited(settings: Settings) -> Iterator[Flask]:
    """The app with its limits on, with a meeting to come."""
    app = create_app(replace(settings, limits=True))
    app.testing = True
    with make.committed(app) as db:
        ahead = clock.now() + timedelta(days=7)
        make.make_meeting(db, make.make_consultation(db), starts_at=ahead)
        wish = seats.Wish(name="Ulla Brix", email="ulla@eksempel.dk", seats=1)
        code = "K7QF-9M2X-4RTB"
        seats.sign_up(db, VISITOR, meeting_id=1, wish=wish, code=code, now=clock.now())
    yield app
    app.extensions["database"].dispose()


def test_after_ten_wrong_codes_not_even_the_right_one_is_looked_up(limited: Flask) -> None:
    client = limited.test_client()
    for number in range(10):
        page(client, f"/seat/AAAA-BBBB-CC{number:02}", 404)
    page(client, "/seat/K7QF-9M2X-4RTB", 429)
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert (
        limited.test_client().get("/seat/K7QF-9M2X-4RTB", environ_base=elsewhere).status_code == 200
    )


def test_right_codes_are_never_counted(limited: Flask) -> None:
    client = limited.test_client()
    for _each in range(15):
        page(client, "/seat/K7QF-9M2X-4RTB")


def test_a_wrong_code_that_is_typed_is_answered_kindly(limited: Flask) -> None:
    status, answer = send(limited.test_client(), "/seat", {"code": "AAAA-BBBB-CCCC"})
    assert status == 404
    assert "Vi finder ingen tilmelding med den kode." in answer


def test_nobody_fills_a_strangers_mailbox(limited: Flask) -> None:
    client = limited.test_client()
    sent = [send(client, "/meetings/1/sign-up", ULLA)[0] for _each in range(4)]
    assert sent == [303, 303, 303, 429]


class Door:
    """The staff at the door."""

    def __init__(self, app: Flask) -> None:
        with make.committed(app) as db:
            jens = make.make_citizen(db, "Jens Dam")
            staffing.name_staff(
                db, make.make_chief(db), meeting_id=1, note_takers=[jens.id or 0], now=clock.now()
            )
        self.client = signed_in(app, jens)

    def send(self, what: str, **fields: str) -> tuple[int, str]:
        path = "/meetings/1/door"
        return send(self.client, path, {"draw": "", **fields}, to=f"{path}/{what}")


def test_the_door_has_a_list_to_tick_people_off(town: Flask) -> None:
    sign_up(town.test_client())
    door = Door(town)
    assert "Ulla Brix" in page(door.client, "/meetings/1/door")
    assert "Ulla Brix" not in page(door.client, "/meetings/1/door?q=bo")
    assert door.send("check-in", sign_up_id="1", arrived="1")[0] == 303
    assert "1 er her" in page(door.client, "/meetings/1/door")
    assert door.send("check-in", sign_up_id="1", arrived="3")[0] == 422
    assert door.send("check-in", sign_up_id="9", arrived="1")[0] == 404
    assert door.send("check-in", sign_up_id="x", arrived="1")[0] == 404
    door.send("check-in", sign_up_id="1", arrived="0")
    assert sign_ups(town)[0].arrived is None


def test_one_without_mail_is_put_on_the_list_at_the_door(town: Flask) -> None:
    door = Door(town)
    assert door.send("new", name="Gerda Friis", seats="1", draw="a")[0] == 303
    assert door.send("new", name="Gerda Friis", seats="1", draw="a")[0] == 303
    (gerda,) = sign_ups(town)
    assert (gerda.name, gerda.email, gerda.place) == ("Gerda Friis", None, Place.SEATED)
    shown = page(door.client, "/meetings/1/door")
    assert re.search(r"Gerda Friis er på listen\. Koden er [2-9A-Z]{4}-", shown)
    assert door.send("new", name="", seats="1")[0] == 422
    assert door.send("new", name="En klasse", seats="21")[0] == 422


def test_the_room_is_counted_once_the_meeting_is_on(town: Flask, client: FlaskClient) -> None:
    door = Door(town)
    assert send(door.client, "/meetings/1/sign-up", {"attendance": "84"},
                to="/meetings/1/door/count")[0] == 409  # fmt: skip
    with make.committed(town) as db:
        meeting = db.get_one(Meeting, 1)
        meeting.starts_at, meeting.ends_at = (clock.now() - timedelta(hours=n) for n in (3, 1))
    assert door.send("count", attendance="84")[0] == 303
    assert door.send("count", attendance="-1")[0] == 422
    assert "Så mange kom</dt><dd>84" in page(client, "/meetings/1")


def test_the_door_is_shut_to_others(town: Flask, client: FlaskClient) -> None:
    with make.committed(town) as db:
        others = [make.make_citizen(db), make.make_politician(db), make.make_moderator(db)]
    for one in others:
        page(signed_in(town, one), "/meetings/1/door", 404)
    assert client.get("/meetings/1/door").status_code == 303


def test_the_chief_chooses_staff_and_panel(town: Flask, client: FlaskClient) -> None:
    with make.committed(town) as db:
        chief, anders = make.make_chief(db), make.make_politician(db)
        birthe = make.make_politician(db, "Birthe Krog", committee=None)
    path = "/set-up/budget-2028/meetings/1/staff"
    fields = {"chair_0": str(chief.id), "chair_1": "0", "note_taker_0": "0", "note_taker_1": "0",
              f"panel_{anders.id}": "2", f"panel_{birthe.id}": "1"}  # fmt: skip
    assert send(signed_in(town, chief), path, fields)[0] == 303
    assert "Birthe Krog og Anders Toft" in page(client, "/meetings/1")
    with make.committed(town) as db:
        assert queries.is_chair(db, chief, db.get_one(Meeting, 1))
    shown = signed_in(town, chief).get(path).text
    assert re.search(rf'id="panel_{birthe.id}"[^>]*value="1"', shown)


def test_an_hour_that_comes_twice_is_asked_about(town: Flask) -> None:
    with make.committed(town) as db:
        chief = make.make_chief(db)
    client, path = signed_in(town, chief), "/set-up/budget-2028/meetings/new"
    fields = {"title": "Nattemøde", "day": "2028-10-29", "starts": "02:30", "ends": "04:00"}
    status, answer = send(client, path, fields)
    assert status == 422
    assert "Klokken 2.30 kommer to gange den nat." in answer.replace("\N{NO-BREAK SPACE}", " ")
    assert "Anden gang, bagefter" in answer
    assert "Anden gang, bagefter" not in client.get(path).text
    assert send(client, path, fields | {"starts_turn": "1"})[0] == 303
    with make.committed(town) as db:
        made = db.get_one(Meeting, 2)
        assert (made.starts_at.hour, made.starts_at.minute) == (1, 30)
    assert re.search(
        r'checked[^>]*name="starts_turn"[^>]*value="1"',
        client.get("/set-up/budget-2028/meetings/2").text,
    )


def content_of(meeting: Meeting, **changes: Any) -> MeetingContent:
    names = MeetingContent.__dataclass_fields__
    return MeetingContent(**{name: getattr(meeting, name) for name in names} | changes)


def move(app: Flask, meeting: Meeting) -> None:
    later = {name: getattr(meeting, name) + timedelta(days=1) for name in ("starts_at", "ends_at")}
    with make.committed(app) as db:
        content = content_of(meeting, **later, place="Rådhuset")
        chief = make.make_chief(db)
        commands.edit_meeting(db, chief, meeting_id=1, content=content, now=clock.now())


def cancel(app: Flask) -> None:
    with make.committed(app) as db:
        commands.cancel_meeting(
            db,
            make.make_chief(db),
            meeting_id=1,
            reason="Salen er oversvømmet.",
            may_be_the_last=True,
            now=clock.now(),
        )


def test_the_page_of_a_full_hall_asks_no_more_than_that_of_an_empty_one(town: Flask) -> None:
    with make.committed(town) as db:
        karen = make.make_citizen(db)
        db.get_one(Meeting, 1).capacity = 150

    def count(client: FlaskClient) -> int:
        with counted_statements(town) as sent:
            page(client, "/meetings/1")
        return len(sent)

    empty = [count(one) for one in (town.test_client(), signed_in(town, karen))]
    # Of one who is signed in is asked besides who he is, and what he has not read.
    assert empty == [5, 7]
    with make.committed(town) as db:
        for number in range(60):
            wish = seats.Wish(name=f"Gæst {number}", email=f"g{number}@eksempel.dk", seats=3)
            code = codes.code_from("x", str(number))
            seats.sign_up(db, VISITOR, meeting_id=1, wish=wish, code=code, now=clock.now())
    assert [count(one) for one in (town.test_client(), signed_in(town, karen))] == empty
