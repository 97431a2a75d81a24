"""Whose duty it is, and who has it next. Never nobody."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import answering
from dialog.debates.models import PostKind
from dialog.duties.models import Desk, DutyState, EventKind, Origin
from dialog.people import commands as people
from dialog.people import leave
from dialog.people.models import OfficeTitle
from dialog.permissions import Role
from tests import make
from tests.duties.owed import (
    TODAY,
    elect,
    history,
    make_mayor,
    make_member,
    make_owned_thread,
    owed,
    tick,
    told,
)
from tests.make import NOW


def away(substitute_id: int | None, days: int = 5) -> leave.Leave:
    return leave.Leave(TODAY, TODAY + timedelta(days=days), substitute_id or 0)


def test_a_question_to_nobody_by_name_is_the_chairs(db: Session) -> None:
    winther = make_member(db)
    thread = make_owned_thread(db, winther)
    question = make.make_question(db, thread)
    duty, toft = owed(db, question), make.make_politician(db)
    assert (duty.holder_id, duty.by_office, duty.desk) == (toft.id, True, Desk.POLITICIAN)
    assert question.addressee_name == "Anders Toft (L)"


def test_whoever_was_asked_by_name_owes_it_himself(db: Session) -> None:
    winther = make_member(db)
    thread = make_owned_thread(db, make.make_politician(db), winther)
    duty = owed(db, make.make_question(db, thread, addressee_id=winther.id))
    assert (duty.holder_id, duty.by_office) == (winther.id, False)


def test_without_a_committee_it_is_the_first_who_answers_for_the_thread(db: Session) -> None:
    winther = make_member(db)
    thread = make.make_thread(db, politicians=[winther, make.make_politician(db)])
    assert owed(db, make.make_question(db, thread)).holder_id == winther.id


def test_where_nobody_answers_it_is_the_mayors(db: Session) -> None:
    mayor = make_mayor(db)
    thread = make.make_thread(db, politicians=[])
    assert owed(db, make.make_question(db, thread)).holder_id == mayor.id


def test_in_a_council_without_anyone_a_question_is_refused(db: Session) -> None:
    thread = make.make_thread(db, politicians=[])
    with pytest.raises(InvalidInput) as refused:
        make.make_question(db, thread)
    assert "kind" in refused.value.fields


def test_a_disputed_figure_is_the_administrations(db: Session) -> None:
    chief, thread = make.make_chief(db), make_owned_thread(db)
    disputed = make.make_post(db, thread, body="Der står 84, men …", kind=PostKind.CORRECTION)
    duty = owed(db, disputed)
    assert (duty.holder_id, duty.desk, duty.origin) == (
        chief.id,
        Desk.ADMINISTRATION,
        Origin.CORRECTION,
    )
    other = make.make_chief(db, "Ole Chef")
    make.make_post(db, thread, other, under=disputed, body="Tallet er rettet. Kilden står her.")
    assert owed(db, disputed).state is DutyState.ANSWERED


def test_a_substitute_answers_during_a_leave(db: Session) -> None:
    thread, toft, winther = make_owned_thread(db), make.make_politician(db), make_member(db)
    leave.set_leave(db, toft, toft.id or 0, leave=away(winther.id), now=NOW)
    question = make.make_question(db, thread)
    assert owed(db, question).holder_id == winther.id
    assert question.addressee_id == winther.id
    make.make_post(db, thread, winther, under=question, body="Det gør vi.")
    assert owed(db, question).state is DutyState.ANSWERED


def test_what_is_owed_already_goes_to_the_substitute_and_back_with_the_office(db: Session) -> None:
    thread, toft, winther = make_owned_thread(db), make.make_politician(db), make_member(db)
    question = make.make_question(db, thread)
    leave.set_leave(db, toft, toft.id or 0, leave=away(winther.id), now=NOW)
    tick(db, NOW)
    assert owed(db, question).holder_id == winther.id
    assert told(db, winther) == ["duty_handed_on"]
    tick(db, NOW)
    assert told(db, winther) == ["duty_handed_on"]
    tick(db, NOW + timedelta(days=6))
    assert owed(db, question).holder_id == toft.id


def test_a_leave_needs_another_politician_and_an_end_after_its_beginning(db: Session) -> None:
    toft, karen = make.make_politician(db), make.make_citizen(db)
    for wrong in (away(toft.id), away(karen.id), away(999)):
        with pytest.raises(InvalidInput):
            leave.set_leave(db, toft, toft.id or 0, leave=wrong, now=NOW)
    backwards = leave.Leave(TODAY, date(2028, 9, 1), make_member(db).id or 0)
    with pytest.raises(InvalidInput):
        leave.set_leave(db, toft, toft.id or 0, leave=backwards, now=NOW)
    with pytest.raises(NotFound):
        leave.set_leave(db, karen, toft.id or 0, leave=None, now=NOW)


def test_after_an_election_what_is_owed_follows_the_office(db: Session) -> None:
    thread, toft = make_owned_thread(db), make.make_politician(db)
    question = make.make_question(db, thread)
    winther = make_member(db)
    elect(db, toft, "Ældreudvalget", OfficeTitle.MEMBER)
    elect(db, winther, "Ældreudvalget", OfficeTitle.CHAIR)
    due = owed(db, question).due_at
    tick(db, NOW)
    duty = owed(db, question)
    assert (duty.holder_id, duty.due_at) == (winther.id, due)
    assert history(db, question) == [EventKind.OPENED, EventKind.REHOMED]


def test_what_was_asked_of_a_person_stays_his_after_an_election(db: Session) -> None:
    winther = make_member(db)
    thread = make_owned_thread(db, make.make_politician(db), winther)
    question = make.make_question(db, thread, addressee_id=winther.id)
    elect(db, winther, "Kulturudvalget", OfficeTitle.MEMBER)
    tick(db, NOW)
    assert owed(db, question).holder_id == winther.id


def test_a_politician_removed_with_forty_open_duties_leaves_none_behind(db: Session) -> None:
    mayor, toft = make_mayor(db), make.make_politician(db)
    thread = make_owned_thread(db)
    asked = [make.make_question(db, thread, body=f"Spørgsmål nummer {n}?") for n in range(40)]
    admin = make.make_user(db, "Ib Admin", Role.ADMIN)
    people.set_offices(db, admin, toft.id or 0, offices=[], now=NOW)
    people.change_role(db, admin, user_id=toft.id or 0, role=Role.CITIZEN, now=NOW)
    tick(db, NOW)
    duties = [owed(db, question) for question in asked]
    assert {duty.holder_id for duty in duties} == {mayor.id}
    assert all(duty.is_open for duty in duties)
    question = asked[-1]
    make.make_post(db, thread, mayor, under=question, body="Jeg svarer nu.")
    assert owed(db, question).state is DutyState.ANSWERED


def test_in_the_end_it_is_the_administrations_and_can_be_handed_on(db: Session) -> None:
    chief, toft, thread = make.make_chief(db), make.make_politician(db), make_owned_thread(db)
    question = make.make_question(db, thread)
    admin = make.make_user(db, "Ib Admin", Role.ADMIN)
    people.set_offices(db, admin, toft.id or 0, offices=[], now=NOW)
    people.change_role(db, admin, user_id=toft.id or 0, role=Role.CITIZEN, now=NOW)
    tick(db, NOW)
    assert (owed(db, question).holder_id, owed(db, question).desk) == (
        chief.id,
        Desk.ADMINISTRATION,
    )
    winther = make_member(db)
    answering.hand_on_question(db, chief, question_id=question.id, to_id=winther.id or 0, now=NOW)
    assert (owed(db, question).holder_id, owed(db, question).desk) == (winther.id, Desk.POLITICIAN)


def test_a_duty_is_handed_on_with_the_deadline_it_has(db: Session) -> None:
    thread, toft, winther = make_owned_thread(db), make.make_politician(db), make_member(db)
    question = make.make_question(db, thread)
    due = owed(db, question).due_at
    answering.acknowledge_question(db, toft, question_id=question.id, now=NOW)
    answering.hand_on_question(
        db, toft, question_id=question.id, to_id=winther.id or 0, reason="Hans område.", now=NOW
    )
    duty = owed(db, question)
    assert (duty.holder_id, duty.due_at, duty.state) == (winther.id, due, DutyState.OWED)
    assert told(db, winther) == ["duty_handed_on"]
    make.make_post(db, thread, winther, under=question, body="Det er mit område, ja.")
    assert owed(db, question).state is DutyState.ANSWERED


def test_a_duty_is_handed_to_no_citizen_to_nobody_and_not_to_oneself(db: Session) -> None:
    thread, toft = make_owned_thread(db), make.make_politician(db)
    question = make.make_question(db, thread)
    for to_id in (toft.id, make.make_citizen(db).id, 999_999):
        with pytest.raises(InvalidInput):
            answering.hand_on_question(db, toft, question_id=question.id, to_id=to_id or 0, now=NOW)
    assert owed(db, question).holder_id == toft.id


def test_only_who_owes_it_or_triage_hands_it_on(db: Session) -> None:
    thread, winther, mayor = make_owned_thread(db), make_member(db), make_mayor(db)
    question = make.make_question(db, thread)
    more = {"question_id": question.id, "to_id": mayor.id or 0, "now": NOW}
    for other in (winther, make.make_citizen(db)):
        with pytest.raises(NotFound):
            answering.hand_on_question(db, other, **more)  # type: ignore[arg-type]
    answering.hand_on_question(db, make.make_moderator(db), **more)  # type: ignore[arg-type]
    assert owed(db, question).holder_id == mayor.id


def test_what_is_answered_is_handed_to_nobody(db: Session) -> None:
    thread, toft, winther = make_owned_thread(db), make.make_politician(db), make_member(db)
    question = make.make_question(db, thread)
    make.make_post(db, thread, toft, under=question, body="Ja.")
    with pytest.raises(TooLate):
        answering.hand_on_question(
            db, toft, question_id=question.id, to_id=winther.id or 0, now=NOW
        )
