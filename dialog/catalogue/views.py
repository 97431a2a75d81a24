"""Setting the catalogue up: proposals by hand, from a spreadsheet, and the schools.

What everyone reads, the catalogue and its proposals, is put together in `pages.proposals`.
"""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from dialog import permissions
from dialog.catalogue import commands, forms, imports, queries, spreadsheet
from dialog.catalogue.spreadsheet import CatalogueFileError
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, State
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.people import office_queries as offices
from dialog.permissions import Action

bp = Blueprint("catalogue", __name__)

MAX_FILE = 10 * 1024 * 1024  # bytes of a spreadsheet


@bp.url_value_preprocessor
def make_room_for_a_file(endpoint: str | None, _values: object) -> None:
    """Lets those who may import send a spreadsheet. Before the form is read: its token is in it."""
    wanted = endpoint == "catalogue.import_proposals"
    if wanted and permissions.may(web.actor().role, Action.SET_UP):
        request.max_content_length = MAX_FILE


@bp.get("/set-up/<slug>/proposals")
def edit_proposals(slug: str) -> str:
    """The catalogue, and what each proposal lacks."""
    consultation = _consultation(slug)
    rows = queries.priced_proposals(store.session(), consultation.id)
    year = queries.first_year(consultation, rows)
    total_tkr = queries.saving_tkr(rows, year) if year else None
    return render_template(
        "catalogue/edit_proposals.html",
        consultation=consultation,
        is_draft=consultation.state is State.DRAFT,
        rows=rows,
        year=year,
        total_tkr=total_tkr,
    )


@bp.route("/set-up/<slug>/proposals/new", methods=["GET", "POST"], defaults={"proposal_id": None})
@bp.route("/set-up/<slug>/proposals/<int:proposal_id>", methods=["GET", "POST"])
def edit_proposal(slug: str, proposal_id: int | None) -> Response | tuple[str, int] | str:
    """One proposal, new or old."""
    consultation = _consultation(slug)
    found = _priced(consultation, proposal_id)
    first_year = _first_form_year(consultation, found)
    form = forms.proposal_form(found, first_year)
    committees = [(each.id, each.name) for each in offices.committees(store.session())]
    form.offer(committees, first_year)
    if form.validate_on_submit():
        try:
            _save_proposal(consultation.id, proposal_id, form)
            flash(_("Forslaget er gemt."), "success")
            return redirect(url_for(".edit_proposals", slug=slug), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    return _page("edit_proposal", consultation, form, found=found)


@bp.route("/set-up/<slug>/proposals/import", methods=["GET", "POST"])
def import_proposals(slug: str) -> Response | tuple[str, int] | str:
    """A whole catalogue from a spreadsheet: all of it, or nothing and every problem in words."""
    consultation = _consultation(slug)
    form = forms.ImportForm()
    problems: list[str] = []
    if form.validate_on_submit():
        commands.check_draft(consultation)
        try:
            done = _import(consultation.id, form)
            flash(_told(done), "success")
            return redirect(url_for(".edit_proposals", slug=slug), 303)
        except CatalogueFileError as error:
            problems = imports.sentences(error.problems)
    return _page("import_proposals", consultation, form, problems=problems)


@bp.route("/set-up/<slug>/schools", methods=["GET", "POST"])
def edit_schools(slug: str) -> Response | tuple[str, int] | str:
    """The schools of a structure; `?school=` fills the form with one of them."""
    consultation = _consultation(slug)
    school_id = request.args.get("school", type=int)
    db = store.session()
    school = queries.school_of(db, consultation.id, school_id) if school_id else None
    if request.form.get("step") == "remove":
        _remove_school(consultation.id, school_id)
        return redirect(url_for(".edit_schools", slug=slug), 303)
    form = forms.SchoolForm(obj=school)
    if form.validate_on_submit():
        try:
            _save_school(consultation.id, school_id, form)
            return redirect(url_for(".edit_schools", slug=slug), 303)
        except InvalidInput as error:
            form.refuse(error.fields)
    found = queries.schools(db, consultation.id)
    return _page("edit_schools", consultation, form, school=school, schools=found)


def _consultation(slug: str) -> Consultation:
    return consultations.access_consultation(store.session(), web.actor(), slug)


def _priced(consultation: Consultation, proposal_id: int | None) -> queries.PricedProposal | None:
    if proposal_id is None:
        return None
    db = store.session()
    return queries.priced_proposal(db, queries.proposal_of(db, consultation.id, proposal_id))


def _first_form_year(consultation: Consultation, found: queries.PricedProposal | None) -> int:
    """The first of the years in the form: those the proposal has, else those of the budget."""
    own = min(found.amounts, default=None) if found else None
    decision: date = consultation.decision_on or clock.local(clock.now()).date()
    return own or consultation.budget_year or decision.year + 1


def _save_proposal(consultation_id: int, proposal_id: int | None, form: forms.ProposalForm) -> None:
    who, now, content = web.actor(), clock.now(), form.content()
    with store.transaction() as db:
        if proposal_id is None:
            commands.create_proposal(
                db, who, consultation_id=consultation_id, content=content, now=now
            )
        else:
            commands.edit_proposal(
                db,
                who,
                proposal_id=proposal_id,
                content=content,
                version=form.version.data,
                now=now,
            )


def _import(consultation_id: int, form: forms.ImportForm) -> imports.Imported:
    found = spreadsheet.read_catalogue(form.file.data.read(), unit=form.unit.data or None)
    with store.transaction() as db:
        return imports.import_catalogue(
            db,
            web.actor(),
            consultation_id=consultation_id,
            catalogue_file=found,
            now=clock.now(),
        )


def _told(done: imports.Imported) -> str:
    """What the import did, in a sentence or two."""
    told = [
        ngettext("1 nyt forslag.", "%(num)s nye forslag.", done.added),
        ngettext("1 er rettet.", "%(num)s er rettet.", done.changed),
        ngettext("1 er som før.", "%(num)s er som før.", done.unchanged),
    ]
    counts = (done.added, done.changed, done.unchanged)
    parts = [_("Filen er læst ind:"), *(text for text, n in zip(told, counts, strict=True) if n)]
    if done.committees:
        parts.append(
            ngettext(
                "1 udvalg er oprettet. Giv det en formand under Personer.",
                "%(num)s udvalg er oprettet. Giv dem en formand under Personer.",
                len(done.committees),
            )
        )
    return " ".join(parts)


def _save_school(consultation_id: int, school_id: int | None, form: forms.SchoolForm) -> None:
    with store.transaction() as db:
        commands.save_school(
            db,
            web.actor(),
            consultation_id=consultation_id,
            school_id=school_id,
            content=form.content(),
            now=clock.now(),
        )
    flash(_("Skolen er gemt."), "success")


def _remove_school(consultation_id: int, school_id: int | None) -> None:
    with store.transaction() as db:
        commands.remove_school(
            db,
            web.actor(),
            consultation_id=consultation_id,
            school_id=school_id or 0,
            now=clock.now(),
        )
    flash(_("Skolen er fjernet."), "success")


def _page(
    name: str, consultation: Consultation, form: Any, **more: object
) -> tuple[str, int] | str:
    """The page of the form, as an error when it was sent and could not be kept."""
    page = render_template(
        f"catalogue/{name}.html",
        consultation=consultation,
        is_draft=consultation.state is State.DRAFT,
        form=form,
        **more,
    )
    return (page, 422) if form.is_submitted() else page
