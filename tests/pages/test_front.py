"""The front page: what a citizen sees first."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.consultations.models import Kind, State
from dialog.debates.models import PostState
from tests.pages import town as towns


def page(client: FlaskClient) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_budget_says_what_is_at_stake_with_its_figure(client: FlaskClient, db: Session) -> None:
    towns.make_town(db)
    html = page(client)
    assert "Fjordby Kommune skal finde 250 mio. kr. Hvad mener du?" in html
    for figure in ("336 mio. kr.", "86 mio. kr."):
        assert figure in html


def test_cards_tell_questions_answered_and_the_next_meeting(
    client: FlaskClient, db: Session
) -> None:
    towns.make_town(db)
    html = page(client)
    assert "1 af 4" in html
    assert "Ingen er stillet endnu" in html
    assert html.count("Næste borgermøde") == 2
    assert "Første borgermøde" not in html  # it is over


def test_the_newest_answers_lead_to_their_posts(client: FlaskClient, db: Session) -> None:
    town = towns.make_town(db)
    html = page(client)
    assert towns.ANSWER in html
    assert f"/posts/{town.answer.id}" in html


def test_without_a_budget_the_schools_question_is_at_stake(
    client: FlaskClient, db: Session
) -> None:
    town = towns.make_town(db)
    town.budget.state = State.DECIDED
    db.commit()
    html = page(client)
    title = html.partition("<h1")[2].partition("</h1>")[0]
    assert "Hvor mange skoler skal vi have" in title
    assert "Det har vi talt om" in html


def test_an_empty_town_hears_a_calm_word(client: FlaskClient) -> None:
    html = page(client)
    assert "Lige nu er der ikke noget at tage stilling til" in html
    assert "Vi har lovet jer fem ting" in html


def test_a_draft_is_seen_nowhere(client: FlaskClient, db: Session) -> None:
    draft = towns.make_consultation(db, "hemmelig", Kind.BUDGET, State.DRAFT)
    towns.make_meeting(db, draft, 3, title="Hemmeligt møde")
    db.commit()
    assert "emmelig" not in page(client)


@pytest.mark.parametrize("state", [PostState.HIDDEN, PostState.WITHDRAWN])
def test_an_answer_that_is_gone_is_not_quoted(
    client: FlaskClient, db: Session, state: PostState
) -> None:
    town = towns.make_town(db)
    town.answer.state = state
    db.commit()
    assert towns.ANSWER not in page(client)


def test_a_closed_debate_invites_to_read(client: FlaskClient, db: Session) -> None:
    town = towns.make_town(db)
    town.budget.closes_at = towns.NOW
    db.commit()
    html = page(client)
    assert "Læs spørgsmål og svar" in html
    assert "Stil et spørgsmål" not in html


def test_the_number_of_queries_does_not_grow_with_the_town(app: Flask, db: Session) -> None:
    town, client = towns.make_town(db), towns.browser(app)
    with towns.counted_statements(app) as few:
        page(client)
    for number in range(5):
        more = towns.make_consultation(db, f"mere-{number}", Kind.BUDGET, State.OPEN)
        meeting = towns.make_meeting(db, more, number + 1)
        thread, opening = towns.make_thread(db, more, meeting, "Mere?")
        asked = towns.make_question(
            db, thread, opening, "Hvorfor?", town.politician, towns.due(1), town.citizen
        )
        towns.make_answer(db, thread, asked, "Derfor.", town.politician)
    db.commit()
    with towns.counted_statements(app) as many:
        page(client)
    assert len(many) == len(few) <= 12
