"""The pages where the plan is written."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.strategy import commands, forms, queries
from dialog.strategy.models import Phase
from dialog.strategy.words import PHASES

bp = Blueprint("strategy", __name__)

Page = Response | tuple[str, int] | str


@bp.route("/set-up/<slug>/strategy", methods=["GET", "POST"])
def edit(slug: str) -> Page:
    """Purpose, audiences, owner, and under them the activities and the targets."""
    consultation = _access(slug)
    db = store.session()
    strategy = queries.strategy_of(db, consultation.id)
    form = forms.StrategyForm(obj=strategy, version=strategy.version if strategy else 0)
    if form.validate_on_submit():
        told: dict[str, Any] = {"plan": form.plan(), "version": form.version.data}
        with store.transaction() as writing:
            commands.edit_strategy(writing, web.actor(), slug=slug, now=clock.now(), **told)
        return _back(slug)
    found = queries.activities(db, consultation.id)
    kpis = queries.kpi_targets(db, consultation.id)
    page = render_template(
        "strategy/edit.html",
        form=form,
        consultation=consultation,
        phases=[(phase, [a for a in found if a.phase is phase]) for phase in Phase],
        phase_words=PHASES,
        kpis=kpis,
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/set-up/<slug>/strategy/activities/new", methods=["GET", "POST"])
@bp.route("/set-up/<slug>/strategy/activities/<int:activity_id>", methods=["GET", "POST"])
def edit_activity(slug: str, activity_id: int | None = None) -> Page:
    """One activity, new or known."""
    consultation = _access(slug)
    known = activity_id and queries.activity(store.session(), consultation.id, activity_id)
    form = forms.ActivityForm(obj=known or None, phase=request.args.get("phase"))
    if form.validate_on_submit():
        try:
            told: dict[str, Any] = {"step": form.step(), "activity_id": activity_id}
            with store.transaction() as db:
                commands.save_activity(db, web.actor(), slug=slug, now=clock.now(), **told)
            return _back(slug)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _form_page("strategy/edit_activity.html", form, consultation, activity=known)


@bp.post("/set-up/<slug>/strategy/activities/<int:activity_id>/delete")
def delete_activity(slug: str, activity_id: int) -> Response:
    """Takes an activity out of the plan."""
    with store.transaction() as db:
        commands.delete_activity(
            db, web.actor(), slug=slug, activity_id=activity_id, now=clock.now()
        )
    return _back(slug)


@bp.route("/set-up/<slug>/strategy/kpi/new", methods=["GET", "POST"])
@bp.route("/set-up/<slug>/strategy/kpi/<int:kpi_id>", methods=["GET", "POST"])
def edit_kpi(slug: str, kpi_id: int | None = None) -> Page:
    """One target, new or known."""
    consultation = _access(slug)
    known = kpi_id and queries.kpi_target(store.session(), consultation.id, kpi_id)
    form = forms.KpiForm(obj=known or None)
    if form.validate_on_submit():
        try:
            told: dict[str, Any] = {"kpi": form.kpi(), "kpi_id": kpi_id}
            with store.transaction() as db:
                commands.save_kpi(db, web.actor(), slug=slug, now=clock.now(), **told)
            return _back(slug)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _form_page("strategy/edit_kpi.html", form, consultation, kpi=known)


@bp.post("/set-up/<slug>/strategy/kpi/<int:kpi_id>/delete")
def delete_kpi(slug: str, kpi_id: int) -> Response:
    """Takes a target out of the plan."""
    with store.transaction() as db:
        commands.delete_kpi(db, web.actor(), slug=slug, kpi_id=kpi_id, now=clock.now())
    return _back(slug)


def _access(slug: str) -> Consultation:
    return consultations.access_consultation(store.session(), web.actor(), slug)


def _back(slug: str) -> Response:
    flash(_("Planen er gemt."), "success")
    return redirect(url_for("strategy.edit", slug=slug), 303)


def _form_page(template: str, form: Any, consultation: Consultation, **known: object) -> Page:
    page = render_template(template, form=form, consultation=consultation, **known)
    return (page, 422) if form.is_submitted() else page
