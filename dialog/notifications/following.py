"""Following a thread or a question, and muting a thread.

A room above decides whether the actor may see the thing; what is kept here is his own.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, literal, select
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.notifications import queries
from dialog.notifications.models import FollowState, QuestionFollow, ThreadFollow
from dialog.permissions import Action, Actor, demand

_FOLLOWS: Any = ThreadFollow.__table__
# Made once, and in one question: every new post asks it.
_FOLLOW_ONCE = insert(_FOLLOWS).from_select(
    ["user_id", "thread_id", "state", "since"],
    select(
        bindparam("who", type_=_FOLLOWS.c.user_id.type),
        bindparam("thread", type_=_FOLLOWS.c.thread_id.type),
        literal(FollowState.FOLLOWING, _FOLLOWS.c.state.type),
        bindparam("at", type_=_FOLLOWS.c.since.type),
    ).where(
        ~select(_FOLLOWS.c.user_id)
        .where(_FOLLOWS.c.user_id == bindparam("who"), _FOLLOWS.c.thread_id == bindparam("thread"))
        .exists()
    ),
)


def follow_thread(db: Session, actor: Actor, *, thread_id: int, now: datetime) -> None:
    """Tells the actor from now on what is new there, once a day."""
    _stand(db, actor, thread_id, FollowState.FOLLOWING, now)


def leave_thread(db: Session, actor: Actor, *, thread_id: int, now: datetime) -> None:
    """Tells him no more, also when he writes there again; replies to him still come."""
    _stand(db, actor, thread_id, FollowState.LEFT, now)


def mute_thread(db: Session, actor: Actor, *, thread_id: int, now: datetime) -> None:
    """Ends every mail about the thread, but for what he owes. The inbox goes on."""
    _stand(db, actor, thread_id, FollowState.MUTED, now)


def unmute_thread(db: Session, actor: Actor, *, thread_id: int, now: datetime) -> None:
    """Lets mails about a muted thread come again."""
    if queries.has_muted(db, actor.id or 0, thread_id):
        _stand(db, actor, thread_id, FollowState.FOLLOWING, now)


def take_part(db: Session, user_id: int, thread_id: int, *, now: datetime) -> None:
    """Has whoever writes in a thread follow it, unless he once decided otherwise.

    Audited by the caller, whose post it is.
    """
    db.execute(_FOLLOW_ONCE, {"who": user_id, "thread": thread_id, "at": now})


def follow_question(db: Session, actor: Actor, *, question_id: int, now: datetime) -> None:
    """Tells the actor when the question is answered."""
    demand(actor, Action.OWN_PAGE)
    if actor.id is None or queries.follows_question(db, actor.id, question_id):
        return
    db.add(QuestionFollow(question_id=question_id, user_id=actor.id, since=now))
    audit.append(db, actor, "question_followed", ("notifications", question_id), now=now)


def leave_question(db: Session, actor: Actor, *, question_id: int, now: datetime) -> None:
    """Tells him no more of answers to it."""
    demand(actor, Action.OWN_PAGE)
    follow = db.get(QuestionFollow, (question_id, actor.id))
    if follow is not None:
        db.delete(follow)
        audit.append(db, actor, "question_left", ("notifications", question_id), now=now)


def _stand(db: Session, actor: Actor, thread_id: int, state: FollowState, now: datetime) -> None:
    demand(actor, Action.OWN_PAGE)
    assert actor.id is not None
    follow = queries.follow_of(db, actor.id, thread_id)
    if follow is not None and follow.state is state:
        return
    if follow is None:
        follow = ThreadFollow(user_id=actor.id, thread_id=thread_id, state=state, since=now)
        db.add(follow)
    follow.state, follow.since = state, now
    audit.append(db, actor, f"thread_{state}", ("notifications", thread_id), now=now)
