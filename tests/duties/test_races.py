"""Two at once on the same question: both happen in some order, or the later one is refused."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from dialog.core.errors import DialogError
from dialog.debates import answering, promising, supporting, triaging
from dialog.debates import commands as debates
from dialog.debates.models import Post
from dialog.duties import queries
from dialog.duties.handling import Decline
from dialog.duties.models import DeclineCode, DutyState, PromiseKind
from dialog.duties.promising import Pledge
from dialog.permissions import Actor, NotAllowed
from tests import make
from tests.duties.owed import WHY, history, make_member, make_owned_thread, owed, verify
from tests.make import NOW


@dataclass
class Scene:
    """Two questions to Anders Toft that wait, one that he has answered, and who is there."""

    toft: Actor
    carl: Actor
    karen: Actor
    bent: Actor
    moderator: Actor
    first: int
    second: int
    answered: int
    answer: int
    thread_id: int


Act = Callable[[Session, Scene], object]


def arrange(db: Session) -> Scene:
    toft, carl = make.make_politician(db), make_member(db)
    karen = verify(db, make.make_citizen(db))
    thread = make_owned_thread(db, toft, carl)
    asked = [make.make_question(db, thread, karen, body=f"Hvad med nummer {n}?") for n in range(3)]
    answer = make.make_post(db, thread, toft, under=asked[2], body="Det kommer i foråret.")
    return Scene(
        toft, carl, karen, make.make_other_citizen(db), make.make_moderator(db),
        asked[0].id, asked[1].id, asked[2].id, answer.id, thread.id,
    )  # fmt: skip


def reply(db: Session, s: Scene) -> object:
    return debates.post_reply(
        db, s.toft, thread_id=s.thread_id, parent_id=s.first, body="Her er svaret.", now=NOW
    )


def decline(db: Session, s: Scene) -> object:
    why = Decline(code=DeclineCode.NOT_MUNICIPAL, reason=WHY)
    return answering.decline_question(db, s.toft, question_id=s.first, why=why, now=NOW)


def hand_on(db: Session, s: Scene) -> object:
    return answering.hand_on_question(
        db, s.toft, question_id=s.first, to_id=s.carl.id or 0, now=NOW
    )


def pause(db: Session, s: Scene) -> object:
    return answering.pause_question(
        db, s.toft, question_id=s.first, reason=WHY, until=date(2028, 9, 22), now=NOW
    )


def withdraw(db: Session, s: Scene) -> object:
    return debates.withdraw_post(db, s.karen, post_id=s.first, now=NOW)


def merge(db: Session, s: Scene) -> object:
    return triaging.merge_questions(db, s.moderator, question_id=s.first, into_id=s.second, now=NOW)


def merge_back(db: Session, s: Scene) -> object:
    return triaging.merge_questions(db, s.moderator, question_id=s.second, into_id=s.first, now=NOW)


def answer_both(db: Session, s: Scene) -> object:
    return triaging.answer_together(
        db, s.toft, question_ids=[s.second, s.first], body="Det samme til jer begge.", now=NOW
    )


def accept(db: Session, s: Scene) -> object:
    return answering.accept_answer(db, s.karen, question_id=s.answered, now=NOW)


def contest(db: Session, s: Scene) -> object:
    return answering.contest_answer(db, s.karen, question_id=s.answered, reason=WHY, now=NOW)


def take_back(db: Session, s: Scene) -> object:
    return debates.withdraw_post(db, s.toft, post_id=s.answer, now=NOW)


def promise(db: Session, s: Scene) -> object:
    pledge = Pledge(kind=PromiseKind.CHANGING, text="Det retter vi.", day=date(2028, 10, 2))
    return promising.make_promise(db, s.toft, answer_id=s.answer, pledge=pledge, now=NOW)


def support(db: Session, s: Scene) -> object:
    return supporting.support_question(db, s.bent, post_id=s.first, now=NOW)


AT_ONCE: list[tuple[Act, Act]] = [
    (reply, decline), (reply, hand_on), (reply, pause), (reply, withdraw), (reply, merge),
    (reply, answer_both), (decline, hand_on), (pause, pause), (merge, merge_back),
    (answer_both, merge), (accept, contest), (contest, contest), (contest, take_back),
    (promise, take_back), (promise, promise), (support, support), (withdraw, merge_back),
]  # fmt: skip


def names(pair: tuple[Act, Act]) -> str:
    return " and ".join(act.__name__ for act in pair)


@pytest.mark.parametrize("pair", AT_ONCE, ids=names)
def test_two_at_once_leave_what_one_after_the_other_would(
    app: Flask, pair: tuple[Act, Act]
) -> None:
    with make.committed(app) as db:
        scene = arrange(db)
    start = threading.Barrier(2)

    def do(act: Act) -> None:
        start.wait()
        with suppress(DialogError, NotAllowed), make.committed(app) as db:  # the other came first
            act(db, scene)

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(do, act) for act in pair]:
            each.result(60)
    with make.committed(app) as db:
        for question_id in (scene.first, scene.second, scene.answered):
            demand_sound(db, db.get_one(Post, question_id))


def demand_sound(db: Session, question: Post) -> None:
    """The duty and its question say the same, and the history tells how that came."""
    duty, happened = owed(db, question), history(db, question)
    assert question.awaits_answer == duty.is_open
    given = duty.state in (DutyState.ANSWERED, DutyState.ACCEPTED)
    assert given == (duty.answer_id is not None)
    assert (duty.state is DutyState.DECLINED) == (duty.decline_code is not None)
    assert (duty.state is DutyState.CLOSED) == (duty.closed_reason is not None)
    assert queries.history(db, duty.id)[-1].due_at == duty.due_at
    assert max(happened.count(kind) for kind in happened) == 1, happened
    if duty.state is DutyState.MERGED:
        assert duty.merged_into_id is not None
        head = queries.duty_by_id(db, duty.merged_into_id)
        assert head is not None
        assert head.is_open
        assert head.state is not DutyState.MERGED
