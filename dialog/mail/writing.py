"""Who finds the words of a mail when it leaves.

A mail that tells of a debate says how things stand as it leaves, not as they stood when it was
put into the outbox: a text that was mended or hidden meanwhile is not sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from dialog.mail import standing
from dialog.mail.models import MailState, OutgoingMail
from dialog.mail.parts import Part, parts_of


@dataclass(frozen=True)
class Letter:
    """A mail as it is about to leave."""

    id: int
    dedupe_key: str
    recipient: str
    subject: str
    parts: list[Part]
    written_at: datetime
    locale: str = "da"
    stop_link: str | None = None  # one click there ends mails like this one (RFC 8058)
    headers: Mapping[str, str] = field(default_factory=dict)


Writer = Callable[[Session, OutgoingMail], Letter | None]
"""The letter, or None when there is nothing left to tell."""

_writers: dict[str, Writer] = {}


def declare(name: str, writer: Writer) -> None:
    """Has mails of this writer's name written by `writer`."""
    _writers[name] = writer


def written(db: Session, mail: OutgoingMail) -> Letter | None:
    """The letter as things stand now, or None when it should not leave any more."""
    if mail.state is not MailState.WAITING:
        return None  # its receiver left after a worker had taken it
    return _writers[mail.writer](db, mail)


def _plain(db: Session, mail: OutgoingMail) -> Letter | None:
    if not standing.stands(db, mail.about_kind, mail.about_id):
        return None
    return Letter(
        id=mail.id,
        dedupe_key=mail.dedupe_key,
        recipient=mail.recipient,
        subject=mail.subject,
        parts=parts_of(mail.body),
        written_at=mail.created_at,
        locale=mail.locale,
        stop_link=mail.stop_path,
    )


declare("plain", _plain)
