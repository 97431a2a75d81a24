"""The desks: what waits for a politician, and what is due for a comms chief."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.agenda.models import AgendaItem
from dialog.consultations.models import Kind, State
from dialog.debates.models import Draft, PostState
from dialog.people.models import User
from dialog.permissions import Role
from dialog.strategy.models import Activity, Phase
from tests.pages import town as towns


@pytest.fixture
def town(db: Session) -> towns.Town:
    return towns.make_town(db)


@pytest.fixture
def politician(app: Flask, client: FlaskClient, town: towns.Town) -> FlaskClient:
    towns.sign_in(app, client, town.politician)
    return client


@pytest.fixture
def chief(app: Flask, client: FlaskClient, town: towns.Town) -> FlaskClient:
    towns.sign_in(app, client, town.chief)
    return client


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_most_urgent_question_stands_first(politician: FlaskClient, town: towns.Town) -> None:
    html = text_of(politician, "/desk")
    listed = re.findall(r'href="/desk/(\d+)"', html)
    assert listed == [str(question.id) for question in town.questions]
    assert "Tre spørgsmål venter på dig" in html


def test_deadlines_stand_as_days_and_lateness_in_working_days(politician: FlaskClient) -> None:
    html = text_of(politician, "/desk")
    assert "Ét er over fristen." in html
    assert "Ét skal du svare på i dag." in html
    assert re.search(r"Over fristen i \d+ arbejdsdage?\.", html)
    assert "Senest i dag, " in html
    assert "23.59" not in html


def test_a_question_shows_what_was_said_round_it(politician: FlaskClient, town: towns.Town) -> None:
    html = text_of(politician, f"/desk/{town.late.id}")
    assert towns.ASKED in html
    assert "Min søn går på Lyngholm." in html  # above it
    assert "De kan ikke bare skifte klasse." in html  # under it
    assert "BS-04" in html
    assert "sparer 236 mio. kr. om året fra 2028" in html
    assert "Tråden drøftes på borgermødet" in html
    assert "Tages op på borgermødet" not in html  # it is on no agenda itself


def test_a_question_on_an_agenda_says_so_in_the_list_and_where_it_is_read(
    politician: FlaskClient, town: towns.Town, db: Session
) -> None:
    item = AgendaItem(
        meeting_id=town.thread.meeting_id, question_id=town.late.id, position=1, code="A1",
        added_at=towns.NOW,
    )  # fmt: skip
    db.add(item)
    db.commit()
    html = text_of(politician, f"/desk/{town.late.id}")
    assert html.count("Tages op på borgermødet") == 2
    assert "Tråden drøftes på borgermødet" not in html


def test_the_answer_goes_to_the_thread_in_the_voice_he_chooses(
    politician: FlaskClient, town: towns.Town
) -> None:
    html = text_of(politician, f"/desk/{town.late.id}")
    assert f'action="/desk/{town.late.id}/answer"' in html
    for field in (f'name="parent_id" value="{town.late.id}"', 'name="kind" value="comment"'):
        assert field in html
    assert 'name="next" value="/desk"' in html
    assert re.search(r'name="idempotency_key" value="[0-9a-f]{32}"', html)
    assert "Formand for Børne- og Skoleudvalget" in html
    assert "Medlem af byrådet, Landsbylisten" in html


def test_a_draft_is_there_again(politician: FlaskClient, town: towns.Town, db: Session) -> None:
    db.add(
        Draft(
            user_id=town.politician.id,
            parent_id=town.late.id,
            body="Kære Dorte. Klasserne",
            saved_at=towns.NOW,
        )
    )
    db.commit()
    assert ">Kære Dorte. Klasserne</textarea>" in text_of(politician, f"/desk/{town.late.id}")


def test_what_he_answered_is_linked(politician: FlaskClient, town: towns.Town) -> None:
    html = text_of(politician, "/desk")
    assert "Se dit seneste svar" in html
    assert f'href="/posts/{town.answer.id}"' in html


def test_an_answered_question_has_no_form(politician: FlaskClient, town: towns.Town) -> None:
    html = text_of(politician, f"/desk/{town.answer.parent_id}")
    assert "Se svaret i tråden" in html
    assert "<textarea" not in html


@pytest.mark.parametrize("state", [PostState.HIDDEN, PostState.WITHDRAWN])
def test_a_question_that_is_gone_does_not_show_its_words(
    politician: FlaskClient, town: towns.Town, db: Session, state: PostState
) -> None:
    town.late.state = state
    db.commit()
    html = text_of(politician, f"/desk/{town.late.id}").partition("<article")[2]
    assert "Spørgsmålet er ikke længere fremme" in html
    assert towns.ASKED not in html
    assert "<textarea" not in html


def test_nothing_waits(app: Flask, client: FlaskClient, town: towns.Town) -> None:
    towns.sign_in(app, client, town.other)
    html = text_of(client, "/desk")
    assert "Ingen spørgsmål venter på dig" in html
    assert "<textarea" not in html


def test_a_question_to_someone_else_is_not_found(
    app: Flask, client: FlaskClient, town: towns.Town
) -> None:
    towns.sign_in(app, client, town.other)
    assert client.get(f"/desk/{town.late.id}").status_code == 404


def test_a_citizen_has_no_desk(app: Flask, client: FlaskClient, town: towns.Town) -> None:
    towns.sign_in(app, client, town.citizen)
    assert client.get("/desk").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/desk")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_the_desk_does_not_ask_more_for_more_questions(
    app: Flask, politician: FlaskClient, town: towns.Town, db: Session
) -> None:
    with towns.counted_statements(app) as few:
        text_of(politician, "/desk")
    for number in range(20):
        towns.make_question(
            db,
            town.thread,
            town.opening,
            f"Spørgsmål {number}?",
            town.politician,
            towns.due(4),
            town.citizen,
        )
    db.commit()
    with towns.counted_statements(app) as many:
        text_of(politician, "/desk")
    assert len(many) <= len(few) <= 25


def test_the_chief_sees_who_owes_late_answers(chief: FlaskClient, town: towns.Town) -> None:
    html = text_of(chief, "/desk")
    assert "Ét svar er over fristen." in html
    assert "Anders Toft (L)" in html
    assert f'href="/posts/{town.late.id}"' in html


def test_the_chief_sees_the_meeting_without_minutes(chief: FlaskClient) -> None:
    html = text_of(chief, "/desk")
    assert "Et møde mangler sit referat." in html
    assert re.search(r'href="/set-up/budget-2028/meetings/\d+/minutes"', html)


def test_the_chief_sees_what_the_plan_has_next(
    chief: FlaskClient, town: towns.Town, db: Session
) -> None:
    late, done = (
        Activity(
            consultation_id=town.budget.id,
            phase=Phase.ANNOUNCE,
            title=title,
            on_date=towns.TODAY - timedelta(days=2),
            is_done=title == "Pjece",
        )
        for title in ("Annonce", "Pjece")
    )
    db.add_all([late, done])
    db.commit()
    html = text_of(chief, "/desk")
    assert "Skulle være sket" in html
    assert f"/set-up/budget-2028/strategy/activities/{late.id}" in html
    assert "Pjece" not in html


def test_a_broken_rule_is_one_click_from_its_remedy(chief: FlaskClient) -> None:
    html = text_of(chief, "/desk")
    assert "råd har brug for dig." in html
    assert "/set-up/budget-2028/strategy" in html


def test_the_chief_without_dialogues_is_invited_to_make_one(
    app: Flask, client: FlaskClient, db: Session
) -> None:
    towns.sign_in(app, client, kept(db, towns.make_person(db, "Karen Holm", Role.COMMS_CHIEF)))
    html = text_of(client, "/desk")
    assert "Alt er, som det skal være." in html
    assert "/set-up/new" in html


def test_a_draft_says_how_far_it_is(chief: FlaskClient, db: Session) -> None:
    towns.make_consultation(db, "kladde", Kind.BUDGET, State.DRAFT, opened_at=None)
    db.commit()
    html = text_of(chief, "/desk")
    assert "/set-up/kladde/gate" in html


def kept(db: Session, person: User) -> User:
    db.commit()
    return person
