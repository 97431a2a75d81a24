"""The selection rule, what is overdue, and what citizens ask for."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from dialog.agenda import (
    candidates,
    choosing,
    clockwork,
    commands,
    due_queries,
    point_queries,
    queries,
    suggesting,
)
from dialog.agenda.models import ChosenBy
from dialog.core import db as store
from dialog.core.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, TooLate
from dialog.debates import commands as debates
from dialog.debates.models import AtMeeting, Post, Thread
from dialog.duties.queries import duty_of
from dialog.meetings.models import Meeting
from tests import make
from tests.agenda.people import (
    AFTER,
    dialogue_of,
    escalate,
    meeting_of,
    publish,
    put_on,
    support,
)
from tests.make import NOW


@pytest.fixture
def thread(db: Session) -> Thread:
    """A thread that is taken up in a week."""
    return make.make_thread(db)


@pytest.fixture
def meeting(db: Session, thread: Thread) -> Meeting:
    """The meeting of that thread."""
    return meeting_of(db, thread)


def ask(db: Session, thread: Thread, *bodies: str) -> list[Post]:
    return [
        make.make_question(db, thread, body=body, now=NOW + timedelta(minutes=n))
        for n, body in enumerate(bodies)
    ]


def headings(db: Session, meeting: Meeting) -> list[str]:
    return [point.heading for point in point_queries.agenda(db, meeting.id)]


def waiting(db: Session, meeting: Meeting) -> list[str]:
    return [one.heading for one in candidates.candidates(db, meeting, NOW).shown]


def test_the_most_supported_come_on_and_ties_go_to_the_longest_wait(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    first, second, third, fourth = ask(db, thread, "Et?", "To?", "Tre?", "Fire?")
    support(db, second, 2)
    support(db, third, 2)
    support(db, fourth, 3)
    support(db, first, 9, verified=False)
    publish(db, meeting)
    chosen = choosing.choose(db, meeting_id=meeting.id, now=NOW)
    assert [item.question_id for item in chosen] == [fourth.id, second.id]
    assert {item.chosen_by for item in chosen} == {ChosenBy.SUPPORT}
    assert choosing.choose(db, meeting_id=meeting.id, now=NOW) == [], "it is done once"


def test_what_nobody_supports_is_not_chosen_by_support(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    ask(db, thread, "Et?", "To?")
    publish(db, meeting)
    assert choosing.choose(db, meeting_id=meeting.id, now=NOW) == []


def test_what_is_not_chosen_is_owed_as_before(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    chosen, left = ask(db, thread, "Et?", "To?")
    support(db, chosen, 1)
    publish(db, meeting)
    before = duty_of(db, left.id)
    assert before is not None
    state, due_at = before.state, before.due_at
    choosing.choose(db, meeting_id=meeting.id, now=NOW)
    after = duty_of(db, left.id)
    assert after is not None
    assert (after.state, after.due_at) == (state, due_at)
    assert waiting(db, meeting) == ["To?"]


def test_the_chair_chooses_as_many_as_the_rule_says(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    chief = make.make_chief(db)
    first, second = ask(db, thread, "Et?", "To?")
    with pytest.raises(InvalidInput):
        choosing.choose_as_chair(db, chief, meeting_id=meeting.id, question_id=first.id, now=NOW)
    publish(db, meeting)
    choosing.choose_as_chair(db, chief, meeting_id=meeting.id, question_id=first.id, now=NOW)
    with pytest.raises(InvalidInput):
        choosing.choose_as_chair(db, chief, meeting_id=meeting.id, question_id=second.id, now=NOW)
    assert headings(db, meeting) == ["Et?"]


def test_a_published_rule_stays_and_another_needs_a_reason(db: Session, meeting: Meeting) -> None:
    publish(db, meeting)
    with pytest.raises(InvalidInput, match="hvorfor"):
        publish(db, meeting, by_support=4)
    with pytest.raises(AlreadyDone):
        publish(db, meeting, by_support=4, reason="Mødet bliver længere", number=0)
    publish(db, meeting, by_support=4, reason="Mødet bliver længere", number=1)
    now, before = queries.rules(db, meeting.id)
    assert (now.by_support, now.reason) == (4, "Mødet bliver længere")
    assert (before.by_support, before.reason) == (2, None)


def test_a_rule_is_within_reason_and_before_the_meeting(db: Session, meeting: Meeting) -> None:
    for wrong in (
        {"by_support": 31},
        {"by_chair": -1},
        {"selects_at": NOW - timedelta(minutes=1)},
        {"selects_at": meeting.starts_at + timedelta(minutes=1)},
        {"text": "x" * 1_001},
    ):
        with pytest.raises(InvalidInput):
            publish(db, meeting, **wrong)
    publish(db, meeting).selected_at = NOW
    with pytest.raises(TooLate):
        publish(db, meeting, reason="Vi fortrød")
    with pytest.raises(TooLate):
        publish(db, meeting, now=AFTER)


def test_an_overdue_answer_comes_onto_the_next_meeting_of_its_thread_exactly_once(
    app: Flask, db: Session, thread: Thread, meeting: Meeting
) -> None:
    late, supported = ask(db, thread, "Et?", "To?")
    put_on(db, meeting, supported, chosen_by=ChosenBy.SUPPORT)
    escalate(db, late)
    for _twice in range(2):
        choosing.put_overdue_on(db, question_id=late.id, now=NOW)
    assert headings(db, meeting) == ["Et?", "To?"], "it comes before what was supported"
    assert due_queries.escalated(db) == []


def test_the_clock_does_it_all(app: Flask) -> None:
    with make.committed(app) as db:
        thread = make.make_thread(db)
        meeting = meeting_of(db, thread)
        late, supported, left = ask(db, thread, "Et?", "To?", "Tre?")
        escalate(db, late)
        support(db, supported, 1)
        publish(db, meeting)

    def standing() -> list[str]:
        with app.app_context():
            return headings(store.session(), meeting)

    def at_meeting(post: Post) -> AtMeeting | None:
        with app.app_context():
            return store.session().get_one(Post, post.id).at_meeting

    _run_all(app, NOW)
    assert standing() == ["Et?"], "the rule's hour has not come"
    for _twice in range(2):
        _run_all(app, meeting.starts_at - timedelta(hours=23))
    assert standing() == ["Et?", "To?"]
    _run_all(app, meeting.ends_at + timedelta(hours=1))
    assert at_meeting(late) is AtMeeting.PLANNED, "the staff may still say what was reached"
    _run_all(app, meeting.ends_at + timedelta(hours=13))
    assert [at_meeting(one) for one in (late, supported, left)] == [
        AtMeeting.NOT_REACHED,
        AtMeeting.NOT_REACHED,
        None,
    ]


def _run_all(app: Flask, now: datetime) -> None:
    """What is due at this moment in this room, as the worker does it."""
    for work in (clockwork.put_overdue_on, clockwork.choose_questions, clockwork.close_agendas):
        with app.app_context(), force_locale("da"):
            work(now)


def test_what_the_chair_took_off_the_clock_does_not_put_back(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    (late,) = ask(db, thread, "Et?")
    escalate(db, late)
    item = choosing.put_overdue_on(db, question_id=late.id, now=NOW)
    assert item is not None
    commands.take_off(
        db,
        make.make_chief(db),
        meeting_id=meeting.id,
        item_id=item.id,
        reason="Svaret kommer i aften",
        now=NOW,
    )
    assert choosing.put_overdue_on(db, question_id=late.id, now=NOW) is None


def test_an_overdue_answer_waits_for_a_meeting_and_follows_from_a_cancelled_one(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    (late,) = ask(db, thread, "Et?")
    escalate(db, late)
    meeting.cancelled_at = NOW
    assert choosing.put_overdue_on(db, question_id=late.id, now=NOW) is None
    other = make.make_meeting(
        db, dialogue_of(db, thread), starts_at=NOW + timedelta(days=9), title="Det næste"
    )
    choosing.put_overdue_on(db, question_id=late.id, now=NOW)
    assert headings(db, other) == ["Et?"]


def test_an_answer_that_came_in_time_is_not_put_on(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    (late,) = ask(db, thread, "Et?")
    escalate(db, late)
    make.make_post(db, thread, make.make_politician(db), under=late, body="Ja, det gør vi.")
    assert due_queries.escalated(db) == []


def test_anyone_can_ask_for_a_post_once_and_think_again(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    said = make.make_post(db, thread, body="Vi to bliver ikke enige her.")
    bent = make.make_other_citizen(db)
    for _twice in range(2):
        assert suggesting.suggest(db, bent, post_id=said.id, now=NOW) == meeting
    [one] = candidates.candidates(db, meeting, NOW).shown
    assert (one.heading, one.suggested, one.support) == ("Vi to bliver ikke enige her.", 1, 0)
    suggesting.take_back(db, bent, post_id=said.id, now=NOW)
    assert candidates.candidates(db, meeting, NOW) == candidates.Waiting([], 0)


def test_what_is_gone_or_closed_cannot_be_asked_for(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    karen, bent = make.make_citizen(db), make.make_other_citizen(db)
    said = make.make_post(db, thread)
    with pytest.raises(NotAllowed):
        suggesting.suggest(db, make.make_moderator(db), post_id=said.id, now=NOW)
    with pytest.raises(NotFound):
        suggesting.suggest(db, bent, post_id=make.opening_of(db, thread).id, now=NOW)
    with pytest.raises(TooLate):
        suggesting.suggest(db, bent, post_id=said.id, now=AFTER)
    debates.withdraw_post(db, karen, post_id=said.id, now=NOW)
    with pytest.raises(TooLate):
        suggesting.suggest(db, bent, post_id=said.id, now=NOW)


def test_candidates_are_those_of_the_meetings_threads_and_of_threads_left_behind(
    db: Session, thread: Thread, meeting: Meeting
) -> None:
    dialogue = dialogue_of(db, thread)
    earlier = make.make_meeting(db, dialogue, starts_at=NOW - timedelta(days=3))
    later = make.make_meeting(db, dialogue, starts_at=NOW + timedelta(days=20))
    ask(db, thread, "Her?")
    ask(db, make.make_thread(db, dialogue, title="Før", meeting=earlier), "Fra før?")
    ask(db, make.make_thread(db, dialogue, title="Senere", meeting=later), "Senere?")
    assert waiting(db, meeting) == ["Her?", "Fra før?"]
    assert sorted(waiting(db, later)) == ["Fra før?", "Senere?"]
