"""Asking, and looking at what is owed, as short as these tests need it."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.debates import timekeeping
from dialog.debates.models import Post, Thread
from dialog.duties import queries
from dialog.duties.models import Duty, EventKind
from dialog.notifications.models import Notification
from dialog.people import commands as people
from dialog.people.models import OfficeTitle, User
from dialog.permissions import SYSTEM, Actor
from tests import make
from tests.make import NOW

WHY = "Det hører til hos regionen og ikke her."
LATER = NOW + timedelta(hours=1)
TODAY = date(2028, 9, 13)


def owed(db: Session, question: Post) -> Duty:
    """The duty as it stands now."""
    db.flush()
    found = queries.duty_of(db, question.id)
    assert found is not None
    return found


def fresh(db: Session, post: Post) -> Post:
    """The post as it stands now."""
    db.flush()
    db.refresh(post)
    return post


def history(db: Session, question: Post) -> list[EventKind]:
    """What happened to the duty, in order."""
    return [event.kind for event in queries.history(db, owed(db, question).id)]


def told(db: Session, actor: Actor) -> list[str]:
    """What kinds of news the person has in his inbox, the oldest first."""
    wanted = select(Notification.kind).where(Notification.user_id == actor.id)
    return list(db.scalars(wanted.order_by(Notification.id)))


def tick(db: Session, now: datetime) -> None:
    """Lets the clock do all it has to do at this moment."""
    db.flush()
    for question_id in list(timekeeping.what_waits(db, now)):
        timekeeping.look_at(db, question_id, now)
    db.flush()


def verify(db: Session, actor: Actor, area: str = "Kær") -> Actor:
    """The citizen, who has shown that he lives here."""
    user = db.get_one(User, actor.id)
    user.verified_at, user.area = NOW, area
    return actor


def make_mayor(db: Session) -> Actor:
    """Birthe Ravnsborg, who chairs the finance committee."""
    return make.make_politician(
        db, "Birthe Ravnsborg", committee="Økonomiudvalget", title=OfficeTitle.MAYOR
    )


def make_member(db: Session, name: str = "Carl Winther") -> Actor:
    """A politician without a chair."""
    return make.make_politician(db, name, title=OfficeTitle.MEMBER)


def elect(db: Session, actor: Actor, committee: str, title: OfficeTitle) -> None:
    """Makes this all that the politician is elected to."""
    offices = [(make.make_committee(db, committee).id, title)]
    people.set_offices(db, SYSTEM, actor.id or 0, offices=offices, now=NOW)


def make_owned_thread(db: Session, *politicians: Actor) -> Thread:
    """A thread on a proposal of Ældreudvalget, which Anders Toft chairs."""
    toft = make.make_politician(db)
    consultation = make.make_consultation(db)
    proposal = make.make_proposal(db, consultation)
    return make.make_thread(
        db, consultation, proposals=[proposal], politicians=politicians or [toft]
    )
