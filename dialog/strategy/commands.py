"""Writing the communication plan. It may be mended for as long as the dialogue runs."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog import permissions
from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput
from dialog.permissions import Action, Actor
from dialog.strategy import queries
from dialog.strategy.models import Activity, KpiTarget, Phase, Strategy


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Why we ask, whom (one audience a line), and who is responsible."""

    purpose: str = ""
    audiences: str = ""
    owner: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happens: in which phase, when, through what and by whom."""

    phase: Phase
    title: str
    on_date: date | None = None
    channel: str = ""
    owner: str = ""
    is_done: bool = False


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """A number to reach, such as 400 "deltagere på møderne"."""

    name: str
    target: int
    unit: str = ""


def edit_strategy(
    db: Session,
    actor: Actor,
    *,
    slug: str,
    plan: Plan,
    version: int | None = None,
    now: datetime,
) -> Strategy:
    """The plan as it is now.

    version: of the plan that the form was filled from, 0 before there was one; None without a
    form. Raises: AlreadyDone for a stale form.
    """
    consultation = _access(db, actor, slug)
    found = queries.strategy_of(db, consultation.id)
    if version is not None and version != (found.version if found else 0):
        raise AlreadyDone(_("En anden har rettet planen imens. Hent den igen, og ret derfra."))
    strategy = found or Strategy(consultation_id=consultation.id, version=0)
    strategy.purpose = html.tidy(plan.purpose)
    strategy.audiences = html.tidy(plan.audiences)
    strategy.owner = html.one_line(plan.owner)
    strategy.version += 1
    db.add(strategy)
    _record(db, actor, "strategy_edited", ("strategies", consultation.id), asdict(plan), now)
    return strategy


def save_activity(
    db: Session,
    actor: Actor,
    *,
    slug: str,
    step: Step,
    activity_id: int | None = None,
    now: datetime,
) -> Activity:
    """The activity, new when `activity_id` is None. Raises: InvalidInput without a title."""
    consultation = _access(db, actor, slug)
    if not html.one_line(step.title):
        raise InvalidInput({"title": _("Skriv, hvad der skal ske.")})
    saved = Activity(consultation_id=consultation.id)
    if activity_id is not None:
        saved = queries.activity(db, consultation.id, activity_id)
    for name, value in asdict(step).items():
        is_text = isinstance(value, str) and not isinstance(value, Phase)
        setattr(saved, name, html.one_line(value) if is_text else value)
    db.add(saved)
    db.flush()
    _record(db, actor, "activity_saved", ("activities", saved.id), asdict(step), now)
    return saved


def delete_activity(
    db: Session, actor: Actor, *, slug: str, activity_id: int, now: datetime
) -> None:
    """Takes the activity out of the plan. Raises: NotFound."""
    consultation = _access(db, actor, slug)
    gone = queries.activity(db, consultation.id, activity_id)
    db.delete(gone)
    told: dict[str, object] = {"title": gone.title, "on_date": gone.on_date}
    _record(db, actor, "activity_deleted", ("activities", gone.id), told, now)


def save_kpi(
    db: Session,
    actor: Actor,
    *,
    slug: str,
    kpi: Kpi,
    kpi_id: int | None = None,
    now: datetime,
) -> KpiTarget:
    """The target, new when `kpi_id` is None. Raises: InvalidInput without name or number."""
    consultation = _access(db, actor, slug)
    name = html.one_line(kpi.name)
    if not name:
        raise InvalidInput({"name": _("Skriv, hvad I måler.")})
    if kpi.target < 1:
        raise InvalidInput({"target": _("Skriv et tal over nul.")})
    saved = KpiTarget(consultation_id=consultation.id)
    if kpi_id is not None:
        saved = queries.kpi_target(db, consultation.id, kpi_id)
    saved.name, saved.target, saved.unit = name, kpi.target, html.one_line(kpi.unit)
    db.add(saved)
    db.flush()
    _record(db, actor, "kpi_saved", ("kpi_targets", saved.id), asdict(kpi), now)
    return saved


def delete_kpi(db: Session, actor: Actor, *, slug: str, kpi_id: int, now: datetime) -> None:
    """Takes the target out of the plan. Raises: NotFound."""
    consultation = _access(db, actor, slug)
    gone = queries.kpi_target(db, consultation.id, kpi_id)
    db.delete(gone)
    told: dict[str, object] = {"name": gone.name, "target": gone.target}
    _record(db, actor, "kpi_deleted", ("kpi_targets", gone.id), told, now)


def _access(db: Session, actor: Actor, slug: str) -> Consultation:
    permissions.demand(actor, Action.SET_UP)
    return consultations.access_consultation(db, actor, slug)


def _record(
    db: Session,
    actor: Actor,
    action: str,
    thing: tuple[str, int],
    content: dict[str, object],
    now: datetime,
) -> None:
    told = json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)
    audit.append(db, actor, action, thing, now=now, content=told)
