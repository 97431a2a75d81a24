"""Putting mails into the outbox, and taking them out.

Nothing here goes to the audit chain: the cause of each mail is already there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Text, cast, literal, or_, update
from sqlalchemy.orm import Session

from dialog.core import html
from dialog.mail import queries
from dialog.mail.models import MailRoad, MailState, OutgoingMail, Priority
from dialog.mail.standing import About

# How long a mail waits for its cause to be mended, hidden or taken back (not if it signs someone
# in): a minute longer than a text may be mended freely.
DELAY = timedelta(minutes=10)
HELD_FOR = timedelta(minutes=3)  # a worker's hold on a mail: longer than any talk may last
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)  # between two tries of a mail
# The road is tried again sooner: somebody may wait for a link to sign in with.
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)

MOST_REFUSALS = 28  # "not now" (4xx): with the waits above five days, as RFC 5321 (4.5.4.1) asks
MOST_FLAT_REFUSALS = (
    12  # "no" (5xx): a day, for often it is the relay itself that is set up wrongly
)


@dataclass(frozen=True)
class Taken:
    """A mail that this worker holds, for the time of one try."""

    id: int
    attempt: int


@dataclass(frozen=True)
class Refusal:
    """What the server said to one mail."""

    error: str
    is_flat: bool = False  # it will not take it later either
    is_hopeless: bool = False  # there is no such receiver, or the mail cannot be built


def post_mail(
    db: Session,
    recipient: str,
    *,
    subject: str,
    body: str,
    dedupe_key: str,
    now: datetime,
    locale: str = "da",
) -> OutgoingMail:
    """The mail that leaves right after this transaction; one a `dedupe_key`, for ever."""
    written = queries.mail_with_key(db, dedupe_key)
    if written:
        return written
    mail = OutgoingMail(
        recipient=recipient,
        subject=html.one_line(subject),
        body=body,
        locale=locale,
        dedupe_key=dedupe_key,
        created_at=now,
        leaves_at=now,
        next_try_at=now,
    )
    db.add(mail)
    db.flush()
    return mail


def promise_mail(
    db: Session,
    writer: str,
    *,
    user_id: int,
    thing: str,
    priority: Priority,
    dedupe_key: str,
    leaves_at: datetime,
    now: datetime,
) -> OutgoingMail:
    """A mail whose words `writer` finds when it leaves. The key must be new."""
    mail = OutgoingMail(
        writer=writer,
        user_id=user_id,
        thing=thing,
        priority=priority,
        dedupe_key=dedupe_key,
        created_at=now,
        leaves_at=leaves_at,
        next_try_at=leaves_at,
    )
    db.add(mail)
    db.flush()
    return mail


def post_notice(
    db: Session,
    recipient: str,
    *,
    subject: str,
    body: str,
    locale: str,
    about: About | None,
    stop_path: str | None,
    dedupe_key: str,
    now: datetime,
) -> OutgoingMail:
    """A mail to an address without an account: ten minutes later, if what it tells of stands."""
    mail = post_mail(
        db, recipient, subject=subject, body=body, dedupe_key=dedupe_key, now=now, locale=locale
    )
    if mail.attempts == 0 and mail.state is MailState.WAITING:
        mail.priority = Priority.AT_ONCE
        mail.leaves_at = mail.next_try_at = mail.created_at + DELAY
        mail.about_kind, mail.about_id = about or (None, None)
        mail.stop_path = stop_path
    return mail


def forget_receiver(db: Session, *, user_id: int, address: str, now: datetime) -> None:
    """Lets no mail leave to this person any more, and forgets where the others went."""
    his = or_(OutgoingMail.user_id == user_id, OutgoingMail.recipient == address)
    unsent = OutgoingMail.state.in_((MailState.WAITING, MailState.GIVEN_UP))
    db.execute(
        update(OutgoingMail)
        .where(his, unsent)
        .values(state=MailState.DROPPED, settled_at=now, last_error=None)
    )
    # What they told of is deleted too, and SQLite gives the number of a last row again.
    key = literal("forgotten:").concat(cast(OutgoingMail.id, Text))
    db.execute(
        update(OutgoingMail)
        .where(his)
        .values(recipient="", subject="", body="", dedupe_key=key)
        .execution_options(synchronize_session=False)
    )


def take_mail(db: Session, *, now: datetime) -> Taken | None:
    """The mail that leaves next, held so that no other worker takes it, or None.

    Whoever dies with it loses his hold after a while, and another one tries.
    """
    mail = queries.next_due(db, now)
    if mail is None:
        return None
    mail.attempts += 1
    mail.next_try_at = now + HELD_FOR
    return Taken(mail.id, mail.attempts)


def mark_sent(db: Session, taken: Taken, *, now: datetime) -> None:
    """Notes that the mail has left, and forgets what it said."""
    mail = db.get_one(OutgoingMail, taken.id)
    _settle(mail, MailState.SENT, now)
    mail.last_error = None
    road = queries.road(db)
    if road is not None and road.failures:
        _clear(road)


def mark_dropped(db: Session, taken: Taken, *, now: datetime) -> None:
    """Notes that there was nothing left to tell."""
    _settle(db.get_one(OutgoingMail, taken.id), MailState.DROPPED, now)


def mark_refused(db: Session, taken: Taken, refusal: Refusal, *, now: datetime) -> bool:
    """Whether the mail is given up: the server did not want this one."""
    mail = db.get_one(OutgoingMail, taken.id)
    if not _is_held(mail, taken):
        return False  # another one has it, or it is settled
    mail.last_error, mail.refusals = refusal.error, mail.refusals + 1
    most = MOST_FLAT_REFUSALS if refusal.is_flat else MOST_REFUSALS
    if refusal.is_hopeless or mail.refusals >= most:
        mail.state, mail.settled_at = MailState.GIVEN_UP, now
        return True
    mail.next_try_at = now + _wait(mail.attempts, FIRST_WAIT, LONGEST_WAIT)
    return False


def mark_cut_off(db: Session, taken: Taken, error: str, *, now: datetime) -> None:
    """Notes that the talk broke off in the middle: tried again, and never given up for it."""
    mail = db.get_one(OutgoingMail, taken.id)
    if _is_held(mail, taken):
        mail.last_error = error
        mail.next_try_at = now + _wait(mail.attempts, FIRST_WAIT, LONGEST_WAIT)
    mark_blocked(db, error, now=now)


def mark_blocked(db: Session, error: str, *, now: datetime) -> MailRoad:
    """Notes that the mail server could not be reached; no mail suffers for it."""
    road = queries.road(db)
    if road is None:
        road = MailRoad(id=queries.ROAD, failures=0)
        db.add(road)
    road.failures += 1
    road.blocked_since = road.blocked_since or now
    road.next_try_at = now + _wait(road.failures, FIRST_REST, LONGEST_REST)
    road.last_error = error
    return road


def send_again(db: Session, *, now: datetime) -> int:
    """How many mails that were given up are tried once more."""
    mails = queries.given_up(db)
    for mail in mails:
        mail.state, mail.settled_at = MailState.WAITING, None
        mail.refusals, mail.next_try_at = 0, now
    return len(mails)


def _settle(mail: OutgoingMail, state: MailState, now: datetime) -> None:
    mail.state, mail.settled_at = state, now
    mail.body = ""


def _is_held(mail: OutgoingMail, taken: Taken) -> bool:
    return mail.state is MailState.WAITING and mail.attempts == taken.attempt


def _clear(road: MailRoad) -> None:
    road.blocked_since = road.next_try_at = road.last_error = None
    road.failures = 0


def _wait(tries: int, first: timedelta, longest: timedelta) -> timedelta:
    doubled: timedelta = first * 2 ** min(tries - 1, 20)
    return min(doubled, longest)
