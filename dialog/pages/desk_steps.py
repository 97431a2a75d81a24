"""What else one can do with a question than answer it: one small page for each."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from dialog.consultations import queries as consultations
from dialog.core import clock, errors, web
from dialog.core import db as store
from dialog.core.forms import Form
from dialog.debates import answering, promising
from dialog.duties import handling
from dialog.duties.models import DeclineCode, PauseCause
from dialog.pages import desk_queries as queries
from dialog.pages import forms
from dialog.pages.views import bp

Answer = Response | str | tuple[str, int]
Act = Callable[[Session, datetime], object]


@bp.post("/desk/<int:question_id>/acknowledge")
def acknowledge(question_id: int) -> Answer:
    """Says that it has been seen."""
    with store.transaction() as db:
        answering.acknowledge_question(db, web.actor(), question_id=question_id, now=clock.now())
    flash(_("Den, der spurgte, kan nu se, at du har set det. Fristen er den samme."), "success")
    return redirect(url_for("pages.desk_question", question_id=question_id), 303)


@bp.post("/desk/<int:question_id>/take-back")
def take_back(question_id: int) -> Answer:
    """Brings it back from the administration."""
    with store.transaction() as db:
        answering.give_back_question(db, web.actor(), question_id=question_id, now=clock.now())
    flash(_("Spørgsmålet ligger på dit bord igen."), "success")
    return redirect(url_for("pages.desk_question", question_id=question_id), 303)


@bp.route("/desk/<int:question_id>/hand-on", methods=["GET", "POST"])
def hand_on(question_id: int) -> Answer:
    """To another politician, by the same deadline."""
    owed = _own(question_id)
    form = forms.HandOnForm()
    form.offer(queries.who_can_take(store.session(), owed.duty))

    def act(db: Session, now: datetime) -> object:
        return answering.hand_on_question(
            db, web.actor(), question_id=question_id, to_id=form.to.data,
            reason=form.reason.data, now=now,
        )  # fmt: skip

    done = _("Spørgsmålet er givet videre. Fristen er den samme.")
    return step(owed, form, "hand_on", act, done)


@bp.route("/desk/<int:question_id>/decline", methods=["GET", "POST"])
def decline(question_id: int) -> Answer:
    """With a reason for everyone to read."""
    owed = _own(question_id)
    see = request.args.get("see", "") if request.method == "GET" else ""
    form = forms.DeclineForm(see=see, code=DeclineCode.ANSWERED_HERE.value if see else None)

    def act(db: Session, now: datetime) -> object:
        return answering.decline_question(
            db, web.actor(), question_id=question_id, why=form.why, now=now
        )

    return step(owed, form, "decline", act, _("Spørgsmålet er afvist, og grunden kan læses."))


@bp.route("/desk/<int:question_id>/give-up", methods=["GET", "POST"])
def give_up_promise(question_id: int) -> Answer:
    """Says that a promise cannot be kept, and why."""
    owed, form = _own(question_id, is_promise=True), forms.GiveUpForm()

    def act(db: Session, now: datetime) -> object:
        return promising.give_up_promise(
            db, web.actor(), answer_id=question_id, reason=form.reason.data, now=now
        )

    done = _("Alle kan nu læse, hvorfor løftet ikke kan holdes.")
    return step(owed, form, "give_up_promise", act, done)


@bp.route("/desk/<int:question_id>/facts", methods=["GET", "POST"])
def ask_for_facts(question_id: int) -> Answer:
    """From the administration; the clock stands meanwhile."""
    owed, form = _own(question_id), forms.FactsForm()

    def act(db: Session, now: datetime) -> object:
        return answering.ask_for_facts(
            db, web.actor(), question_id=question_id, reason=form.reason.data,
            until=form.until.data, now=now,
        )  # fmt: skip

    done = _("Forvaltningen har fået besked.")
    return step(owed, form, "ask_for_facts", act, done, days_left=_days_left(owed))


@bp.route("/desk/<int:question_id>/pause", methods=["GET", "POST"])
def pause(question_id: int) -> Answer:
    """Stops the clock, for a reason that everyone can read."""
    owed, form = _own(question_id), forms.PauseForm()

    def act(db: Session, now: datetime) -> object:
        return answering.pause_question(
            db, web.actor(), question_id=question_id, reason=form.reason.data,
            until=form.until.data, cause=PauseCause(form.cause.data), now=now,
        )  # fmt: skip

    done = _("Uret står stille, og grunden kan læses.")
    return step(owed, form, "pause", act, done, days_left=_days_left(owed))


def step(
    owed: queries.Owed,
    form: Form,
    name: str,
    act: Act,
    done: str,
    *,
    back: str = "pages.desk",
    **more: object,
) -> Answer:
    """The page of one step with `more` on it; when it is taken, `back` with the word `done`."""
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                act(db, clock.now())
            flash(done, "success")
            return redirect(url_for(back), 303)
        except errors.InvalidInput as refused:
            form.refuse(refused.fields)
    page = render_template(f"pages/{name}.html", owed=owed, form=form, now=clock.now(), **more)
    return page, 422 if form.errors else 200


def _days_left(owed: queries.Owed) -> int:
    """The working days that its clock can still be stopped."""
    numbers = consultations.promise_numbers(store.session(), owed.duty.consultation_id)
    return max(0, numbers.pause_working_days - owed.duty.paused_days)


def _own(question_id: int, *, is_promise: bool = False) -> queries.Owed:
    """The question or the promise, while the reader himself owes it. Raises: NotFound, TooLate."""
    actor = web.actor()
    owed = queries.access_owed(store.session(), actor, question_id)
    if owed.duty.holder_id != actor.id or handling.is_promise(owed.duty) is not is_promise:
        raise errors.NotFound("question")
    if not owed.duty.is_open:
        raise errors.TooLate(_("Her skyldes der ikke længere et svar. Hent siden igen."))
    return owed
