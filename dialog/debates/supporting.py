"""Standing behind a question: enough verified residents make it owed."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import asked_of, duty_telling, owing, queries, support_queries
from dialog.debates.models import Post, PostKind, PostState
from dialog.duties import commands as duties
from dialog.duties import machine
from dialog.duties import queries as duty_queries
from dialog.duties.models import DeclineCode, Duty, DutyState, EventKind, Origin, Support
from dialog.permissions import SYSTEM, Action, Actor, demand, may
from dialog.rules import promise

# What is no matter for the municipality, or one person's own, becomes none by being wanted.
_CAN_BE_WANTED = (DeclineCode.OTHER, DeclineCode.ANSWERED_HERE)

YOUNG = timedelta(hours=24)
"""So long a question stands without its number: the first ones shall not steer the next."""


def may_support(actor: Actor, page: queries.ThreadPage, now: datetime) -> bool:
    """Whether the reader can stand behind a question here; a visitor once he has signed in."""
    is_asked = not actor.signed_in or may(actor.role, Action.SUPPORT)
    return is_asked and consultations.speech_is_open(page.consultation, now)


def shown_count(asked_at: datetime, count: int, now: datetime) -> int | None:
    """The number that may be told of a question asked then; None while it is too young."""
    return count if now - asked_at >= YOUNG else None


def support_seen(
    db: Session, actor: Actor, thread_id: int, now: datetime
) -> list[dict[str, int | bool | None]]:
    """Each question of the thread with supporters: its id, their number, if he is among them."""
    if actor.id is None:
        return []
    return [
        {
            "id": one.question_id,
            "count": shown_count(one.asked_at, one.count, now),
            "mine": one.is_mine,
        }
        for one in support_queries.supported_in(db, thread_id, actor.id)
    ]


def support_question(db: Session, actor: Actor, *, post_id: int, now: datetime) -> int:
    """How many verified residents stand behind the question, the actor counted in if he is one.

    Twice is once. The one who reaches the number makes it owed, if it is not already.
    Raises: NotAllowed, NotFound, TooLate, InvalidInput for one's own question.
    """
    post, page = _question(db, actor, post_id, now)
    if post.author_id == actor.id:
        raise InvalidInput({"support": _("Du har selv stillet spørgsmålet.")})
    key = {"post_id": post.id, "user_id": actor.id}
    if db.get(Support, (post.id, actor.id)) is None:
        db.add(Support(**key, created_at=now))
        db.flush()
        audit.append(db, actor, "question_supported", ("posts", post.id), now=now)
    count = duty_queries.support_counts(db, [post.id]).get(post.id, 0)
    owe_if_wanted(db, post, page, count, now)
    return count


def withdraw_support(db: Session, actor: Actor, *, post_id: int, now: datetime) -> int:
    """How many are left. What has become owed stays owed.

    Raises: NotAllowed, NotFound, TooLate.
    """
    post, _page = _question(db, actor, post_id, now)
    support = db.get(Support, (post.id, actor.id))
    if support is not None:
        db.delete(support)
        db.flush()
        audit.append(db, actor, "support_withdrawn", ("posts", post.id), now=now)
    return duty_queries.support_counts(db, [post.id]).get(post.id, 0)


def owe_if_wanted(
    db: Session, post: Post, page: queries.ThreadPage, count: int, now: datetime
) -> Duty | None:
    """The duty, if so many behind the question make it owed only now; else None."""
    numbers = consultations.promise_numbers(db, page.consultation.id)
    if not numbers.are_enough(count, duty_queries.support_areas(db, post.id)):
        return None
    duty = duty_queries.locked_duty(db, post.id)
    if duty is None:
        duty = _open(db, post, page, numbers, now)
    elif _can_come_back(duty):
        _take_up_again(db, duty, numbers, now)
    else:
        return None
    if duty is not None:
        duty_telling.tell_holder(db, owing.Owed(post, page, duty), "duty_supported", now)
        owing.show(db, SYSTEM, [duty])
    return duty


def _open(
    db: Session, post: Post, page: queries.ThreadPage, numbers: promise.Numbers, now: datetime
) -> Duty | None:
    owner = asked_of.owner_of_thread(db, page, now)
    if owner is None:
        return None
    recesses = duty_queries.recess_days(db)
    return duties.open_duty(
        db,
        SYSTEM,
        question_id=post.id,
        consultation_id=page.consultation.id,
        owner=owner,
        due_at=promise.answer_due_at(now, numbers.answer_working_days, recesses),
        origin=Origin.SUPPORTED,
        now=now,
    )


def _can_come_back(duty: Duty) -> bool:
    """Whether it was turned down before so many wanted to know. They can ask so once."""
    turned_down = duty.state is DutyState.DECLINED and duty.decline_code in _CAN_BE_WANTED
    return turned_down and duty.origin is Origin.ADDRESSED


def _take_up_again(db: Session, duty: Duty, numbers: promise.Numbers, now: datetime) -> None:
    recesses = duty_queries.recess_days(db)
    duties.forget_decline(duty)
    duty.origin, duty.merged_into_id = Origin.SUPPORTED, None
    machine.turn(duty, DutyState.OWED)
    due_at = promise.answer_due_at(now, numbers.answer_working_days, recesses)
    machine.move_deadline(duty, due_at)
    machine.note(db, SYSTEM, duty, EventKind.REOPENED, now=now)


def _question(
    db: Session, actor: Actor, post_id: int, now: datetime
) -> tuple[Post, queries.ThreadPage]:
    demand(actor, Action.SUPPORT)
    owing.lock(db, post_id)
    post, page = queries.access_post(db, actor, post_id, to_change=True)
    if post.kind is not PostKind.QUESTION or post.state is not PostState.VISIBLE:
        raise NotFound("question")
    if not consultations.speech_is_open(page.consultation, now):
        raise TooLate(_("Debatten er lukket, så spørgsmål kan ikke støttes længere."))
    return post, page
