"""Telling people: a line in the inbox and, as its kind and its receiver want it, a mail."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time
from typing import Any, NamedTuple

from flask_babel import force_locale
from sqlalchemy import and_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import clock, errors, formats, web
from dialog.mail import commands as mails
from dialog.mail import letters
from dialog.mail import queries as mail_queries
from dialog.mail.models import OutgoingMail, Priority
from dialog.mail.standing import About
from dialog.notifications import kinds, notices, queries, stopping, wishes
from dialog.notifications.models import Announcement, Notification, Topic, When
from dialog.notifications.stopping import Stop
from dialog.people import queries as people
from dialog.people.models import User
from dialog.permissions import Action, Actor, demand

# Mails at once to one person on one Danish day, but for replies to him and what he owes: the
# rest of such a day comes in the daily mail.
MOST_AT_ONCE = 10


class Receiver(NamedTuple):
    """Somebody to mail; without an account the address is all we know."""

    address: str
    locale: str
    user_id: int | None = None


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
    """The mail that leaves right after this transaction; one a `dedupe_key`, for ever."""
    return mails.post_mail(
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
    mail: bool = True,
    about: About | None = None,
    thread_id: int | None = None,
) -> Notification:
    """The new line in the inbox of `user_id`, in his own language, and its mail.

    kind: see `kinds`; it and the receiver's wishes say how soon a mail leaves. `mail=False` is
    the inbox alone. `params` is what the kind's sentences name; `due` is a moment as `isoformat()`
    writes it. about: what must still stand when the mail leaves, ("post", 12); without it the link
    says so. thread_id: mails about one thread become one, and whoever muted it gets none.
    Raises: NotFound for a person who does not exist; KeyError for an unknown kind.
    """
    user = people.user_by_id(db, user_id)
    if user is None:
        raise errors.NotFound(f"user {user_id}")
    title = title_of(kind, params, user.locale, now)
    line = notify(db, user_id, kind, title=title, excerpt=excerpt, link=link, now=now)
    line.about_kind, line.about_id = about or _about(link) or (None, None)
    line.thread_id = thread_id
    db.flush()
    if mail and user.confirmed_at:
        _mail(db, user, kinds.of(kind), line, now)
    return line


def tell_address(
    db: Session,
    address: str,
    kind: str,
    *,
    params: dict[str, str],
    link: str,
    excerpt: str,
    about: About,
    dedupe_key: str,
    now: datetime,
    locale: str = "da",
) -> OutgoingMail | None:
    """The mail to an address that has no account, or None if it wants none about this.

    It leaves ten minutes after, if what it is about still stands, and ends by one click. The
    caller knows that the address wants to hear of it. Raises: KeyError for an unknown kind.
    """
    stop = stopping.of_address(address, about)
    if queries.address_has_stopped(db, str(stop.who), about.kind, about.id):
        return None
    told = notices.Told(kind, title_of(kind, params, locale, now), excerpt, link)
    words = notices.words_to_address(told, stopping.link_to(stop), locale)
    return mails.post_notice(
        db,
        address,
        **words._asdict(),
        locale=locale,
        about=about,
        stop_path=stopping.link_to(stop),
        dedupe_key=dedupe_key,
        now=now,
    )


def mail_words(
    db: Session,
    to: Receiver,
    words: letters.Words,
    *,
    topic: Topic,
    about: About,
    dedupe_key: str,
    now: datetime,
    line: Notification | None = None,
) -> OutgoingMail | None:
    """The mail with a room's own words, or None if its receiver wants none at once.

    It leaves ten minutes after, if what it is about still stands, and ends by one click. line:
    what the inbox says of it, told in the daily mail to whoever wants that.
    """
    if to.user_id is None:
        stop = stopping.of_address(to.address, about)
        if queries.address_has_stopped(db, str(stop.who), about.kind, about.id):
            return None
    else:
        stop = Stop(to.user_id, stopping.TOPIC, topic.value)
        wish = wishes.wish_for(db, to.user_id, topic)
        if line is not None:
            line.is_for_digest = wish is When.DAILY
        if wish is not When.AT_ONCE:
            return None
    foot = notices.foot_of_words(stop, to.locale)
    return mails.post_notice(
        db,
        to.address,
        subject=words.subject,
        body=words.body.rstrip() + "\n" + foot,
        locale=to.locale,
        about=about,
        stop_path=stopping.link_to(stop),
        dedupe_key=dedupe_key,
        now=now,
    )


def take_back_words(db: Session, links: Collection[str]) -> None:
    """Empties what inboxes quote of a thing whose words are no longer shown.

    The lines stay, and so does a moderator's reason. Audited by the caller.
    """
    renew_words(db, links, "")


def renew_words(db: Session, links: Collection[str], excerpt: str) -> None:
    """Has inboxes, and mails that have not left, quote the words as they stand now.

    Audited by the caller.
    """
    # What is still being told to many comes first: it waits for the worker that tells it, whose
    # lines can then be seen here.
    for table in (Announcement, Notification):
        quotes = and_(table.link.in_(links), table.kind.in_(kinds.quoting()))
        db.execute(update(table).where(quotes).values(excerpt=excerpt))


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


def title_of(kind: str, params: Mapping[str, str], locale: str, now: datetime) -> str:
    """The sentence of this kind, in this language. Raises: KeyError."""
    with force_locale(locale):
        return kinds.of(kind).title(_spelled_out(params, locale, now))


def _mail(db: Session, user: User, kind: kinds.Kind, line: Notification, now: datetime) -> None:
    when = wishes.later_of(kind.when, wishes.wish_for(db, user.id, kind.topic))
    if kind.topic is not Topic.DUTIES and queries.has_muted(db, user.id, line.thread_id):
        when = When.NEVER
    if when is When.AT_ONCE:
        line.mail_id = _mail_at_once(db, user, kind, line, now)
    line.is_for_digest = when is When.DAILY or (when is When.AT_ONCE and line.mail_id is None)


def _mail_at_once(
    db: Session, user: User, kind: kinds.Kind, line: Notification, now: datetime
) -> int | None:
    """The mail that takes the line along, or None once there were enough of them today."""
    thing = notices.thing_of(line, kind)
    waiting = mail_queries.untouched_mail(db, notices.WRITER, user.id, thing)
    if waiting is not None:
        return waiting.id
    if kind.topic in kinds.CAPPED:
        sent = queries.mails_at_once(db, user.id, kinds.capped(), _midnight(now))
        if sent >= MOST_AT_ONCE:
            return None
    mail = mails.promise_mail(
        db,
        notices.WRITER,
        user_id=user.id,
        thing=thing,
        priority=Priority.AT_ONCE,
        dedupe_key=f"notification:{line.id}",
        leaves_at=_leaves_at(kind, now),
        now=now,
    )
    return mail.id


def _leaves_at(kind: kinds.Kind, now: datetime) -> datetime:
    """Ten minutes after; what the clock itself has caused at night comes in the morning."""
    soon = now + mails.DELAY
    if not kind.waits_for_morning:
        return soon
    morning = datetime.combine(clock.local(soon).date(), web.settings().digest_at, clock.COPENHAGEN)
    return max(soon, morning.astimezone(UTC))


def _midnight(now: datetime) -> datetime:
    return datetime.combine(clock.local(now).date(), time(), clock.COPENHAGEN)


# Where a link leads says what it tells of, unless the caller says it better.
_ABOUT = {"posts": "post", "desk": "post", "threads": "thread", "meetings": "meeting"}


def _about(link: str) -> About | None:
    room, _slash, number = link.strip("/").partition("/")
    kind = _ABOUT.get(room)
    return About(kind, int(number)) if kind and number.isdigit() else None


def _spelled_out(params: Mapping[str, str], locale: str, now: datetime) -> Mapping[str, str]:
    """The params with a moment told as a day and a time; one already in words stays."""
    try:
        due = datetime.fromisoformat(params.get("due", ""))
    except ValueError:
        return params
    today = clock.local(now).date()
    return {**params, "due": formats.datetime_long(due, locale, today=today)}
