"""What a person wants by mail, and how soon."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core.errors import InvalidInput
from dialog.notifications import queries
from dialog.notifications.models import MailWish, Topic, When
from dialog.permissions import Action, Actor, demand


@dataclass(frozen=True)
class Choice:
    """What can be chosen for a topic, and what holds until someone chooses."""

    default: When
    allowed: tuple[When, ...]


_ANY = (When.AT_ONCE, When.DAILY, When.NEVER)
_IN_DIGEST = (When.DAILY, When.NEVER)

CHOICES: dict[Topic, Choice] = {
    Topic.OWN: Choice(When.AT_ONCE, _ANY),
    Topic.ANSWERS: Choice(When.AT_ONCE, _ANY),
    Topic.MEETINGS: Choice(When.AT_ONCE, _ANY),
    # The clock of a duty runs in public whether or not its owner hears of it.
    Topic.DUTIES: Choice(When.AT_ONCE, (When.AT_ONCE, When.DAILY)),
    Topic.THREADS: Choice(When.DAILY, _IN_DIGEST),
    Topic.DIALOGUES: Choice(When.DAILY, _IN_DIGEST),
}

_SOONEST_FIRST = list(When)


def wish_for(db: Session, user_id: int, topic: Topic) -> When:
    """How soon the person wants mail about the topic."""
    return queries.wishes_of(db, user_id).get(topic, CHOICES[topic].default)


def wishes(db: Session, user_id: int) -> dict[Topic, When]:
    """How soon the person wants mail about each topic."""
    chosen = queries.wishes_of(db, user_id)
    return {topic: chosen.get(topic, choice.default) for topic, choice in CHOICES.items()}


def later_of(one: When, other: When) -> When:
    """The one that is further from "at once"."""
    return max(one, other, key=_SOONEST_FIRST.index)


def choose(db: Session, actor: Actor, wanted: dict[Topic, When], *, now: datetime) -> None:
    """Keeps what the actor wants by mail. Raises: InvalidInput for what cannot be chosen."""
    demand(actor, Action.OWN_PAGE)
    for topic, wish in wanted.items():
        if wish not in CHOICES[topic].allowed:
            raise InvalidInput({topic.value: wish.value})
    for topic, wish in wanted.items():
        db.merge(MailWish(user_id=actor.id, topic=topic, wish=wish))
    audit.append(db, actor, "mail_wishes_changed", ("notifications", actor.id), now=now)
