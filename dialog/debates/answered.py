"""What a reply does to the duty above it, and what becomes of duties when posts go and come."""

from datetime import datetime

from sqlalchemy.orm import Session

from dialog.debates import duty_telling, owing, queries, writing_queries
from dialog.debates.models import Post, PostKind, PostState, Voice
from dialog.debates.voices import VoiceOf
from dialog.duties import commands as duties
from dialog.duties import handling
from dialog.duties import queries as duty_queries
from dialog.duties.models import DeclineCode, Desk, Duty, Origin
from dialog.permissions import Actor, Role

SAME_WORDS_FROM = 60  # signs; two short answers can be alike and both be meant


def is_answer(db: Session, actor: Actor, voice: VoiceOf, parent: Post, owed: Duty | None) -> bool:
    """Whether this is the answer of one who was asked, who owes it or who answers for the thread.

    A disputed figure is answered by the administration.
    """
    owes_it = owed is not None and handling.may_answer(owed, actor.id)
    if parent.kind is PostKind.CORRECTION:
        return owed is not None and (owes_it or actor.role is Role.COMMS_CHIEF)
    if voice.kind is not Voice.POLITICIAN or parent.kind is not PostKind.QUESTION:
        return False
    if owes_it or actor.id == parent.addressee_id:
        return True
    return actor.id in [one.user_id for one in queries.politicians_of(db, parent.thread_id)]


def said_before(db: Session, page: queries.ThreadPage, parent: Post, source: str) -> Post | None:
    """The answer that stands elsewhere in these very words: one pasted is no new answer."""
    if len(source) < SAME_WORDS_FROM:
        return None
    return writing_queries.answer_with_words(db, page.consultation.id, source, but_to=parent.id)


def take_effect(
    db: Session,
    actor: Actor,
    question: Post,
    post: Post,
    *,
    owed: Duty | None,
    twin: Post | None,
    now: datetime,
) -> None:
    """Lets the new reply do what it does to the duty above it: answer it, point elsewhere, or
    bring the facts that were asked for."""
    if twin is not None:
        point_at(db, actor, question, twin, now)
    elif post.is_answer:
        answer(db, actor, question, post, now)
    elif owed is not None:
        bring_facts(db, actor, owed, now)


def answer(db: Session, actor: Actor, question: Post, post: Post, now: datetime) -> None:
    """Fulfils the duty of the question and of everything that was merged with it."""
    done = duties.fulfil_duty(db, actor, question_id=question.id, answer_id=post.id, now=now)
    for duty in done:
        if duty.question_id != question.id:
            asked = queries.post_by_id(db, duty.question_id)
            duty_telling.tell_of_answer(db, duty, asked, post, now)
    owing.show(db, actor, done)


def point_at(db: Session, actor: Actor, question: Post, twin: Post, now: datetime) -> None:
    """Turns the question down as answered elsewhere: by the answer that was pasted here."""
    owed = owing.access(db, actor, question.id)
    why = handling.Decline(code=DeclineCode.ANSWERED_HERE, see_answer_id=twin.id)
    changed = handling.decline(db, actor, owed.duty, why=why, now=now)
    for duty in changed:
        one = owing.access(db, actor, duty.question_id)
        duty_telling.tell_asker(db, one, "duty_answered_here", now)
    owing.show(db, actor, changed)


def bring_facts(db: Session, actor: Actor, owed: Duty, now: datetime) -> None:
    """Lets the administration's reply be the facts that a politician waits for."""
    waits = owed.is_open and owed.desk is Desk.ADMINISTRATION and owed.returns_to_id is not None
    if not waits or actor.role is not Role.COMMS_CHIEF:
        return
    found = owing.access(db, actor, owed.question_id)
    handling.give_back(db, actor, found.duty, now=now)
    duty_telling.tell_holder(db, found, "duty_facts_given", now)
    owing.show(db, actor, [found.duty])


def settle(db: Session, actor: Actor, post: Post, now: datetime) -> None:
    """Puts right what is owed after a post went or came back: its own duty, and what it answers."""
    changed: dict[int, Duty] = {}
    for one in (post.id, post.parent_id if post.is_answer else None):
        for duty in _settled(db, actor, one, now) if one is not None else ():
            changed[duty.id] = duty
    if post.state is not PostState.VISIBLE:
        for duty in duties.lose_answer(db, actor, post_id=post.id, now=now):
            changed[duty.id] = duty
    owing.show(db, actor, changed.values())


def _settled(db: Session, actor: Actor, question_id: int, now: datetime) -> list[Duty]:
    duty = duty_queries.duty_of(db, question_id)
    if duty is None:
        return []
    question = queries.post_by_id(db, question_id)
    answer = None if duty.origin is Origin.PROMISE else _standing(db, duty)
    return duties.settle_duty(
        db,
        actor,
        question_id=question_id,
        answer=duties.StandingAnswer(answer.id, answer.author_id, answer.created_at)
        if answer
        else None,
        gone=None if question.state is PostState.VISIBLE else question.state.value,
        now=now,
    )


def _standing(db: Session, duty: Duty) -> Post | None:
    """The answer to this question: the one it has, if it can be read, else the first under it."""
    if owing.is_readable(db, duty.answer_id):
        return queries.post_by_id(db, duty.answer_id or 0)
    return writing_queries.standing_answer(db, duty.question_id, since=duty.contested_at)
