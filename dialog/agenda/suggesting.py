"""Asking for a post to be taken up at the borgermøde."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.agenda import queries
from dialog.agenda.models import Suggestion
from dialog.audit import commands as audit
from dialog.core.errors import NotFound, TooLate
from dialog.debates import queries as debates
from dialog.debates.models import Post, PostState
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.permissions import Action, Actor


def suggest(db: Session, actor: Actor, *, post_id: int, now: datetime) -> Meeting:
    """The meeting that was asked to take the post up. Asking twice is asking once.

    Raises: NotFound, NotAllowed, TooLate.
    """
    post, page = debates.access_post(db, actor, post_id)
    permissions.demand(actor, Action.WRITE)
    if post.depth == 0 or actor.id is None:
        raise NotFound("post")
    if post.state is not PostState.VISIBLE:
        raise TooLate(_("Indlægget er ikke længere fremme, så det kan ikke tages op."))
    meeting = meeting_for(db, page, now)
    if meeting is None:
        raise TooLate(_("Der kommer ikke flere borgermøder i den her dialog."))
    if db.get(Suggestion, (post.id, actor.id)) is None:
        db.add(Suggestion(post_id=post.id, user_id=actor.id, suggested_at=now))
        db.flush()
        audit.append(db, actor, "post_suggested", ("agenda_suggestions", post.id), now=now)
    return meeting


def take_back(db: Session, actor: Actor, *, post_id: int, now: datetime) -> Post:
    """The post that the actor no longer asks for.

    Raises: NotFound.
    """
    post, _page = debates.access_post(db, actor, post_id)
    asked = db.get(Suggestion, (post.id, actor.id)) if actor.id else None
    if asked is not None:
        db.delete(asked)
        db.flush()
        audit.append(db, actor, "post_not_suggested", ("agenda_suggestions", post.id), now=now)
    return post


def meeting_for(db: Session, page: debates.ThreadPage, now: datetime) -> Meeting | None:
    """The meeting that takes the thread up: its own, or the dialogue's next when that is over."""
    own = page.meeting
    if own.cancelled_at is None and own.ends_at > now:
        return own
    return meetings.next_meeting(db, page.consultation.id, now)


def is_suggested_by(db: Session, actor: Actor, post_id: int) -> bool:
    """Whether this person has asked for the post."""
    return actor.id is not None and queries.suggestion(db, post_id, actor.id) is not None
