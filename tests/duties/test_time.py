"""What the clock does: pauses, later deadlines, the recess, the ladder, and all of it once."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.consultations.models import RuleSettings
from dialog.core import jobs
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import answering, supporting
from dialog.debates import commands as debates
from dialog.debates.models import Post, Thread
from dialog.duties import queries, recesses
from dialog.duties.models import Duty, DutyEvent, DutyState, EventKind, PauseCause
from dialog.notifications.models import Notification
from dialog.permissions import Actor, NotAllowed
from tests import make
from tests.duties.owed import (
    WHY,
    history,
    make_mayor,
    make_member,
    make_owned_thread,
    owed,
    tick,
    told,
    verify,
)
from tests.make import NOW

DUE = date(2028, 9, 20)  # of a question asked at NOW, a Wednesday


@pytest.fixture
def thread(db: Session) -> Thread:
    return make_owned_thread(db)


@pytest.fixture
def question(db: Session, thread: Thread) -> Post:
    return make.make_question(db, thread, verify(db, make.make_citizen(db)))


def pause(
    db: Session, question: Post, until: date, *, actor: Actor | None = None, now: datetime = NOW
) -> Duty:
    return answering.pause_question(
        db,
        actor or make.make_politician(db),
        question_id=question.id,
        reason="Jeg er syg resten af ugen.",
        until=until,
        now=now,
    )


def postpone(db: Session, question: Post, day: date, reason: str = WHY) -> Duty:
    chief = make.make_chief(db)
    return answering.postpone_question(
        db, chief, question_id=question.id, day=day, reason=reason, now=NOW
    )


# Pauses


def test_a_pause_moves_the_deadline_by_its_working_days(db: Session, question: Post) -> None:
    duty = pause(db, question, date(2028, 9, 18))  # Thursday, Friday, Monday
    assert (duty.due_at.date(), duty.paused_days) == (date(2028, 9, 25), 3)
    assert duty.stands_still(NOW)
    assert not duty.stands_still(NOW + timedelta(days=6))
    assert told(db, make.make_citizen(db)) == ["duty_moved"]
    assert queries.history(db, duty.id)[-1].reason == "Jeg er syg resten af ugen."


def test_all_pauses_together_are_ten_working_days(db: Session, question: Post) -> None:
    pause(db, question, date(2028, 9, 22))
    with pytest.raises(InvalidInput):
        pause(db, question, date(2028, 9, 28))
    duty = pause(db, question, date(2028, 9, 27))
    assert (duty.paused_days, duty.due_at.date()) == (10, date(2028, 10, 4))
    with pytest.raises(InvalidInput):
        pause(db, question, date(2028, 9, 28))


@pytest.mark.parametrize("until", [date(2028, 9, 12), date(2028, 9, 13), date(2029, 9, 13)])
def test_a_pause_ends_on_a_working_day_to_come(db: Session, question: Post, until: date) -> None:
    with pytest.raises(InvalidInput):
        pause(db, question, until)


def test_a_pause_of_a_weekend_alone_stops_nothing(db: Session, question: Post) -> None:
    friday = NOW + timedelta(days=2)
    with pytest.raises(InvalidInput):
        pause(db, question, date(2028, 9, 17), now=friday)


def test_a_pause_over_christmas_uses_up_the_days_that_are_worked_and_no_others(
    db: Session, thread: Thread
) -> None:
    monday = datetime(2028, 12, 18, 9, tzinfo=UTC)
    question = make.make_question(db, thread, verify(db, make.make_citizen(db)), now=monday)
    assert owed(db, question).due_at.date() == date(2028, 12, 27)
    duty = pause(db, question, date(2029, 1, 3), now=monday + timedelta(days=2))
    assert (duty.paused_days, duty.due_at.date()) == (7, date(2029, 1, 8))
    recesses.add_recess(
        db, make.make_chief(db), name="Mellem jul og nytår", first_day=date(2028, 12, 27),
        last_day=date(2028, 12, 29), now=monday + timedelta(days=3),
    )  # fmt: skip
    assert (duty.paused_days, duty.due_at.date()) == (7, date(2029, 1, 11))
    assert history(db, question)[-2:] == [EventKind.PAUSED, EventKind.POSTPONED]


def test_over_the_deadline_it_is_too_late_to_pause(db: Session, question: Post) -> None:
    with pytest.raises(TooLate):
        pause(db, question, date(2028, 9, 28), now=NOW + timedelta(days=8))


def test_nobody_else_pauses(db: Session, question: Post) -> None:
    for other in (make.make_citizen(db), make.make_chief(db), make_mayor(db)):
        with pytest.raises(NotFound):
            pause(db, question, date(2028, 9, 18), actor=other)


def test_a_dialogue_can_allow_shorter_pauses(db: Session, thread: Thread, question: Post) -> None:
    db.add(RuleSettings(consultation_id=thread.consultation_id, pause_working_days=2))
    with pytest.raises(InvalidInput):
        pause(db, question, date(2028, 9, 18))


# Later deadlines


def test_a_deadline_moves_forward_with_a_public_reason(db: Session, question: Post) -> None:
    duty = postpone(db, question, date(2028, 9, 23))  # a Saturday
    assert duty.due_at.date() == date(2028, 9, 25)
    assert duty.first_due_at.date() == DUE
    event = queries.history(db, duty.id)[-1]
    assert (event.kind, event.reason, event.due_at) == (EventKind.POSTPONED, WHY, duty.due_at)


@pytest.mark.parametrize("day", [date(2028, 9, 1), date(2028, 9, 19), DUE])
def test_a_deadline_never_moves_back(db: Session, question: Post, day: date) -> None:
    with pytest.raises(InvalidInput):
        postpone(db, question, day)
    assert owed(db, question).due_at.date() == DUE


def test_a_deadline_does_not_move_without_a_reason(db: Session, question: Post) -> None:
    with pytest.raises(InvalidInput):
        postpone(db, question, date(2028, 9, 25), reason="Nå.")
    assert (owed(db, question).due_at.date(), history(db, question)) == (DUE, [EventKind.OPENED])


def test_a_politician_does_not_move_his_own_deadline(db: Session, question: Post) -> None:
    with pytest.raises(NotAllowed):
        answering.postpone_question(
            db,
            make.make_politician(db),
            question_id=question.id,
            day=date(2028, 9, 25),
            reason=WHY,
            now=NOW,
        )


# The recess


def test_a_recess_gives_open_duties_their_days_back(db: Session, question: Post) -> None:
    chief = make.make_chief(db)
    recesses.add_recess(
        db,
        chief,
        name="Efterårsferie",
        first_day=date(2028, 9, 18),
        last_day=date(2028, 9, 24),
        now=NOW,
    )
    duty = owed(db, question)
    assert duty.due_at.date() == date(2028, 9, 27)  # Monday to Wednesday came after it
    assert queries.history(db, duty.id)[-1].reason == "Efterårsferie"
    asked = make.make_question(
        db, db.get_one(Thread, question.thread_id), body="Og hvad så med ferien?"
    )
    assert owed(db, asked).due_at == duty.due_at


def test_a_recess_is_published_before_it_begins_and_not_taken_back_after(db: Session) -> None:
    chief = make.make_chief(db)
    wrong = [
        ("", date(2028, 9, 20), date(2028, 9, 24)),
        ("Ferie", date(2028, 9, 13), date(2028, 9, 24)),
        ("Ferie", date(2028, 9, 20), date(2028, 9, 19)),
        ("Ferie", date(2028, 9, 20), date(2029, 9, 19)),
    ]
    for name, first, last in wrong:
        with pytest.raises(InvalidInput):
            recesses.add_recess(db, chief, name=name, first_day=first, last_day=last, now=NOW)
    made = recesses.add_recess(
        db, chief, name="Ferie", first_day=DUE, last_day=date(2028, 9, 24), now=NOW
    )
    with pytest.raises(TooLate):
        recesses.remove_recess(db, chief, made.id, now=NOW + timedelta(days=8))
    recesses.remove_recess(db, chief, made.id, now=NOW)
    assert queries.recesses(db) == []
    with pytest.raises(NotAllowed):
        recesses.remove_recess(db, make.make_politician(db), made.id, now=NOW)


# The ladder


def test_each_step_tells_those_above_once(db: Session, question: Post) -> None:
    toft, mayor = make.make_politician(db), make_mayor(db)
    secretary = make.make_secretary(db)
    for moment in [NOW + timedelta(days=n) for n in range(20)]:
        tick(db, moment)
        tick(db, moment)
    assert told(db, secretary) == ["duty_reminder_help"]
    assert told(db, toft) == ["duty", "duty_reminder", "duty_overdue_own"]  # he chairs it himself
    assert told(db, mayor) == ["duty_escalated"]
    assert history(db, question) == [
        EventKind.OPENED,
        EventKind.REMINDED,
        EventKind.OVERDUE,
        EventKind.ESCALATED,
    ]
    assert owed(db, question).escalated_at is not None


def test_steps_missed_while_nobody_looked_are_not_told_afterwards(
    db: Session, question: Post
) -> None:
    mayor = make_mayor(db)
    tick(db, NOW + timedelta(days=30))
    assert (told(db, mayor), history(db, question)) == (
        ["duty_escalated"],
        [EventKind.OPENED, EventKind.ESCALATED],
    )


def test_a_new_deadline_begins_the_ladder_anew(db: Session, thread: Thread, question: Post) -> None:
    late = NOW + timedelta(days=15)
    tick(db, late)
    make.make_post(db, thread, make.make_politician(db), under=question, body="Ja.", now=late)
    answering.contest_answer(
        db, make.make_citizen(db), question_id=question.id, reason=WHY, now=late
    )
    assert owed(db, question).escalated_at is None
    tick(db, late + timedelta(days=20))
    assert history(db, question).count(EventKind.ESCALATED) == 2


def test_what_is_answered_climbs_no_further(db: Session, thread: Thread, question: Post) -> None:
    make.make_post(db, thread, make.make_politician(db), under=question, body="Ja.")
    tick(db, NOW + timedelta(days=30))
    assert history(db, question) == [EventKind.OPENED, EventKind.ANSWERED]


def test_residents_who_are_verified_afterwards_count_from_then_on(
    db: Session, thread: Thread, app: Flask
) -> None:
    db.add(RuleSettings(consultation_id=thread.consultation_id, support_needed=1))
    question, bent = (
        make.make_question(db, thread, to_everyone=True),
        make.make_other_citizen(db),
    )
    supporting.support_question(db, bent, post_id=question.id, now=NOW)
    db.commit()
    assert jobs.run(app, "duties", NOW)
    assert queries.duty_of(db, question.id) is None
    verify(db, bent)
    db.commit()
    assert jobs.run(app, "duties", NOW)
    db.expire_all()
    assert owed(db, question).state is DutyState.OWED


# Everything once


def test_two_workers_at_once_do_everything_exactly_once(app: Flask) -> None:
    with make.committed(app) as db:
        make_mayor(db)
        make.make_secretary(db)
        thread = make_owned_thread(db)
        karen = make.make_citizen(db)
        for n in range(8):
            make.make_question(db, thread, karen, body=f"Hvad med nummer {n}?")
    moment = NOW + timedelta(days=6, hours=1)  # reminders are due, and triage is over
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        assert jobs.run(app, "duties", moment)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with make.committed(app) as db:
        kinds = list(db.scalars(select(DutyEvent.kind)))
        for kind in (EventKind.TRIAGED, EventKind.REMINDED):
            assert kinds.count(kind) == 8
        lines = list(db.scalars(select(Notification.kind)))
        assert lines.count("duty_reminder") == lines.count("duty_reminder_help") == 8


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make.committed(app) as db:
        make_mayor(db)
        question_id = make.make_question(db, make_owned_thread(db)).id
    moment = NOW + timedelta(days=30)

    def die(*_given: object, **_more: object) -> None:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as dying:
        dying.setattr("dialog.debates.timekeeping.ladder_telling.tell_of_step", die)
        assert not jobs.run(app, "duties", moment)
    assert jobs.run(app, "duties", moment)
    with make.committed(app) as db:
        duty = queries.duty_of(db, question_id)
        assert duty is not None
        kinds = [event.kind for event in queries.history(db, duty.id)]
        assert kinds == [EventKind.OPENED, EventKind.TRIAGED, EventKind.ESCALATED]


def test_facts_are_a_pause_and_use_of_its_days(db: Session, question: Post) -> None:
    toft = make.make_politician(db)
    make.make_chief(db)
    pause(db, question, date(2028, 9, 22))
    with pytest.raises(InvalidInput):
        answering.ask_for_facts(
            db,
            toft,
            question_id=question.id,
            reason="Hvad koster det om året?",
            until=date(2028, 9, 29),
            now=NOW,
        )
    assert owed(db, question).pause_cause is PauseCause.ILLNESS


def test_two_who_answer_at_the_same_instant_settle_it_once(app: Flask) -> None:
    with make.committed(app) as db:
        toft, winther = make.make_politician(db), make_member(db)
        thread = make.make_thread(db, politicians=[toft, winther])
        question = make.make_question(db, thread)
        thread_id, question_id = thread.id, question.id
    start = threading.Barrier(2)

    def answer(actor: Actor) -> None:
        start.wait()
        with make.committed(app) as db:
            debates.post_reply(
                db,
                actor,
                thread_id=thread_id,
                parent_id=question_id,
                body=f"Her er svaret fra {actor.name}.",
                now=NOW,
            )

    workers = [threading.Thread(target=answer, args=(one,)) for one in (toft, winther)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with make.committed(app) as db:
        kinds = list(db.scalars(select(DutyEvent.kind)))
        assert kinds.count(EventKind.ANSWERED) == 1
        question = db.get_one(Post, question_id)
        assert (question.child_count, question.answers, question.awaits_answer) == (2, 2, False)
