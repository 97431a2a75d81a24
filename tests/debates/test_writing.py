"""Writing in the tree: what is taken, what is refused, and what it does to the counters."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialog.consultations.models import State
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import commands, drafting, queries, reading_queries, tree
from dialog.debates.models import Draft, KeptText, Post, PostKind, PostState, Thread, Voice
from dialog.duties.models import Duty
from dialog.moderation import commands as moderation
from dialog.notifications.models import Notification
from dialog.people.models import OfficeTitle
from dialog.permissions import VISITOR, Actor, NotAllowed
from tests import make
from tests.make import NOW


def fresh(db: Session, post: Post) -> Post:
    """The post as the store has it."""
    db.flush()
    db.expire(post)
    return db.get_one(Post, post.id)


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db)


# --- Places ---------------------------------------------------------------------------------------


def test_a_post_without_a_parent_answers_the_opening_post(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    assert (post.parent_id, post.depth, post.path) == (make.opening_of(db, thread).id, 1, "0000")


def test_a_reply_stands_below_what_it_answers(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    reply = make.make_post(db, thread, make.make_other_citizen(db), under=post)
    assert (reply.parent_id, reply.depth, reply.path) == (post.id, 2, "00000000")


def test_replies_to_one_post_come_in_the_order_they_were_sent(db: Session, thread: Thread) -> None:
    sent = [make.make_post(db, thread, body=f"Nummer {n}").id for n in range(3)]
    assert [post.id for post in make.posts_of(db, thread)[1:]] == sent


def test_depth_50_is_the_last(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    for level in range(2, tree.DEEPEST + 1):
        post = make.make_post(db, thread, under=post, body=f"Niveau {level}")
    assert post.depth == 50
    with pytest.raises(TooLate, match="niveau 50"):
        make.make_post(db, thread, under=post, body="Niveau 51")


def test_a_parent_in_another_thread_is_not_found(db: Session, thread: Thread) -> None:
    other = make.make_thread(db, make.make_consultation(db, "skoler"))
    with pytest.raises(NotFound):
        make.make_post(db, thread, under=make.make_post(db, other))


def test_a_parent_that_never_was_is_not_found(db: Session, thread: Thread) -> None:
    with pytest.raises(NotFound):
        commands.post_reply(
            db, make.make_citizen(db), thread_id=thread.id, parent_id=999, body="Hej", now=NOW
        )


def test_a_withdrawn_post_takes_no_replies(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    commands.withdraw_post(db, make.make_citizen(db), post_id=post.id, now=NOW)
    with pytest.raises(TooLate, match="ikke længere fremme"):
        make.make_post(db, thread, under=post, body="Et svar")


def test_a_hidden_post_takes_no_replies(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    moderation.hide_post(
        db, make.make_moderator(db), post_id=post.id, reason="Navngiver en privatperson", now=NOW
    )
    with pytest.raises(TooLate, match="ikke længere fremme"):
        make.make_post(db, thread, under=post, body="Et svar")


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["", "   \n\t ", "\u200b\u202e"])
def test_nothing_cannot_be_sent(db: Session, thread: Thread, body: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make.make_post(db, thread, body=body)
    assert set(refused.value.fields) == {"body"}


def test_5000_signs_are_taken(db: Session, thread: Thread) -> None:
    assert len(make.make_post(db, thread, body="å" * 5_000).source) == 5_000


def test_too_long_a_text_is_told_how_much_too_long(db: Session, thread: Thread) -> None:
    with pytest.raises(InvalidInput, match="7 tegn for lang"):
        make.make_post(db, thread, body="å" * 5_007)


def test_a_heading_stands_on_the_first_level_only(db: Session, thread: Thread) -> None:
    first = make.make_post(db, thread, topic="  Hvad med de  svageste? ")
    reply = make.make_post(db, thread, under=first, topic="Nej", body="Et svar")
    assert (first.topic, reply.topic) == ("Hvad med de svageste?", None)


def test_too_long_a_heading_is_refused(db: Session, thread: Thread) -> None:
    with pytest.raises(InvalidInput) as refused:
        make.make_post(db, thread, topic="a" * 141)
    assert set(refused.value.fields) == {"topic"}


# --- Who ------------------------------------------------------------------------------------------


def test_a_visitor_cannot_write(db: Session, thread: Thread) -> None:
    with pytest.raises(NotAllowed):
        make.make_post(db, thread, VISITOR)


def test_a_moderator_does_not_take_part(db: Session, thread: Thread) -> None:
    with pytest.raises(NotAllowed):
        make.make_post(db, thread, make.make_moderator(db))


def test_a_citizen_writes_with_his_name_and_area(db: Session, thread: Thread) -> None:
    karen = make.make_citizen(db, area="Havnebyen")
    post = make.make_post(db, thread, karen)
    assert (post.voice, post.author_name, post.author_area) == (
        Voice.CITIZEN,
        "Karen Møllegaard",
        "Havnebyen",
    )


def test_a_politician_writes_from_his_office(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread, make.make_politician(db))
    assert (post.voice, post.author_title, post.author_party) == (
        Voice.POLITICIAN,
        "formand for Ældreudvalget",
        "L",
    )


def test_a_politician_may_write_as_a_plain_member(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread, make.make_politician(db), as_office=False)
    assert post.author_title == "medlem af byrådet"


def test_the_chief_writes_for_the_administration(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread, make.make_chief(db))
    assert (post.voice, post.author_title) == (Voice.ADMINISTRATION, "kommunikationschef")


def test_an_office_is_kept_as_it_was_when_it_was_written(db: Session, thread: Thread) -> None:
    toft = make.make_politician(db)
    post = make.make_post(db, thread, toft)
    make.make_politician(db, title=OfficeTitle.MEMBER)
    assert fresh(db, post).author_title == "formand for Ældreudvalget"


# --- Questions and answers ------------------------------------------------------------------------


def duty_of(db: Session, question: Post) -> Duty:
    return db.scalars(select(Duty).where(Duty.question_id == question.id)).one()


def test_a_question_is_owed_an_answer_within_five_working_days(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)  # on Wednesday 13 September at noon
    duty = duty_of(db, question)
    assert duty.due_at.isoformat() == "2028-09-20T21:59:00+00:00"  # Wednesday at 23.59
    assert (duty.holder_id, duty.answered_at) == (make.make_politician(db).id, None)
    assert question.awaits_answer


def test_a_question_goes_to_the_one_who_was_chosen(db: Session) -> None:
    toft, ritt = make.make_politician(db), make.make_politician(db, "Ritt Skov", committee=None)
    thread = make.make_thread(db, politicians=[toft, ritt])
    question = make.make_question(db, thread, addressee_id=ritt.id)
    assert (duty_of(db, question).holder_id, question.addressee_name) == (ritt.id, "Ritt Skov (L)")


def test_only_who_answers_for_the_thread_can_be_asked(db: Session, thread: Thread) -> None:
    other = make.make_politician(db, "Ritt Skov", committee=None)
    with pytest.raises(InvalidInput) as refused:
        make.make_question(db, thread, addressee_id=other.id)
    assert set(refused.value.fields) == {"to"}


def test_a_thread_without_politicians_takes_no_questions(db: Session) -> None:
    with pytest.raises(InvalidInput) as refused:
        make.make_question(db, make.make_thread(db, politicians=[]))
    assert set(refused.value.fields) == {"kind"}


def test_a_politicians_question_is_a_comment(db: Session, thread: Thread) -> None:
    post = make.make_question(db, thread, make.make_politician(db))
    assert (post.kind, post.awaits_answer) == (PostKind.COMMENT, False)


def test_a_politicians_reply_fulfils_the_duty(db: Session, thread: Thread) -> None:
    toft, question = make.make_politician(db), make.make_question(db, thread)
    answer = make.make_post(db, thread, toft, under=question, body="Det gør hjemmeplejen.")
    duty = duty_of(db, question)
    assert (duty.answer_id, duty.answered_by, duty.answered_at) == (answer.id, toft.id, NOW)
    assert answer.is_answer
    assert not fresh(db, question).awaits_answer


def test_a_citizens_reply_fulfils_nothing(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    reply = make.make_post(db, thread, make.make_other_citizen(db), under=question)
    assert not reply.is_answer
    assert fresh(db, question).awaits_answer


def test_a_politician_from_elsewhere_fulfils_nothing(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    other = make.make_politician(db, "Ritt Skov", committee="Skoleudvalget")
    assert not make.make_post(db, thread, other, under=question).is_answer
    assert duty_of(db, question).answered_at is None


def test_who_was_asked_can_answer_after_others_took_over_the_thread(db: Session) -> None:
    toft, ritt = make.make_politician(db), make.make_politician(db, "Ritt Skov", committee=None)
    thread = make.make_thread(db, politicians=[toft])
    question = make.make_question(db, thread)
    make.take_over(db, thread, [ritt])
    assert make.make_post(db, thread, toft, under=question).is_answer
    assert duty_of(db, question).answered_by == toft.id


def test_a_second_answer_leaves_the_first_as_the_answer(db: Session, thread: Thread) -> None:
    toft, question = make.make_politician(db), make.make_question(db, thread)
    first = make.make_post(db, thread, toft, under=question, body="Ja.")
    make.make_post(db, thread, toft, under=question, body="Og en ting til.")
    assert duty_of(db, question).answer_id == first.id
    assert make.opening_of(db, thread).open_questions == 0


def told_to(db: Session, *people: Actor) -> list[tuple[int | None, str]]:
    """Who of these was told, and of what, in order."""
    wanted = select(Notification.user_id, Notification.kind).where(
        Notification.user_id.in_([one.id for one in people])
    )
    return [(user_id, kind) for user_id, kind in db.execute(wanted.order_by(Notification.id))]


def test_the_one_who_is_asked_and_the_one_who_is_answered_are_told(
    db: Session, thread: Thread
) -> None:
    toft, karen, bent = (
        make.make_politician(db),
        make.make_citizen(db),
        make.make_other_citizen(db),
    )
    question = make.make_question(db, thread, bent, under=make.make_post(db, thread, karen))
    make.make_post(db, thread, toft, under=question, body="Ja.")
    assert told_to(db, toft, karen, bent) == [
        (toft.id, "duty"),
        (karen.id, "reply"),
        (bent.id, "answer"),
    ]


def test_nobody_is_told_of_his_own_reply(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    make.make_post(db, thread, under=post, body="Og så …")
    assert told_to(db, make.make_citizen(db)) == []


# --- Counters -------------------------------------------------------------------------------------


def test_every_ancestor_counts_what_comes_below(db: Session, thread: Thread) -> None:
    a = make.make_post(db, thread, body="a")
    b = make.make_post(db, thread, under=a, body="b")
    c = make.make_post(db, thread, under=b, body="c")
    make.make_post(db, thread, under=a, body="d")
    found = [(one.child_count, one.descendant_count) for one in make.posts_of(db, thread)]
    assert found == [(1, 4), (2, 3), (1, 1), (0, 0), (0, 0)]
    assert fresh(db, c).descendant_count == 0
    db.refresh(thread)
    assert thread.post_count == 4


def test_open_questions_and_answers_are_counted_on_the_way_up(db: Session, thread: Thread) -> None:
    root = make.make_post(db, thread, body="a")
    aside = make.make_post(db, thread, body="b")
    question = make.make_question(db, thread, under=root)
    assert [one.open_questions for one in make.posts_of(db, thread)] == [1, 1, 1, 0]
    make.make_post(db, thread, make.make_politician(db), under=question, body="Ja.")
    posts = make.posts_of(db, thread)
    assert [one.open_questions for one in posts] == [0] * 5
    assert [one.answers for one in posts] == [1, 1, 1, 0, 0]
    assert fresh(db, aside).answers == 0


def test_a_writer_is_counted_once(db: Session, thread: Thread) -> None:
    for n in range(3):
        make.make_post(db, thread, body=f"Nummer {n}")
    make.make_post(db, thread, make.make_other_citizen(db))
    db.refresh(thread)
    assert thread.participant_count == 2


def test_every_post_moves_the_threads_rev_and_its_ancestors(db: Session, thread: Thread) -> None:
    a = make.make_post(db, thread, body="a")
    b = make.make_post(db, thread, body="b")
    reply = make.make_post(db, thread, under=a, body="c")
    db.refresh(thread)
    assert (thread.rev, reply.rev, fresh(db, a).rev, fresh(db, b).rev) == (4, 4, 4, 3)
    changed = reading_queries.changed_since(db, thread.id, 3, 10)
    assert [one.id for one in changed] == [make.opening_of(db, thread).id, a.id, reply.id]


# --- Twice ----------------------------------------------------------------------------------------


def test_the_same_key_is_the_same_post(db: Session, thread: Thread) -> None:
    first = make.make_post(db, thread, idempotency_key="k1")
    assert make.make_post(db, thread, idempotency_key="k1").id == first.id
    db.refresh(thread)
    assert thread.post_count == 1


def test_the_same_key_with_another_text_is_refused(db: Session, thread: Thread) -> None:
    make.make_post(db, thread, idempotency_key="k1")
    with pytest.raises(InvalidInput) as refused:
        make.make_post(db, thread, idempotency_key="k1", body="Noget andet")
    assert set(refused.value.fields) == {"key"}


def test_two_people_may_have_the_same_key(db: Session, thread: Thread) -> None:
    first = make.make_post(db, thread, idempotency_key="k1")
    other = make.make_post(db, thread, make.make_other_citizen(db), idempotency_key="k1")
    assert first.id != other.id


def test_the_same_key_finds_its_post_also_when_the_parent_is_gone(
    db: Session, thread: Thread
) -> None:
    parent = make.make_post(db, thread, make.make_other_citizen(db))
    sent = make.make_post(db, thread, under=parent, idempotency_key="k1")
    commands.withdraw_post(db, make.make_other_citizen(db), post_id=parent.id, now=NOW)
    assert make.make_post(db, thread, under=parent, idempotency_key="k1").id == sent.id


def test_the_same_words_within_a_day_are_the_same_post(db: Session, thread: Thread) -> None:
    first = make.make_post(db, thread, idempotency_key="k1")
    again = make.make_post(db, thread, idempotency_key="k2", now=NOW + timedelta(hours=23))
    assert again.id == first.id


def test_the_same_words_a_day_later_are_a_new_post(db: Session, thread: Thread) -> None:
    first = make.make_post(db, thread)
    assert make.make_post(db, thread, now=NOW + timedelta(hours=25)).id != first.id


def test_the_same_words_elsewhere_are_a_new_post(db: Session, thread: Thread) -> None:
    first = make.make_post(db, thread)
    assert make.make_post(db, thread, under=first).id != first.id


# --- Closed ---------------------------------------------------------------------------------------

LAST_DAY = NOW + timedelta(days=1)
AFTER = NOW + timedelta(days=2)


def test_after_the_deadline_nothing_more_is_taken(db: Session) -> None:
    thread = make.make_thread(db, make.make_consultation(db, closes_at=LAST_DAY))
    with pytest.raises(TooLate, match="lukket"):
        make.make_post(db, thread, now=AFTER)


@pytest.mark.parametrize("state", [State.CLOSED, State.DECIDED])
def test_a_closed_dialogue_takes_nothing_more(db: Session, state: State) -> None:
    consultation = make.make_consultation(db)
    thread = make.make_thread(db, consultation)
    consultation.state = state
    with pytest.raises(TooLate):
        make.make_post(db, thread)


def test_an_owed_answer_is_let_through_after_the_deadline(db: Session) -> None:
    thread = make.make_thread(db, make.make_consultation(db, closes_at=LAST_DAY))
    toft, question = make.make_politician(db), make.make_question(db, thread)
    assert make.make_post(db, thread, toft, under=question, now=AFTER).is_answer
    with pytest.raises(TooLate):  # nothing is owed any more
        make.make_post(db, thread, toft, under=question, body="Og …", now=AFTER)


def test_a_politician_who_owes_nothing_is_stopped_at_the_deadline(db: Session) -> None:
    thread = make.make_thread(db, make.make_consultation(db, closes_at=LAST_DAY))
    question = make.make_question(db, thread)
    other = make.make_politician(db, "Ritt Skov", committee="Skoleudvalget")
    with pytest.raises(TooLate):
        make.make_post(db, thread, other, under=question, now=AFTER)


def test_a_draft_dialogue_has_no_threads_for_citizens(db: Session) -> None:
    thread = make.make_thread(db, make.make_consultation(db, state=State.DRAFT))
    with pytest.raises(NotFound):
        make.make_post(db, thread)


# --- Withdrawing ----------------------------------------------------------------------------------


def test_a_withdrawn_question_closes_its_duty_and_keeps_its_replies(
    db: Session, thread: Thread
) -> None:
    karen, question = make.make_citizen(db), make.make_question(db, thread)
    reply = make.make_post(db, thread, make.make_other_citizen(db), under=question)
    commands.withdraw_post(db, karen, post_id=question.id, now=NOW)
    assert duty_of(db, question).closed_reason == "withdrawn"
    assert make.opening_of(db, thread).open_questions == 0
    assert fresh(db, question).child_count == 1
    assert fresh(db, reply).state is PostState.VISIBLE


def test_nobody_withdraws_what_someone_else_wrote(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    for other in (make.make_other_citizen(db), make.make_chief(db), make.make_politician(db)):
        with pytest.raises(NotFound):
            commands.withdraw_post(db, other, post_id=post.id, now=NOW)


def test_the_opening_post_is_not_withdrawn(db: Session, thread: Thread) -> None:
    with pytest.raises(NotFound):
        commands.withdraw_post(
            db, make.make_chief(db), post_id=make.opening_of(db, thread).id, now=NOW
        )


def test_a_post_is_withdrawn_once(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    commands.withdraw_post(db, make.make_citizen(db), post_id=post.id, now=NOW)
    with pytest.raises(TooLate):
        commands.withdraw_post(db, make.make_citizen(db), post_id=post.id, now=NOW)


# --- Drafts and kept texts ------------------------------------------------------------------------


def test_a_draft_is_kept_until_its_text_is_sent(db: Session, thread: Thread) -> None:
    karen, parent = make.make_citizen(db), make.make_post(db, thread, make.make_other_citizen(db))

    def save(body: str) -> None:
        drafting.save_draft(
            db, karen, parent_id=parent.id, body=body, kind=PostKind.COMMENT, now=NOW
        )

    save("Jeg er begyndt")
    save("Jeg er begyndt på noget")
    assert karen.id is not None
    assert [one.body for one in queries.drafts_in(db, thread.id, karen.id)] == [
        "Jeg er begyndt på noget"
    ]
    make.make_post(db, thread, karen, under=parent, body="Færdig")
    assert queries.drafts_in(db, thread.id, karen.id) == []


def test_an_empty_draft_is_forgotten(db: Session, thread: Thread) -> None:
    karen, parent = make.make_citizen(db), make.opening_of(db, thread)
    for body in ("Noget", "  "):
        drafting.save_draft(
            db, karen, parent_id=parent.id, body=body, kind=PostKind.COMMENT, now=NOW
        )
    assert db.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_kept_text_lives_for_a_week(db: Session, thread: Thread) -> None:
    parent = make.opening_of(db, thread)

    def keep(moment_days: int) -> str:
        moment = NOW + timedelta(days=moment_days)
        key = drafting.keep_text(
            db, parent_id=parent.id, body="Min tekst", kind=PostKind.COMMENT, now=moment
        )
        db.flush()
        return key

    old = keep(0)
    young = keep(6)
    keep(8)
    kept = set(db.scalars(select(KeptText.key)))
    assert old not in kept
    assert young in kept


# --- At the same time -----------------------------------------------------------------------------


def at_once(app: Flask, *works: Callable[[Session], object]) -> None:
    """Does all of it at the same time, each in a transaction of its own."""
    start = threading.Barrier(len(works))
    failed: list[Exception] = []

    def work(task: Callable[[Session], object]) -> None:
        try:
            start.wait(timeout=10)
            with make.committed(app) as db:
                task(db)
        except Exception as error:  # noqa: BLE001  a thread's failure is the test's
            failed.append(error)

    threads = [threading.Thread(target=work, args=(task,)) for task in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    assert failed == []


def test_the_same_post_sent_eight_times_at_once_is_one_post(app: Flask) -> None:
    with make.committed(app) as db:
        thread, karen = make.make_thread(db), make.make_citizen(db)

    def send(db: Session) -> None:
        make.make_post(db, thread, karen, idempotency_key="k1")

    at_once(app, *[send] * 8)
    with make.committed(app) as db:
        assert len(make.posts_of(db, thread)) == 2
        assert db.get_one(Thread, thread.id).post_count == 1


def test_two_politicians_answering_at_once_fulfil_one_duty(app: Flask) -> None:
    with make.committed(app) as db:
        pair = [make.make_politician(db), make.make_politician(db, "Ritt Skov", committee=None)]
        thread = make.make_thread(db, politicians=pair)
        question = make.make_question(db, thread)

    def answer(actor: Actor) -> Callable[[Session], object]:
        return lambda db: make.make_post(db, thread, actor, under=question, body="Ja.")

    at_once(app, *map(answer, pair))
    with make.committed(app) as db:
        opening = make.opening_of(db, thread)
        assert (opening.open_questions, opening.answers, opening.descendant_count) == (0, 2, 3)
        assert duty_of(db, question).answer_id is not None


def test_writers_at_once_get_places_of_their_own(app: Flask) -> None:
    with make.committed(app) as db:
        thread = make.make_thread(db)
        people = [make.make_citizen(db, f"Borger {name}") for name in ("Et", "To", "Tre", "Fire")]

    def send(actor: Actor) -> Callable[[Session], object]:
        return lambda db: make.make_post(db, thread, actor)

    at_once(app, *map(send, people))
    with make.committed(app) as db:
        posts = make.posts_of(db, thread)
        assert [post.ordinal for post in posts[1:]] == [0, 1, 2, 3]
        assert posts[0].child_count == 4


def test_an_answer_taken_back_is_no_answer(db: Session) -> None:
    thread = make.make_thread(db)
    question = make.make_question(db, thread)
    politician = make.make_politician(db)
    answer = make.make_post(db, thread, politician, under=question, body="Ja.")
    assert answer.is_answer
    commands.withdraw_post(db, politician, post_id=answer.id, now=make.NOW)
    db.refresh(question)
    assert question.awaits_answer
