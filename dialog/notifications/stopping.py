"""One click in a mail ends mails like it (RFC 8058).

The link holds who and what, signed. It needs no sign-in, opens nothing else, and does not grow
old: whoever finds an old mail may end its like as well.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import web
from dialog.core.errors import NotFound
from dialog.mail import letters
from dialog.mail.standing import About
from dialog.notifications import following, wishes
from dialog.notifications.models import MailWish, StoppedAddress, Topic, When
from dialog.permissions import SYSTEM, Actor, Role

DIGEST = "digest"
THREAD = "thread"
TOPIC = "topic"


@dataclass(frozen=True)
class Stop:
    """Who wants to end what. Of an address without an account only its key is known.

    what: "thread" 12, "topic" "answers", "digest", or what an address was told of.
    """

    who: int | str
    what: str
    which: int | str = 0

    @property
    def is_of_address(self) -> bool:
        """Whether it is an address without an account."""
        return isinstance(self.who, str)


def link_to(stop: Stop) -> str:
    """The whole address of the page that ends it, and of its one click."""
    token = _signer().dumps([stop.who, stop.what, stop.which])
    return letters.address_of(f"/mail/stop/{token}")


def stop_of(token: str) -> Stop:
    """What a link from a mail is about. Raises: NotFound for one that we did not make."""
    try:
        who, what, which = _signer().loads(token)
    except (BadData, ValueError, TypeError):
        raise NotFound("stop link") from None
    return Stop(who, what, which)


def address_key(address: str) -> str:
    """What is kept of an address that wants no mail: a hash under this installation's key."""
    secret = web.settings().secret_key.encode()
    return hmac.new(secret, b"address:" + address.strip().lower().encode(), sha256).hexdigest()[:40]


def of_address(address: str, about: About) -> Stop:
    """Ends what this address hears of this thing."""
    return Stop(address_key(address), about.kind, about.id)


def stop_mail(db: Session, stop: Stop, *, now: datetime) -> list[Topic]:
    """Ends it, once or again; of a digest, the topics that it silenced."""
    if isinstance(stop.who, str):
        row = StoppedAddress(
            address_key=stop.who, about_kind=stop.what, about_id=int(stop.which), stopped_at=now
        )
        db.merge(row)
        audit.append(db, SYSTEM, "address_stopped", ("notifications", None), now=now)
        return []
    if stop.what == THREAD:
        following.mute_thread(db, _actor(stop.who), thread_id=int(stop.which), now=now)
        return []
    topics = _topics(db, stop)
    _wish(db, stop.who, topics, When.NEVER, now)
    return topics


def start_again(db: Session, stop: Stop, topics: list[Topic], *, now: datetime) -> None:
    """Undoes `stop_mail`. topics: those that a stopped digest silenced."""
    if isinstance(stop.who, str):
        row = db.get(StoppedAddress, (stop.who, stop.what, int(stop.which)))
        if row is not None:
            db.delete(row)
            audit.append(db, SYSTEM, "address_started", ("notifications", None), now=now)
        return
    if stop.what == THREAD:
        following.unmute_thread(db, _actor(stop.who), thread_id=int(stop.which), now=now)
        return
    back = topics if stop.what == DIGEST else [Topic(str(stop.which))]
    for topic in back:
        default = wishes.CHOICES[topic].default
        _wish(db, stop.who, [topic], When.DAILY if stop.what == DIGEST else default, now)


def _topics(db: Session, stop: Stop) -> list[Topic]:
    """What falls silent; a duty never does, for its clock runs in public."""
    assert isinstance(stop.who, int)
    if stop.what == TOPIC:
        return [Topic(str(stop.which))]
    chosen = wishes.wishes(db, stop.who)
    return [
        topic
        for topic, wish in chosen.items()
        if wish is When.DAILY and When.NEVER in wishes.CHOICES[topic].allowed
    ]


def _wish(db: Session, user_id: int, topics: list[Topic], wish: When, now: datetime) -> None:
    for topic in topics:
        allowed = wishes.CHOICES[topic].allowed
        kept = wish if wish in allowed else allowed[-1]
        db.merge(MailWish(user_id=user_id, topic=topic, wish=kept))
    audit.append(db, _actor(user_id), "mail_stopped", ("notifications", user_id), now=now)


def _actor(user_id: int) -> Actor:
    """Whoever holds the mail acts for its receiver, in this alone."""
    return Actor(user_id, Role.CITIZEN)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(web.settings().secret_key, salt="mail-stop")
