"""What the clock does to duties: a job that looks again and again, and does each thing once.

Every duty is looked at again under its lock before anything happens to it, and what happens is
noted in the same transaction. So two workers at once tell nobody twice.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from dialog.consultations import queries as consultations
from dialog.core import clock, jobs
from dialog.core.db import Database
from dialog.core.errors import NotFound
from dialog.debates import duty_telling, ladder_telling, owing, queries, supporting
from dialog.debates.models import PostState
from dialog.duties import handling, ladder, machine, owners, triaging
from dialog.duties import queries as duties
from dialog.duties.models import Duty, EventKind
from dialog.duties.owners import Owner
from dialog.permissions import SYSTEM
from dialog.rules import promise
from dialog.rules.workdays import Periods


@jobs.job("duties", every=timedelta(seconds=20))
def keep_time(now: datetime) -> None:
    """Does to every duty what the clock asks for."""
    database: Database = current_app.extensions["database"]
    with database.reading() as db:
        waiting = list(what_waits(db, now))
        wanted = list(_wanted(db))
    for question_id in waiting:
        with database.transaction() as db:
            look_at(db, question_id, now)
    for post_id in wanted:
        with database.transaction() as db:
            _owe_what_is_wanted(db, post_id, now)


def what_waits(db: Session, now: datetime) -> Iterator[int]:
    """The questions whose duty the clock has something to do with."""
    recesses = tuple(duties.recess_days(db))
    misplaced = set(duties.out_of_place(db, clock.local(now).date()))
    numbers: dict[int, promise.Numbers] = {}
    for duty in duties.open_duties(db):
        if duty.consultation_id not in numbers:
            numbers[duty.consultation_id] = consultations.promise_numbers(db, duty.consultation_id)
        own = numbers[duty.consultation_id]
        if duty.question_id in misplaced or _is_due(duty, own, recesses, now):
            yield duty.question_id


def look_at(db: Session, question_id: int, now: datetime) -> None:
    """Does to one duty what is due, if it still is once the duty is ours."""
    try:
        owed = owing.access(db, SYSTEM, question_id)
    except NotFound:
        return
    if not owed.duty.is_open:
        return
    numbers, recesses = owing.numbers(db, owed), tuple(duties.recess_days(db))
    changed = [
        _bring_home(db, owed, now),
        _end_triage(db, owed, numbers, recesses, now),
        _end_facts(db, owed, now),
        _climb(db, owed, numbers, recesses, now),
    ]
    if any(changed):
        owing.show(db, SYSTEM, [owed.duty])


def bring_home(db: Session, question_ids: Iterable[int], now: datetime) -> None:
    """Gives these duties at once to whoever is to hold them now, without waiting for the job."""
    for question_id in question_ids:
        look_at(db, question_id, now)


def _is_due(duty: Duty, numbers: promise.Numbers, recesses: Periods, now: datetime) -> bool:
    return (
        ladder.step_due(duty, numbers, recesses, now) is not None
        or triaging.is_through(duty, numbers, recesses, now)
        or _facts_are_late(duty, now)
    )


def _bring_home(db: Session, owed: owing.Owed, now: datetime) -> bool:
    duty = owed.duty
    owner = owners.owner_now(db, duty, clock.local(now).date())
    here = Owner(duty.holder_id, duty.desk, duty.committee_id, duty.by_office)
    if owner == here:
        return False
    is_other = owner.holder_id != duty.holder_id
    duty.holder_id, duty.desk, duty.by_office = owner.holder_id, owner.desk, owner.by_office
    if not is_other:
        return False
    machine.note(db, SYSTEM, duty, EventKind.REHOMED, now=now)
    kind = "promise_handed_on" if handling.is_promise(duty) else "duty_handed_on"
    duty_telling.tell_holder(db, owed, kind, now)
    return True


def _end_triage(
    db: Session, owed: owing.Owed, numbers: promise.Numbers, recesses: Periods, now: datetime
) -> bool:
    if not triaging.is_through(owed.duty, numbers, recesses, now):
        return False
    triaging.time_out(db, owed.duty, now=now)
    return True


def _end_facts(db: Session, owed: owing.Owed, now: datetime) -> bool:
    if not _facts_are_late(owed.duty, now):
        return False
    handling.give_back(db, SYSTEM, owed.duty, now=now)
    duty_telling.tell_holder(db, owed, "duty_facts_given", now)
    return True


def _facts_are_late(duty: Duty, now: datetime) -> bool:
    asked = duty.returns_to_id is not None and duty.pause_until is not None
    return bool(asked and duty.pause_until and clock.local(now).date() > duty.pause_until)


def _climb(
    db: Session, owed: owing.Owed, numbers: promise.Numbers, recesses: Periods, now: datetime
) -> bool:
    step = ladder.step_due(owed.duty, numbers, recesses, now)
    if step is None:
        return False
    listeners = ladder.climb(db, owed.duty, step, now=now)
    ladder_telling.tell_of_step(db, owed, step, listeners, now)
    return True


def _wanted(db: Session) -> Iterator[int]:
    """The questions that nobody was asked and enough residents want answered."""
    for post_id, count in duties.supported_and_unowned(db):
        page = queries.access_post(db, SYSTEM, post_id)[1]
        numbers = consultations.promise_numbers(db, page.consultation.id)
        if numbers.are_enough(count, duties.support_areas(db, post_id)):
            yield post_id


def _owe_what_is_wanted(db: Session, post_id: int, now: datetime) -> None:
    """Makes a question owed whose supporters have shown only afterwards that they live here."""
    post, page = queries.access_post(db, SYSTEM, post_id, to_change=True)
    if post.state is not PostState.VISIBLE:
        return
    if not consultations.speech_is_open(page.consultation, now):
        return
    count = duties.support_counts(db, [post_id]).get(post_id, 0)
    supporting.owe_if_wanted(db, post, page, count, now)
