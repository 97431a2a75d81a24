"""Writing to the chain, inside the transaction of the change it records."""

import hashlib
import hmac
import json
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from dialog.audit import queries
from dialog.audit.models import AuditEvent, AuditSalt, SiteRev
from dialog.permissions import Actor

GENESIS = "0" * 64
# What these tables hold is shown under a thread's own `rev`, or to one person alone.
OWN_REV = frozenset(
    {
        "posts",
        "duties",
        "drafts",
        "sessions",
        "mail_tokens",
        "notifications",
        "meeting_sign_ups",
        "code_batches",
        "halls",
        "hall_hands",
        "hall_notes",
        "slips",
    }
)
_COLUMNS = tuple(column.name for column in AuditEvent.__table__.columns)
# Past the unit of work: every change of the house comes through here.
_APPEND = insert(AuditEvent.__table__)  # type: ignore[arg-type]
_KEEP_SALT = insert(AuditSalt.__table__)  # type: ignore[arg-type]
_TURN_SITE = update(SiteRev.__table__).values(rev=SiteRev.rev + 1)  # type: ignore[arg-type]
# Any number will do, as long as every writer takes the same lock until it commits.
_POSTGRES_LOCK = text("SELECT pg_advisory_xact_lock(7461203)")


def append(
    db: Session,
    actor: Actor,
    action: str,
    thing: tuple[str, int | None],
    *,
    now: datetime,
    content: str | None = None,
    reason: str | None = None,
) -> None:
    """Adds the new last link. `thing` is (table, id); `content` is committed to, never stored."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(_POSTGRES_LOCK)
    seq, last_hash = queries.last_link(db) or (0, GENESIS)
    salt = secrets.token_hex(32) if content is not None else None
    link = {
        "seq": seq + 1,
        "at": now,
        "actor_id": actor.id,
        "actor_role": actor.role.value,
        "action": action,
        "object_type": thing[0],
        "object_id": thing[1],
        "reason": reason,
        "commitment": _commitment(salt, content) if salt and content is not None else None,
        "prev_hash": last_hash,
    }
    db.execute(_APPEND, link | {"hash": _hash_of(link)})
    if thing[0] not in OWN_REV:
        db.execute(_TURN_SITE)
    if salt:
        db.execute(_KEEP_SALT, {"seq": seq + 1, "salt": salt})


def hash_of(event: AuditEvent) -> str:
    """SHA-256 (hex) over the canonical JSON of every column but `hash` itself."""
    return _hash_of({name: getattr(event, name) for name in _COLUMNS if name != "hash"})


def _hash_of(link: dict[str, Any]) -> str:
    told = link | {"at": link["at"].isoformat(timespec="microseconds")}
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _commitment(salt: str, content: str) -> str:
    return hmac.new(bytes.fromhex(salt), content.encode(), hashlib.sha256).hexdigest()
