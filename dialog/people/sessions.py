"""Starting and ending sign-ins, inside the transaction of whatever asks for it."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import live
from dialog.people import queries, tokens
from dialog.people.models import User, UserSession
from dialog.permissions import Actor


def start_session(db: Session, user_id: int, *, now: datetime) -> str:
    """The token of a new sign-in; only its hash is kept."""
    user = db.get_one(User, user_id)
    too_old = now - queries.CITIZEN_LONGEST
    db.execute(
        delete(UserSession).where(UserSession.user_id == user_id, UserSession.created_at < too_old)
    )
    token = tokens.new_token()
    session = UserSession(
        token_hash=tokens.hash_of(token), user_id=user_id, created_at=now, seen_at=now
    )
    db.add(session)
    db.flush()
    # The chain never forgets, so it learns that a role signed in and not who.
    audit.append(db, Actor(None, user.role), "signed_in", ("sessions", session.id), now=now)
    return token


def touch_session(db: Session, session_id: int, *, now: datetime) -> None:
    """Notes that the sign-in is in use. Nothing anyone did, so nothing for the chain."""
    session = db.get(UserSession, session_id)
    if session is not None:
        session.seen_at = now


def end_session(db: Session, actor: Actor, session_id: int, *, now: datetime) -> None:
    """Ends one sign-in of the actor and every socket it holds."""
    if session_id in queries.session_ids(db, actor.id or 0):
        _end(db, actor, [session_id], now)


def end_all_sessions(
    db: Session, actor: Actor, user_id: int, *, now: datetime, but: int | None = None
) -> int:
    """How many sign-ins of the person, and their sockets, were ended."""
    ended = queries.session_ids(db, user_id, but=but)
    _end(db, actor, ended, now)
    return len(ended)


def _end(db: Session, actor: Actor, session_ids: list[int], now: datetime) -> None:
    if not session_ids:
        return
    db.execute(delete(UserSession).where(UserSession.id.in_(session_ids)))
    nobody = Actor(None, actor.role)
    for session_id in session_ids:
        audit.append(db, nobody, "signed_out", ("sessions", session_id), now=now)
    live.end_sockets(db, session_ids)
