"""Builds the demo through the product's own commands, so that it passes its own gate."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from operator import itemgetter

from flask import Flask
from flask_babel import force_locale
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation
from dialog.core import db as store
from dialog.demo import afterwards, agendas, coming, hall, owing, planning, talking
from dialog.demo.calendar import Calendar, at
from dialog.demo.town import Event, Town, read, settle
from dialog.mail.models import OutgoingMail
from dialog.notifications.models import Notification
from dialog.people import passwords

DIALOGUES = ("budget", "schools", "draft")
SETTLED = timedelta(days=200)  # how long everybody has had an account

Progress = Callable[[int, int], object]
"""Told how many events have happened, and how many there are."""


def load_demo(
    app: Flask,
    *,
    today: date,
    now: datetime,
    progress: Progress = lambda _done, _total: None,
) -> bool:
    """Whether the demo was loaded: False in a store that already has a consultation.

    today: the Danish day that everything is counted from. It is loaded whole or not at all.
    """
    with app.app_context(), force_locale("da"):
        password_hash = passwords.hash_password(passwords.DEMO_PASSWORD)  # before any lock
        with store.transaction() as db:
            if not is_empty(db):
                return False
            town = Town(db, Calendar(today), password_hash)
            happened = sorted(_events(town), key=itemgetter(0))
            for done, (moment, act) in enumerate(happened):
                progress(done, len(happened))
                act(min(moment, now))
            _forget_mails(town)
    progress(len(happened), len(happened))
    return True


def is_empty(db: Session) -> bool:
    """Whether nobody has begun a consultation yet."""
    return db.scalar(select(Consultation.id).limit(1)) is None


def _events(town: Town) -> Iterator[Event]:
    """All that ever happened in Fjordby, in no order."""
    yield at(town.calendar.today - SETTLED, "10:00"), lambda now: settle(town, now)
    meetings, threads = read("meetings")["meeting"], read("threads")["thread"]
    for name in DIALOGUES:
        told = read(name)
        slug = told["consultation"]["slug"]
        own_meetings = [meeting for meeting in meetings if meeting["consultation"] == slug]
        own_threads = [thread for thread in threads if thread["consultation"] == slug]
        yield from planning.events(town, told, own_meetings, own_threads)
    yield from talking.posts(town, threads)
    owed = read("duties")
    yield at(town.calendar.today - SETTLED, "11:00"), lambda now: owing.verified(town, owed, now)
    yield from owing.events(town, owed)
    yield from hall.events(town, meetings)
    yield from coming.events(town, read("coming")["meeting"], meetings)
    yield from talking.minutes(town, meetings)
    yield from agendas.events(town, read("agendas")["agenda"], meetings)
    yield from afterwards.events(town)
    yield talking.reading(town)


def _forget_mails(town: Town) -> None:
    """Nobody lives at these addresses, and what happened weeks ago is not mailed today."""
    people = [user.id for user in town.users.values()]
    addresses = [user.email for user in town.users.values()]
    theirs = or_(
        OutgoingMail.recipient.in_(addresses),
        OutgoingMail.recipient.endswith(coming.GUESTS),
        OutgoingMail.user_id.in_(people),
    )
    town.db.execute(
        update(Notification)
        .where(Notification.user_id.in_(people))
        .values(mail_id=None, is_for_digest=False)
    )
    town.db.execute(delete(OutgoingMail).where(theirs))
