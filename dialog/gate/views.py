"""The checklist before the opening, and the public page of the five rules."""

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog import rules
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput, NotReady
from dialog.duties import queries as duties
from dialog.gate import commands, forms, mending, queries, standing, words
from dialog.strategy import queries as strategy

bp = Blueprint("gate", __name__)

Page = Response | tuple[str, int] | str


@bp.app_template_global()
def set_up_steps(consultation: Consultation, here: str) -> list[tuple[str, str, str, bool]]:
    """The side list of the set-up, with the gate's word on each step."""
    verdicts = queries.verdicts(store.session(), consultation, clock.now())
    return mending.steps(consultation, verdicts, here)


@bp.get("/consultations/<slug>/rules", endpoint="rules")
def show_rules(slug: str) -> str:
    """The same verdicts for everyone, before and after the opening."""
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    shown = standings(consultation)
    return render_template(
        "gate/rules.html",
        consultation=consultation,
        standings=shown,
        counts=Counter(verdict.state for verdict, _since in shown),
        overrides=queries.overrides_of(db, consultation.id),
        plan=strategy.activities(db, consultation.id),
        words=words,
        now=clock.now(),
    )


def standings(consultation: Consultation) -> list[tuple[rules.Verdict, Any]]:
    """Each verdict with the day since when it stands, or None."""
    db = store.session()
    versions = consultations.basis_versions(db, consultation.id)
    return [
        (verdict, standing.since(verdict, consultation, versions))
        for verdict in queries.verdicts(db, consultation, clock.now())
    ]


@bp.get("/set-up/<slug>/gate")
def set_up(slug: str) -> Page:
    """What is in place and what is missing, rule by rule."""
    return _checklist(slug, forms.OverrideForm(), forms.DecisionForm())


@bp.post("/set-up/<slug>/open", endpoint="open")
def open_dialogue(slug: str) -> Page:
    """Opens the dialogue, or says what is missing."""
    try:
        with store.transaction() as db:
            commands.open_consultation(db, web.actor(), slug=slug, now=clock.now())
    except NotReady:
        flash(_("Dialogen kan ikke åbne endnu. Her kan du se, hvad der mangler."), "error")
        return redirect(url_for("gate.set_up", slug=slug), 303)
    flash(_("Dialogen er åben. Nu kan alle læse med og skrive."), "success")
    return redirect(url_for("consultations.show", slug=slug), 303)


@bp.post("/set-up/<slug>/overrides/<rule>")
def request_override(slug: str, rule: str) -> Page:
    """Asks a colleague to approve that a rule is set aside."""
    form = forms.OverrideForm()
    try:
        with store.transaction() as db:
            told: dict[str, Any] = {"rule": rule, "reason": form.reason.data or ""}
            commands.request_override(db, web.actor(), slug=slug, now=clock.now(), **told)
    except InvalidInput as error:
        form.refuse(error.fields)
        return _checklist(slug, form, forms.DecisionForm(formdata=None), asked_about=rule), 422
    flash(_("Nu skal en kollega godkende det."), "success")
    return redirect(url_for("gate.set_up", slug=slug), 303)


@bp.post("/set-up/<slug>/overrides/<rule>/approve")
def approve_override(slug: str, rule: str) -> Page:
    """The second person's yes."""
    try:
        with store.transaction() as db:
            commands.approve_override(db, web.actor(), slug=slug, rule=rule, now=clock.now())
    except InvalidInput as error:
        flash(" ".join(error.fields.values()), "error")
    else:
        flash(_("Fravigelsen er godkendt og står nu på den offentlige side."), "success")
    return redirect(url_for("gate.set_up", slug=slug), 303)


@bp.post("/set-up/<slug>/decide")
def decide(slug: str) -> Page:
    """Says what the council decided and ends the dialogue, once every answer is given."""
    form = forms.DecisionForm()
    try:
        with store.transaction() as db:
            told = {"slug": slug, "summary": form.summary.data or ""}
            commands.decide_consultation(db, web.actor(), now=clock.now(), **told)
    except InvalidInput as error:
        form.refuse(error.fields)
        return _checklist(slug, forms.OverrideForm(formdata=None), form), 422
    except NotReady:
        form.form_errors.append(_("Dialogen kan først afsluttes, når alle har fået svar."))
        return _checklist(slug, forms.OverrideForm(formdata=None), form), 409
    flash(_("Beslutningen er skrevet ind, og dialogen er afsluttet."), "success")
    return redirect(url_for("consultations.show", slug=slug), 303)


def _checklist(
    slug: str,
    override: forms.OverrideForm,
    decision: forms.DecisionForm,
    asked_about: str | None = None,
) -> str:
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    shown = standings(consultation)
    return render_template(
        "gate/set_up.html",
        consultation=consultation,
        checks=[(each, list(mending.todos(slug, each.findings))) for each, _since in shown],
        may_open=rules.may_open(tuple(verdict for verdict, _since in shown)),
        overrides=queries.overrides_of(db, consultation.id),
        open_duties=duties.open_count(db, consultation.id),
        override_form=override,
        decision_form=decision,
        asked_about=asked_about,
        words=words,
    )
