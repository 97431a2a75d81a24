"""Putting questions on the agenda, ordering them, and taking them off."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.agenda import commands, ordering, point_queries, queries, running
from dialog.agenda.models import AgendaItem
from dialog.audit.models import AuditEvent
from dialog.consultations.models import Consultation
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.debates import commands as debates
from dialog.debates.models import AtMeeting, Post, Thread
from dialog.meetings.models import Meeting
from tests import make
from tests.agenda.people import AFTER, put_on
from tests.make import NOW


@pytest.fixture
def thread(db: Session) -> Thread:
    """A thread that is taken up in a week."""
    return make.make_thread(db)


@pytest.fixture
def meeting(db: Session, thread: Thread) -> Meeting:
    """The meeting of that thread."""
    return db.get_one(Meeting, thread.meeting_id)


def take_off(db: Session, item: AgendaItem, **more: Any) -> AgendaItem:
    given: dict[str, Any] = {"reason": "Det er besvaret i nat.", "now": NOW}
    of = {"meeting_id": item.meeting_id, "item_id": item.id}
    return commands.take_off(db, make.make_chief(db), **(of | given | more))


def move(db: Session, item: AgendaItem, step: int, **more: Any) -> AgendaItem:
    of = {"meeting_id": item.meeting_id, "item_id": item.id}
    return ordering.move(db, make.make_chief(db), step=step, now=NOW, **(of | more))


def start(db: Session, item: AgendaItem, **more: Any) -> AgendaItem:
    of = {"meeting_id": item.meeting_id, "item_id": item.id}
    return running.start_item(db, make.make_chief(db), now=NOW, **(of | more))


def three(db: Session, meeting: Meeting, thread: Thread) -> list[AgendaItem]:
    asked = [make.make_question(db, thread, body=f"Spørgsmål {n}?") for n in range(3)]
    return [put_on(db, meeting, question) for question in asked]


def headings(db: Session, meeting: Meeting) -> list[str]:
    return [point.heading for point in point_queries.agenda(db, meeting.id)]


def test_a_question_comes_onto_the_agenda_and_its_thread_says_so(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    question, rev = make.make_question(db, thread), thread.rev
    item = put_on(db, meeting, question)
    assert (question.at_meeting_id, question.at_meeting) == (meeting.id, AtMeeting.PLANNED)
    assert question.rev > rev, "open pages of the thread hear of it"
    assert len(item.code) == 3
    told = db.scalars(select(AuditEvent.action).where(AuditEvent.object_type == "agenda_items"))
    assert list(told) == ["agenda_item_added"]


def test_the_same_question_is_not_put_on_twice(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    question = make.make_question(db, thread)
    put_on(db, meeting, question)
    with pytest.raises(AlreadyDone):
        put_on(db, meeting, question)
    assert len(queries.items(db, meeting.id)) == 1


def test_what_is_taken_off_comes_back_with_its_code(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    question = make.make_question(db, thread)
    item = put_on(db, meeting, question)
    code = item.code
    take_off(db, item)
    assert question.at_meeting_id is None
    assert headings(db, meeting) == []
    [gone] = point_queries.agenda(db, meeting.id, also_taken_off=True)
    assert gone.item.taken_off_reason == "Det er besvaret i nat."
    assert put_on(db, meeting, question).code == code
    assert len(headings(db, meeting)) == 1


def test_taking_off_needs_a_reason(db: Session, meeting: Meeting, thread: Thread) -> None:
    item = put_on(db, meeting, make.make_question(db, thread))
    with pytest.raises(InvalidInput):
        take_off(db, item, reason="  ")


def test_a_question_waits_at_one_meeting_only(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    other = make.make_meeting(db, db.get_one(Consultation, thread.consultation_id))
    question = make.make_question(db, thread)
    put_on(db, meeting, question)
    with pytest.raises(AlreadyDone):
        put_on(db, other, question)
    meeting.cancelled_at = NOW
    assert put_on(db, other, question).meeting_id == other.id
    assert question.at_meeting_id == other.id


def test_points_move_up_and_down_and_stop_at_the_ends(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    first, second, third = three(db, meeting, thread)
    move(db, third, -1)
    move(db, first, -1)
    assert [item.id for item in queries.items(db, meeting.id)] == [first.id, third.id, second.id]
    move(db, first, 1)
    assert [item.id for item in queries.items(db, meeting.id)] == [third.id, first.id, second.id]


def test_two_who_order_at_once_do_not_undo_each_other(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    first, second, _third = three(db, meeting, thread)
    seen = second.version
    move(db, first, 1)
    with pytest.raises(AlreadyDone):
        move(db, second, -1, version=seen)


def test_a_point_of_the_meetings_own_needs_a_name_and_minutes_within_reason(
    db: Session, meeting: Meeting
) -> None:
    chief = make.make_chief(db)
    own = commands.put_title_on(
        db, chief, meeting_id=meeting.id, title=" Velkommen ", minutes=10, now=NOW
    )
    assert headings(db, meeting) == ["Velkommen"]
    for wrong in ({"title": ""}, {"title": "x" * 141}, {"title": "Pause", "minutes": 0}):
        with pytest.raises(InvalidInput):
            commands.put_title_on(db, chief, meeting_id=meeting.id, now=NOW, **wrong)
    timed = commands.set_minutes(
        db, chief, meeting_id=meeting.id, item_id=own.id, minutes=20, now=NOW
    )
    assert timed.minutes == 20


def test_one_point_runs_at_a_time(db: Session, meeting: Meeting, thread: Thread) -> None:
    first, second, _third = three(db, meeting, thread)
    start(db, first)
    start(db, second)
    assert queries.running(db, meeting.id) == second
    assert first.state is AtMeeting.PLANNED
    running.finish_item(db, make.make_chief(db), meeting_id=meeting.id, item_id=second.id, now=NOW)
    assert second.state is AtMeeting.ANSWERED
    assert queries.running(db, meeting.id) is None
    with pytest.raises(TooLate):
        move(db, second, -1)


def test_what_was_not_reached_says_so_and_is_owed_still(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    first, second, third = three(db, meeting, thread)
    start(db, first)
    running.finish_item(db, make.make_chief(db), meeting_id=meeting.id, item_id=first.id, now=NOW)
    left = running.close_agenda(db, make.make_chief(db), meeting_id=meeting.id, now=AFTER)
    assert [item.id for item in left] == [second.id, third.id]
    question = db.get_one(Post, second.question_id)
    assert question.at_meeting is AtMeeting.NOT_REACHED
    assert question.awaits_answer
    assert not running.close_agenda(db, make.make_chief(db), meeting_id=meeting.id, now=AFTER)


def test_a_cancelled_or_past_meeting_takes_nothing_up(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    question = make.make_question(db, thread)
    with pytest.raises(TooLate):
        put_on(db, meeting, question, now=AFTER)
    meeting.cancelled_at = NOW
    with pytest.raises(TooLate):
        put_on(db, meeting, question)


def test_a_withdrawn_question_is_not_put_on_and_loses_its_words_where_it_is(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    question = make.make_question(db, thread)
    put_on(db, meeting, question)
    gone = make.make_question(db, thread, body="Og hvad med vinduerne?")
    karen = make.make_citizen(db)
    for one in (question, gone):
        debates.withdraw_post(db, karen, post_id=one.id, now=NOW)
    [point] = point_queries.agenda(db, meeting.id)
    assert point.words_are_gone
    assert point.heading == ""
    with pytest.raises(TooLate):
        put_on(db, meeting, gone)


def test_only_those_who_run_the_meeting_touch_its_agenda(
    db: Session, meeting: Meeting, thread: Thread
) -> None:
    question = make.make_question(db, thread)
    for someone in (make.make_citizen(db), make.make_politician(db), make.make_moderator(db)):
        with pytest.raises(NotFound):
            commands.put_question_on(
                db, someone, meeting_id=meeting.id, question_id=question.id, now=NOW
            )


def test_a_question_of_another_dialogue_is_not_found(db: Session, meeting: Meeting) -> None:
    elsewhere = make.make_thread(db, make.make_consultation(db, "skoler"))
    with pytest.raises(NotFound):
        put_on(db, meeting, make.make_question(db, elsewhere))
