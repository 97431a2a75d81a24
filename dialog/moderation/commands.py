"""Hiding and restoring. The place in the tree, the reason and the replies stay."""

from datetime import datetime
from typing import Protocol

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import commands as debates
from dialog.debates import owing, telling
from dialog.debates import queries as debate_queries
from dialog.debates.models import Post, PostState
from dialog.duties import asking
from dialog.mail.standing import About
from dialog.moderation.models import Decision, DecisionKind
from dialog.notifications import commands as notifications
from dialog.permissions import Action, Actor, demand

LONGEST_REASON = 500  # signs
_NEWS = {
    DecisionKind.HIDE: "hidden",
    DecisionKind.HIDE_CONTEST: "contest_hidden",
    DecisionKind.RESTORE: "restored",
}  # the kind of news for whoever wrote the words


class Decide(Protocol):
    """The shape of both commands."""

    def __call__(
        self, db: Session, actor: Actor, *, post_id: int, reason: str, now: datetime
    ) -> Decision: ...


def hide_post(db: Session, actor: Actor, *, post_id: int, reason: str, now: datetime) -> Decision:
    """The decision. The reason is public; the one who wrote the post is told.

    Raises: NotAllowed, NotFound, TooLate, InvalidInput (field reason).
    """
    demand(actor, Action.MODERATE)
    post, page = debate_queries.access_post(db, actor, post_id, to_change=True)
    if post.depth == 0:
        raise NotFound("opening post")
    if post.state is not PostState.VISIBLE:
        raise TooLate(_("Indlægget er allerede væk."))
    return _decide(db, actor, page, post, DecisionKind.HIDE, reason, now)


def hide_contest(
    db: Session, actor: Actor, *, post_id: int, reason: str, now: datetime
) -> Decision:
    """The decision that hides what the asker wrote of the answer, while his question stands.

    Raises: NotAllowed, NotFound, TooLate, InvalidInput (field reason).
    """
    demand(actor, Action.MODERATE)
    owed = owing.access(db, actor, post_id)
    if owed.duty.contest_reason is None:
        raise TooLate(_("Der er ikke skrevet noget om svaret."))
    reason = _checked(reason)
    words = _("Skjult af en moderator: %(reason)s", reason=reason)
    asking.cover_contest(db, owed.duty, words=words)
    telling.renew(db, owed.post)  # the holder's inbox, and a mail that has not left, quoted him
    owing.show(db, actor, [owed.duty])
    return _tell(db, actor, owed.page, owed.post, DecisionKind.HIDE_CONTEST, reason, now)


def restore_post(
    db: Session, actor: Actor, *, post_id: int, reason: str, now: datetime
) -> Decision:
    """The decision that brings a hidden post back, and what it is owed with it.

    Raises: as `hide_post`.
    """
    demand(actor, Action.MODERATE)
    post, page = debate_queries.access_post(db, actor, post_id, to_change=True)
    if post.state is not PostState.HIDDEN:
        raise TooLate(_("Indlægget er ikke skjult."))
    return _decide(db, actor, page, post, DecisionKind.RESTORE, reason, now)


def _decide(
    db: Session,
    actor: Actor,
    page: debate_queries.ThreadPage,
    post: Post,
    kind: DecisionKind,
    reason: str,
    now: datetime,
) -> Decision:
    reason = _checked(reason)
    hides = kind is DecisionKind.HIDE
    state = PostState.HIDDEN if hides else PostState.VISIBLE
    debates.change_state(db, actor, page, post, state, reason=reason if hides else None, now=now)
    return _tell(db, actor, page, post, kind, reason, now)


def _checked(reason: str) -> str:
    reason = html.one_line(reason)
    if not 10 <= len(reason) <= LONGEST_REASON:
        raise InvalidInput(
            {"reason": _("Skriv en grund på mellem 10 og 500 tegn. Alle kan læse den.")}
        )
    return reason


def _tell(
    db: Session,
    actor: Actor,
    page: debate_queries.ThreadPage,
    post: Post,
    kind: DecisionKind,
    reason: str,
    now: datetime,
) -> Decision:
    """The decision in the log that everyone can read; whoever wrote the words hears of it."""
    decision = Decision(
        post_id=post.id, kind=kind, reason=reason, decided_by=actor.id, decided_at=now
    )
    db.add(decision)
    if post.author_id is not None:
        notifications.tell(
            db,
            post.author_id,
            _NEWS[kind],
            params={"thread": page.thread.title},
            link=f"/posts/{post.id}",
            excerpt=reason,
            now=now,
            about=About("thread", page.thread.id),
            thread_id=page.thread.id,
        )
    audit.append(db, actor, f"post_{kind}", ("posts", post.id), now=now, reason=reason)
    return decision
