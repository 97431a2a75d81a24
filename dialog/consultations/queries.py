"""Reading this room."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dialog.consultations.models import (
    BasisVersion,
    Consultation,
    DeadlineMove,
    RuleSettings,
    Source,
    State,
)
from dialog.core import web
from dialog.core.errors import NotFound
from dialog.permissions import Action, Actor, may
from dialog.rules import promise


def nav_items(db: Session) -> list[tuple[str, str]]:
    """Title and slug of at most two open consultations, the one decided first before."""
    wanted = (
        select(Consultation.title, Consultation.slug)
        .where(Consultation.state == State.OPEN)
        .order_by(Consultation.decision_on, Consultation.id)
        .limit(2)
    )
    return [(title, slug) for title, slug in db.execute(wanted)]


def opened_or_decided(db: Session, since: datetime, until: datetime) -> list[Consultation]:
    """The public consultations that opened, or were decided, in this time."""
    opened = Consultation.opened_at.between(since, until)
    decided = Consultation.decided_at.between(since, until)
    wanted = select(Consultation).where(Consultation.state != State.DRAFT, or_(opened, decided))
    return list(db.scalars(wanted.order_by(Consultation.id)))


def access_consultation(db: Session, actor: Actor, slug: str) -> Consultation:
    """The consultation at `slug`, if this reader may see it.

    Raises: NotFound, also for a draft before anyone but those who set it up.
    """
    found = db.scalars(select(Consultation).where(Consultation.slug == slug)).first()
    return shown_to(actor, found)


def access_consultation_by_id(db: Session, actor: Actor, consultation_id: int) -> Consultation:
    """The same, by number."""
    return shown_to(actor, db.get(Consultation, consultation_id))


def shown_to(actor: Actor, found: Consultation | None) -> Consultation:
    """The same, for one that was read together with something of it."""
    if found is None:
        raise NotFound("consultation")
    if not is_public(found) and not may(actor.role, Action.SET_UP):
        raise NotFound("consultation")
    return found


def is_public(consultation: Consultation) -> bool:
    """Whether everyone may read it."""
    return consultation.state is not State.DRAFT


def speech_is_open(consultation: Consultation, now: datetime) -> bool:
    """Whether contributions are taken: opened, not decided, and before the deadline if any."""
    if consultation.state is not State.OPEN:
        return False
    return consultation.closes_at is None or now < consultation.closes_at


def consultations_by_state(db: Session) -> list[Consultation]:
    """All of them for those who set up: drafts first, then open, closed and decided."""
    order = list(State)
    found = db.scalars(select(Consultation).order_by(Consultation.id.desc()))
    return sorted(found, key=lambda consultation: order.index(consultation.state))


def rule_settings(db: Session, consultation_id: int) -> RuleSettings | None:
    """The numbers the consultation set for itself, or None if it keeps every default."""
    return db.get(RuleSettings, consultation_id)


def promise_numbers(db: Session, consultation_id: int) -> promise.Numbers:
    """The numbers of the promise as they hold here: its own, else the installation's."""
    return _promise_of(rule_settings(db, consultation_id))


def promises_numbers(db: Session, consultation_ids: Iterable[int]) -> dict[int, promise.Numbers]:
    """The same of each of them."""
    ids = list(consultation_ids)
    wanted = select(RuleSettings).where(RuleSettings.consultation_id.in_(ids))
    own = {each.consultation_id: each for each in db.scalars(wanted)}
    return {one: _promise_of(own.get(one)) for one in ids}


def _promise_of(own: RuleSettings | None) -> promise.Numbers:
    chosen = {name: getattr(own, name, None) for name in promise.LIMITS}
    numbers = {name: number for name, number in chosen.items() if number is not None}
    return replace(web.settings().promise, **numbers)


def answer_working_days(db: Session, consultation_id: int) -> int:
    """How many working days a politician has to answer here."""
    return promise_numbers(db, consultation_id).answer_working_days


def deadline_moves(db: Session, consultation_id: int) -> list[DeadlineMove]:
    """How the deadline of the whole course was moved, the newest move first."""
    wanted = select(DeadlineMove).where(DeadlineMove.consultation_id == consultation_id)
    return list(db.scalars(wanted.order_by(DeadlineMove.id.desc())))


def slug_is_taken(db: Session, slug: str, *, but_by: int | None = None) -> bool:
    """Whether another consultation than `but_by` has the address."""
    holder = db.scalar(select(Consultation.id).where(Consultation.slug == slug))
    return holder is not None and holder != but_by


def sources(db: Session, consultation_id: int) -> list[Source]:
    """The figures and documents of the basis, in the order they were added."""
    wanted = select(Source).where(Source.consultation_id == consultation_id).order_by(Source.id)
    return list(db.scalars(wanted))


def basis_versions(db: Session, consultation_id: int) -> list[BasisVersion]:
    """The frozen versions of the basis, the newest first."""
    wanted = (
        select(BasisVersion)
        .where(BasisVersion.consultation_id == consultation_id)
        .order_by(BasisVersion.number.desc())
    )
    return list(db.scalars(wanted))
