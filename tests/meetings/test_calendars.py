"""Calendar files, read back by two readers that know nothing of each other."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient

from dialog.consultations.models import Consultation, State
from dialog.core import clock
from dialog.meetings import commands, forms, ics
from dialog.meetings.models import Meeting
from tests import make

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
BASE = "https://dialog.fjordby.dk"
YEARS = range(2024, 2036)


def changes_of(year: int) -> list[date]:
    """The two Sundays on which the clocks are changed, found by asking the zone about each day."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    return [day for day in days if offset(day) != offset(day + timedelta(days=1))]


def offset(day: date) -> timedelta | None:
    return datetime.combine(day, time(0), COPENHAGEN).utcoffset()


def meeting(starts_at: datetime, **more: Any) -> Meeting:
    """A meeting as the store has it, without a store."""
    values = {
        "id": 7, "consultation_id": 1, "title": "Skoler; børn, unge", "place": "Kulturhuset",
        "room": "Store Sal", "address": "Havnegade 1", "accessibility": "", "wheelchair": "",
        "hearing_loop": True, "interpreter": "", "stream_url": None, "version": 1,
        "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2),
        "changed_at": datetime(2026, 5, 4, 9, 30, 1, 5, tzinfo=UTC), "cancelled_at": None,
        "cancelled_reason": None,
    }  # fmt: skip
    return Meeting(**(values | more))


def read_back(file: bytes) -> tuple[Any, Any]:
    """The one event, as icalendar and as vobject read it."""
    first = icalendar.Calendar.from_ical(file)
    second = vobject.readOne(file.decode())
    return first.walk("VEVENT")[0], second.vevent


def moments_of(file: bytes) -> list[tuple[datetime, datetime]]:
    """Begin and end in UTC, as each reader understands them from the file's own VTIMEZONE."""
    first, second = read_back(file)
    its_zone: Any = icalendar.Calendar.from_ical(file).walk("VTIMEZONE")[0]
    zone = its_zone.to_tz(lookup_tzid=False)
    read = [first[name].dt for name in ("DTSTART", "DTEND")]
    by_first = [each if str(each.tzinfo) == "UTC" else each.replace(tzinfo=zone) for each in read]
    by_second = [second.dtstart.value, second.dtend.value]
    return [
        (begin.astimezone(UTC), end.astimezone(UTC)) for begin, end in (by_first, by_second)
    ]  # fmt: skip


@pytest.mark.parametrize("year", YEARS)
def test_round_every_change_of_the_clocks_both_readers_know_the_moment(
    app: Flask, year: int
) -> None:
    changes = changes_of(year)
    assert len(changes) == 2
    with app.test_request_context():
        for change in changes:
            for day in (change - timedelta(days=1), change, change + timedelta(days=1)):
                for at in (0, 1, 3, 10, 19, 23):
                    starts_at = forms.moment(day, time(at, 30))
                    made = meeting(starts_at)
                    for read in moments_of(ics.calendar([made], BASE)):
                        assert read == (starts_at, starts_at + timedelta(hours=2)), (day, at)


@pytest.mark.parametrize("year", YEARS)
def test_a_meeting_in_an_hour_that_comes_twice_is_in_the_one_that_was_meant(
    app: Flask, year: int
) -> None:
    autumn = changes_of(year)[1]
    with app.test_request_context():
        for fold in (0, 1):
            starts_at = forms.moment(autumn, time(2, 30, fold=fold))
            for read in moments_of(ics.calendar([meeting(starts_at)], BASE)):
                assert read == (starts_at, starts_at + timedelta(hours=2))


@pytest.mark.parametrize("year", YEARS)
def test_on_the_nights_of_change_only_the_hours_that_are_there_can_be_chosen(year: int) -> None:
    spring, autumn = changes_of(year)
    for minute in (0, 30, 59):
        with pytest.raises(forms.NoSuchHour):
            forms.moment(spring, time(2, minute))
        assert forms.comes_twice(autumn, time(2, minute))
        first = forms.moment(autumn, time(2, minute))
        second = forms.moment(autumn, time(2, minute, fold=1))
        assert second - first == timedelta(hours=1)
    for day in (spring, autumn):
        for hour in (*range(2), *range(3, 24)):
            assert not forms.comes_twice(day, time(hour))
            assert clock.local(forms.moment(day, time(hour))).hour == hour


def test_the_file_names_the_meeting_to_both_readers(app: Flask) -> None:
    starts_at = datetime(2028, 9, 14, 17, tzinfo=UTC)
    with app.test_request_context():
        file = ics.calendar([meeting(starts_at, version=4)], BASE)
    first, second = read_back(file)
    assert first["UID"] == second.uid.value == "meeting-7@dialog.fjordby.dk"
    assert first["SUMMARY"] == second.summary.value == "Borgermøde: Skoler; børn, unge"
    assert first["LOCATION"] == second.location.value == "Kulturhuset, Store Sal, Havnegade 1"
    assert int(first["SEQUENCE"]) == int(second.sequence.value) == 3
    assert first["STATUS"] == second.status.value == "CONFIRMED"
    assert first["URL"] == f"{BASE}/meetings/7"
    assert first["LAST-MODIFIED"].dt == datetime(2026, 5, 4, 9, 30, 1, tzinfo=UTC)
    assert b"DTSTART;TZID=Europe/Copenhagen:20280914T190000" in file
    assert b"\r\n" in file
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert "Der er teleslynge i salen" in first["DESCRIPTION"]


def test_a_cancelled_meeting_is_cancelled_in_the_file(app: Flask) -> None:
    gone = meeting(
        datetime(2028, 9, 14, 17, tzinfo=UTC),
        cancelled_at=datetime(2028, 9, 1, tzinfo=UTC),
        cancelled_reason="Salen er oversvømmet.",
    )
    with app.test_request_context():
        first, second = read_back(ics.calendar([gone], BASE))
    assert first["STATUS"] == second.status.value == "CANCELLED"
    assert first["SUMMARY"] == "Aflyst: Skoler; børn, unge"
    assert "Salen er oversvømmet." in second.description.value


@pytest.fixture
def town(app: Flask) -> None:
    """A meeting of an open dialogue, one of another, one long ago, and one of a draft."""
    with make.committed(app) as db:
        ahead = clock.now() + timedelta(days=8)
        budget, schools = make.make_consultation(db), make.make_consultation(db, "skoler")
        make.make_meeting(db, budget, starts_at=ahead, title="Budgettet")
        make.make_meeting(db, schools, starts_at=ahead, title="Skolerne")
        long_ago = clock.now() - timedelta(days=500)
        make.make_meeting(db, budget, starts_at=long_ago, title="Sidste år")
        draft = make.make_consultation(db, "kladde", state=State.DRAFT)
        make.make_meeting(db, draft, starts_at=ahead, title="Hemmeligt")


def titles(client: FlaskClient, path: str) -> list[str]:
    """What is in the calendar at this address, as both readers see it."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    read = [str(each["SUMMARY"]) for each in icalendar.Calendar.from_ical(answer.data).events]
    other = vobject.readOne(answer.text)
    assert [each.summary.value for each in other.vevent_list] == read
    return read


def test_the_calendars_hold_what_is_public_and_not_long_ago(
    client: FlaskClient, town: None
) -> None:
    assert titles(client, "/meetings.ics") == ["Borgermøde: Budgettet", "Borgermøde: Skolerne"]
    assert titles(client, "/consultations/skoler/meetings.ics") == ["Borgermøde: Skolerne"]
    assert titles(client, "/meetings/1/meeting.ics") == ["Borgermøde: Budgettet"]
    for path in ("/meetings/4/meeting.ics", "/consultations/kladde/meetings.ics"):
        assert client.get(path).status_code == 404


def test_a_calendar_without_meetings_is_still_one(client: FlaskClient) -> None:
    answer = client.get("/meetings.ics")
    assert answer.status_code == 200
    assert icalendar.Calendar.from_ical(answer.data)["X-WR-CALNAME"]
    assert vobject.readOne(answer.text).version.value == "2.0"


def test_a_calendar_is_sent_again_only_when_a_meeting_changed(
    app: Flask, client: FlaskClient, town: None
) -> None:
    first = client.get("/meetings.ics")
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/meetings.ics", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    with make.committed(app) as db:
        make.make_meeting(db, db.get_one(Consultation, 1), title="I stedet")
        chief = make.make_chief(db)
        commands.cancel_meeting(db, chief, meeting_id=1, reason="Vand", now=clock.now())
    changed = client.get("/meetings.ics", headers=tag)
    assert changed.status_code == 200
    found = icalendar.Calendar.from_ical(changed.data).events
    one: Any = next(each for each in found if str(each["UID"]).startswith("meeting-1@"))
    assert (int(one["SEQUENCE"]), one["STATUS"]) == (1, "CANCELLED")
