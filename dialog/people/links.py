"""Links sent by mail: made, consumed once, and withdrawn, inside somebody's transaction."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from dialog.core.errors import TooLate
from dialog.people import queries, tokens
from dialog.people.models import MailToken, TokenPurpose, User

# Promises S10.
CONFIRM_LASTS = timedelta(hours=72)
RESET_LASTS = timedelta(minutes=30)
INVITATION_LASTS = timedelta(hours=72)


def new_link(
    db: Session, user_id: int, purpose: TokenPurpose, *, now: datetime, lasts: timedelta
) -> str:
    """The token of a new link; only its hash is kept."""
    token = tokens.new_token()
    db.add(
        MailToken(
            token_hash=tokens.hash_of(token),
            purpose=purpose,
            user_id=user_id,
            expires_at=now + lasts,
        )
    )
    return token


def key_of(token: str) -> str:
    """A name for the mail that carries the token; it opens nothing."""
    return tokens.hash_of(token)[:24]


def consume(db: Session, token: str, purpose: TokenPurpose, *, now: datetime) -> User:
    """Whom the link was sent to. It works once, however many press at the same moment.

    Raises: TooLate.
    """
    found = queries.live_token(db, token, purpose, now)
    if found is None or not _mark_used(db, found.id, now):
        raise TooLate(_("Linket virker ikke længere. Få et nyt, så er du videre."))
    return db.get_one(User, found.user_id)


def withdraw_all(db: Session, user_id: int, *, now: datetime) -> None:
    """Makes every unused link of the person worthless."""
    db.execute(
        update(MailToken)
        .where(MailToken.user_id == user_id, MailToken.used_at.is_(None))
        .values(used_at=now)
    )


def _mark_used(db: Session, token_id: int, now: datetime) -> bool:
    unused = update(MailToken).where(MailToken.id == token_id, MailToken.used_at.is_(None))
    marked: CursorResult[Any] = db.execute(unused.values(used_at=now))  # type: ignore[assignment]
    return marked.rowcount == 1
