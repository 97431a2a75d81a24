"""What the one who owes an answer does with the question, and what the asker says to the answer.

The answer itself is a reply like any other: `commands.post_reply`.
"""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.consultations.models import State
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import duty_telling, owing
from dialog.debates.models import Post, PostState
from dialog.duties import asking, handling
from dialog.duties.handling import Decline
from dialog.duties.models import DeclineCode, Duty, DutyState, PauseCause
from dialog.permissions import Action, Actor, Role, demand, may


def acknowledge_question(db: Session, actor: Actor, *, question_id: int, now: datetime) -> Duty:
    """The duty, seen by the one who owes it. That is no answer, and the clock goes on.

    Raises: NotFound for a duty of someone else, TooLate.
    """
    owed = owing.access(db, actor, question_id)
    is_news = owed.duty.state is not DutyState.ACKNOWLEDGED
    handling.acknowledge(db, actor, owed.duty, now=now)
    if is_news:
        duty_telling.tell_asker(db, owed, "duty_acknowledged", now)
        owing.show(db, actor, [owed.duty])
    return owed.duty


def hand_on_question(
    db: Session, actor: Actor, *, question_id: int, to_id: int, reason: str = "", now: datetime
) -> Duty:
    """The duty of another politician, by the same deadline: never nobody's.

    For the one who owes it, and for triage. Raises: NotFound, TooLate, InvalidInput (to).
    """
    owed = owing.access(db, actor, question_id)
    if not may(actor.role, Action.TRIAGE):
        handling.demand_holder(actor, owed.duty)
    handling.hand_on(db, actor, owed.duty, to_id=to_id, reason=reason, now=now)
    duty_telling.tell_holder(db, owed, "duty_handed_on", now)
    owing.show(db, actor, [owed.duty])
    return owed.duty


def ask_for_facts(
    db: Session, actor: Actor, *, question_id: int, reason: str, until: date, now: datetime
) -> Duty:
    """The duty, with the administration until it has found the facts, or until that day is over.

    Raises: NotFound, TooLate, InvalidInput (until, reason).
    """
    owed = owing.access(db, actor, question_id)
    handling.ask_for_facts(
        db,
        actor,
        owed.duty,
        reason=reason,
        until=until,
        numbers=owing.numbers(db, owed),
        now=now,
    )
    duty_telling.tell_holder(db, owed, "duty_facts_asked", now, words=reason)
    duty_telling.tell_asker(db, owed, "duty_moved", now, words=reason)
    owing.show(db, actor, [owed.duty])
    return owed.duty


def give_back_question(db: Session, actor: Actor, *, question_id: int, now: datetime) -> Duty:
    """The duty, back with the politician who asked for facts.

    For the administration, and for the politician himself. Raises: NotFound, TooLate.
    """
    owed = owing.access(db, actor, question_id)
    if actor.role is not Role.COMMS_CHIEF and not handling.may_answer(owed.duty, actor.id):
        raise NotFound("duty")
    handling.give_back(db, actor, owed.duty, now=now)
    duty_telling.tell_holder(db, owed, "duty_facts_given", now)
    owing.show(db, actor, [owed.duty])
    return owed.duty


def pause_question(
    db: Session,
    actor: Actor,
    *,
    question_id: int,
    reason: str,
    until: date,
    cause: PauseCause = PauseCause.ILLNESS,
    now: datetime,
) -> Duty:
    """The duty, whose clock stands to the end of that day; everybody can read why.

    Raises: NotFound, TooLate over the deadline, InvalidInput (until, reason).
    """
    owed = owing.access(db, actor, question_id)
    handling.pause(
        db,
        actor,
        owed.duty,
        cause=cause,
        reason=reason,
        until=until,
        numbers=owing.numbers(db, owed),
        now=now,
    )
    duty_telling.tell_asker(db, owed, "duty_moved", now, words=reason)
    owing.show(db, actor, [owed.duty])
    return owed.duty


def postpone_question(
    db: Session, actor: Actor, *, question_id: int, day: date, reason: str, now: datetime
) -> Duty:
    """The duty with a later deadline, for a reason that everybody can read.

    Raises: NotAllowed, NotFound, TooLate over the deadline, InvalidInput (day, reason).
    """
    owed = owing.access(db, actor, question_id)
    handling.postpone(db, actor, owed.duty, day=day, reason=reason, now=now)
    duty_telling.tell_asker(db, owed, "duty_moved", now, words=reason)
    owing.show(db, actor, [owed.duty])
    return owed.duty


def decline_question(
    db: Session, actor: Actor, *, question_id: int, why: Decline, now: datetime
) -> Duty:
    """The duty, turned down with a reason that everybody can read.

    For the one who owes it; for triage as long as the question is there.
    Raises: NotFound, TooLate, InvalidInput (reason, see).
    """
    owed = owing.access(db, actor, question_id)
    if handling.is_promise(owed.duty):
        raise NotFound("question")  # what was promised is given up: `promising`
    in_triage = owed.duty.state is DutyState.TRIAGE and may(actor.role, Action.TRIAGE)
    if not in_triage:
        handling.demand_holder(actor, owed.duty)
    handling.demand_here(owed.duty)
    _check_link(db, why)
    changed = handling.decline(db, actor, owed.duty, why=why, now=now)
    tell_declined(db, actor, changed, now)
    owing.show(db, actor, changed)
    return owed.duty


def tell_declined(db: Session, actor: Actor, changed: list[Duty], now: datetime) -> None:
    """Tells everyone whose question was turned down, or found answered elsewhere."""
    for duty in changed:
        is_here = duty.decline_code is DeclineCode.ANSWERED_HERE
        kind = "duty_answered_here" if is_here else "duty_declined"
        owed = owing.access(db, actor, duty.question_id)
        duty_telling.tell_asker(db, owed, kind, now, words=duty.decline_reason or "")


def accept_answer(db: Session, actor: Actor, *, question_id: int, now: datetime) -> Duty:
    """The duty, whose answer answers: says the one who asked.

    Raises: NotFound for anyone else, TooLate without an answer or once the question is gone.
    """
    owed = owing.access(db, actor, question_id)
    _demand_asker(actor, owed.post)
    if owed.duty.promise_kind is not None:
        raise NotFound("question")  # nobody thanks himself
    is_news = owed.duty.state is not DutyState.ACCEPTED
    asking.accept(db, actor, owed.duty, now=now)
    if is_news:
        duty_telling.tell_answerer(db, owed, "duty_accepted", now)
        owing.show(db, actor, [owed.duty])
    return owed.duty


def contest_answer(
    db: Session, actor: Actor, *, question_id: int, reason: str, now: datetime
) -> Duty:
    """The duty, owed again by a shorter clock, because the one who asked says: no answer.

    Once. Raises: NotFound for anyone else, AlreadyDone, TooLate, InvalidInput (reason).
    """
    owed = owing.access(db, actor, question_id)
    _demand_asker(actor, owed.post)
    if owed.page.consultation.state is State.DECIDED:
        raise TooLate(_("Byrådet har besluttet, så der bliver ikke svaret mere her."))
    numbers = owing.numbers(db, owed)
    asking.contest(db, actor, owed.duty, reason=reason, numbers=numbers, now=now)
    duty_telling.tell_holder(db, owed, "duty_contested", now, words=reason)
    owing.show(db, actor, [owed.duty])
    return owed.duty


def _demand_asker(actor: Actor, question: Post) -> None:
    demand(actor, Action.WRITE)
    if actor.id is None or question.author_id != actor.id:
        raise NotFound("question")
    if question.state is not PostState.VISIBLE:
        raise TooLate(_("Indlægget er ikke længere fremme."))


def _check_link(db: Session, why: Decline) -> None:
    if why.code is not DeclineCode.ANSWERED_HERE:
        return
    post = db.get(Post, why.see_answer_id) if why.see_answer_id is not None else None
    if post is None or not post.is_answer or not owing.is_readable(db, post.id):
        raise InvalidInput({"see": _("Find det svar, der allerede står et andet sted.")})
