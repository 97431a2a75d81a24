"""What is said aloud stands in the tree like anything else, and says where it comes from."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.debates import commands, confirming, editing, oral, writing_queries
from dialog.debates.models import Confirmation, Origin, Post, PostKind, PostState, Thread
from dialog.debates.spoken import Said
from dialog.duties import queries as duties
from dialog.moderation import commands as moderation
from dialog.people.models import User
from tests import make
from tests.make import NOW


def say(db: Session, thread: Thread, body: str = "Vi er tre på 3. sal.", **more: Any) -> Post:
    """Words that Line has written down for somebody at the thread's meeting."""
    what = {"speaker": "Ole Brandt", "meeting_id": thread.meeting_id, "said_at": NOW}
    said = Said(body=body, **what | more.pop("said", {}))
    return oral.record_contribution(
        db, make.make_chief(db), thread_id=thread.id, parent_id=more.pop("under", None),
        said=said, now=more.pop("now", NOW), **more,
    )  # fmt: skip


def answer(db: Session, question: Post, body: str = "Det gør hjemmeplejen.") -> Post:
    """The answer that Anders gave aloud, as Line wrote it down."""
    thread = db.get_one(Thread, question.thread_id)
    said = Said(body=body, meeting_id=thread.meeting_id, said_at=NOW)
    anders = make.make_politician(db)
    return oral.record_answer(
        db, make.make_chief(db), question_id=question.id, politician_id=anders.id or 0,
        said=said, now=NOW,
    )  # fmt: skip


def test_what_was_said_is_a_post_that_tells_where_and_for_how_many(db: Session) -> None:
    thread = make.make_thread(db)
    post = say(db, thread, said={"speaks_for": 3, "area": "Havnen"})
    assert (post.author_name, post.author_area, post.author_id) == ("Ole Brandt", "Havnen", None)
    assert (post.origin, post.speaks_for, post.meeting_id) == (Origin.MEETING, 3, thread.meeting_id)
    assert post.recorded_by == make.make_chief(db).id
    db.refresh(thread)
    assert (thread.post_count, thread.participant_count) == (1, 1)


def test_one_who_speaks_twice_is_one_person(db: Session) -> None:
    thread = make.make_thread(db)
    say(db, thread)
    say(db, thread, "Og en ting til.")
    db.refresh(thread)
    assert (thread.post_count, thread.participant_count) == (2, 1)


def test_a_question_asked_aloud_is_owed_an_answer(db: Session) -> None:
    thread = make.make_thread(db)
    question = say(db, thread, "Hvem hjælper?", kind=PostKind.QUESTION)
    duty = duties.duty_of(db, question.id)
    assert duty is not None
    assert duty.holder_id == make.make_politician(db).id
    assert make.opening_of(db, thread).open_questions == 1


def test_without_a_name_somebody_is_a_citizen(db: Session) -> None:
    assert say(db, make.make_thread(db), said={"speaker": " "}).author_name == "En borger"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("body", {"body": " "}),
        ("speaks_for", {"speaks_for": 0}),
        ("speaker", {"speaker": "x" * 81}),
        ("origin", {"origin": Origin.ONLINE}),
        ("origin", {"origin": Origin.PHONE}),
        ("origin", {"meeting_id": None}),
    ],
)
def test_what_makes_no_sense_is_refused(db: Session, field: str, said: dict[str, Any]) -> None:
    thread = make.make_thread(db)
    with pytest.raises(InvalidInput) as refused:
        say(db, thread, said.pop("body", "Ord."), said=said)
    assert field in refused.value.fields


def test_what_was_said_in_time_may_be_written_down_later(db: Session) -> None:
    closes = NOW + timedelta(hours=1)
    thread = make.make_thread(db, make.make_consultation(db, closes_at=closes))
    assert say(db, thread, now=NOW + timedelta(hours=2)).id
    with pytest.raises(TooLate):
        say(db, thread, said={"said_at": NOW + timedelta(hours=2)}, now=NOW + timedelta(hours=2))


def test_nothing_stands_under_a_hidden_question(db: Session) -> None:
    thread = make.make_thread(db)
    question = make.make_question(db, thread)
    moderator = make.make_moderator(db)
    moderation.hide_post(
        db, moderator, post_id=question.id, reason="Hård tone mod en anden", now=NOW
    )
    with pytest.raises(TooLate):
        answer(db, question)


def test_an_oral_answer_fulfils_the_duty_and_waits_to_be_confirmed(db: Session) -> None:
    thread = make.make_thread(db)
    question = make.make_question(db, thread)
    given = answer(db, question)
    duty = duties.duty_of(db, question.id)
    assert duty is not None
    assert (duty.answer_id, duty.answered_by) == (given.id, make.make_politician(db).id)
    assert (given.is_answer, given.confirmation) == (True, Confirmation.WAITING)
    assert given.confirm_by == NOW + timedelta(hours=48)
    db.refresh(question)
    assert (question.awaits_answer, question.answers) == (False, 1)


def test_the_speaker_confirms_his_answer_once(db: Session) -> None:
    given = answer(db, make.make_question(db, make.make_thread(db)))
    anders = make.make_politician(db)
    rev = given.rev
    confirming.confirm_answer(db, anders, post_id=given.id, now=NOW)
    assert (given.confirmation, given.confirmed_at) == (Confirmation.CONFIRMED, NOW)
    assert given.rev > rev
    with pytest.raises(TooLate):
        confirming.amend_answer(db, anders, post_id=given.id, body="Nej.", now=NOW)


def test_both_stand_when_the_speaker_amends(db: Session) -> None:
    thread = make.make_thread(db)
    given = answer(db, make.make_question(db, thread))
    anders = make.make_politician(db)
    own = confirming.amend_answer(db, anders, post_id=given.id, body="Fra marts.", now=NOW)
    assert (given.source, given.amended_by) == ("Det gør hjemmeplejen.", own.id)
    assert given.confirmation is Confirmation.AMENDED
    assert (own.parent_id, own.author_id, own.source) == (given.id, anders.id, "Fra marts.")


def test_nobody_else_confirms_or_amends(db: Session) -> None:
    given = answer(db, make.make_question(db, make.make_thread(db)))
    other = make.make_politician(db, "Ida Falk", committee=None)
    with pytest.raises(NotFound):
        confirming.confirm_answer(db, other, post_id=given.id, now=NOW)
    with pytest.raises(NotFound):
        confirming.amend_answer(db, make.make_citizen(db), post_id=given.id, body="Nej.", now=NOW)


def test_after_48_hours_it_stands_as_it_was_written_down(db: Session) -> None:
    given = answer(db, make.make_question(db, make.make_thread(db)))
    assert confirming.let_lapse(db, now=NOW + timedelta(hours=47)) == []
    late = NOW + timedelta(hours=48)
    with pytest.raises(TooLate):
        confirming.confirm_answer(db, make.make_politician(db), post_id=given.id, now=late)
    assert confirming.let_lapse(db, now=late) == [given.id]
    assert confirming.let_lapse(db, now=late) == []
    db.refresh(given)
    assert given.confirmation is Confirmation.LAPSED


def test_what_was_said_aloud_is_not_edited_or_withdrawn_as_a_post(db: Session) -> None:
    given = answer(db, make.make_question(db, make.make_thread(db)))
    anders = make.make_politician(db)
    with pytest.raises(TooLate):
        commands.withdraw_post(db, anders, post_id=given.id, now=NOW)
    with pytest.raises(TooLate):
        editing.edit_post(db, anders, post_id=given.id, body="Nej.", edition=1, now=NOW)


def test_a_correction_keeps_the_old_words_readable_at_once(db: Session) -> None:
    post = say(db, make.make_thread(db))
    confirming.correct_words(db, post_id=post.id, body="Vi er fire.", edition=1, now=NOW)
    assert [one.source for one in writing_queries.versions_of(db, post.id, 5)][::-1] == [
        "Vi er tre på 3. sal.",
        "Vi er fire.",
    ]
    with pytest.raises(AlreadyDone):
        confirming.correct_words(db, post_id=post.id, body="Vi er fem.", edition=1, now=NOW)


def test_withdrawn_words_leave_a_tombstone_and_settle_the_duty(db: Session) -> None:
    thread = make.make_thread(db)
    question = say(db, thread, "Hvem hjælper?", kind=PostKind.QUESTION)
    confirming.withdraw_words(db, post_id=question.id, now=NOW)
    assert question.state is PostState.WITHDRAWN
    duty = duties.duty_of(db, question.id)
    assert duty is not None
    assert duty.closed_reason == "withdrawn"


def test_an_online_post_is_no_oral_one(db: Session) -> None:
    post = make.make_post(db, make.make_thread(db))
    with pytest.raises(NotFound):
        confirming.withdraw_words(db, post_id=post.id, now=NOW)


def test_two_note_takers_do_not_overwrite_each_other(db: Session) -> None:
    post, line = say(db, make.make_thread(db)), make.make_chief(db)
    oral.rewrite(db, line, post_id=post.id, body="Først.", edition=1, now=NOW)
    with pytest.raises(AlreadyDone):
        oral.rewrite(db, line, post_id=post.id, body="Sidst.", edition=1, now=NOW)
    assert post.source == "Først."


def test_a_post_says_whether_its_writer_was_a_verified_resident_then(db: Session) -> None:
    thread, karen = make.make_thread(db), make.make_citizen(db)
    before = make.make_post(db, thread)
    db.get_one(User, karen.id).verified_at = NOW
    after = make.make_post(db, thread, body="Og nu?")
    assert (before.verified, after.verified) == (False, True)


def test_the_page_says_where_it_was_said(app: Flask, client: FlaskClient) -> None:
    with make.committed(app) as db:
        thread = make.make_thread(db)
        say(db, thread, said={"speaks_for": 3})
        phone = {"origin": Origin.PHONE, "meeting_id": None, "speaker": "Ida Lund"}
        say(db, thread, "Jeg kan ikke gå.", said=phone)
        given = answer(db, make.make_question(db, thread))
    page = client.get(f"/threads/{thread.id}").text
    assert re.search(r"Sagt på borgermødet 13\.[^<]*</a>, taler for 3", page)
    assert "Fortalt i telefonen 13." in page
    assert "Besvaret på borgermødet 13." in page
    assert "Afventer bekræftelse" in page
    with make.committed(app) as db:
        anders = make.make_politician(db)
        now = NOW + timedelta(hours=3)
        confirming.amend_answer(db, anders, post_id=given.id, body="Fra marts.", now=now)
    page = client.get(f"/threads/{thread.id}").text
    assert "Uddybet af Anders Toft" in page
    assert "Uddyber sit svar på borgermødet" in page
