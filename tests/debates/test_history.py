"""What happened to a question stands where it was asked: every reason and every moved deadline."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.core import clock, formats
from dialog.debates import answering, recess, triaging
from dialog.debates.models import Post, Thread
from dialog.duties import queries as duties
from dialog.duties.handling import Decline
from dialog.duties.models import DeclineCode, PauseCause
from dialog.moderation import commands as moderation
from dialog.rules.workdays import add_working_days
from tests import make
from tests.pages import town as towns

NOW = clock.now() - timedelta(hours=1)
TODAY = clock.local(NOW).date()
CANARY = "zqgrund, som alle kan læse"


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db, now=NOW - timedelta(days=9))


@pytest.fixture
def question(db: Session, thread: Thread) -> Post:
    """Karen's question to Anders Toft, let through."""
    asked = make.make_question(db, thread, body="Hvornår kommer bussen?", now=NOW)
    triaging.take_on_question(db, make.make_moderator(db), question_id=asked.id, now=NOW)
    return asked


def told(client: FlaskClient, question: Post) -> str:
    """The page of the question, which anybody can read."""
    return client.get(f"/posts/{question.id}").text


def first_day(db: Session, question: Post) -> str:
    """The sentence that tells which deadline was told first."""
    duty = duties.duty_of(db, question.id)
    assert duty is not None
    day = formats.date_long(duty.first_due_at, "da", today=clock.local(clock.now()).date())
    return f"Fristen var først {day}."


def test_a_moved_deadline_stands_with_its_reason_and_the_day_that_was_told_first(
    db: Session, client: FlaskClient, question: Post
) -> None:
    later = add_working_days(TODAY, 9)
    answering.postpone_question(
        db, make.make_chief(db), question_id=question.id, day=later, reason=CANARY, now=NOW
    )
    db.commit()
    page = told(client, question)
    assert "Fristen blev flyttet frem" in page
    assert CANARY in page
    assert f"Ny frist: {formats.date_long(later, 'da', today=TODAY)}" in page
    for path in (f"/posts/{question.id}", f"/threads/{question.thread_id}", "/answers"):
        assert first_day(db, question) in client.get(path).text, path


def test_the_recess_that_moved_a_deadline_is_named(
    db: Session, client: FlaskClient, question: Post
) -> None:
    recess.publish_recess(
        db, make.make_chief(db), name="Vinterferie", first_day=TODAY + timedelta(days=1),
        last_day=TODAY + timedelta(days=20), now=NOW,
    )  # fmt: skip
    db.commit()
    assert "Vinterferie" in told(client, question)


def test_a_pause_that_is_over_still_stands_with_its_reason_and_its_days(
    db: Session, client: FlaskClient, question: Post
) -> None:
    answering.pause_question(
        db, make.make_politician(db), question_id=question.id, reason=CANARY,
        until=add_working_days(TODAY, 2), cause=PauseCause.ILLNESS, now=NOW,
    )  # fmt: skip
    duty = duties.duty_of(db, question.id)
    assert duty is not None
    duty.pause_until = TODAY - timedelta(days=1)
    db.commit()
    page = told(client, question)
    assert CANARY in page
    assert "(2 arbejdsdage på pause)" in page
    assert first_day(db, question) in page


def test_who_was_handed_the_question_is_named_with_the_reason(
    db: Session, client: FlaskClient, question: Post
) -> None:
    mette = make.make_politician(db, "Mette Hjorth", committee=None)
    answering.hand_on_question(
        db, make.make_politician(db), question_id=question.id, to_id=mette.id or 0,
        reason=CANARY, now=NOW,
    )  # fmt: skip
    db.commit()
    page = told(client, question)
    assert "Givet videre til Mette Hjorth" in page
    assert CANARY in page


def test_what_the_asker_missed_in_the_answer_can_be_read(
    db: Session, client: FlaskClient, thread: Thread, question: Post
) -> None:
    make.make_post(db, thread, make.make_politician(db), under=question, body="Snart.", now=NOW)
    answering.contest_answer(
        db, make.make_citizen(db), question_id=question.id, reason=CANARY, now=NOW
    )
    db.commit()
    page = told(client, question)
    assert CANARY in page
    assert "Fristen var først" not in page  # the line itself says that he was not answered


def test_a_question_that_was_answered_elsewhere_is_told_in_words(
    db: Session, client: FlaskClient, thread: Thread, question: Post
) -> None:
    toft = make.make_politician(db)
    other = make.make_question(db, thread, body="Og skolebussen?", now=NOW)
    answer = make.make_post(db, thread, toft, under=other, body="Den kører fra mandag.", now=NOW)
    why = Decline(code=DeclineCode.ANSWERED_HERE, see_answer_id=answer.id)
    answering.decline_question(db, toft, question_id=question.id, why=why, now=NOW)
    db.commit()
    page = told(client, question)
    assert ": Besvaret et andet sted</li>" in page
    assert "answered_here" not in page


def test_what_is_gone_takes_its_reasons_along(
    db: Session, client: FlaskClient, question: Post
) -> None:
    mette = make.make_politician(db, "Mette Hjorth", committee=None)
    answering.hand_on_question(
        db, make.make_politician(db), question_id=question.id, to_id=mette.id or 0,
        reason=CANARY, now=NOW,
    )  # fmt: skip
    moderation.hide_post(
        db, make.make_moderator(db), post_id=question.id, reason="Brud på regel 2.", now=NOW
    )
    db.commit()
    assert CANARY not in told(client, question)


def test_a_page_with_a_long_history_takes_no_more_queries(
    app: Flask, db: Session, client: FlaskClient, question: Post
) -> None:
    people = [make.make_politician(db, name, committee=None) for name in ("Ib", "Eva", "Ole")]
    moderator = make.make_moderator(db)
    for one in people:
        answering.hand_on_question(
            db, moderator, question_id=question.id, to_id=one.id or 0, now=NOW
        )
    db.commit()
    with towns.counted_statements(app) as asked:
        assert "Givet videre til Eva" in told(client, question)
    assert len(asked) <= 8, asked
