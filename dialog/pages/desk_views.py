"""The desk of whoever owes answers, and the answer that is given there."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from dialog.core import clock, errors, limits, web
from dialog.core import db as store
from dialog.debates import commands as debates
from dialog.debates import composing, drafting, preparing, promising, triaging
from dialog.debates.models import Post, PostKind
from dialog.pages import chief as chiefs
from dialog.pages import desk as desks
from dialog.pages import desk_queries as queries
from dialog.pages.forms import PROMISES, AnswerForm
from dialog.pages.views import bp
from dialog.people import again
from dialog.permissions import Actor, Role

Answer = AnyResponse | str | tuple[str, int]


@bp.get("/desk")
def desk() -> str:
    """What waits for the reader: his questions, or what is due for those who run the dialogues."""
    db, now, actor = store.session(), clock.now(), web.actor()
    own = desks.own_desk(db, actor, now)
    if actor.role is Role.COMMS_CHIEF:
        return render_template(
            "pages/chief.html",
            desk=chiefs.chiefs_desk(db, now),
            own=own,
            now=now,
            today=clock.local(now).date(),
            most_todos=chiefs.TODOS,
        )
    first = own.first
    chosen = desks.question_of(db, actor, first.question_id, now, own) if first else None
    return _desk_page(own, chosen, AnswerForm(), is_list=True)


@bp.get("/desk/<int:question_id>")
def desk_question(question_id: int) -> str:
    """One question with what was said round it, ready to be answered."""
    db, now, actor = store.session(), clock.now(), web.actor()
    own = desks.own_desk(db, actor, now)
    chosen = desks.question_of(db, actor, question_id, now, own)
    return _desk_page(own, chosen, AnswerForm(), is_list=False)


@bp.post("/desk/<int:question_id>/answer")
def answer(question_id: int) -> Answer:
    """The answer in the thread, with what it promises and the questions it answers as well.

    One that is built on a secretary's draft is published by the politician himself alone.
    """
    form, actor, db = AnswerForm.sent(request), web.actor(), store.session()
    owed = queries.access_owed(db, actor, question_id)
    if actor.role is Role.SECRETARY:
        raise errors.NotFound("question")
    try:
        debates.checked_words(form.post.body, "")  # a mistake costs nobody his turn
        helper = _helper(db, question_id, form.post.body)
        if helper is not None and not again.is_fresh():
            _keep(actor, question_id, form.post.body)
            asked = again.stops(url_for("pages.answer", question_id=question_id))
            if asked is not None:
                return asked
        composing.count_post(store.session(), actor, form.post)
        with store.transaction() as db:
            _publish(db, actor, owed, form, helper, clock.now())
    except errors.InvalidInput as refused:
        return _again(question_id, form, refused)
    flash(_thanks(form), "success")
    return redirect(url_for("pages.desk"), 303)


@bp.post("/desk/<int:question_id>/draft")
def prepare(question_id: int) -> Answer:
    """A secretary's draft, for the politician to find on his desk."""
    limits.hit("draft", f"u{web.actor().id}")
    with store.transaction() as db:
        draft = preparing.prepare_answer(
            db,
            web.actor(),
            question_id=question_id,
            body=request.form.get("body", ""),
            now=clock.now(),
        )
    flash(_("Udkastet ligger klar hos politikeren.") if draft else _("Udkastet er taget væk."),
          "success")  # fmt: skip
    return redirect(url_for("pages.desk_question", question_id=question_id), 303)


def _publish(
    db: Session,
    actor: Actor,
    owed: queries.Owed,
    form: AnswerForm,
    helper: int | None,
    now: datetime,
) -> Post:
    """The answer, or what came of a promise."""
    question_id = owed.question.id
    if owed.duty.promise_kind is not None:
        return promising.keep_promise(
            db, actor, answer_id=question_id, body=form.post.body, now=now
        )
    made = triaging.answer_together(
        db,
        actor,
        question_ids=[question_id, *form.others],
        body=form.post.body,
        as_office=form.post.as_office,
        idempotency_key=form.post.idempotency_key or None,
        now=now,
    )
    if form.pledge is not None and made.is_answer:
        promising.make_promise(db, actor, answer_id=made.id, pledge=form.pledge, now=now)
    if helper is not None:
        preparing.note_help(db, actor, question_id=question_id, prepared_by=helper, now=now)
    return made


def _helper(db: Session, question_id: int, body: str) -> int | None:
    """The secretary on whose draft the answer is built, or None."""
    drafts = queries.prepared_for(db, question_id)
    return next((one.by_id for one in drafts if preparing.is_built_on(body, one.body)), None)


def _keep(actor: Actor, question_id: int, body: str) -> None:
    with store.transaction() as db:
        drafting.save_draft(
            db, actor, parent_id=question_id, body=body, kind=PostKind.COMMENT, now=clock.now()
        )


def _again(question_id: int, form: AnswerForm, refused: errors.InvalidInput) -> tuple[str, int]:
    """The page with everything that was written, and what is wrong with it."""
    db, now, actor = store.session(), clock.now(), web.actor()
    form.errors = refused.fields
    own = desks.own_desk(db, actor, now)
    chosen = desks.question_of(db, actor, question_id, now, own)
    return _desk_page(own, chosen, form, is_list=False), 422


def _thanks(form: AnswerForm) -> str:
    if form.others:
        return _("Dit svar er sendt, og alle, der spurgte, får besked.")
    return _("Dit svar er sendt. Alle kan læse det i tråden.")


def _desk_page(
    own: desks.OwnDesk, chosen: desks.Question | None, form: AnswerForm, *, is_list: bool
) -> str:
    return render_template(
        "pages/desk.html",
        desk=own,
        chosen=chosen,
        form=form,
        promises=PROMISES,
        is_list=is_list,  # on a phone the list and the question are two pages
        now=clock.now(),
        today=clock.local(clock.now()).date(),
        longest=debates.LONGEST_POST,
        is_fresh=again.is_fresh(),
    )
