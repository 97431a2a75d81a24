"""Hiding with a public reason, restoring, and the log that everyone can read."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.consultations.models import State
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import answering
from dialog.debates import commands as debates
from dialog.debates.models import Post, PostState, Thread
from dialog.duties import queries as duties
from dialog.moderation import commands, queries
from dialog.moderation.models import Decision, DecisionKind
from dialog.notifications.models import Notification
from dialog.permissions import Actor, NotAllowed
from tests import make
from tests.make import NOW
from tests.people.browser import send

REASON = "Indlægget navngiver en privatperson."


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db)


def hide(db: Session, post: Post, reason: str = REASON, by: Actor | None = None) -> Decision:
    by = by or make.make_moderator(db)
    return commands.hide_post(db, by, post_id=post.id, reason=reason, now=NOW)


def restore(db: Session, post: Post, reason: str = "Det var en fejl.") -> Decision:
    by = make.make_moderator(db)
    return commands.restore_post(db, by, post_id=post.id, reason=reason, now=NOW)


def test_a_hidden_post_keeps_its_place_its_reason_and_its_replies(
    db: Session, thread: Thread
) -> None:
    post = make.make_post(db, thread)
    reply = make.make_post(db, thread, under=post, body="Et svar")
    hide(db, post)
    shown = make.posts_of(db, thread)
    assert [one.id for one in shown[1:]] == [post.id, reply.id]
    assert (shown[1].state, shown[1].state_reason) == (PostState.HIDDEN, REASON)
    assert shown[2].state is PostState.VISIBLE


def test_hiding_shows_in_the_threads_rev(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    hide(db, post)
    db.refresh(thread)
    assert thread.rev == post.rev == 3


def test_restoring_brings_it_back_without_a_reason_on_it(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    hide(db, post)
    restore(db, post)
    assert (post.state, post.state_reason) == (PostState.VISIBLE, None)


def test_a_hidden_question_is_not_owed_until_it_comes_back(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    hide(db, question)
    assert duties.open_count(db, thread.consultation_id) == 0
    assert make.opening_of(db, thread).open_questions == 0
    restore(db, question)
    assert duties.open_count(db, thread.consultation_id) == 1
    assert make.opening_of(db, thread).open_questions == 1
    assert question.awaits_answer


def test_an_answered_question_is_not_owed_again_when_it_comes_back(
    db: Session, thread: Thread
) -> None:
    question = make.make_question(db, thread)
    make.make_post(db, thread, make.make_politician(db), under=question, body="Ja.")
    hide(db, question)
    restore(db, question)
    assert duties.open_count(db, thread.consultation_id) == 0
    assert not question.awaits_answer


@pytest.mark.parametrize("reason", ["", "kort", " " * 30, "a" * 501])
def test_a_reason_that_says_nothing_or_too_much_is_refused(
    db: Session, thread: Thread, reason: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        hide(db, make.make_post(db, thread), reason)
    assert set(refused.value.fields) == {"reason"}


def test_only_a_moderator_hides(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    others = (make.make_citizen(db), make.make_politician(db), make.make_chief(db))
    for other in others:
        with pytest.raises(NotAllowed):
            hide(db, post, by=other)


def test_the_opening_post_is_not_hidden(db: Session, thread: Thread) -> None:
    with pytest.raises(NotFound):
        hide(db, make.opening_of(db, thread))


def test_what_its_author_withdrew_is_neither_hidden_nor_restored(
    db: Session, thread: Thread
) -> None:
    post = make.make_post(db, thread)
    debates.withdraw_post(db, make.make_citizen(db), post_id=post.id, now=NOW)
    with pytest.raises(TooLate):
        hide(db, post)
    with pytest.raises(TooLate):
        restore(db, post)


def test_a_hidden_post_cannot_be_withdrawn_past_its_reason(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    hide(db, post)
    with pytest.raises(TooLate):
        debates.withdraw_post(db, make.make_citizen(db), post_id=post.id, now=NOW)


def test_the_author_is_told_why(db: Session, thread: Thread) -> None:
    karen = make.make_citizen(db)
    post = make.make_post(db, thread, karen)
    hide(db, post)
    wanted = select(Notification).where(Notification.user_id == karen.id)
    told = db.scalars(wanted).one()
    assert (told.kind, told.excerpt) == ("hidden", REASON)


def test_the_log_shows_every_decision_the_newest_first(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    hide(db, post)
    restore(db, post)
    db.flush()
    found = [(one.kind, one.reason) for one, _thread in queries.decisions(db)]
    assert found == [
        (DecisionKind.RESTORE, "Det var en fejl."),
        (DecisionKind.HIDE, REASON),
    ]


def test_the_log_goes_on_from_a_number(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    first = hide(db, post)
    second = restore(db, post)
    db.flush()
    assert [one.id for one, _thread in queries.decisions(db, second.id)] == [first.id]


def test_the_log_says_nothing_of_a_draft_dialogue(db: Session) -> None:
    consultation = make.make_consultation(db)
    thread = make.make_thread(db, consultation)
    hide(db, make.make_post(db, thread))
    consultation.state = State.DRAFT
    db.flush()
    assert queries.decisions(db) == []


def contested(db: Session, thread: Thread) -> Post:
    """A question whose asker says something rude of the answer to it."""
    asked = make.make_question(db, thread)
    anders = make.make_politician(db)
    make.make_post(db, thread, anders, under=asked, body="Det er besluttet.", now=NOW)
    karen = make.make_citizen(db)
    answering.contest_answer(
        db, karen, question_id=asked.id, reason="Bo fra nummer 7 lyver.", now=NOW
    )
    return asked


def test_what_was_said_of_an_answer_is_hidden_while_the_question_stands(
    app: Flask, client: FlaskClient, db: Session, thread: Thread
) -> None:
    asked, pia = contested(db, thread), make.make_moderator(db)
    quoting = select(Notification.id).where(Notification.excerpt.contains("Bo fra nummer 7"))
    assert db.scalars(quoting).all()
    db.commit()
    assert "Bo fra nummer 7" in client.get(f"/posts/{asked.id}").text
    make.sign_in(app, client, pia)
    page = f"/posts/{asked.id}/hide"
    assert "Bo fra nummer 7" in client.get(page).text
    assert send(client, page, what="contest", reason=REASON).location == f"/posts/{asked.id}"
    shown = client.get(f"/posts/{asked.id}").text
    assert "Bo fra nummer 7" not in shown
    assert f"Skjult af en moderator: {REASON}" in shown
    assert asked.source in shown
    log = client.get("/moderation").text
    assert REASON in log
    assert "Spørgerens ord om svaret skjult" in log
    told = db.scalars(select(Notification).where(Notification.user_id == asked.author_id)).all()
    assert "contest_hidden" in {one.kind for one in told}
    assert db.scalars(quoting).all() == []  # what it told the one who answered is gone, too


def test_only_a_moderator_hides_it_and_only_where_something_was_said(
    db: Session, thread: Thread
) -> None:
    asked, silent = contested(db, thread), make.make_question(db, thread, body="Og hvornår?")
    with pytest.raises(NotAllowed):
        commands.hide_contest(db, make.make_chief(db), post_id=asked.id, reason=REASON, now=NOW)
    with pytest.raises(TooLate):
        commands.hide_contest(
            db, make.make_moderator(db), post_id=silent.id, reason=REASON, now=NOW
        )


def test_a_reason_too_short_is_given_back_with_its_words(
    app: Flask, client: FlaskClient, db: Session, thread: Thread
) -> None:
    post, pia = make.make_post(db, thread), make.make_moderator(db)
    db.commit()
    make.sign_in(app, client, pia)
    page = f"/posts/{post.id}/hide"
    refused = send(client, page, reason="For kort")
    assert refused.status_code == 422
    assert "Ret det her, så er du videre" in refused.text
    assert "For kort</textarea>" in refused.text
    assert send(client, page, reason=REASON).location == f"/posts/{post.id}"
    assert REASON in client.get("/moderation").text
