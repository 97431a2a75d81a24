"""Setting a consultation up: its course and its basis. Opening it is the gate's."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.audit import commands as audit
from dialog.consultations import course as courses
from dialog.consultations import queries, slugs
from dialog.consultations.course import Course
from dialog.consultations.models import Consultation, DeadlineMove, Kind, Source, State
from dialog.core import clock, html
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.permissions import Action, Actor
from dialog.rules import promise

LEAST_REASON, LONGEST_REASON = 10, 500  # signs; everybody can read it


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the dialogue builds on. Texts of several points hold one point a line."""

    summary: str = ""
    question: str = ""
    target_tkr: int | None = None
    budget_year: int | None = None
    decided_by: str = ""
    already_decided: str = ""
    still_open: str = ""
    impossible: str = ""
    use_of_contributions: str = ""


def create_consultation(
    db: Session, actor: Actor, *, title: str, kind: Kind, slug: str = "", now: datetime
) -> Consultation:
    """The new draft. Without a slug it gets one made of its title.

    Raises: InvalidInput for an empty title, and for an address that is malformed or taken.
    """
    permissions.demand(actor, Action.SET_UP)
    title = html.one_line(title)
    slug = slug or _free_slug(db, title)
    _check_name(db, title, slug)
    consultation = Consultation(
        title=title, slug=slug, kind=kind, created_at=now, created_by=actor.id
    )
    db.add(consultation)
    db.flush()
    _record(db, actor, "consultation_created", consultation, {"title": title, "kind": kind}, now)
    return consultation


def edit_course(
    db: Session,
    actor: Actor,
    *,
    slug: str,
    course: Course,
    version: int | None = None,
    now: datetime,
) -> Consultation:
    """The consultation with its new dates.

    version: of the row that the form was filled from; None when there was no form.
    Raises: InvalidInput, AlreadyDone for a stale form, TooLate once the dialogue has opened.
    """
    consultation = _draft(db, actor, slug, version)
    course = replace(course, title=html.one_line(course.title))
    _check_name(db, course.title, course.slug, consultation.id)
    wrong = courses.mistakes(course, consultation.kind)
    if wrong:
        raise InvalidInput(wrong)
    _set(consultation, asdict(course))
    _record(db, actor, "course_edited", consultation, asdict(course), now)
    return consultation


def postpone_deadline(
    db: Session, actor: Actor, *, slug: str, closes_at: datetime, reason: str, now: datetime
) -> DeadlineMove:
    """The deadline for contributions, moved forward with a reason that everybody can read.

    Said at least 48 hours before the old one runs out, so that nobody hurries in vain.
    Raises: NotFound, TooLate, InvalidInput (closes_at, reason).
    """
    permissions.demand(actor, Action.SET_UP)
    consultation = queries.access_consultation(db, actor, slug)
    db.refresh(consultation, with_for_update=True)
    old = consultation.closes_at
    if consultation.state is not State.OPEN or old is None:
        raise TooLate(_("Kun en åben dialog med en frist kan få den flyttet."))
    if old - now < promise.NOTICE:
        raise TooLate(_("Der er under 48 timer til fristen, så den ligger fast."))
    reason = html.one_line(reason)
    wrong = dict(_wrong_move(consultation, old, closes_at, reason))
    if wrong:
        raise InvalidInput(wrong)
    move = DeadlineMove(
        consultation_id=consultation.id,
        old_closes_at=old,
        new_closes_at=closes_at,
        reason=reason,
        moved_at=now,
        moved_by=actor.id,
    )
    db.add(move)
    consultation.closes_at, consultation.version = closes_at, consultation.version + 1
    content = {"closes_at": closes_at, "reason": reason}
    _record(db, actor, "deadline_moved", consultation, content, now)
    return move


def edit_basis(
    db: Session,
    actor: Actor,
    *,
    slug: str,
    basis: Basis,
    version: int | None = None,
    now: datetime,
) -> Consultation:
    """The consultation with its new basis. Raises: as `edit_course`."""
    consultation = _draft(db, actor, slug, version)
    if basis.target_tkr is not None and basis.target_tkr <= 0:
        raise InvalidInput({"target_mio": _("Skriv beløbet som et tal over nul.")})
    texts = {
        name: html.tidy(value) if isinstance(value, str) else value
        for name, value in asdict(basis).items()
    }
    _set(consultation, texts)
    _record(db, actor, "basis_edited", consultation, texts, now)
    return consultation


def add_source(
    db: Session,
    actor: Actor,
    *,
    slug: str,
    source: tuple[str, str, str],
    now: datetime,
) -> Source:
    """The new figure or document: its title, its publisher and its address.

    Raises: InvalidInput without a title, or for an address that is no web address; TooLate.
    """
    consultation = _draft(db, actor, slug, None)
    title, publisher, url = (html.one_line(part) for part in source)
    if not title:
        raise InvalidInput({"source_title": _("Skriv, hvad kilden hedder.")})
    if url and not url.startswith(("https://", "http://", "/")):
        raise InvalidInput({"source_url": _("En adresse begynder med https://.")})
    added = Source(consultation_id=consultation.id, title=title, publisher=publisher, url=url)
    db.add(added)
    db.flush()
    _record(db, actor, "source_added", consultation, {"title": title, "url": url}, now)
    return added


def remove_source(db: Session, actor: Actor, *, slug: str, source_id: int, now: datetime) -> None:
    """Takes the source off the basis. Raises: NotFound, TooLate."""
    consultation = _draft(db, actor, slug, None)
    source = db.get(Source, source_id)
    if source is None or source.consultation_id != consultation.id:
        raise NotFound("source")
    db.delete(source)
    _record(db, actor, "source_removed", consultation, {"title": source.title}, now)


def _wrong_move(
    consultation: Consultation, old: datetime, closes_at: datetime, reason: str
) -> Iterator[tuple[str, str]]:
    decision = consultation.decision_on
    if closes_at <= old:
        yield "closes_at", _("Fristen kan kun flyttes til et senere tidspunkt.")
    elif decision and clock.local(closes_at).date() >= decision:
        yield "closes_at", _("Fristen skal ligge før beslutningen.")
    if not LEAST_REASON <= len(reason) <= LONGEST_REASON:
        yield "reason", _("Skriv en grund på mellem 10 og 500 tegn. Alle kan læse den.")


def _draft(db: Session, actor: Actor, slug: str, version: int | None) -> Consultation:
    """The consultation, still a draft, and nobody changed it since the form was filled."""
    permissions.demand(actor, Action.SET_UP)
    consultation = queries.access_consultation(db, actor, slug)
    if consultation.state is not State.DRAFT:
        raise TooLate(_("Dialogen er åbnet, så forløb og grundlag ligger fast."))
    if version is not None and version != consultation.version:
        raise AlreadyDone(_("En anden har rettet siden imens. Hent den igen, og ret derfra."))
    return consultation


def _free_slug(db: Session, title: str) -> str:
    wanted = slugs.slug_of(title)
    tries = (wanted, *(f"{wanted[: slugs.MAX_LENGTH - 4]}-{n}" for n in range(2, 100)))
    return next((slug for slug in tries if not queries.slug_is_taken(db, slug)), wanted)


def _check_name(db: Session, title: str, slug: str, own_id: int | None = None) -> None:
    wrong = {}
    if not title:
        wrong["title"] = _("Skriv, hvad dialogen hedder.")
    elif not slugs.is_slug(slug):
        wrong["slug"] = _("Brug små bogstaver fra a til z, tal og bindestreger.")
    elif queries.slug_is_taken(db, slug, but_by=own_id):
        wrong["slug"] = _("Den adresse er optaget. Vælg en anden.")
    if wrong:
        raise InvalidInput(wrong)


def _set(consultation: Consultation, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(consultation, name, value)
    consultation.version += 1


def _record(
    db: Session,
    actor: Actor,
    action: str,
    consultation: Consultation,
    content: dict[str, object],
    now: datetime,
) -> None:
    told = json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)
    audit.append(db, actor, action, ("consultations", consultation.id), now=now, content=told)
