"""What is owed, by when, and how it ends."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from dialog.consultations.models import RuleSettings
from dialog.debates import commands as debates
from dialog.debates.models import Post, Thread
from dialog.duties import commands, queries
from dialog.duties.models import Duty
from dialog.permissions import SYSTEM
from tests import make
from tests.make import NOW


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db)


def owed(db: Session, question: Post) -> Duty:
    db.flush()
    found = queries.duty_of(db, question.id)
    assert found is not None
    return found


def holder(db: Session) -> int:
    toft = make.make_politician(db).id
    assert toft is not None
    return toft


def settled(
    db: Session, question: Post, *, gone: str | None = None, now: datetime = NOW
) -> list[Duty]:
    """What is owed after its question went or came back, without an answer."""
    return commands.settle_duty(
        db, SYSTEM, question_id=question.id, answer=None, gone=gone, now=now
    )


def test_a_dialogue_can_set_its_own_deadline(db: Session, thread: Thread) -> None:
    db.add(RuleSettings(consultation_id=thread.consultation_id, answer_working_days=2))
    duty = owed(db, make.make_question(db, thread))
    assert duty.due_at.isoformat() == "2028-09-15T21:59:00+00:00"  # Friday


def test_a_weekend_does_not_count(db: Session, thread: Thread) -> None:
    friday = NOW + timedelta(days=2)
    duty = owed(db, make.make_question(db, thread, now=friday))
    assert duty.due_at.isoformat() == "2028-09-22T21:59:00+00:00"  # the Friday after


def test_the_most_urgent_comes_first(db: Session, thread: Thread) -> None:
    later = make.make_question(db, thread, body="B?", now=NOW + timedelta(days=5))
    sooner = make.make_question(db, thread, body="A?", now=NOW)
    found = queries.owed_by(db, holder(db))
    assert [duty.question_id for duty in found] == [sooner.id, later.id]


def test_what_is_answered_is_no_longer_owed(db: Session, thread: Thread) -> None:
    toft, question = make.make_politician(db), make.make_question(db, thread)
    make.make_post(db, thread, toft, under=question, body="Ja.")
    assert queries.owed_by(db, holder(db)) == []
    assert [duty.question_id for duty in queries.answered_by(db, holder(db), 5)] == [question.id]
    assert queries.open_count(db, thread.consultation_id) == 0


def test_a_duty_is_fulfilled_once(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    first, second = make.make_post(db, thread), make.make_post(db, thread, body="Og")
    fulfil = partial(commands.fulfil_duty, db, SYSTEM, question_id=question.id, now=NOW)
    assert fulfil(answer_id=first.id) == [owed(db, question)]
    assert fulfil(answer_id=second.id) == []
    assert owed(db, question).answer_id == first.id


def test_nothing_is_owed_for_a_comment(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    assert queries.duty_of(db, post.id) is None
    assert settled(db, post, gone="hidden") == []


def test_a_withdrawn_question_is_neither_owed_nor_counted_as_asked(
    db: Session, thread: Thread
) -> None:
    question = make.make_question(db, thread)
    debates.withdraw_post(db, make.make_citizen(db), post_id=question.id, now=NOW)
    assert queries.owed_by(db, holder(db)) == []
    assert queries.open_count(db, thread.consultation_id) == 0
    assert queries.answered_and_asked(db) == {}


def test_answered_and_asked_are_counted_for_each_dialogue(db: Session, thread: Thread) -> None:
    toft, question = make.make_politician(db), make.make_question(db, thread)
    make.make_question(db, thread, body="Og hvornår?")
    make.make_post(db, thread, toft, under=question, body="Ja.")
    assert queries.answered_and_asked(db) == {thread.consultation_id: (1, 2)}


def test_an_answered_duty_is_not_closed(db: Session, thread: Thread) -> None:
    toft, question = make.make_politician(db), make.make_question(db, thread)
    make.make_post(db, thread, toft, under=question, body="Ja.")
    debates.withdraw_post(db, make.make_citizen(db), post_id=question.id, now=NOW)
    assert owed(db, question).closed_reason is None


def test_a_duty_reopens_with_the_deadline_it_had(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    due = owed(db, question).due_at
    later = NOW + timedelta(days=3)
    settled(db, question, gone="hidden")
    settled(db, question, now=later)
    duty = owed(db, question)
    assert (duty.due_at, duty.closed_reason) == (due, None)
