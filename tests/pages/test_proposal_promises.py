"""What the politicians promised, on the page of the proposal that it is about."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.catalogue.models import Proposal
from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.debates import promising
from dialog.debates.models import Post, PostState, Thread
from dialog.duties.models import PromiseKind
from dialog.duties.promising import Pledge
from dialog.permissions import Actor
from tests import make
from tests.pages import town as towns

NOW = clock.now()
HEADING = "Det har politikerne lovet"


@pytest.fixture
def dialogue(db: Session) -> Consultation:
    return make.make_consultation(db)


@pytest.fixture
def proposal(db: Session, dialogue: Consultation) -> Proposal:
    return make.make_proposal(db, dialogue)


@pytest.fixture
def thread(db: Session, dialogue: Consultation, proposal: Proposal) -> Thread:
    return make.make_thread(db, dialogue, proposals=[proposal], now=NOW - timedelta(days=20))


def promise(db: Session, thread: Thread, anders: Actor, words: str) -> Post:
    """The answer that promises this, by a day two weeks ahead."""
    question = make.make_question(db, thread, body=f"{words} Gør du?", now=NOW - timedelta(days=3))
    answer = make.make_post(
        db, thread, anders, under=question, body=f"Ja. {words}", now=NOW - timedelta(days=2)
    )
    day: date = clock.local(NOW).date() + timedelta(days=14)
    pledge = Pledge(kind=PromiseKind.AMENDMENT, text=words, day=day)
    promising.make_promise(
        db, anders, answer_id=answer.id, pledge=pledge, now=NOW - timedelta(days=1)
    )
    return answer


def test_a_promise_stands_on_the_proposal_with_its_name_and_its_answer(
    db: Session, client: FlaskClient, proposal: Proposal, thread: Thread
) -> None:
    answer = promise(db, thread, make.make_politician(db), "Jeg foreslår rengøring hver uge.")
    db.commit()
    page = client.get(f"/proposals/{proposal.id}").text
    assert HEADING in page
    assert "Jeg foreslår rengøring hver uge." in page
    assert f'href="/posts/{answer.id}"' in page
    assert f'href="/politicians/{make.make_politician(db).id}"' in page


def test_a_proposal_without_promises_does_not_speak_of_any(
    db: Session, client: FlaskClient, dialogue: Consultation, thread: Thread
) -> None:
    other = make.make_proposal(db, dialogue, "ÆO-02")
    promise(db, thread, make.make_politician(db), "Jeg foreslår rengøring hver uge.")
    db.commit()
    assert HEADING not in client.get(f"/proposals/{other.id}").text


def test_a_promise_in_a_hidden_answer_is_not_shown(
    db: Session, client: FlaskClient, proposal: Proposal, thread: Thread
) -> None:
    answer = promise(db, thread, make.make_politician(db), "Jeg foreslår rengøring hver uge.")
    answer.state = PostState.HIDDEN
    db.commit()
    assert HEADING not in client.get(f"/proposals/{proposal.id}").text


def test_more_promises_take_no_more_queries(
    app: Flask, db: Session, dialogue: Consultation, proposal: Proposal, thread: Thread
) -> None:
    client = towns.browser(app)
    anders, path = make.make_politician(db), f"/proposals/{proposal.id}"
    other = make.make_proposal(db, dialogue, "ÆO-02")
    proposal.exclusive_group = other.exclusive_group = "model"
    promise(db, thread, anders, "Jeg undersøger sag 0.")
    reader = make.make_citizen(db)
    db.commit()
    make.sign_in(app, client, reader)
    client.get(path)
    with towns.counted_statements(app) as for_one:
        client.get(path)
    for number in range(1, 6):
        promise(db, thread, anders, f"Jeg undersøger sag {number}.")
    db.commit()
    with towns.counted_statements(app) as for_six:
        page = client.get(path).text
    assert all(f"Jeg undersøger sag {number}." in page for number in range(6))
    assert other.title in page
    assert len(for_six) == len(for_one), "\n".join(for_six)
    assert len(for_six) <= 8, "\n".join(for_six)
