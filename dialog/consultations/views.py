"""Setting up a consultation: its name, its course and its basis.

What everyone reads, the consultation and its basis, is put together in `pages.consultation`.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from dialog.consultations import commands, forms, numbers, queries
from dialog.consultations import course as courses
from dialog.consultations.models import Consultation, State
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput

bp = Blueprint("consultations", __name__)


@bp.app_template_test("open_for_speech")
def is_open_for_speech(consultation: Consultation) -> bool:
    """Whether contributions are taken at this moment."""
    return queries.speech_is_open(consultation, clock.now())


@bp.get("/set-up")
def index() -> str:
    """Every consultation, for those who set them up."""
    found = queries.consultations_by_state(store.session())
    return render_template("consultations/index.html", consultations=found)


@bp.route("/set-up/new", methods=["GET", "POST"])
def create() -> Response | tuple[str, int] | str:
    """A new draft, by name and kind."""
    form = forms.NewForm()
    if form.validate_on_submit():
        sent = {"title": form.title.data, "kind": form.kind.data, "slug": form.slug.data or ""}
        try:
            with store.transaction() as db:
                made = commands.create_consultation(db, web.actor(), now=clock.now(), **sent)
            return redirect(url_for("consultations.edit", slug=made.slug), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _page("create", form, None)


@bp.route("/set-up/<slug>", methods=["GET", "POST"])
def edit(slug: str) -> Response | tuple[str, int] | str:
    """The course: name, address and dates."""
    consultation = queries.access_consultation(store.session(), web.actor(), slug)
    form = forms.course_form(consultation)
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                saved = commands.edit_course(
                    db,
                    web.actor(),
                    slug=slug,
                    course=form.course(),
                    version=form.version.data,
                    now=clock.now(),
                )
            flash(_("Forløbet er gemt."), "success")
            return redirect(url_for("consultations.edit", slug=saved.slug), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _page("edit", form, consultation, latest=courses.latest_days(consultation))


@bp.route("/set-up/<slug>/numbers", methods=["GET", "POST"])
def edit_numbers(slug: str) -> Response | tuple[str, int] | str:
    """The numbers of the rules, where the law leaves room for a choice."""
    consultation = queries.access_consultation(store.session(), web.actor(), slug)
    if request.method == "GET":
        return _numbers_page(consultation, _numbers_kept(consultation), {})
    sent = {each.name: request.form.get(each.name, "").strip() for each in numbers.NUMBERS}
    wrong = {name: _("Skriv et helt tal.") for name, text in sent.items() if not _is_whole(text)}
    if wrong:
        return _numbers_page(consultation, sent, wrong), 422
    chosen = {name: int(text) if text else None for name, text in sent.items()}
    try:
        with store.transaction() as db:
            numbers.set_numbers(db, web.actor(), slug=slug, chosen=chosen, now=clock.now())
    except InvalidInput as error:
        return _numbers_page(consultation, sent, error.fields), 422
    flash(_("Tallene er gemt."), "success")
    return redirect(url_for("consultations.edit", slug=slug), 303)


def _numbers_kept(consultation: Consultation) -> dict[str, str]:
    kept = queries.rule_settings(store.session(), consultation.id)
    found = {each.name: getattr(kept, each.name, None) for each in numbers.NUMBERS}
    return {name: str(value) for name, value in found.items() if value is not None}


def _numbers_page(
    consultation: Consultation, sent: Mapping[str, str], wrong: Mapping[str, str]
) -> str:
    return render_template(
        "consultations/edit_numbers.html",
        consultation=consultation,
        numbers=numbers.numbers_for(consultation),
        sent=sent,
        errors=wrong,
    )


def _is_whole(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) < 5)


@bp.route("/set-up/<slug>/basis", methods=["GET", "POST"])
def edit_basis(slug: str) -> Response | tuple[str, int] | str:
    """The basis and its sources: one page, whose buttons say which `step` was taken."""
    consultation = queries.access_consultation(store.session(), web.actor(), slug)
    step = request.form.get("step", "")
    form = forms.basis_form(consultation, sent=step == "save")
    source = forms.source_form(sent=step == "add")
    try:
        if _is_kept(slug, step, form, source):
            return redirect(url_for("consultations.edit_basis", slug=slug), 303)
    except InvalidInput as error:
        (source if step == "add" else form).refuse(error.fields)
    found = queries.sources(store.session(), consultation.id)
    return _page("edit_basis", form, consultation, source=source, sources=found)


def _is_kept(slug: str, step: str, form: forms.BasisForm, source: forms.SourceForm) -> bool:
    """Whether something was sent, and kept."""
    sent: Any = {"save": form, "add": source}.get(step)
    if sent is not None and not sent.validate():
        return False
    take = {"save": _save_basis, "add": _add_source, "remove": _remove_source}.get(step)
    if take is None:
        return False
    with store.transaction() as db:
        take(db, slug, sent)
    flash(_("Grundlaget er gemt."), "success")
    return True


def _save_basis(db: Session, slug: str, form: Any) -> None:
    commands.edit_basis(
        db,
        web.actor(),
        slug=slug,
        basis=form.basis(),
        version=form.version.data,
        now=clock.now(),
    )


def _add_source(db: Session, slug: str, form: Any) -> None:
    commands.add_source(db, web.actor(), slug=slug, source=form.source(), now=clock.now())


def _remove_source(db: Session, slug: str, _form: Any) -> None:
    source_id = request.form.get("source_id", 0, type=int)
    commands.remove_source(db, web.actor(), slug=slug, source_id=source_id, now=clock.now())


def _page(
    name: str, form: Any, consultation: Consultation | None, **more: object
) -> tuple[str, int] | str:
    """The page of the form, as an error when it was sent and could not be kept."""
    is_draft = consultation is None or consultation.state is State.DRAFT
    page = render_template(
        f"consultations/{name}.html",
        form=form,
        consultation=consultation,
        is_draft=is_draft,
        **more,
    )
    return (page, 422) if form.is_submitted() else page
