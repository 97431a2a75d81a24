"""Verified residents: a slip handed out at a meeting or the library shows that one lives here.

What is stored of it is yes or no, and the part of town. The code is deleted as it is used, so
nothing ties a person to the slip he was given, or to where.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, TooLate
from dialog.people import codes, queries, resident_queries
from dialog.people.models import CodeBatch, ResidentCode, User
from dialog.permissions import Action, Actor, Role, demand

MOST_CODES = 500  # in one batch: a full hall, or a week at the library
MOST_DAYS = 180  # how long a slip may lie in a drawer
LONGEST_PLACE = 120  # characters
LONGEST_AREA = 60


@dataclass(frozen=True, kw_only=True)
class Slips:
    """What was asked for. area: None where people of the whole municipality come."""

    place: str
    area: str | None
    count: int
    days: int


def make_codes(
    db: Session, actor: Actor, *, slips: Slips, now: datetime
) -> tuple[CodeBatch, list[str]]:
    """The new batch and its codes, which nobody can read again: only their hashes are kept.

    Raises: InvalidInput (place, area, count, days).
    """
    demand(actor, Action.VERIFY_RESIDENTS)
    slips = _checked(slips)
    batch = CodeBatch(
        place=slips.place,
        area=slips.area,
        made=slips.count,
        created_by=actor.id,
        created_at=now,
        expires_at=now + timedelta(days=slips.days),
    )
    db.add(batch)
    db.flush()
    made = [codes.new_code() for _each in range(slips.count)]
    db.add_all(ResidentCode(batch_id=batch.id, code_hash=codes.hash_of(code)) for code in made)
    told = f"{slips.place} {slips.count}"
    audit.append(db, actor, "codes_made", ("code_batches", batch.id), now=now, content=told)
    return batch, made


def use_code(db: Session, actor: Actor, *, code: str, area: str, now: datetime) -> User:
    """The actor, a verified resident from now on. What he wrote before stays as it was written.

    area: where he says he lives; slips sent to one part of town decide it themselves.
    Raises: InvalidInput, `code` the same for one that never was, is used, expired or withdrawn.
    """
    demand(actor, Action.OWN_PAGE)
    user = queries.access_user(db, actor, actor.id or 0)
    if user.role is not Role.CITIZEN or user.verified_at is not None:
        raise AlreadyDone(_("Din konto behøver ingen kode."))
    found = resident_queries.living_code(db, code, now)
    if found is None:
        raise _unknown()
    area = found.batch.area or html.one_line(area)
    if not 2 <= len(area) <= LONGEST_AREA:
        raise InvalidInput({"area": _("Skriv, hvilken by eller bydel du bor i.")})
    if not _consume(db, found.code_id):
        raise _unknown()
    found.batch.used = CodeBatch.used + 1
    user.verified_at, user.area = now, area
    db.flush()
    audit.append(db, actor, "resident_verified", ("users", user.id), now=now)
    return user


def withdraw_codes(db: Session, actor: Actor, *, batch_id: int, now: datetime) -> CodeBatch:
    """The batch, none of whose codes works any more; those who used one stay verified.

    Raises: NotFound, TooLate when it was withdrawn already.
    """
    demand(actor, Action.VERIFY_RESIDENTS)
    batch = resident_queries.access_batch(db, batch_id)
    if batch.withdrawn_at is not None:
        raise TooLate(_("Sedlerne er allerede trukket tilbage."))
    batch.withdrawn_at = now
    db.execute(delete(ResidentCode).where(ResidentCode.batch_id == batch.id))
    audit.append(db, actor, "codes_withdrawn", ("code_batches", batch.id), now=now)
    return batch


def _checked(slips: Slips) -> Slips:
    place, area = html.one_line(slips.place), html.one_line(slips.area or "")
    wrong = {}
    if not 2 <= len(place) <= LONGEST_PLACE:
        wrong["place"] = _("Skriv, hvor sedlerne bliver delt ud.")
    if len(area) > LONGEST_AREA:
        wrong["area"] = _("Området må fylde højst 60 tegn.")
    if not 1 <= slips.count <= MOST_CODES:
        wrong["count"] = _("Lav mellem 1 og 500 sedler ad gangen.")
    if not 1 <= slips.days <= MOST_DAYS:
        wrong["days"] = _("Sedlerne kan gælde fra 1 til 180 dage.")
    if wrong:
        raise InvalidInput(wrong)
    return Slips(place=place, area=area or None, count=slips.count, days=slips.days)


def _consume(db: Session, code_id: int) -> bool:
    """Whether the code was still there: however many press at once, one of them deletes it."""
    gone: CursorResult[Any] = db.execute(  # type: ignore[assignment]
        delete(ResidentCode).where(ResidentCode.id == code_id)
    )
    return gone.rowcount == 1


def _unknown() -> InvalidInput:
    sentence = _("Vi kender ikke den kode. Se efter, om den er tastet rigtigt.")
    return InvalidInput({"code": sentence})
