"""Whom a question is put to, and the duty that it opens."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.consultations import queries as consultations
from dialog.core import clock
from dialog.core.errors import InvalidInput
from dialog.debates import queries
from dialog.debates.models import Post, PostKind, Voice
from dialog.debates.voices import VoiceOf
from dialog.duties import commands as duties
from dialog.duties import owners
from dialog.duties import queries as duty_queries
from dialog.duties.models import Desk, Duty, DutyState, Origin
from dialog.duties.owners import Owner
from dialog.people.models import User
from dialog.permissions import Actor
from dialog.rules import promise


@dataclass(frozen=True)
class Asked:
    """Who is to answer, and who was asked by name; the two differ while one is on leave."""

    owner: Owner
    origin: Origin
    addressee_id: int | None = None
    addressee_name: str | None = None


def asked_of(
    db: Session,
    page: queries.ThreadPage,
    voice: VoiceOf,
    kind: PostKind,
    *,
    addressee_id: int | None,
    to_everyone: bool = False,
    origin: Origin = Origin.ADDRESSED,
    now: datetime,
) -> Asked | None:
    """Who owes an answer to a post of this kind; None if nobody does.

    origin: ADDRESSED, or MEETING for what was asked aloud.

    Raises: InvalidInput (to, kind).
    """
    if voice.kind is not Voice.CITIZEN:
        return None
    if kind is PostKind.CORRECTION:
        owner = owners.administration_for(db, queries.committee_of(db, page.thread.id))
        return Asked(owner, Origin.CORRECTION) if owner else None
    if kind is not PostKind.QUESTION or to_everyone:
        return None
    return _politician(db, page, addressee_id, origin, now)


def open_duty(
    db: Session, actor: Actor, page: queries.ThreadPage, post: Post, asked: Asked, now: datetime
) -> Duty:
    """The duty to answer `post`. Of someone nobody knows it is looked through first, but it has
    its name and its date at once."""
    numbers = consultations.promise_numbers(db, page.consultation.id)
    recesses = duty_queries.recess_days(db)
    author = db.get(User, post.author_id) if post.author_id is not None else None
    is_known = author is None or author.verified_at is not None  # heard aloud, or of this town
    days = numbers.answer_working_days
    if asked.origin is Origin.MEETING:  # published on its page: promised to the hall
        days = min(days, promise.MEETING_WORKING_DAYS)
    return duties.open_duty(
        db,
        actor,
        question_id=post.id,
        consultation_id=page.consultation.id,
        owner=asked.owner,
        due_at=promise.answer_due_at(now, days, recesses),
        origin=asked.origin,
        state=DutyState.OWED if is_known else DutyState.TRIAGE,
        now=now,
    )


def owner_of_thread(db: Session, page: queries.ThreadPage, now: datetime) -> Owner | None:
    """Who answers what nobody was asked by name."""
    return owners.politician_for(
        db,
        committee_id=queries.committee_of(db, page.thread.id),
        responsible_ids=[one.user_id for one in queries.politicians_of(db, page.thread.id)],
        day=clock.local(now).date(),
    )


def _politician(
    db: Session,
    page: queries.ThreadPage,
    addressee_id: int | None,
    origin: Origin,
    now: datetime,
) -> Asked:
    responsible = queries.politicians_of(db, page.thread.id)
    if addressee_id is not None and addressee_id not in [one.user_id for one in responsible]:
        raise InvalidInput({"to": _("Vælg en af de politikere, der svarer for tråden.")})
    owner = owners.politician_for(
        db,
        asked_id=addressee_id,
        committee_id=queries.committee_of(db, page.thread.id),
        responsible_ids=[one.user_id for one in responsible],
        day=clock.local(now).date(),
    )
    if owner is None or owner.desk is not Desk.POLITICIAN:
        raise InvalidInput(
            {"kind": _("Ingen politiker svarer for tråden endnu. Send det som en kommentar.")}
        )
    named = queries.politician(db, addressee_id or owner.holder_id)
    return Asked(
        owner,
        origin,
        named.user_id if named else None,
        named.label if named else None,
    )
