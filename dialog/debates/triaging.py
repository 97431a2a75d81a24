"""Triage in the debate, and answering duplicates together."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.debates import commands, duty_telling, owing
from dialog.debates.models import Post
from dialog.duties import handling, triaging
from dialog.duties.models import Duty
from dialog.permissions import Action, Actor, demand, may


def take_on_question(db: Session, actor: Actor, *, question_id: int, now: datetime) -> Duty:
    """The duty, let through by triage; its deadline was there from the first day.

    Raises: NotAllowed, NotFound, TooLate.
    """
    demand(actor, Action.TRIAGE)
    owed = owing.access(db, actor, question_id)
    triaging.take_on(db, actor, owed.duty, now=now)
    owing.show(db, actor, [owed.duty])
    return owed.duty


def merge_questions(
    db: Session, actor: Actor, *, question_id: int, into_id: int, now: datetime
) -> Duty:
    """The duty of the duplicate, from now on answered together with the question `into_id`.

    Its asker hears of it, and of the answer. For triage, and for the one who owes both.
    Raises: NotFound, TooLate, InvalidInput (into).
    """
    owing.lock(db, question_id, into_id)
    owed, head = owing.access(db, actor, question_id), owing.access(db, actor, into_id)
    if not may(actor.role, Action.TRIAGE):
        handling.demand_holder(actor, owed.duty)
        handling.demand_holder(actor, head.duty)
    moved = triaging.merge(db, actor, owed.duty, head.duty, now=now)
    duty_telling.tell_asker(db, owed, "duty_merged", now)
    owing.show(db, actor, moved)
    return owed.duty


def split_question(db: Session, actor: Actor, *, question_id: int, now: datetime) -> Duty:
    """The duty, which stands alone again.

    Raises: NotAllowed, NotFound, TooLate.
    """
    demand(actor, Action.TRIAGE)
    owed = owing.access(db, actor, question_id)
    triaging.split(db, actor, owed.duty, now=now)
    owing.show(db, actor, [owed.duty])
    return owed.duty


def answer_together(
    db: Session,
    actor: Actor,
    *,
    question_ids: Sequence[int],
    body: str,
    as_office: bool = True,
    idempotency_key: str | None = None,
    now: datetime,
) -> Post:
    """One answer under the first question, which answers all the others as well.

    Raises: NotFound for a question of someone else, and as `commands.post_reply`.
    """
    if not question_ids:
        raise NotFound("question")
    first, *others = dict.fromkeys(question_ids)
    owing.lock(db, first, *others)
    head = owing.access(db, actor, first)
    handling.demand_holder(actor, head.duty)
    for one in others:
        merge_questions(db, actor, question_id=one, into_id=first, now=now)
    return commands.post_reply(
        db,
        actor,
        thread_id=head.post.thread_id,
        parent_id=first,
        body=body,
        as_office=as_office,
        idempotency_key=idempotency_key,
        now=now,
    )
