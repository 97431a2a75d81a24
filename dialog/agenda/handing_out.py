"""Handing the meeting pack out: to the panel and the staff, by mail with a link."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda import due_queries, queries
from dialog.agenda.models import AgendaItem, PackSending
from dialog.audit import commands as audit
from dialog.mail import standing
from dialog.mail.commands import DELAY
from dialog.mail.standing import About
from dialog.meetings.models import Meeting
from dialog.meetings.planning import where
from dialog.notifications import commands as notifications
from dialog.notifications import kinds
from dialog.notifications.models import Topic
from dialog.permissions import SYSTEM

BEFORE = timedelta(days=7)
AGAIN_BEFORE = timedelta(hours=1)  # the mail has left by then


def _why(_words: kinds.Words) -> str:
    return _("Du får mødemappen, fordi du sidder i panelet, leder mødet eller skriver referatet.")


kinds.declare(
    "meeting_pack",
    kinds.Kind(
        Topic.DUTIES,
        lambda words: _("Mødemappen til borgermødet %(due)s er klar", due=words["due"]),
        lead=lambda _words: _("Læs mødemappen"),
        why=_why,
        quotes=False,
    ),
)
kinds.declare(
    "meeting_pack_again",
    kinds.Kind(
        Topic.DUTIES,
        lambda words: _(
            "Dagsordenen til borgermødet %(due)s er ændret. Her er den nye mødemappe",
            due=words["due"],
        ),
        lead=lambda _words: _("Læs mødemappen"),
        why=_why,
        quotes=False,
    ),
)
standing.declare("meeting_pack", due_queries.pack_can_be_read)


def hand_out(db: Session, *, meeting_id: int, now: datetime) -> list[int]:
    """The people who are told of the pack now: each once, and once more if the agenda changed.

    Nobody before seven days before the meeting, and nobody once it has begun. Raises: NotFound.
    """
    meeting = queries.access_to_run(db, SYSTEM, meeting_id, to_change=True)
    if not due_queries.is_time_for_pack(db, meeting_id, now, now + BEFORE):
        return []
    agenda = fingerprint(queries.items(db, meeting_id))
    sent = due_queries.pack_sendings(db, meeting_id)
    is_last_hour = now >= meeting.starts_at - AGAIN_BEFORE - DELAY
    told = []
    for user_id in due_queries.pack_readers(db, meeting_id):
        before = sent.get(user_id)
        if before is None:
            row = PackSending(meeting_id=meeting_id, user_id=user_id, sent_at=now, agenda=agenda)
            db.add(row)
            _tell(db, meeting, user_id, "meeting_pack", now)
        elif is_last_hour and before.again_at is None and before.agenda != agenda:
            before.again_at, before.agenda = now, agenda
            _tell(db, meeting, user_id, "meeting_pack_again", now)
        else:
            continue
        told.append(user_id)
    if told:
        audit.append(db, SYSTEM, "meeting_pack_handed_out", ("meetings", meeting_id), now=now)
    return told


def fingerprint(items: Iterable[AgendaItem]) -> str:
    """The same for the same points in the same order with the same minutes; SHA-256, hex."""
    points = [[one.id, one.title, one.minutes] for one in items]
    return hashlib.sha256(json.dumps(points).encode()).hexdigest()


def _tell(db: Session, meeting: Meeting, user_id: int, kind: str, now: datetime) -> None:
    notifications.tell(
        db,
        user_id,
        kind,
        params={"due": meeting.starts_at.isoformat()},
        link=f"/meetings/{meeting.id}/pack",
        excerpt=": ".join(part for part in (meeting.title, where(meeting)) if part),
        now=now,
        about=About("meeting_pack", meeting.id),
    )
