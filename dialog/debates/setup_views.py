"""Where the comms chief makes threads and ties each to a meeting."""

from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import clock, errors, formats, web
from dialog.core import db as store
from dialog.debates import queries, setting_up
from dialog.debates.forms import MissingThreadsForm, ThreadForm
from dialog.debates.views import bp
from dialog.meetings import queries as meetings
from dialog.people import office_queries as offices


@bp.get("/set-up/<slug>/threads")
def edit_threads(slug: str) -> str:
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    form = MissingThreadsForm()
    form.meeting_id.choices = _meeting_choices(consultation)
    return render_template(
        "debates/edit_threads.html",
        consultation=consultation,
        threads=queries.threads_of(db, consultation.id),
        without=setting_up.proposals_without_thread(db, consultation.id),
        form=form,
        now=clock.now(),
    )


@bp.route("/set-up/<slug>/threads/new", methods=["GET", "POST"], defaults={"thread_id": None})
@bp.route("/set-up/<slug>/threads/<int:thread_id>", methods=["GET", "POST"])
def edit_thread(slug: str, thread_id: int | None) -> Response | str | tuple[str, int]:
    db, actor = store.session(), web.actor()
    consultation = consultations.access_consultation(db, actor, slug)
    page = setting_up.access_thread_of(db, actor, slug, thread_id) if thread_id else None
    form = _form(consultation, page)
    if request.method == "GET":
        return _show(consultation, page, form)
    if not form.validate():
        return _show(consultation, page, form), 422
    try:
        _save(consultation, page, form)
    except errors.InvalidInput as refused:
        form.refuse(refused.fields)
        return _show(consultation, page, form), 422
    flash(_("Tråden er gemt."), "success")
    return redirect(url_for("debates.edit_threads", slug=slug), 303)


@bp.post("/set-up/<slug>/threads/missing")
def create_missing(slug: str) -> Response:
    consultation = consultations.access_consultation(store.session(), web.actor(), slug)
    form = MissingThreadsForm()
    form.meeting_id.choices = _meeting_choices(consultation)
    if not form.validate():
        raise errors.InvalidInput({"meeting_id": _("Vælg det borgermøde, trådene hører til.")})
    with store.transaction() as db:
        made = setting_up.create_missing_threads(
            db,
            web.actor(),
            consultation_id=consultation.id,
            meeting_id=form.meeting_id.data,
            now=clock.now(),
        )
    flash(ngettext("%(num)s tråd er lavet.", "%(num)s tråde er lavet.", len(made)), "success")
    return redirect(url_for("debates.edit_threads", slug=slug), 303)


def _save(consultation: Consultation, page: queries.ThreadPage | None, form: ThreadForm) -> None:
    with store.transaction() as db:
        if page is None:
            setting_up.create_thread(
                db, web.actor(), consultation_id=consultation.id, **form.words(), now=clock.now()
            )
        else:
            setting_up.edit_thread(
                db,
                web.actor(),
                thread_id=page.thread.id,
                **form.words(),
                version=form.sent_version(),
                now=clock.now(),
            )


def _form(consultation: Consultation, page: queries.ThreadPage | None) -> ThreadForm:
    db = store.session()
    form = ThreadForm()
    form.meeting_id.choices = _meeting_choices(consultation)
    form.proposals.choices = [
        (one.id, f"{one.code} {one.title}") for one in setting_up.proposals(db, consultation.id)
    ]
    form.politicians.choices = [
        (one.id, f"{one.name} ({one.party})" if one.party else one.name)
        for one in offices.politicians(db)
    ]
    if page is not None and request.method == "GET":
        form.show(
            page,
            proposals=[one.id for one, _amount in queries.proposals_of(db, page.thread.id)],
            politicians=[one.user_id for one in queries.politicians_of(db, page.thread.id)],
        )
    return form


def _meeting_choices(consultation: Consultation) -> list[tuple[int, str]]:
    today = formats.day_of(clock.now())
    found = meetings.meetings(store.session(), consultation.id)
    return [(one.id, f"{_when(one.starts_at, today)}: {one.title}") for one in found]


def _when(moment: datetime, today: date) -> str:
    return formats.datetime_long(moment, str(get_locale()), today=today)


def _show(consultation: Consultation, page: queries.ThreadPage | None, form: ThreadForm) -> str:
    return render_template(
        "debates/edit_thread.html", consultation=consultation, page=page, form=form
    )
