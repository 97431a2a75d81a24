"""Telling people: a line in the inbox and, when it matters now, a mail in the outbox."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import clock, errors, formats
from dialog.mail import commands as mail_commands
from dialog.mail import letters
from dialog.mail.models import OutgoingMail
from dialog.notifications.models import Notification
from dialog.people import queries as people
from dialog.permissions import Action, Actor, demand

# One sentence for each kind; what it needs in `params` is what it names.
_TITLES: dict[str, Callable[[Mapping[str, str]], str]] = {
    "reply": lambda words: _("%(name)s har svaret dig", name=words["name"]),
    "answer": lambda words: _("%(name)s har svaret på dit spørgsmål", name=words["name"]),
    "duty": lambda words: _(
        "Du har fået et spørgsmål fra %(name)s. Svar senest %(due)s.",
        name=words["name"],
        due=words["due"],
    ),
    "meeting_changed": lambda words: _("%(meeting)s er ændret", meeting=words["meeting"]),
    "hidden": lambda words: _("Dit indlæg i “%(thread)s” er skjult", thread=words["thread"]),
    "restored": lambda words: _("Dit indlæg i “%(thread)s” vises igen", thread=words["thread"]),
}


def notify(
    db: Session, user_id: int, kind: str, *, title: str, excerpt: str, link: str, now: datetime
) -> Notification:
    """The new line in the inbox of `user_id`; `link` is a path of our own."""
    line = Notification(
        user_id=user_id, kind=kind, title=title, excerpt=excerpt, link=link, created_at=now
    )
    db.add(line)
    return line


def post_mail(
    db: Session, recipient: str, *, subject: str, body: str, dedupe_key: str, now: datetime
) -> OutgoingMail:
    """The mail that leaves after this transaction; one a `dedupe_key`, for ever."""
    return mail_commands.post_mail(
        db, recipient, subject=subject, body=body, dedupe_key=dedupe_key, now=now
    )


def tell(
    db: Session,
    user_id: int,
    kind: str,
    *,
    params: dict[str, str],
    link: str,
    excerpt: str,
    now: datetime,
    mail: bool,
) -> Notification:
    """The new line in the inbox of `user_id`, in his own language; with `mail` a mail as well.

    kind: reply and answer (params: name), duty (name, due), meeting_changed (meeting), hidden
    and restored (thread). `due` is a moment as `isoformat()` writes it. The mail goes only to a
    confirmed address.
    Raises: NotFound for a person who does not exist; KeyError for an unknown kind.
    """
    user = people.user_by_id(db, user_id)
    if user is None:
        raise errors.NotFound(f"user {user_id}")
    title = _title(kind, params, user.locale, now)
    line = notify(db, user_id, kind, title=title, excerpt=excerpt, link=link, now=now)
    db.flush()
    if mail and user.confirmed_at:
        address = letters.address_of(link)
        words = letters.write(
            kind, user.locale, title=title, excerpt=excerpt, link=address, name=user.name
        )
        key = f"notification:{line.id}"
        post_mail(db, user.email, **words._asdict(), dedupe_key=key, now=now)
    return line


def take_back_words(db: Session, links: Collection[str]) -> None:
    """Empties what inboxes quote of a thing whose words are no longer shown.

    The lines stay, and so does a moderator's reason. Audited by the caller.
    """
    quoted = Notification.kind.in_(("reply", "answer", "duty"))
    db.execute(update(Notification).where(Notification.link.in_(links), quoted).values(excerpt=""))


def mark_read(db: Session, actor: Actor, *, up_to: int, now: datetime) -> int:
    """How many of the actor's lines up to and including `up_to` were new until now."""
    demand(actor, Action.OWN_PAGE)
    marked: CursorResult[Any] = db.execute(  # type: ignore[assignment]
        update(Notification)
        .where(
            Notification.user_id == actor.id,
            Notification.id <= up_to,
            Notification.read_at.is_(None),
        )
        .values(read_at=now)
    )
    if marked.rowcount:
        audit.append(db, actor, "inbox_read", ("notifications", up_to), now=now)
    return marked.rowcount


def _title(kind: str, params: Mapping[str, str], locale: str, now: datetime) -> str:
    with force_locale(locale):
        return _TITLES[kind](_spelled_out(params, locale, now))


def _spelled_out(params: Mapping[str, str], locale: str, now: datetime) -> Mapping[str, str]:
    """The params with a moment told as a day and a time; one already in words stays."""
    try:
        due = datetime.fromisoformat(params.get("due", ""))
    except ValueError:
        return params
    today = clock.local(now).date()
    return {**params, "due": formats.datetime_long(due, locale, today=today)}
