"""Promises in the debate: an answer carries one, and a reply below says what came of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.debates import commands, duty_telling, owing, queries
from dialog.debates.models import Post
from dialog.duties import handling, promising
from dialog.duties.models import Duty
from dialog.duties.owners import Owner
from dialog.duties.promising import Pledge
from dialog.permissions import Actor


def make_promise(
    db: Session, actor: Actor, *, answer_id: int, pledge: Pledge, now: datetime
) -> Duty:
    """The promise that the actor's own answer carries from now on.

    Raises: NotFound for any other post, AlreadyDone, InvalidInput (promise_text, promise_day).
    """
    post, page = queries.access_post(db, actor, answer_id, to_change=True)
    if not post.is_answer or actor.id is None or post.author_id != actor.id:
        raise NotFound("answer")
    if not owing.is_readable(db, post.id):
        raise NotFound("answer")
    duty = promising.open_promise(
        db,
        actor,
        answer_id=post.id,
        consultation_id=page.consultation.id,
        owner=Owner(actor.id, committee_id=queries.committee_of(db, page.thread.id)),
        pledge=pledge,
        now=now,
    )
    owing.show(db, actor, [duty])
    return duty


def keep_promise(db: Session, actor: Actor, *, answer_id: int, body: str, now: datetime) -> Post:
    """The reply below the answer that says what came of the promise; the asker is told.

    Raises: NotFound for a promise of someone else, TooLate, and as `commands.post_reply`.
    """
    owed = owing.access(db, actor, answer_id)
    if not handling.is_promise(owed.duty):
        raise NotFound("promise")
    handling.demand_holder(actor, owed.duty)
    post = commands.post_reply(
        db,
        actor,
        thread_id=owed.post.thread_id,
        parent_id=answer_id,
        body=body,
        is_owed=True,
        now=now,
    )
    promising.keep(db, actor, owed.duty, post_id=post.id, now=now)
    _tell_asker(db, owed, "promise_kept", now, words=post.source[:200])
    owing.show(db, actor, [owed.duty])
    return post


def give_up_promise(
    db: Session, actor: Actor, *, answer_id: int, reason: str, now: datetime
) -> Duty:
    """The promise that cannot be kept. It stays, with a reason that everybody can read.

    The asker is told. Raises: NotFound for a promise of someone else, TooLate,
    InvalidInput (reason).
    """
    owed = owing.access(db, actor, answer_id)
    if not handling.is_promise(owed.duty):
        raise NotFound("promise")
    promising.give_up(db, actor, owed.duty, reason=reason, now=now)
    _tell_asker(db, owed, "promise_given_up", now, words=owed.duty.decline_reason or "")
    owing.show(db, actor, [owed.duty])
    return owed.duty


def _tell_asker(db: Session, owed: owing.Owed, kind: str, now: datetime, *, words: str) -> None:
    """Tells whoever asked the question that was answered with the promise."""
    question = queries.post_by_id(db, owed.post.parent_id or 0)
    asked = owing.Owed(question, owed.page, owed.duty)
    duty_telling.tell_asker(db, asked, kind, now, words=words)
