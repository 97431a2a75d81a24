"""Looking new questions through: take on, lay together, send elsewhere, turn down."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.consultations import queries as consultations
from dialog.core import clock, errors, web
from dialog.core import db as store
from dialog.core.forms import Form
from dialog.debates import alike, answering, triaging
from dialog.duties import queries as duties
from dialog.duties.models import DutyState
from dialog.pages import desk_queries, forms, waiting
from dialog.pages import triage_queries as queries
from dialog.pages.desk_queries import Owed
from dialog.pages.desk_steps import Act, Answer, step
from dialog.pages.views import bp
from dialog.people import again
from dialog.rules import promise

ALIKE = 3  # questions that one may be laid together with, suggested


@dataclass(frozen=True)
class Line:
    """A question in the queue, with its age and the ones it is like."""

    owed: Owed
    age: int  # working days since it was asked
    late: int
    goes_on_at: datetime  # by itself, if nobody looks before
    alike: list[Owed]


@bp.get("/triage")
def triage() -> str:
    """The queue; with `show=all` everything that waits."""
    db, now = store.session(), clock.now()
    shows_all = request.args.get("show") == "all"
    found = queries.waiting(db) if shows_all else queries.in_triage(db)
    recesses = duties.recess_days(db)
    dialogues = {each.duty.consultation_id for each in found}
    numbers = consultations.promises_numbers(db, dialogues)
    others = queries.could_lead(db, dialogues)
    return render_template(
        "pages/triage.html",
        lines=[
            Line(
                each,
                waiting.working_days(each.duty.opened_at, now, recesses),
                waiting.days_late(each.duty, recesses, now),
                promise.triage_ends_at(
                    each.duty.opened_at, numbers[each.duty.consultation_id], recesses
                ),
                _alike(each, others),
            )
            for each in found[: queries.PAGE]
        ],
        shows_all=shows_all,
        has_more=len(found) > queries.PAGE,
        most=queries.PAGE,
        now=now,
    )


@bp.post("/triage/<int:question_id>/take-on")
def take_on(question_id: int) -> Answer:
    """Lets the question through."""
    with store.transaction() as db:
        triaging.take_on_question(db, web.actor(), question_id=question_id, now=clock.now())
    flash(_("Spørgsmålet er set igennem og ligger hos den, der skal svare."), "success")
    return redirect(url_for("pages.triage"), 303)


@bp.route("/triage/<int:question_id>/merge", methods=["GET", "POST"])
def merge(question_id: int) -> Answer:
    """Lays it together with one that asks the same."""
    db = store.session()
    owed = queries.access_waiting(db, question_id)
    form = forms.MergeForm(into=request.args.get("into", "") if request.method == "GET" else None)

    def act(db: Session, now: datetime) -> object:
        into = form.into_id
        if into is None:
            raise errors.InvalidInput({"into": _("Sæt et link til spørgsmålet ind.")})
        return _merged(db, question_id, into, now)

    others = _alike(owed, queries.could_lead(db, [owed.duty.consultation_id]))
    return _step(owed, form, "merge", act, _("Spørgsmålene er lagt sammen."), others=others)


@bp.route("/triage/<int:question_id>/re-address", methods=["GET", "POST"])
def re_address(question_id: int) -> Answer:
    """To the politician whom it is really about."""
    owed, form = queries.access_waiting(store.session(), question_id), forms.HandOnForm()
    form.offer(desk_queries.who_can_take(store.session(), owed.duty))

    def act(db: Session, now: datetime) -> object:
        return answering.hand_on_question(
            db, web.actor(), question_id=question_id, to_id=form.to.data,
            reason=form.reason.data, now=now,
        )  # fmt: skip

    return _step(owed, form, "re_address", act, _("Spørgsmålet er sendt det rigtige sted hen."))


@bp.route("/triage/<int:question_id>/turn-down", methods=["GET", "POST"])
def turn_down(question_id: int) -> Answer:
    """With a reason that everyone can read; only before it is let through."""
    owed, form = queries.access_waiting(store.session(), question_id), forms.DeclineForm()
    if owed.duty.state is not DutyState.TRIAGE:
        raise errors.NotFound("question")

    def act(db: Session, now: datetime) -> object:
        return answering.decline_question(
            db, web.actor(), question_id=question_id, why=form.why, now=now
        )

    return _step(owed, form, "turn_down", act, _("Spørgsmålet er afvist, og grunden kan læses."))


@bp.route("/triage/<int:question_id>/postpone", methods=["GET", "POST"])
def postpone(question_id: int) -> Answer:
    """A later deadline, for a public reason. Asks for the password again."""
    owed, form = queries.access_waiting(store.session(), question_id), forms.PostponeForm()

    def act(db: Session, now: datetime) -> object:
        return answering.postpone_question(
            db, web.actor(), question_id=question_id, day=form.day.data,
            reason=form.reason.data, now=now,
        )  # fmt: skip

    if form.validate_on_submit():
        asked = again.stops(url_for("pages.postpone", question_id=question_id))
        if asked is not None:
            return asked
    return _step(owed, form, "postpone", act, _("Fristen er flyttet, og grunden kan læses."))


def _merged(db: Session, question_id: int, into_id: int, now: datetime) -> object:
    try:
        return triaging.merge_questions(
            db, web.actor(), question_id=question_id, into_id=into_id, now=now
        )
    except errors.NotFound as nothing:
        raise errors.InvalidInput({"into": _("Det spørgsmål findes ikke.")}) from nothing


def _step(owed: Owed, form: Form, name: str, act: Act, done: str, **more: object) -> Answer:
    return step(owed, form, name, act, done, back="pages.triage", **more)


def _alike(owed: Owed, others: list[Owed]) -> list[Owed]:
    by_id = {
        each.question.id: each
        for each in others
        if each.question.id != owed.question.id
        and each.duty.consultation_id == owed.duty.consultation_id
    }
    texts = ((id_, each.question.source) for id_, each in by_id.items())
    return [by_id[id_] for id_ in alike.most_alike(owed.question.source, texts, ALIKE)]
