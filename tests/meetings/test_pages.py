"""Meetings as they are read and planned, in a browser without JavaScript."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialog.consultations.models import Consultation, State
from dialog.core import clock
from dialog.meetings import forms, queries
from dialog.meetings.models import Meeting
from tests import make

SPRING = date(2028, 3, 26)  # 2 becomes 3
AUTUMN = date(2028, 10, 29)  # 3 becomes 2
NEXT_YEAR = clock.now().year + 1
FILLED = {
    "version": "1",
    "title": "Skoler og dagtilbud",
    "day": f"{NEXT_YEAR}-09-14",
    "starts": "19:00",
    "ends": "21:00",
    "place": "Fjordbyhallen",
}


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    """The text of the page, with ordinary spaces."""
    answer = client.get(path)
    assert answer.status_code == status
    return " ".join(answer.text.replace("\N{NO-BREAK SPACE}", " ").split())


def send(client: FlaskClient, path: str, fields: dict[str, str]) -> tuple[int, str]:
    """Fills in the form at `path`, token and all."""
    token = client.get(path).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = client.post(path, data={**fields, "csrf_token": token})
    return answer.status_code, answer.text


@pytest.fixture
def chief(app: Flask, client: FlaskClient) -> None:
    """An open dialogue with one meeting to come and one that was held; the chief is here."""
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        ahead, ago = clock.now() + timedelta(days=8), clock.now() - timedelta(days=8)
        make.make_meeting(db, consultation, starts_at=ahead, title="Ældre og sundhed")
        make.make_meeting(db, consultation, starts_at=ago, title="Skoler")
        actor = make.make_chief(db)
    make.sign_in(app, client, actor)


def meeting(app: Flask, number: int) -> Meeting:
    with make.committed(app) as db:
        return db.get_one(Meeting, number)


def test_wall_time_is_danish_in_summer_and_winter() -> None:
    assert forms.moment(date(2028, 7, 1), time(19)) == datetime(2028, 7, 1, 17, tzinfo=UTC)
    assert forms.moment(date(2028, 12, 1), time(19)) == datetime(2028, 12, 1, 18, tzinfo=UTC)


def test_the_hour_that_the_spring_skips_is_refused() -> None:
    with pytest.raises(forms.NoSuchHour):
        forms.moment(SPRING, time(2, 30))
    assert forms.moment(SPRING, time(3)) == datetime(2028, 3, 26, 1, tzinfo=UTC)


def test_the_hour_that_the_autumn_doubles_is_the_first_of_the_two() -> None:
    assert forms.moment(AUTUMN, time(2, 30)) == datetime(2028, 10, 29, 0, 30, tzinfo=UTC)
    assert forms.comes_twice(AUTUMN, time(2, 30))
    assert not forms.comes_twice(AUTUMN, time(3))
    assert not forms.comes_twice(SPRING, time(2, 30))


@pytest.mark.parametrize("path", ["/meetings", "/consultations/budget-2028/meetings"])
def test_the_lists_tell_what_comes_and_what_was(
    app: Flask, client: FlaskClient, chief: None, path: str
) -> None:
    shown = page(app.test_client(), path)
    assert shown.index("De næste møder") < shown.index("Ældre og sundhed")
    assert shown.index("Møder, der er holdt") < shown.index("Skoler")
    assert "Referatet er ikke lagt ud endnu" in shown


@pytest.mark.parametrize("path", ["/meetings", "/consultations/budget-2028/meetings"])
def test_without_meetings_the_lists_say_so(app: Flask, client: FlaskClient, path: str) -> None:
    with make.committed(app) as db:
        make.make_consultation(db)
    assert "Der er ingen møder på vej" in page(client, path)


def test_a_meeting_tells_when_where_and_what_it_takes_up(app: Flask, client: FlaskClient) -> None:
    starts_at = datetime(NEXT_YEAR, 9, 14, 17, tzinfo=UTC)
    with make.committed(app) as db:
        consultation = make.make_consultation(db)
        made = make.make_meeting(
            db, consultation, starts_at=starts_at, accessibility="Elevator fra Havnegade."
        )
        make.make_thread(db, consultation, meeting=made)
    shown = page(client, "/meetings/1")
    assert f"14. september {NEXT_YEAR} kl. 19 til 21. Alle kan komme." in shown
    assert "Kulturhuset, Havnegade 1" in shown
    assert "Elevator fra Havnegade." in shown
    assert "Skal der gøres rent sjældnere?" in shown


def test_a_meeting_of_a_draft_is_not_found(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        make.make_meeting(db, make.make_consultation(db, state=State.DRAFT))
    page(client, "/meetings/1", 404)
    page(client, "/consultations/budget-2028/meetings", 404)
    assert "Borgermøde om budgettet" not in page(client, "/meetings")


def test_the_chief_plans_a_meeting(app: Flask, client: FlaskClient, chief: None) -> None:
    assert send(client, "/set-up/budget-2028/meetings/new", FILLED)[0] == 303
    assert meeting(app, 3).starts_at == datetime(NEXT_YEAR, 9, 14, 17, tzinfo=UTC)
    assert "Skoler og dagtilbud" in page(client, "/set-up/budget-2028/meetings")


def test_a_meeting_until_midnight_ends_the_next_day(
    app: Flask, client: FlaskClient, chief: None
) -> None:
    send(client, "/set-up/budget-2028/meetings/new", FILLED | {"ends": "00:00"})
    assert meeting(app, 3).ends_at - meeting(app, 3).starts_at == timedelta(hours=5)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": "2020-03-02"}, "Den dag er gået."),
        ({"ends": "18:00"}, "Mødet skal slutte senere"),
        ({"title": ""}, "Skriv, hvad mødet hedder."),
        ({"day": ""}, "Skriv, hvilken dag mødet er."),
    ],
)
def test_what_cannot_be_a_meeting_comes_back_with_words(
    app: Flask, client: FlaskClient, chief: None, wrong: dict[str, str], words: str
) -> None:
    status, answer = send(client, "/set-up/budget-2028/meetings/new", FILLED | wrong)
    assert status == 422
    assert words in answer
    assert "Fjordbyhallen" in answer


def test_an_hour_that_does_not_exist_is_said_at_its_field(
    app: Flask, client: FlaskClient, chief: None
) -> None:
    times = {"day": "2028-03-26", "starts": "02:30", "ends": "04:00"}
    status, answer = send(client, "/set-up/budget-2028/meetings/new", FILLED | times)
    assert status == 422
    assert "findes ikke den dag" in answer


def test_the_form_shows_danish_time(app: Flask, client: FlaskClient, chief: None) -> None:
    send(client, "/set-up/budget-2028/meetings/new", FILLED)
    shown = page(client, "/set-up/budget-2028/meetings/3")
    assert 'value="19:00"' in shown
    assert f'value="{NEXT_YEAR}-09-14"' in shown


def test_a_stale_form_is_refused(app: Flask, client: FlaskClient, chief: None) -> None:
    path = "/set-up/budget-2028/meetings/1"
    assert send(client, path, FILLED)[0] == 303
    assert send(client, path, FILLED)[0] == 409


def test_a_cancelled_meeting_stays_with_its_reason(
    app: Flask, client: FlaskClient, chief: None
) -> None:
    path = "/set-up/budget-2028/meetings/1/cancel"
    assert send(client, path, {"reason": ""})[0] == 422
    assert send(client, path, {"reason": "Salen er oversvømmet."})[0] == 303
    for each in ("/meetings", "/meetings/1"):
        assert "Salen er oversvømmet." in page(app.test_client(), each)


def test_nothing_is_cancelled_by_looking(app: Flask, client: FlaskClient, chief: None) -> None:
    page(client, "/set-up/budget-2028/meetings/1/cancel")
    assert meeting(app, 1).cancelled_at is None


def test_the_minutes_are_there_for_everyone(app: Flask, client: FlaskClient, chief: None) -> None:
    path = "/set-up/budget-2028/meetings/2/minutes"
    sent = {"version": "1", "source": "**Alle** kom."}
    assert send(client, path, sent)[0] == 303
    assert "<strong>Alle</strong> kom." in page(app.test_client(), "/meetings/2")
    assert "Referatet er klar." in page(app.test_client(), "/meetings")
    assert send(client, path, sent)[0] == 409


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [(1, "Referatet kommer her senest"), (30, "Referatet skulle have været her senest")],
)
def test_a_meeting_without_minutes_says_when_they_are_due(
    app: Flask, client: FlaskClient, days_ago: int, words: str
) -> None:
    with make.committed(app) as db:
        ago = clock.now() - timedelta(days=days_ago)
        make.make_meeting(db, make.make_consultation(db), starts_at=ago)
    assert words in page(client, "/meetings/1")


def test_before_the_meeting_there_is_nothing_to_write(
    app: Flask, client: FlaskClient, chief: None
) -> None:
    assert "ikke holdt endnu" in page(client, "/set-up/budget-2028/meetings/1/minutes")


def test_a_meeting_is_set_up_under_its_own_dialogue(
    app: Flask, client: FlaskClient, chief: None
) -> None:
    with make.committed(app) as db:
        make.make_consultation(db, "skoler", title="Skoler")
    page(client, "/set-up/skoler/meetings/1", 404)


@pytest.mark.parametrize("path", ["", "/new", "/1", "/1/cancel", "/2/minutes"])
def test_a_citizen_finds_no_set_up(app: Flask, chief: None, path: str) -> None:
    visitor = app.test_client()
    with make.committed(app) as db:
        citizen = make.make_citizen(db)
    make.sign_in(app, visitor, citizen)
    page(visitor, f"/set-up/budget-2028/meetings{path}", 404)


def test_the_next_meetings_leave_out_drafts_and_the_cancelled(app: Flask, chief: None) -> None:
    with make.committed(app) as db:
        draft = make.make_consultation(db, "kladde", state=State.DRAFT)
        ahead = clock.now() + timedelta(days=2)
        make.make_meeting(db, draft, starts_at=ahead)
        open_one = db.get_one(Consultation, 1)
        make.make_meeting(db, open_one, starts_at=ahead, cancelled_at=clock.now())
        found = queries.coming_public(db, clock.now(), 5)
    assert [each.title for each, _consultation in found] == ["Ældre og sundhed"]
