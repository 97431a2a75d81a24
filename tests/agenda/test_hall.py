"""The hall: what is on, who gets the word, and who may say so."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.agenda import commands as agenda
from dialog.agenda import queries
from dialog.agenda.hall import commands as hall_commands
from dialog.agenda.hall import flow as hall_flow
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.hall.models import HandState
from dialog.core import clock
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.debates import oral
from dialog.debates.models import AtMeeting
from dialog.debates.spoken import Said
from dialog.duties import queries as duties
from dialog.meetings.models import Meeting
from dialog.moderation import commands as moderation
from dialog.permissions import VISITOR
from tests import make
from tests.agenda.evening import Evening, make_evening
from tests.make import NOW
from tests.pages.town import browser, counted_statements


def raise_hand(db: Session, evening: Evening, name: str, minute: int = 0) -> int:
    """The number of the hand that a phone raises."""
    found = hall_commands.raise_hand(
        db, VISITOR, meeting_id=evening.meeting.id, code=evening.code, name=name,
        key=f"key of {name}", now=NOW + timedelta(minutes=minute),
    )  # fmt: skip
    return found.hand.id


def names_in_line(db: Session, evening: Evening) -> list[str]:
    line = hall_queries.line(db, evening.meeting.id)
    return [one.speaker.name for one in line if one.hand.state is HandState.WAITING]


def give(db: Session, evening: Evening, hand: int | None = None) -> str:
    found = hall_commands.give_word(
        db, evening.chair, meeting_id=evening.meeting.id, hand_id=hand, now=NOW
    )
    return found.speaker.name if found else ""


def test_the_hall_keeps_its_code(db: Session) -> None:
    evening = make_evening(db)
    again = hall_commands.open_hall(db, evening.chair, meeting_id=evening.meeting.id, now=NOW)
    assert again.code == evening.code
    assert len(evening.code) == 5


def test_nobody_else_opens_it(db: Session) -> None:
    evening = make_evening(db)
    with pytest.raises(NotFound):
        hall_commands.open_hall(db, make.make_citizen(db), meeting_id=evening.meeting.id, now=NOW)


def test_first_time_speakers_come_first_and_then_who_waited_longest(db: Session) -> None:
    evening = make_evening(db)
    raise_hand(db, evening, "Anna")
    assert give(db, evening) == "Anna"
    raise_hand(db, evening, "Bo", 1)
    give(db, evening)
    raise_hand(db, evening, "Anna", 2)
    raise_hand(db, evening, "Carl", 3)
    raise_hand(db, evening, "Dina", 4)
    assert names_in_line(db, evening) == ["Carl", "Dina", "Anna"]
    assert [give(db, evening) for _each in range(4)] == ["Carl", "Dina", "Anna", ""]


def test_whoever_has_the_word_is_one(db: Session) -> None:
    evening = make_evening(db)
    raise_hand(db, evening, "Anna")
    second = raise_hand(db, evening, "Bo", 1)
    give(db, evening)
    assert give(db, evening, second) == "Bo"
    line = hall_queries.line(db, evening.meeting.id)
    assert [one.speaker.name for one in line] == ["Bo"]


def test_a_hand_raised_twice_is_one_and_can_be_lowered(db: Session) -> None:
    evening = make_evening(db)
    assert raise_hand(db, evening, "Anna") == raise_hand(db, evening, "Anna", 1)
    hall_commands.lower_own(db, VISITOR, meeting_id=evening.meeting.id, key="key of Bo", now=NOW)
    assert names_in_line(db, evening) == ["Anna"]
    hall_commands.lower_own(db, VISITOR, meeting_id=evening.meeting.id, key="key of Anna", now=NOW)
    assert names_in_line(db, evening) == []


def test_the_chair_adds_people_from_the_room_and_knows_them_again(db: Session) -> None:
    evening = make_evening(db)
    hall_commands.add_hand(
        db, evening.chair, meeting_id=evening.meeting.id, name="Manden i blå", now=NOW
    )
    assert give(db, evening) == "Manden i blå"
    again = hall_commands.add_hand(
        db, evening.chair, meeting_id=evening.meeting.id, name="manden i  blå", now=NOW
    )
    assert again.speaker.spoken == 1


def test_a_lowered_hand_gets_no_word(db: Session) -> None:
    evening = make_evening(db)
    hand = raise_hand(db, evening, "Anna")
    hall_commands.pass_over(db, evening.chair, meeting_id=evening.meeting.id, hand_id=hand, now=NOW)
    with pytest.raises(AlreadyDone):
        give(db, evening, hand)


@pytest.mark.parametrize(("field", "code", "name"), [("code", "1", "Anna"), ("name", "", " ")])
def test_a_hand_needs_the_code_on_the_screen_and_a_name(
    db: Session, field: str, code: str, name: str
) -> None:
    evening = make_evening(db)
    with pytest.raises(InvalidInput) as refused:
        hall_commands.raise_hand(
            db, VISITOR, meeting_id=evening.meeting.id, code=code or evening.code, name=name,
            key="k", now=NOW,
        )  # fmt: skip
    assert field in refused.value.fields


def test_no_hand_is_raised_long_after_or_at_a_cancelled_meeting(db: Session) -> None:
    evening = make_evening(db)
    with pytest.raises(TooLate):
        raise_hand(db, evening, "Anna", 60 * 24)
    db.get_one(Meeting, evening.meeting.id).cancelled_at = NOW
    with pytest.raises(TooLate):
        raise_hand(db, evening, "Anna")


def test_the_next_point_ends_the_one_before(db: Session) -> None:
    evening = make_evening(db)
    meeting, chair = evening.meeting.id, evening.chair
    hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW)
    oral.record_answer(
        db, chair, question_id=evening.questions[0].id, politician_id=evening.panel[0].id or 0,
        said=Said(body="Ja.", meeting_id=meeting, said_at=NOW), now=NOW,
    )  # fmt: skip
    hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW)
    assert hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW) is None
    states = [db.get_one(type(one), one.id).state for one in evening.items]
    assert states == [AtMeeting.ANSWERED, AtMeeting.NOT_REACHED]
    owed = duties.duty_of(db, evening.questions[1].id)
    assert owed is not None
    assert owed.is_open


def test_a_press_that_came_late_ends_no_other_point(db: Session) -> None:
    evening = make_evening(db)
    meeting, chair = evening.meeting.id, evening.chair
    hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW)
    hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW)
    with pytest.raises(AlreadyDone):
        hall_flow.finish(
            db, chair, meeting_id=meeting, item_id=evening.items[0].id, answered=True, now=NOW
        )


def test_the_answerer_sits_on_the_panel_and_leaves_the_screen_with_the_point(db: Session) -> None:
    evening = make_evening(db)
    meeting, chair = evening.meeting.id, evening.chair
    hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW)
    ida = evening.panel[1].id
    hall_commands.name_answerer(db, chair, meeting_id=meeting, politician_id=ida, now=NOW)
    standing = hall_queries.standing(db, evening.meeting)
    assert standing.answering is not None
    assert standing.answering.label == "Ida Falk (L)"
    with pytest.raises(InvalidInput):
        hall_commands.name_answerer(db, chair, meeting_id=meeting, politician_id=chair.id, now=NOW)
    hall_flow.go_on(db, chair, meeting_id=meeting, now=NOW)
    assert hall_queries.standing(db, evening.meeting).answering is None


def test_everything_that_shows_turns_the_rev(db: Session) -> None:
    evening = make_evening(db)
    rev = hall_queries.standing(db, evening.meeting).rev
    raise_hand(db, evening, "Anna")
    after_hand = hall_queries.standing(db, evening.meeting).rev
    hall_flow.go_on(db, evening.chair, meeting_id=evening.meeting.id, now=NOW)
    assert rev < after_hand < hall_queries.standing(db, evening.meeting).rev


def test_the_screen_shows_the_question_and_who_answers(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        evening = make_evening(db)
        hall_flow.go_on(db, evening.chair, meeting_id=evening.meeting.id, now=NOW)
        hall_commands.name_answerer(
            db, evening.chair, meeting_id=evening.meeting.id,
            politician_id=evening.panel[0].id, now=NOW,
        )  # fmt: skip
    page = client.get(f"/meetings/{evening.meeting.id}/screen").text
    assert "Hvem hjælper dem, der ikke selv kan?" in page
    assert "Anders Toft (L) svarer" in page
    assert "Hvad koster det?" in page
    assert evening.code in page


def test_a_hidden_question_is_gone_from_the_screen(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        evening = make_evening(db)
        hall_flow.go_on(db, evening.chair, meeting_id=evening.meeting.id, now=NOW)
        moderation.hide_post(
            db, make.make_moderator(db), post_id=evening.questions[0].id,
            reason="Navngiver en medarbejder", now=NOW,
        )  # fmt: skip
    state = client.get(f"/meetings/{evening.meeting.id}/hall/state").json
    assert state is not None
    assert "Hvem hjælper" not in str(state)
    assert "Spørgsmålet er skjult" in state["screen"]


def test_a_phone_enters_by_the_code_and_raises_its_hand(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now() - timedelta(minutes=30))
    here = f"/meetings/{evening.meeting.id}/hall"
    assert client.get("/salen?kode=00000").status_code == 422
    way = client.get(f"/salen?kode={evening.code}")
    assert way.headers["Location"] == f"{here}?kode={evening.code}"
    sent = {"kode": evening.code, "name": "Anna"}
    assert client.post(f"{here}/hand", data=sent).status_code == 303
    assert "Du er nummer 1 i køen." in client.get(here).text
    client.post(f"{here}/hand", data={"lower": "1"})
    assert "Ræk hånden op" in client.get(here).text


def test_the_chair_drives_with_plain_forms(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        evening = make_evening(db)
    make.sign_in(app, client, evening.chair)
    here = f"/meetings/{evening.meeting.id}/chair"
    assert client.post(here, data={"do": "next"}).status_code == 303
    assert "Færdig: besvaret" in client.get(here).text
    client.post(here, data={"do": "add", "name": "Manden i blå"})
    assert "Giv ordet til Manden i blå" in client.get(here).text
    client.post(here, data={"do": "word"})
    assert "Manden i blå har ordet" in client.get(f"/meetings/{evening.meeting.id}/screen").text
    assert client.post(here, data={"do": "add", "name": " "}).status_code == 422
    assert client.post(here, data={"do": "nonsense"}).status_code == 404


def test_two_presses_on_one_page_are_one_step(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now() - timedelta(hours=1))
        hands = [
            hall_commands.add_hand(
                db, evening.chair, meeting_id=evening.meeting.id, name=name, now=clock.now()
            ).hand.id
            for name in ("Ann", "Bo")
        ]
    make.sign_in(app, client, evening.chair)
    here = f"/meetings/{evening.meeting.id}/chair"
    assert 'name="item" value="0"' in client.get(here).text
    steps = [client.post(here, data={"do": "next", "item": 0}).status_code for _twice in "ab"]
    words = [client.post(here, data={"do": "word", "hand": hands[0]}).status_code for _ in "ab"]
    assert (steps, words) == ([303, 409], [303, 303])
    with make.committed(app) as db:
        states = [one.state for one in queries.items(db, evening.meeting.id)]
        [speaking, waiting] = hall_queries.line(db, evening.meeting.id)
    assert states == [AtMeeting.NOW, AtMeeting.PLANNED]
    assert (speaking.speaker.name, waiting.speaker.name) == ("Ann", "Bo")


def test_before_the_first_point_the_screen_shows_the_agenda_with_its_times(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        evening = make_evening(db)
    page = client.get(f"/meetings/{evening.meeting.id}/screen").text
    agenda = page[page.index("hall__agenda") : page.index("</ol>")]
    assert re.findall(r"kl\. ([\d.]+)", agenda) == ["11", "11.05"]
    assert "Hvad koster det?" in agenda
    assert "De, der ikke har talt endnu, får ordet først." in page


def test_a_screen_of_a_meeting_that_was_called_off_says_so(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        evening = make_evening(db)
        meeting = db.get_one(Meeting, evening.meeting.id)
        meeting.cancelled_at, meeting.cancelled_reason = NOW, "Salen er oversvømmet."
    page = client.get(f"/meetings/{evening.meeting.id}/screen").text
    assert "Mødet er aflyst" in page
    assert "Salen er oversvømmet." in page
    assert "Hvad koster det?" not in page


def test_a_phone_in_the_hall_costs_no_more_with_a_long_agenda_and_a_long_line(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        evening = make_evening(db, began=clock.now() - timedelta(hours=1))
        karen = make.make_citizen(db)
    address = f"/meetings/{evening.meeting.id}/hall"

    def cost(reader: FlaskClient) -> tuple[int, str]:
        reader.get(address)
        with counted_statements(app) as sent:
            page = reader.get(address).text
        return len(sent), page

    signed_in = browser(app)
    make.sign_in(app, signed_in, karen)
    for phone in (client, signed_in):
        form = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', phone.get(address).text)
        sent = {"kode": evening.code, "name": "Ann", "csrf_token": form[1] if form else ""}
        assert phone.post(f"{address}/hand", data=sent).status_code == 303
    few = [cost(one)[0] for one in (client, signed_in)]
    with make.committed(app) as db:
        for number in range(100):
            asked = make.make_question(db, evening.thread, body=f"Nummer {number}?")
            agenda.put_question_on(
                db, evening.chair, meeting_id=evening.meeting.id, question_id=asked.id,
                now=clock.now(),
            )  # fmt: skip
            hall_commands.raise_hand(
                db, VISITOR, meeting_id=evening.meeting.id, code=evening.code,
                name=f"Gæst {number}", key=f"key {number}", now=clock.now(),
            )  # fmt: skip
        hall_flow.go_on(db, evening.chair, meeting_id=evening.meeting.id, now=clock.now())
    many, pages = zip(*[cost(one) for one in (client, signed_in)], strict=True)
    assert all("Gæst 99" in page and "Du er nummer" in page for page in pages)
    assert list(many) == few
    assert max(many) <= 8


def test_before_the_hall_is_opened_it_says_when_the_meeting_begins(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        begins = clock.now() + timedelta(days=5)
        meeting = make.make_meeting(db, make.make_consultation(db), starts_at=begins)
    page = client.get(f"/meetings/{meeting.id}/hall").text
    assert "Mødet begynder" in page
    assert "Lige nu" not in page
