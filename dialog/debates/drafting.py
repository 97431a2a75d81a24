"""Text that is not sent yet: kept for its writer, and for a visitor while he signs in."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from dialog.debates import queries
from dialog.debates.models import Draft, KeptText, PostKind
from dialog.permissions import Action, Actor, NotAllowed, demand

KEPT_FOR = timedelta(days=7)
_DRAFTS: Any = Draft.__table__
_FORGET = delete(_DRAFTS).where(
    _DRAFTS.c.user_id == bindparam("of_user"), _DRAFTS.c.parent_id == bindparam("under")
)
LONGEST_DRAFT = 10_000  # signs; more than can be sent, so that what is cut is cut by its writer


def save_draft(
    db: Session, actor: Actor, *, parent_id: int, body: str, kind: PostKind, now: datetime
) -> Draft | None:
    """What the actor has begun to write under a post; empty text forgets it (None)."""
    demand(actor, Action.WRITE)
    if actor.id is None:
        raise NotAllowed("draft")
    queries.access_post(db, actor, parent_id)
    return keep_draft(db, actor, parent_id, body, kind, now)


def keep_draft(
    db: Session, actor: Actor, parent_id: int, body: str, kind: PostKind, now: datetime
) -> Draft | None:
    """The text in place of the one before it. The caller has seen to it that he may."""
    forget_draft(db, actor, parent_id)
    if actor.id is None or not body.strip():
        return None
    draft = Draft(
        user_id=actor.id,
        parent_id=parent_id,
        body=body[:LONGEST_DRAFT],
        kind=kind,
        saved_at=now,
    )
    db.add(draft)
    return draft


def keep_text(db: Session, *, parent_id: int, body: str, kind: PostKind, now: datetime) -> str:
    """The key to a visitor's text, kept for a week while he signs in."""
    db.execute(delete(KeptText).where(KeptText.saved_at < now - KEPT_FOR))
    key = secrets.token_urlsafe(32)
    db.add(
        KeptText(key=key, parent_id=parent_id, body=body[:LONGEST_DRAFT], kind=kind, saved_at=now)
    )
    return key


def forget_draft(db: Session, actor: Actor, parent_id: int) -> None:
    """Takes away what the actor has begun to write under a post."""
    forget_drafts_of(db, actor.id, parent_id)


def forget_drafts_of(db: Session, user_id: int | None, parent_id: int) -> None:
    """Takes away what this person has begun to write under a post."""
    db.execute(_FORGET, {"of_user": user_id, "under": parent_id})
