"""From asked to answered, and every other end a question can come to."""

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.consultations.models import RuleSettings
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.debates import answering, promising, supporting, triaging
from dialog.debates import commands as debates
from dialog.debates.models import Post, Thread
from dialog.duties import queries
from dialog.duties.handling import Decline
from dialog.duties.models import (
    DeclineCode,
    Desk,
    DutyState,
    EventKind,
    Origin,
    PromiseKind,
    Step,
)
from dialog.duties.promising import Pledge
from dialog.moderation import commands as moderation
from dialog.notifications import following
from dialog.notifications import queries as news_queries
from dialog.notifications.models import Announcement
from dialog.people import closing
from dialog.people import commands as people
from dialog.permissions import NotAllowed, Role
from tests import make
from tests.duties.owed import (
    LATER,
    WHY,
    fresh,
    history,
    make_mayor,
    make_member,
    owed,
    tick,
    told,
    verify,
)
from tests.make import NOW

PASTED = "Tak for dit spørgsmål. Udvalget drøfter sagen på sit næste møde og vender så tilbage."


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db)


def answer(db: Session, thread: Thread, question: Post, body: str = "Ja.") -> Post:
    return make.make_post(
        db, thread, make.make_politician(db), under=question, body=body, now=LATER
    )


# Triage


def test_a_stranger_waits_for_triage_but_has_a_name_and_a_date_at_once(
    db: Session, thread: Thread
) -> None:
    question = make.make_question(db, thread)
    duty = owed(db, question)
    assert (duty.state, duty.due_at.date()) == (DutyState.TRIAGE, date(2028, 9, 20))
    assert fresh(db, question).awaits_answer
    assert queries.open_count(db, thread.consultation_id) == 1


def test_a_verified_resident_needs_no_triage(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread, verify(db, make.make_citizen(db)))
    assert owed(db, question).state is DutyState.OWED


def test_what_nobody_triages_in_a_working_day_is_owed_anyway(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    due = owed(db, question).due_at
    tick(db, NOW + timedelta(days=1, hours=11))  # 23:00 the day after
    assert owed(db, question).state is DutyState.TRIAGE
    tick(db, NOW + timedelta(days=1, hours=12))
    assert (owed(db, question).state, owed(db, question).due_at) == (DutyState.OWED, due)
    assert history(db, question) == [EventKind.OPENED, EventKind.TRIAGED]


def test_triage_takes_on_and_turns_down(db: Session, thread: Thread) -> None:
    moderator = make.make_moderator(db)
    good, bad = make.make_question(db, thread), make.make_question(db, thread, body="Og du?")
    triaging.take_on_question(db, moderator, question_id=good.id, now=NOW)
    why = Decline(code=DeclineCode.PERSONAL_CASE, reason="Ring til os om din egen sag.")
    answering.decline_question(db, moderator, question_id=bad.id, why=why, now=NOW)
    assert (owed(db, good).state, owed(db, bad).state) == (DutyState.OWED, DutyState.DECLINED)
    assert not fresh(db, bad).awaits_answer
    assert told(db, make.make_citizen(db)) == ["duty_declined"]
    with pytest.raises(NotFound):  # what is owed is the politician's to turn down
        answering.decline_question(db, moderator, question_id=good.id, why=why, now=NOW)


def test_triage_is_for_moderators_and_the_comms_staff(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    for other in (make.make_citizen(db), make.make_politician(db)):
        with pytest.raises(NotAllowed):
            triaging.take_on_question(db, other, question_id=question.id, now=NOW)


# Acknowledged is not answered


def test_an_acknowledgement_is_no_answer(db: Session, thread: Thread) -> None:
    question, toft = make.make_question(db, thread), make.make_politician(db)
    due = owed(db, question).due_at
    for _twice in range(2):
        answering.acknowledge_question(db, toft, question_id=question.id, now=LATER)
    duty = owed(db, question)
    assert (duty.state, duty.due_at, duty.answered_at) == (DutyState.ACKNOWLEDGED, due, None)
    assert fresh(db, question).awaits_answer
    assert told(db, make.make_citizen(db)) == ["duty_acknowledged"]
    assert queries.open_count(db, thread.consultation_id) == 1


def test_nobody_acknowledges_another_ones_duty(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    for other in (make_member(db), make.make_citizen(db), make.make_chief(db)):
        with pytest.raises(NotFound):
            answering.acknowledge_question(db, other, question_id=question.id, now=NOW)


# Answered


def test_the_reply_of_a_politician_who_owes_nothing_is_no_answer(
    db: Session, thread: Thread
) -> None:
    question = make.make_question(db, thread)
    reply = make.make_post(db, thread, make_member(db), under=question, body="Det mener jeg.")
    assert not reply.is_answer
    assert owed(db, question).is_open


def test_the_second_of_two_answers_at_the_same_instant_changes_nothing(db: Session) -> None:
    winther = make_member(db)
    thread = make.make_thread(db, politicians=[make.make_politician(db), winther])
    question = make.make_question(db, thread)
    first = answer(db, thread, question, "Det første svar.")
    second = make.make_post(db, thread, winther, under=question, body="Det andet svar.", now=LATER)
    assert (first.is_answer, second.is_answer) == (True, True)
    assert owed(db, question).answer_id == first.id
    assert history(db, question).count(EventKind.ANSWERED) == 1


def test_after_losing_the_role_a_reply_is_no_answer_and_the_duty_moves_on(
    db: Session, thread: Thread
) -> None:
    mayor, toft = make_mayor(db), make.make_politician(db)
    question = make.make_question(db, thread)
    admin = make.make_user(db, "Ib Admin", Role.ADMIN)
    people.change_role(db, admin, user_id=toft.id or 0, role=Role.CITIZEN, now=NOW)
    former = make.make_user(db, "Anders Toft", Role.CITIZEN)
    reply = make.make_post(db, thread, former, under=question, body="Jeg svarer alligevel.")
    assert not reply.is_answer
    tick(db, NOW)
    assert (owed(db, question).holder_id, owed(db, question).is_open) == (mayor.id, True)


def test_a_hidden_question_is_answered_by_nobody(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    moderator = make.make_moderator(db)
    moderation.hide_post(db, moderator, post_id=question.id, reason=WHY, now=NOW)
    with pytest.raises(TooLate):
        answer(db, thread, question)
    assert owed(db, question).state is DutyState.CLOSED
    with pytest.raises(TooLate):
        answering.acknowledge_question(
            db, make.make_politician(db), question_id=question.id, now=NOW
        )


def test_what_was_asked_in_time_is_answered_after_the_debate_has_closed(db: Session) -> None:
    consultation = make.make_consultation(db, closes_at=NOW + timedelta(minutes=30))
    thread = make.make_thread(db, consultation)
    question, comment = make.make_question(db, thread), make.make_post(db, thread)
    assert answer(db, thread, question).is_answer
    with pytest.raises(TooLate):
        answer(db, thread, comment, "Men det her er intet svar.")


def test_a_pasted_answer_only_points_at_the_one_that_stands(db: Session, thread: Thread) -> None:
    first, second = make.make_question(db, thread), make.make_question(db, thread, body="Og nu?")
    canonical = answer(db, thread, first, PASTED)
    pasted = answer(db, thread, second, PASTED)
    duty = owed(db, second)
    assert (pasted.is_answer, duty.state) == (False, DutyState.DECLINED)
    assert (duty.decline_code, duty.see_answer_id) == (DeclineCode.ANSWERED_HERE, canonical.id)
    assert "duty_answered_here" in told(db, make.make_citizen(db))


def test_a_pasted_answer_can_be_contested_like_any_other(db: Session, thread: Thread) -> None:
    first, second = make.make_question(db, thread), make.make_question(db, thread, body="Og nu?")
    answer(db, thread, first, PASTED)
    answer(db, thread, second, PASTED)
    karen = make.make_citizen(db)
    answering.contest_answer(db, karen, question_id=second.id, reason=WHY, now=LATER)
    assert owed(db, second).state is DutyState.OWED


def test_when_the_answer_it_pointed_at_is_gone_it_is_owed_again(
    db: Session, thread: Thread
) -> None:
    first, second = make.make_question(db, thread), make.make_question(db, thread, body="Og nu?")
    canonical = answer(db, thread, first, PASTED)
    answer(db, thread, second, PASTED)
    much_later = NOW + timedelta(days=14)
    debates.withdraw_post(db, make.make_politician(db), post_id=canonical.id, now=much_later)
    assert (owed(db, first).state, owed(db, second).state) == (DutyState.OWED, DutyState.OWED)
    # He who took it back is late; the other question gets the short clock for an answer.
    assert owed(db, first).due_at.date() == date(2028, 9, 20)
    assert owed(db, second).due_at.date() == date(2028, 10, 2)
    assert (fresh(db, first).awaits_answer, fresh(db, second).awaits_answer) == (True, True)


# What the asker says


def test_the_asker_accepts_an_answer(db: Session, thread: Thread) -> None:
    question, karen = make.make_question(db, thread), make.make_citizen(db)
    answer(db, thread, question)
    answering.accept_answer(db, karen, question_id=question.id, now=LATER)
    assert owed(db, question).state is DutyState.ACCEPTED
    assert told(db, make.make_politician(db))[-1] == "duty_accepted"
    assert queries.open_count(db, thread.consultation_id) == 0


def test_the_asker_contests_once_and_the_clock_is_shorter(db: Session, thread: Thread) -> None:
    question, karen = make.make_question(db, thread), make.make_citizen(db)
    first = answer(db, thread, question)
    later = NOW + timedelta(days=9)  # Friday 22 September, two days over the first deadline
    answering.contest_answer(db, karen, question_id=question.id, reason=WHY, now=later)
    duty = owed(db, question)
    assert (duty.state, duty.due_at.date()) == (DutyState.OWED, date(2028, 9, 27))
    assert (duty.contested_answer_id, duty.answer_id) == (first.id, None)
    assert fresh(db, question).awaits_answer
    make.make_post(
        db,
        thread,
        make.make_politician(db),
        under=question,
        body="Et helt andet svar.",
        now=later + timedelta(hours=1),
    )
    assert owed(db, question).state is DutyState.ANSWERED
    with pytest.raises(AlreadyDone):
        answering.contest_answer(db, karen, question_id=question.id, reason=WHY, now=later)


def test_whoever_took_his_question_back_has_no_more_to_say(db: Session, thread: Thread) -> None:
    question, karen = make.make_question(db, thread), make.make_citizen(db)
    answer(db, thread, question)
    debates.withdraw_post(db, karen, post_id=question.id, now=LATER)
    for speak in (
        partial(answering.contest_answer, reason=WHY),
        answering.accept_answer,
    ):
        with pytest.raises(TooLate, match="ikke længere fremme"):
            speak(db, karen, question_id=question.id, now=LATER)
    assert not owed(db, question).is_open


def test_a_contested_answer_does_not_count_when_something_else_is_taken_back(
    db: Session, thread: Thread
) -> None:
    question, toft = make.make_question(db, thread), make.make_politician(db)
    answer(db, thread, question)
    karen = make.make_citizen(db)
    answering.contest_answer(db, karen, question_id=question.id, reason=WHY, now=LATER)
    again = LATER + timedelta(hours=1)
    second = make.make_post(db, thread, toft, under=question, body="Nyt svar.", now=again)
    debates.withdraw_post(db, toft, post_id=second.id, now=again)
    assert owed(db, question).state is DutyState.OWED


def test_nobody_else_accepts_or_contests(db: Session, thread: Thread) -> None:
    question, bent = make.make_question(db, thread), make.make_other_citizen(db)
    answer(db, thread, question)
    with pytest.raises(NotFound):
        answering.accept_answer(db, bent, question_id=question.id, now=LATER)
    with pytest.raises(NotFound):
        answering.contest_answer(db, bent, question_id=question.id, reason=WHY, now=LATER)


def test_there_is_nothing_to_contest_before_the_answer(db: Session, thread: Thread) -> None:
    question, karen = make.make_question(db, thread), make.make_citizen(db)
    with pytest.raises(TooLate):
        answering.contest_answer(db, karen, question_id=question.id, reason=WHY, now=NOW)
    with pytest.raises(TooLate):
        answering.accept_answer(db, karen, question_id=question.id, now=NOW)


def test_a_question_whose_asker_deleted_his_account_is_answered_all_the_same(
    db: Session, thread: Thread
) -> None:
    karen, bent, toft = make.make_citizen(db), make.make_other_citizen(db), make.make_politician(db)
    question = make.make_question(db, thread)
    following.follow_question(db, bent, question_id=question.id, now=NOW)
    closing.close_account(db, karen, now=NOW)
    answering.acknowledge_question(db, toft, question_id=question.id, now=NOW)
    tick(db, NOW + timedelta(days=8))
    assert owed(db, question).step == Step.OVERDUE
    tick(db, NOW + timedelta(days=20))
    assert owed(db, question).step == Step.ESCALATED
    given = answer(db, thread, question)
    assert owed(db, question).state is DutyState.ANSWERED
    news = db.scalars(select(Announcement).where(Announcement.about_id == given.id)).one()
    assert (news.audience, news.audience_id) == ("question", question.id)
    assert news_queries.question_followers(db, question.id, 0, 10) == [bent.id]


def test_an_answer_that_nobody_is_left_to_contest_stands(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    answer(db, thread, question)
    karen = make.make_citizen(db)
    closing.close_account(db, karen, now=NOW)
    with pytest.raises(NotFound):
        answering.contest_answer(db, karen, question_id=question.id, reason=WHY, now=NOW)
    assert owed(db, question).state is DutyState.ANSWERED


# Declined


def test_a_question_is_turned_down_with_a_public_reason(db: Session, thread: Thread) -> None:
    question, toft = make.make_question(db, thread), make.make_politician(db)
    for too_short in ("", "Nej."):
        why = Decline(code=DeclineCode.OTHER, reason=too_short)
        with pytest.raises(InvalidInput):
            answering.decline_question(db, toft, question_id=question.id, why=why, now=NOW)
    why = Decline(code=DeclineCode.NOT_MUNICIPAL, reason=WHY)
    answering.decline_question(db, toft, question_id=question.id, why=why, now=NOW)
    duty = owed(db, question)
    assert (duty.state, duty.decline_reason) == (DutyState.DECLINED, WHY)
    assert queries.open_count(db, thread.consultation_id) == 0
    assert queries.answered_and_asked(db) == {}


def test_answered_elsewhere_needs_an_answer_that_can_be_read(db: Session, thread: Thread) -> None:
    first, second = make.make_question(db, thread), make.make_question(db, thread, body="Og nu?")
    toft, standing = make.make_politician(db), answer(db, thread, first)
    for nowhere in (None, first.id, 999_999):
        why = Decline(code=DeclineCode.ANSWERED_HERE, see_answer_id=nowhere)
        with pytest.raises(InvalidInput):
            answering.decline_question(db, toft, question_id=second.id, why=why, now=NOW)
    why = Decline(code=DeclineCode.ANSWERED_HERE, see_answer_id=standing.id)
    answering.decline_question(db, toft, question_id=second.id, why=why, now=NOW)
    assert owed(db, second).see_answer_id == standing.id


def test_a_declined_question_can_be_answered_after_all(db: Session, thread: Thread) -> None:
    question, toft = make.make_question(db, thread), make.make_politician(db)
    why = Decline(code=DeclineCode.OTHER, reason=WHY)
    answering.decline_question(db, toft, question_id=question.id, why=why, now=NOW)
    answer(db, thread, question)
    assert (owed(db, question).state, owed(db, question).decline_code) == (
        DutyState.ANSWERED,
        None,
    )


# Merged


def test_duplicates_keep_their_askers_and_all_hear_of_the_answer(
    db: Session, thread: Thread
) -> None:
    karen, bent = make.make_citizen(db), make.make_other_citizen(db)
    first = make.make_question(db, thread, karen)
    second = make.make_question(db, thread, bent, body="Hvem hjælper os?")
    moderator = make.make_moderator(db)
    triaging.merge_questions(db, moderator, question_id=second.id, into_id=first.id, now=NOW)
    assert owed(db, second).state is DutyState.MERGED
    assert (fresh(db, first).awaits_answer, fresh(db, second).awaits_answer) == (True, False)
    made = answer(db, thread, first)
    assert (owed(db, second).state, owed(db, second).answer_id) == (DutyState.ANSWERED, made.id)
    assert (told(db, karen)[-1], told(db, bent)) == ("answer", ["duty_merged", "answer"])


def test_one_of_them_can_still_contest_for_himself(db: Session, thread: Thread) -> None:
    bent = make.make_other_citizen(db)
    first = make.make_question(db, thread)
    second = make.make_question(db, thread, bent, body="Hvem hjælper os?")
    moderator = make.make_moderator(db)
    triaging.merge_questions(db, moderator, question_id=second.id, into_id=first.id, now=NOW)
    answer(db, thread, first)
    answering.contest_answer(db, bent, question_id=second.id, reason=WHY, now=LATER)
    assert (owed(db, first).state, owed(db, second).state) == (
        DutyState.ANSWERED,
        DutyState.OWED,
    )


def test_when_the_first_of_them_goes_another_takes_its_place(db: Session, thread: Thread) -> None:
    first, second, third = (
        make.make_question(db, thread, body=f"Hvem hjælper {name}?") for name in "abc"
    )
    moderator = make.make_moderator(db)
    for one in (second, third):
        triaging.merge_questions(db, moderator, question_id=one.id, into_id=first.id, now=NOW)
    debates.withdraw_post(db, make.make_citizen(db), post_id=first.id, now=NOW)
    assert owed(db, second).state is DutyState.OWED
    assert owed(db, third).merged_into_id == owed(db, second).id
    answer(db, thread, second)
    assert owed(db, third).state is DutyState.ANSWERED


def test_an_answer_taken_back_is_taken_back_from_all(db: Session, thread: Thread) -> None:
    first, second = make.make_question(db, thread), make.make_question(db, thread, body="Og nu?")
    moderator = make.make_moderator(db)
    triaging.merge_questions(db, moderator, question_id=second.id, into_id=first.id, now=NOW)
    made = answer(db, thread, first)
    debates.withdraw_post(db, make.make_politician(db), post_id=made.id, now=LATER)
    assert (owed(db, first).state, owed(db, second).state) == (DutyState.OWED, DutyState.MERGED)


def test_a_question_is_not_merged_with_itself_in_a_ring_or_with_a_closed_one(
    db: Session, thread: Thread
) -> None:
    first, second = make.make_question(db, thread), make.make_question(db, thread, body="Og nu?")
    gone = make.make_question(db, thread, body="Glem det?")
    debates.withdraw_post(db, make.make_citizen(db), post_id=gone.id, now=NOW)
    moderator = make.make_moderator(db)
    triaging.merge_questions(db, moderator, question_id=second.id, into_id=first.id, now=NOW)
    for one, into in ((first, first), (first, second), (first, gone)):
        with pytest.raises(InvalidInput):
            triaging.merge_questions(db, moderator, question_id=one.id, into_id=into.id, now=NOW)
    triaging.split_question(db, moderator, question_id=second.id, now=NOW)
    assert (owed(db, second).state, fresh(db, second).awaits_answer) == (DutyState.OWED, True)


def test_one_answer_is_given_to_several_questions_at_once(db: Session, thread: Thread) -> None:
    toft, bent = make.make_politician(db), make.make_other_citizen(db)
    other = make.make_thread(db, make.make_consultation(db, "skoler"), title="Skoler")
    asked = [make.make_question(db, thread), make.make_question(db, thread, bent, body="Og nu?")]
    made = triaging.answer_together(
        db, toft, question_ids=[one.id for one in asked], body="Det samme svar.", now=LATER
    )
    assert [owed(db, one).answer_id for one in asked] == [made.id, made.id]
    assert made.parent_id == asked[0].id
    elsewhere = make.make_question(db, other)
    with pytest.raises(InvalidInput):  # two dialogues have two answers
        triaging.answer_together(
            db,
            toft,
            question_ids=[make.make_question(db, thread, body="Hm?").id, elsewhere.id],
            body="Det samme.",
            now=LATER,
        )


# Support


def supporters(db: Session, count: int) -> None:
    for n in range(count):
        verify(db, make.make_citizen(db, f"Beboer {chr(65 + n)}sen"))


def test_enough_verified_residents_make_a_question_owed(db: Session, thread: Thread) -> None:
    db.add(RuleSettings(consultation_id=thread.consultation_id, support_needed=2))
    question = make.make_question(db, thread, to_everyone=True)
    assert queries.duty_of(db, question.id) is None
    stranger, bent = make.make_citizen(db, "Ukendt Person"), make.make_other_citizen(db)
    verify(db, bent)
    support = {"post_id": question.id, "now": NOW}
    assert supporting.support_question(db, stranger, **support) == 0  # type: ignore[arg-type]
    assert supporting.support_question(db, bent, **support) == 1  # type: ignore[arg-type]
    assert supporting.support_question(db, bent, **support) == 1  # type: ignore[arg-type]
    assert queries.duty_of(db, question.id) is None
    signe = verify(db, make.make_citizen(db, "Signe Lund"), "Havnen")
    assert supporting.support_question(db, signe, **support) == 2  # type: ignore[arg-type]
    duty = owed(db, question)
    assert (duty.origin, duty.holder_id) == (Origin.SUPPORTED, make.make_politician(db).id)
    assert fresh(db, question).awaits_answer
    assert answer(db, thread, question).is_answer


def test_residents_of_one_part_of_town_alone_do_not_make_it_owed(
    db: Session, thread: Thread
) -> None:
    db.add(RuleSettings(consultation_id=thread.consultation_id, support_needed=2))
    question = make.make_question(db, thread, to_everyone=True)
    names = {"Bent Aas": "Kær", "Signe Lund": "kær", "Ulla Brix": "Havnen"}
    for name, area in names.items():
        assert queries.duty_of(db, question.id) is None
        actor = verify(db, make.make_citizen(db, name), area)
        supporting.support_question(db, actor, post_id=question.id, now=NOW)
    assert owed(db, question).origin is Origin.SUPPORTED


def test_a_dialogue_may_leave_the_parts_of_town_out_of_it(db: Session, thread: Thread) -> None:
    own = RuleSettings(consultation_id=thread.consultation_id, support_needed=2, support_areas=1)
    db.add(own)
    question = make.make_question(db, thread, to_everyone=True)
    for name in ("Bent Aas", "Signe Lund"):
        actor = verify(db, make.make_citizen(db, name), "Kær")
        supporting.support_question(db, actor, post_id=question.id, now=NOW)
    assert owed(db, question).origin is Origin.SUPPORTED


def test_support_taken_back_no_longer_counts(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread, to_everyone=True)
    bent = verify(db, make.make_other_citizen(db))
    supporting.support_question(db, bent, post_id=question.id, now=NOW)
    assert supporting.withdraw_support(db, bent, post_id=question.id, now=NOW) == 0


def test_nobody_supports_his_own_question_a_comment_or_as_a_politician(
    db: Session, thread: Thread
) -> None:
    question = make.make_question(db, thread, to_everyone=True)
    with pytest.raises(InvalidInput):
        supporting.support_question(db, make.make_citizen(db), post_id=question.id, now=NOW)
    with pytest.raises(NotAllowed):
        supporting.support_question(db, make.make_politician(db), post_id=question.id, now=NOW)
    comment = make.make_post(db, thread, body="Ingen spørgsmål her.")
    with pytest.raises(NotFound):
        supporting.support_question(db, make.make_other_citizen(db), post_id=comment.id, now=NOW)


def test_enough_support_brings_a_declined_question_back_once(db: Session, thread: Thread) -> None:
    db.add(RuleSettings(consultation_id=thread.consultation_id, support_needed=1))
    question, toft = make.make_question(db, thread), make.make_politician(db)
    why = Decline(code=DeclineCode.OTHER, reason=WHY)
    answering.decline_question(db, toft, question_id=question.id, why=why, now=NOW)
    bent = verify(db, make.make_other_citizen(db))
    supporting.support_question(db, bent, post_id=question.id, now=NOW)
    assert owed(db, question).state is DutyState.OWED
    answering.decline_question(db, toft, question_id=question.id, why=why, now=NOW)
    signe = verify(db, make.make_citizen(db, "Signe Lund"))
    supporting.support_question(db, signe, post_id=question.id, now=NOW)
    assert owed(db, question).state is DutyState.DECLINED


# Promises


def pledge(day: date | None, kind: PromiseKind = PromiseKind.INVESTIGATING) -> Pledge:
    return Pledge(kind=kind, text="Jeg spørger forvaltningen om prisen.", day=day)


def test_an_answer_carries_a_promise_on_the_same_clock(db: Session, thread: Thread) -> None:
    question, toft = make.make_question(db, thread), make.make_politician(db)
    made = answer(db, thread, question)
    day = date(2028, 12, 24)  # a Sunday; Monday and Tuesday are off as well
    duty = promising.make_promise(db, toft, answer_id=made.id, pledge=pledge(day), now=LATER)
    assert (duty.origin, duty.due_at.date(), duty.holder_id) == (
        Origin.PROMISE,
        date(2028, 12, 27),
        toft.id,
    )
    assert queries.open_count(db, thread.consultation_id) == 0  # it outlives the decision
    kept = promising.keep_promise(
        db, toft, answer_id=made.id, body="Nu har jeg spurgt: 2 mio. kr.", now=LATER
    )
    assert (owed(db, made).state, owed(db, made).answer_id) == (DutyState.ANSWERED, kept.id)
    assert told(db, make.make_citizen(db))[-1] == "promise_kept"


def test_a_promise_is_kept_after_the_debate_has_closed(db: Session) -> None:
    consultation = make.make_consultation(db, closes_at=NOW + timedelta(days=1))
    thread = make.make_thread(db, consultation)
    toft, made = make.make_politician(db), answer(db, thread, make.make_question(db, thread))
    day = date(2028, 10, 2)
    promising.make_promise(db, toft, answer_id=made.id, pledge=pledge(day), now=LATER)
    later = NOW + timedelta(days=10)
    promising.keep_promise(db, toft, answer_id=made.id, body="Det er gjort.", now=later)
    assert owed(db, made).state is DutyState.ANSWERED


@pytest.mark.parametrize("day", [None, date(2028, 9, 12), date(2028, 9, 13), date(2031, 1, 1)])
def test_a_promise_needs_a_day_to_come(db: Session, thread: Thread, day: date | None) -> None:
    made = answer(db, thread, make.make_question(db, thread))
    toft = make.make_politician(db)
    with pytest.raises(InvalidInput):
        promising.make_promise(db, toft, answer_id=made.id, pledge=pledge(day), now=LATER)


def test_who_stands_by_what_is_proposed_has_said_it_all(db: Session, thread: Thread) -> None:
    made = answer(db, thread, make.make_question(db, thread))
    standing = pledge(None, PromiseKind.STANDING_BY)
    toft = make.make_politician(db)
    promising.make_promise(db, toft, answer_id=made.id, pledge=standing, now=LATER)
    assert owed(db, made).state is DutyState.ANSWERED


def test_only_the_answer_of_ones_own_carries_ones_promise_and_only_one(
    db: Session, thread: Thread
) -> None:
    question, toft = make.make_question(db, thread), make.make_politician(db)
    made, day = answer(db, thread, question), date(2028, 10, 2)
    with pytest.raises(NotFound):
        promising.make_promise(db, make_member(db), answer_id=made.id, pledge=pledge(day), now=NOW)
    with pytest.raises(NotFound):
        promising.make_promise(db, toft, answer_id=question.id, pledge=pledge(day), now=NOW)
    promising.make_promise(db, toft, answer_id=made.id, pledge=pledge(day), now=LATER)
    with pytest.raises(AlreadyDone):
        promising.make_promise(db, toft, answer_id=made.id, pledge=pledge(day), now=LATER)


def test_a_promise_that_cannot_be_kept_stays_with_a_public_reason(
    db: Session, thread: Thread
) -> None:
    toft, made = make.make_politician(db), answer(db, thread, make.make_question(db, thread))
    duty = promising.make_promise(
        db, toft, answer_id=made.id, pledge=pledge(date(2028, 10, 2)), now=LATER
    )
    seen = made.rev
    with pytest.raises(InvalidInput):
        promising.give_up_promise(db, toft, answer_id=made.id, reason="Nej", now=LATER)
    with pytest.raises(NotFound):
        promising.give_up_promise(db, make_member(db), answer_id=made.id, reason=WHY, now=LATER)
    promising.give_up_promise(db, toft, answer_id=made.id, reason=WHY, now=LATER)
    assert (duty.state, duty.decline_reason) == (DutyState.DECLINED, WHY)
    assert duty.promise_text == "Jeg spørger forvaltningen om prisen."
    assert (history(db, made)[-1], queries.history(db, duty.id)[-1].reason) == (
        EventKind.DECLINED,
        WHY,
    )
    assert made.rev > seen, "open pages of the thread hear of it"
    assert told(db, make.make_citizen(db))[-1] == "promise_given_up"
    assert queries.owed_by(db, toft.id or 0) == []
    with pytest.raises(TooLate):
        promising.give_up_promise(db, toft, answer_id=made.id, reason=WHY, now=LATER)
    with pytest.raises(TooLate):
        promising.keep_promise(db, toft, answer_id=made.id, body="Alligevel.", now=LATER)


def test_a_promise_is_no_question_that_can_be_turned_down(db: Session, thread: Thread) -> None:
    question, toft = make.make_question(db, thread), make.make_politician(db)
    made = answer(db, thread, question)
    with pytest.raises(NotFound):
        promising.give_up_promise(db, toft, answer_id=question.id, reason=WHY, now=LATER)
    promising.make_promise(db, toft, answer_id=made.id, pledge=pledge(date(2028, 10, 2)), now=LATER)
    why = Decline(code=DeclineCode.OTHER, reason=WHY)
    with pytest.raises(NotFound):
        answering.decline_question(db, toft, question_id=made.id, why=why, now=LATER)
    assert owed(db, made).is_open


# Facts from the administration


def test_facts_come_from_the_administration_and_the_question_goes_back(
    db: Session, thread: Thread
) -> None:
    question, toft, chief = (
        make.make_question(db, thread),
        make.make_politician(db),
        make.make_chief(db),
    )
    until = date(2028, 9, 15)
    answering.ask_for_facts(
        db, toft, question_id=question.id, reason="Hvad koster det om året?", until=until, now=NOW
    )
    duty = owed(db, question)
    assert (duty.holder_id, duty.desk, duty.returns_to_id) == (
        chief.id,
        Desk.ADMINISTRATION,
        toft.id,
    )
    assert duty.due_at.date() == date(2028, 9, 22)  # two working days later
    facts = make.make_post(db, thread, chief, under=question, body="2 mio. kr.", now=LATER)
    duty = owed(db, question)
    assert (facts.is_answer, duty.is_open, duty.holder_id) == (False, True, toft.id)
    assert told(db, toft)[-1] == "duty_facts_given"


def test_facts_that_do_not_come_leave_the_question_with_the_politician(
    db: Session, thread: Thread
) -> None:
    question, toft = make.make_question(db, thread), make.make_politician(db)
    until = date(2028, 9, 15)
    answering.ask_for_facts(
        db, toft, question_id=question.id, reason="Hvad koster det om året?", until=until, now=NOW
    )
    tick(db, NOW + timedelta(days=2))
    assert owed(db, question).desk is Desk.ADMINISTRATION
    tick(db, NOW + timedelta(days=3))
    assert (owed(db, question).holder_id, owed(db, question).desk) == (toft.id, Desk.POLITICIAN)


def test_who_only_finds_facts_does_not_turn_the_question_down(db: Session, thread: Thread) -> None:
    question, toft, chief = (
        make.make_question(db, thread, verify(db, make.make_citizen(db))),
        make.make_politician(db),
        make.make_chief(db),
    )
    until = date(2028, 9, 15)
    answering.ask_for_facts(
        db, toft, question_id=question.id, reason="Hvad koster det om året?", until=until, now=NOW
    )
    why = Decline(code=DeclineCode.NOT_MUNICIPAL, reason=WHY)
    with pytest.raises(TooLate):
        answering.decline_question(db, chief, question_id=question.id, why=why, now=NOW)
    with pytest.raises(TooLate):
        answering.pause_question(
            db, chief, question_id=question.id, reason=WHY, until=date(2028, 9, 20), now=NOW
        )
    answering.give_back_question(db, chief, question_id=question.id, now=LATER)
    answering.decline_question(db, toft, question_id=question.id, why=why, now=LATER)
    assert owed(db, question).state is DutyState.DECLINED
