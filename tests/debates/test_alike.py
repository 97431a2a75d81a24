"""Was it asked before? Suggested, never decided."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.debates import alike, writing_queries
from dialog.debates.models import Thread
from dialog.moderation import commands as moderation
from dialog.permissions import Actor
from tests import make
from tests.make import NOW

ASKED = "Hvem hjælper de ældre, der ikke selv kan gøre rent?"


@pytest.mark.parametrize(
    "again",
    [
        ASKED,
        "Hvem skal hjælpe ældre, som ikke kan gøre rent selv?",
        "Ældre der ikke kan gøre rent: hvem hjælper dem?",
        "HVEM HJÆLPER DE ÆLDRE MED AT GØRE RENT",
    ],
)
def test_the_same_question_in_other_words_is_alike(again: str) -> None:
    assert alike.likeness(ASKED, again) > 0


@pytest.mark.parametrize(
    "other",
    [
        "",
        "?",
        "Hvad koster det?",
        "Hvorfor lukker I skolen i Vesterby, når den lige er bygget om?",
        "Hvornår får vi at vide, om bussen bliver ved med at køre om aftenen?",
        "Gør rent!",
    ],
)
def test_other_questions_are_not(other: str) -> None:
    assert alike.likeness(ASKED, other) == 0


def test_words_are_the_same_with_and_without_their_endings() -> None:
    assert alike.stems("skolerne lukkes") == alike.stems("skolen lukker")
    assert alike.stems("rengøring") == alike.stems("rengøringen")


def test_small_words_say_nothing() -> None:
    assert alike.stems("Hvad er det, og hvorfor skal vi have det?") == frozenset()


def test_the_closest_come_first_and_no_more_than_asked_for() -> None:
    candidates = [(1, "Hvem hjælper ældre?"), (2, ASKED), (3, "Busser"), (4, ASKED), (5, ASKED)]
    assert alike.most_alike(ASKED, candidates, 2) == [2, 4]


def test_a_long_and_hostile_text_costs_next_to_nothing() -> None:
    began = time.process_time()
    alike.likeness("ere" * 1_700 + " " + "a b " * 600, "\u0301" * 5_000)
    assert time.process_time() - began < 0.5


# --- In a thread ----------------------------------------------------------------------------------


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db)


def test_only_questions_of_this_thread_are_compared(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread, body=ASKED)
    make.make_post(db, thread, body=ASKED)
    elsewhere = make.make_consultation(db, "budget-2029")
    make.make_question(db, make.make_thread(db, elsewhere), body=ASKED)
    found = writing_queries.similar_questions(db, thread.id, ASKED)
    assert [one.id for one in found] == [question.id]


def test_the_heading_counts_too(db: Session, thread: Thread) -> None:
    make.make_question(db, thread, topic=ASKED, body="Jeg undrer mig.")
    assert len(writing_queries.similar_questions(db, thread.id, ASKED)) == 1


def test_what_is_hidden_is_not_suggested(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread, body=ASKED)
    moderator = make.make_moderator(db)
    moderation.hide_post(
        db, moderator, post_id=question.id, reason="Personangreb mod en ansat.", now=NOW
    )
    assert writing_queries.similar_questions(db, thread.id, ASKED) == []


# --- In the browser -------------------------------------------------------------------------------

TOLD = "<b>Der er allerede spurgt om det her</b>"  # on the page, not among the script's words


@pytest.fixture
def bent(app: Flask, client: FlaskClient) -> Actor:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        actor = make.make_other_citizen(db)
    make.sign_in(app, client, actor)
    return actor


@pytest.fixture
def asked(app: Flask) -> tuple[Thread, int, int]:
    """A thread, its opening post and a question in it."""
    with make.committed(app) as db:
        thread = make.make_thread(db)
        question = make.make_question(db, thread, body=ASKED)
        return thread, make.opening_of(db, thread).id, question.id


@pytest.mark.usefixtures("bent")
def test_the_preview_tells_of_it_with_its_state(
    client: FlaskClient, asked: tuple[Thread, int, int]
) -> None:
    _thread, opening, question = asked
    answer = client.post(f"/posts/{opening}/preview", data={"kind": "question", "body": ASKED})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert TOLD in page
    assert f'href="/posts/{question}"' in page
    assert "Svar skyldes senest" in page or "Over fristen" in page


@pytest.mark.usefixtures("bent")
def test_a_comment_is_not_told(client: FlaskClient, asked: tuple[Thread, int, int]) -> None:
    answer = client.post(f"/posts/{asked[1]}/preview", data={"kind": "comment", "body": ASKED})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert TOLD not in page
    assert f'href="/posts/{asked[2]}"' not in page


@pytest.mark.usefixtures("bent")
def test_the_script_gets_a_fragment(client: FlaskClient, asked: tuple[Thread, int, int]) -> None:
    address = f"/threads/{asked[0].id}/similar"
    found = client.post(address, data={"kind": "question", "body": ASKED}).get_data(as_text=True)
    assert f'href="/posts/{asked[2]}"' in found
    assert "<html" not in found
    nothing = client.post(address, data={"kind": "question", "body": "Busserne om aftenen?"})
    assert nothing.get_data(as_text=True).strip() == ""


@pytest.mark.usefixtures("bent")
def test_it_never_keeps_anybody_from_asking(
    client: FlaskClient, asked: tuple[Thread, int, int]
) -> None:
    sent = client.post(
        f"/threads/{asked[0].id}/posts",
        data={"kind": "question", "body": ASKED, "parent_id": asked[1]},
    )
    assert sent.status_code == 303
