"""The agenda as everyone reads it, as the chair plans it, and what its threads say of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from dialog.agenda import commands, queries
from dialog.core import clock
from dialog.debates import commands as debates
from dialog.debates.models import Post
from dialog.meetings import staffing
from dialog.meetings.models import Meeting
from dialog.permissions import Actor
from tests import make
from tests.agenda.people import publish, put_on, support

SOON = clock.now() + timedelta(days=7)


def plan(db: Session, questions: int = 2) -> tuple[Meeting, list[Post]]:
    """A meeting in a week with that many questions in its thread."""
    dialogue = make.make_consultation(db)
    meeting = make.make_meeting(db, dialogue, starts_at=SOON)
    thread = make.make_thread(db, dialogue, meeting=meeting)
    first = make.make_post(db, thread, body="Min mor er 84.", topic="Rengøring")
    now = clock.now() - timedelta(days=1)
    asked = [
        make.make_question(db, thread, under=first, body=f"Spørgsmål {n}?", now=now)
        for n in range(questions)
    ]
    return meeting, asked


def post(client: FlaskClient, address: str, fields: dict[str, Any]) -> TestResponse:
    """The answer to a form that is sent with the reader's token."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/me").text)
    assert token
    return client.post(address, data={**fields, "csrf_token": token[1]})


def chief(app: Flask, client: FlaskClient) -> Actor:
    with make.committed(app) as db:
        actor = make.make_chief(db)
    make.sign_in(app, client, actor)
    return actor


def test_everyone_reads_the_agenda_in_order_with_its_ancestor_line(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        meeting, (first, second) = plan(db)
        publish(db, meeting, now=clock.now())
        commands.put_title_on(
            db, make.make_chief(db), meeting_id=meeting.id, title="Velkommen", minutes=10,
            now=clock.now(),
        )  # fmt: skip
        item = put_on(db, meeting, second, now=clock.now())
    page = client.get(f"/meetings/{meeting.id}/agenda").get_data(as_text=True)
    assert page.index("Velkommen") < page.index("Spørgsmål 1?")
    assert "Karen Møllegaard</bdi></b> spørger. Anders Toft (L) svarer." in page
    assert "Skal der gøres rent sjældnere?" in page
    assert "› <a" in page
    assert "Rengøring" in page
    assert f'id="{item.code}"' in page
    assert "Valgt af mødelederen" in page
    assert page.index("Ikke på dagsordenen, men skyldes stadig") < page.index("Spørgsmål 0?")
    assert "verificerede borgere støtter" in page
    assert first.id != second.id


def test_a_question_in_its_thread_says_that_a_meeting_takes_it_up(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        meeting, (question, _other) = plan(db)
        item = put_on(db, meeting, question, now=clock.now())
    thread = client.get(f"/threads/{question.thread_id}").get_data(as_text=True)
    assert "På dagsordenen til borgermødet" in thread
    outline = client.get("/consultations/budget-2028/outline").get_data(as_text=True)
    assert "På mødets dagsorden" in outline
    with make.committed(app) as db:
        commands.take_off(
            db, make.make_chief(db), meeting_id=meeting.id, item_id=item.id,
            reason="Svaret kommer i aften", now=clock.now(),
        )  # fmt: skip
    thread = client.get(f"/threads/{question.thread_id}").get_data(as_text=True)
    assert "På dagsordenen" not in thread
    agenda = client.get(f"/meetings/{meeting.id}/agenda").get_data(as_text=True)
    assert "Svaret kommer i aften" in agenda


def test_a_moved_or_cancelled_meeting_shows_at_once_in_the_thread(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        meeting, (question, _other) = plan(db)
        put_on(db, meeting, question, now=clock.now())
    address = f"/threads/{question.thread_id}"
    before = client.get(address).get_data(as_text=True)
    with make.committed(app) as db:
        found = db.get_one(Meeting, meeting.id)
        found.starts_at += timedelta(days=1)
        found.ends_at += timedelta(days=1)
        publish(db, found, now=clock.now())  # any change that is no debate turns the site's rev
    after = client.get(address).get_data(as_text=True)
    words = "På dagsordenen til borgermødet "
    assert before.split(words)[1][:12] != after.split(words)[1][:12]
    with make.committed(app) as db:
        found = db.get_one(Meeting, meeting.id)
        found.cancelled_at, found.cancelled_reason = clock.now(), "Salen er oversvømmet."
        make.make_committee(db, "Kulturudvalget")  # any change that is no debate
    assert words not in client.get(address).get_data(as_text=True)
    page = client.get(f"/meetings/{meeting.id}/agenda").get_data(as_text=True)
    assert "Mødet er aflyst" in page
    assert "Salen er oversvømmet." in page


def test_the_words_of_a_hidden_question_vanish_from_the_agenda(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        meeting, (question, other) = plan(db)
        for one in (question, other):
            put_on(db, meeting, one, now=clock.now())
        debates.withdraw_post(db, make.make_citizen(db), post_id=question.id, now=clock.now())
    page = client.get(f"/meetings/{meeting.id}/agenda").get_data(as_text=True)
    assert "Spørgsmål 0?" not in page
    assert "Spørgsmålet er trukket tilbage" in page
    assert "Spørgsmål 1?" in page


def test_the_chair_plans_without_a_script(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        meeting, (first, second) = plan(db)
        publish(db, meeting, by_chair=2, now=clock.now())
        support(db, second, 3)
    chief(app, client)
    address = f"/meetings/{meeting.id}/agenda"
    page = client.get(f"{address}/plan").get_data(as_text=True)
    assert page.index("Spørgsmål 1?") < page.index("Spørgsmål 0?"), "the most supported first"
    assert "3 verificerede borgere støtter det" in page
    for question in (first, second):
        sent = post(client, f"{address}/questions", {"question_id": question.id})
        assert sent.status_code == 303
    with make.committed(app) as db:
        one, two = queries.items(db, meeting.id)
    moved = post(client, f"{address}/{two.id}/move", {"way": "up", "version": two.version})
    assert moved.headers["Location"].endswith(f"plan#{two.code}")
    stale = post(client, f"{address}/{one.id}/move", {"way": "up", "version": one.version})
    assert stale.status_code == 409
    timed = post(
        client, f"{address}/{two.id}/minutes", {"minutes": "115", "version": two.version + 1}
    )
    assert timed.status_code == 303
    wrong = post(
        client, f"{address}/{two.id}/minutes", {"minutes": "x", "version": two.version + 2}
    )
    assert wrong.headers["Location"].endswith(f"plan#{two.code}")
    assert "Sæt mellem 1 og 240 minutter af." in client.get(f"{address}/plan").text
    off = client.get(f"{address}/{one.id}/off").get_data(as_text=True)
    assert "Tag punktet af dagsordenen?" in off
    refused = post(client, f"{address}/{one.id}/off", {"reason": "", "version": 2})
    assert refused.status_code == 422
    page = client.get(f"{address}/plan").get_data(as_text=True)
    assert page.index("Spørgsmål 1?") < page.index("Spørgsmål 0?")
    assert "Punkterne fylder 120 af mødets 120 minutter." in page
    added = post(client, f"{address}/points", {"title": "Opsamling", "minutes": "10"})
    assert added.status_code == 303
    page = client.get(f"{address}/plan").get_data(as_text=True)
    assert "Punkterne fylder 130 minutter." in page


def test_an_unnamed_point_is_refused_with_its_field_marked(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        meeting, _asked = plan(db)
    chief(app, client)
    address = f"/meetings/{meeting.id}/agenda/points"
    for sent, words in (
        ({"title": "", "minutes": "5"}, "Skriv, hvad punktet hedder"),
        ({"title": "Pause", "minutes": "x"}, "Skriv et helt tal."),
        ({"title": "Pause", "minutes": "0"}, "Sæt mellem 1 og 240 minutter af."),
    ):
        answer = post(client, address, sent)
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)


def test_the_rule_is_published_and_changed_in_public(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        meeting, _asked = plan(db)
    chief(app, client)
    address = f"/meetings/{meeting.id}/agenda"
    day = clock.local(SOON - timedelta(days=1)).date().isoformat()
    rule = {"number": "0", "by_support": "5", "by_chair": "3", "selects_on": day,
            "selects_time": "12:00", "overdue_first": "y"}  # fmt: skip
    assert post(client, f"{address}/rule", rule).status_code == 303
    assert post(client, f"{address}/rule", rule).status_code == 409
    changed = rule | {"number": "1", "by_support": "7"}
    refused = post(client, f"{address}/rule", changed)
    assert refused.status_code == 422
    assert "Skriv, hvorfor reglen bliver ændret" in refused.get_data(as_text=True)
    changed["reason"] = "Mødet bliver en time længere"
    assert post(client, f"{address}/rule", changed).status_code == 303
    page = client.get(address).get_data(as_text=True)
    assert "de 7 spørgsmål" in page
    assert "Mødet bliver en time længere" in page
    assert "de 5 spørgsmål" in page, "the first rule can still be read"


@pytest.mark.parametrize("part", ["chairs", "note_takers"])
def test_the_staff_of_a_meeting_plans_it_and_nobody_elses(
    app: Flask, client: FlaskClient, part: str
) -> None:
    with make.committed(app) as db:
        meeting, _asked = plan(db)
        other = make.make_meeting(db, make.make_consultation(db, "skoler"), starts_at=SOON)
        jens = make.make_citizen(db, "Jens Dam")
        staffing.name_staff(
            db, make.make_chief(db), meeting_id=meeting.id, now=clock.now(),
            **{part: [jens.id]},  # type: ignore[arg-type]
        )  # fmt: skip
    make.sign_in(app, client, jens)
    assert client.get(f"/meetings/{meeting.id}/agenda/plan").status_code == 200
    assert client.get(f"/meetings/{other.id}/agenda/plan").status_code == 404


def test_a_citizen_asks_for_a_post_and_a_visitor_is_shown_the_way_in(
    app: Flask, client: FlaskClient
) -> None:
    with make.committed(app) as db:
        meeting, (question, _other) = plan(db)
        bent = make.make_other_citizen(db)
    address = f"/posts/{question.id}/suggest"
    assert client.get(address).headers["Location"].startswith("/sign-in")
    make.sign_in(app, client, bent)
    assert "Bed om, at det bliver taget op" in client.get(address).get_data(as_text=True)
    assert post(client, address, {}).status_code == 303
    assert "Du har bedt om" in client.get(address).get_data(as_text=True)
    page = client.get(f"/meetings/{meeting.id}/agenda").get_data(as_text=True)
    assert "1 har bedt om det på mødet" in page
    post(client, address, {"take_back": "1"})
    assert "Bed om, at det bliver taget op" in client.get(address).get_data(as_text=True)
