"""What those who want an answer can say: me too, thank you, and that it was none."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.consultations import queries as consultations
from dialog.core import clock, errors, web
from dialog.core import db as store
from dialog.debates import answering, queries, supporting
from dialog.debates.forms import ContestForm
from dialog.debates.models import Post, PostKind, PostState
from dialog.debates.queries import ThreadPage
from dialog.debates.views import bp
from dialog.duties import asking
from dialog.duties import queries as duties
from dialog.duties.models import DutyState
from dialog.people import queries as people
from dialog.permissions import Action, Actor, may

Answer = Response | str | tuple[str, int]


@bp.route("/posts/<int:post_id>/support", methods=["GET", "POST"])
def support(post_id: int) -> Answer:
    """Stands behind a question, or no longer."""
    db, actor, now = store.session(), web.actor(), clock.now()
    question, page = _question(post_id)
    if request.method == "POST":
        return _support(question, ends=bool(request.form.get("end")))
    count = duties.support_counts(db, [post_id]).get(post_id, 0)
    return render_template(
        "debates/support.html",
        question=question,
        is_own=question.author_id == actor.id,
        is_citizen=may(actor.role, Action.SUPPORT),
        is_open=consultations.speech_is_open(page.consultation, now),
        supports=post_id in duties.supports_of(db, actor.id or 0, [post_id]),
        count=supporting.shown_count(question.created_at, count, now),
        counts=_counts(),
        duty=duties.duty_of(db, post_id),
        numbers=consultations.promise_numbers(db, page.consultation.id),
        now=now,
    )


@bp.route("/posts/<int:post_id>/answered", methods=["GET", "POST"])
def was_answered(post_id: int) -> Answer:
    """Whether the one who asked got his answer. Yes as often as he likes, no only once."""
    db, actor = store.session(), web.actor()
    question, _page = _question(post_id)
    if question.author_id != actor.id:
        raise errors.NotFound("question")
    form = ContestForm()
    if request.method == "POST":
        try:
            return _say(post_id, form, is_answered=request.form.get("answered") == "yes")
        except errors.InvalidInput as refused:
            form.reason.errors = list(refused.fields.values())
    duty = duties.duty_of(db, post_id)
    page = render_template(
        "debates/was_answered.html",
        question=question,
        duty=duty,
        answer=queries.post_by_id(db, duty.answer_id) if duty and duty.answer_id else None,
        may_contest=duty is not None and asking.may_contest(duty),
        may_accept=duty is not None and duty.state is DutyState.ANSWERED,
        form=form,
        now=clock.now(),
    )
    return page, 422 if form.errors else 200


@bp.get("/posts/<int:post_id>/answered-with")
def answered_with(post_id: int) -> Response:
    """To the question that this one is answered together with."""
    db = store.session()
    queries.access_post(db, web.actor(), post_id)
    duty = duties.duty_of(db, post_id)
    head = duties.duty_by_id(db, duty.merged_into_id) if duty and duty.merged_into_id else None
    if head is None:
        raise errors.NotFound("question")
    return redirect(url_for("debates.post", post_id=head.question_id))


def _question(post_id: int) -> tuple[Post, ThreadPage]:
    post, page = queries.access_post(store.session(), web.actor(), post_id)
    if post.kind is not PostKind.QUESTION or post.state is not PostState.VISIBLE:
        raise errors.NotFound("question")
    return post, page


def _support(question: Post, *, ends: bool) -> Response:
    actor, now = web.actor(), clock.now()
    command = supporting.withdraw_support if ends else supporting.support_question
    try:
        _demand_citizen(actor)
        with store.transaction() as db:
            count = command(db, actor, post_id=question.id, now=now)
    except errors.InvalidInput as refused:
        if web.wants_json():
            raise
        flash(" ".join(refused.fields.values()), "info")
        return redirect(url_for("debates.post", post_id=question.id), 303)
    if web.wants_json():
        count_now = supporting.shown_count(question.created_at, count, now)
        return jsonify(supports=not ends, count=count_now, said=_told(ends=ends))
    flash(_told(ends=ends), "success")
    return redirect(url_for("debates.post", post_id=question.id), 303)


def _demand_citizen(actor: Actor) -> None:
    """Nothing, for a citizen. Raises: InvalidInput; everyone sees the link, and is told why."""
    if not may(actor.role, Action.SUPPORT):
        raise errors.InvalidInput({"support": _("Kun borgere kan stå bag et spørgsmål.")})


def _told(*, ends: bool) -> str:
    if ends:
        return _("Du støtter ikke længere spørgsmålet.")
    if _counts():
        return _("Du vil også have svar.")
    return _("Du vil også have svar. Det tæller med, når du er verificeret borger.")


def _counts() -> bool:
    """Whether the reader's support counts: that he lives here has been shown."""
    writer = people.writer(store.session(), web.actor().id or 0)
    return writer is not None and writer.verified


def _say(post_id: int, form: ContestForm, *, is_answered: bool) -> Response:
    actor, now = web.actor(), clock.now()
    with store.transaction() as db:
        if is_answered:
            answering.accept_answer(db, actor, question_id=post_id, now=now)
        else:
            answering.contest_answer(
                db, actor, question_id=post_id, reason=form.reason.data or "", now=now
            )
    flash(_("Tak. Det står nu ved spørgsmålet.") if is_answered
          else _("Spørgsmålet er åbent igen, og politikeren har fået en kortere frist."),
          "success")  # fmt: skip
    return redirect(url_for("debates.post", post_id=post_id), 303)
