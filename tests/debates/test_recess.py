"""A recess in the threads: the days it takes are nobody's delay, and its deadlines move at once."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation
from dialog.core import clock, formats
from dialog.debates import recess
from dialog.debates.models import Thread
from dialog.duties import queries as duties
from dialog.permissions import Actor
from dialog.rules import promise
from tests import make

NOW = clock.now()
TODAY = clock.local(NOW).date()


@pytest.fixture
def thread(db: Session) -> Thread:
    dialogue: Consultation = make.make_consultation(db)
    return make.make_thread(db, dialogue, now=NOW - timedelta(days=90))


def away(db: Session, chief: Actor, first: int, last: int) -> None:
    """A recess between these days from today, told forty days ago."""
    recess.publish_recess(
        db, chief, name="Efterårsferie", first_day=TODAY + timedelta(days=first),
        last_day=TODAY + timedelta(days=last), now=NOW - timedelta(days=40),
    )  # fmt: skip


def test_days_of_recess_are_no_delay_in_the_thread_either(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    question = make.make_question(db, thread, body="Hvornår?", now=NOW - timedelta(days=60))
    duty = duties.duty_of(db, question.id)
    assert duty is not None
    away(db, make.make_chief(db), -30, -12)
    duty.due_at = NOW - timedelta(days=31)
    db.commit()
    late = promise.working_days_late(duty.due_at, NOW, duties.recess_days(db))
    assert late < promise.working_days_late(duty.due_at, NOW)
    words = f"Over fristen i {late} arbejdsdage."
    for path in (f"/threads/{thread.id}", f"/posts/{question.id}", "/answers"):
        assert words in client.get(path).text, path


def test_days_of_recess_do_not_count_in_how_long_an_answer_took(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    asked_at, given_at = NOW - timedelta(days=36), NOW - timedelta(days=4)
    question = make.make_question(db, thread, body="Hvornår?", now=asked_at)
    away(db, make.make_chief(db), -30, -12)
    make.make_post(
        db, thread, make.make_politician(db), under=question, body="I marts.", now=given_at
    )
    db.commit()
    first, last = clock.local(asked_at).date(), clock.local(given_at).date()
    took = promise.working_days_between(first, last, duties.recess_days(db))
    assert took < promise.working_days_between(first, last)
    assert f"({took} arbejdsdage, efter fristen)" in client.get(f"/threads/{thread.id}").text


def test_a_deadline_that_a_recess_moves_moves_in_the_thread_at_once(
    db: Session, client: FlaskClient, thread: Thread
) -> None:
    question = make.make_question(db, thread, body="Hvornår?", now=NOW)
    db.commit()
    duty = duties.duty_of(db, question.id)
    assert duty is not None
    before, seen = duty.due_at, question.rev
    assert formats.date_long(before, "da", today=TODAY) in client.get(f"/threads/{thread.id}").text
    recess.publish_recess(
        db, make.make_chief(db), name="Ferie", first_day=TODAY + timedelta(days=1),
        last_day=TODAY + timedelta(days=21), now=NOW,
    )  # fmt: skip
    db.commit()
    assert duty.due_at > before
    assert question.rev > seen
    page = client.get(f"/threads/{thread.id}").text
    assert formats.date_long(duty.due_at, "da", today=TODAY) in page
