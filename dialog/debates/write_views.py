"""Writing a post: the form, what it sends, what is kept of it until then, and taking it back."""

from typing import Any

from flask import (
    Response,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from dialog.core import clock, errors, languages, limits, web
from dialog.core import db as store
from dialog.debates import (
    before_sending,
    changes,
    commands,
    composing,
    drafting,
    heat,
    queries,
)
from dialog.debates.forms import EVERYONE, PostForm, kind_of, number
from dialog.debates.models import Origin, Post, PostKind, PostState
from dialog.debates.views import bp


@bp.get("/posts/<int:post_id>/reply")
def write(post_id: int) -> AnyResponse | str:
    """The form for a reply, on a page of its own or as a fragment under the post."""
    db, actor = store.session(), web.actor()
    parent, page = queries.access_post(db, actor, post_id)
    if not actor.signed_in:
        return web.to_sign_in(request.full_path.rstrip("?"))
    form = PostForm(kind=kind_of(request.args.get("kind")))
    begun = composing.begun(db, actor, parent, request.args.get("kept", ""))
    if begun:
        form.body = begun.body
        if "kind" not in request.args:  # whoever asks for a question form gets one
            form.kind = begun.kind
    template = "debates/_composer.html" if "fragment" in request.args else "debates/write.html"
    return render_template(template, **composing.composer(db, actor, page, parent, form))


@bp.post("/threads/<int:thread_id>/posts")
def create_post(thread_id: int) -> Any:
    form, actor = PostForm.sent(request), web.actor()
    parent_id = number(form.parent_id)
    if form.parent_id and parent_id is None:
        raise errors.NotFound("parent")
    if not actor.signed_in:
        return keep_for_sign_in(thread_id, parent_id, form)
    try:
        commands.checked_words(form.body, form.topic)  # a mistake costs nobody his turn
        composing.count_post(store.session(), actor, form)
        with store.transaction() as db:
            made = commands.post_reply(
                db,
                actor,
                thread_id=thread_id,
                parent_id=parent_id,
                body=form.body,
                kind=PostKind(form.kind),
                topic=form.topic,
                addressee_id=number(form.to),
                to_everyone=form.to == EVERYONE,
                as_office=form.as_office,
                idempotency_key=form.idempotency_key or None,
                now=clock.now(),
            )
    except errors.InvalidInput as refused:
        return _again(thread_id, parent_id, form, refused)
    except heat.Heated as refused:
        return _to_wait(thread_id, parent_id, form, refused)
    return _sent(made)


@bp.post("/posts/<int:post_id>/draft")
def save_draft(post_id: int) -> Any:
    actor = web.actor()
    limits.hit("draft", f"u{actor.id}")
    form = PostForm.sent(request)
    with store.transaction() as db:
        drafting.save_draft(
            db, actor, parent_id=post_id, body=form.body, kind=PostKind(form.kind), now=clock.now()
        )
    back = web.own_path(request.form.get("next"))
    if back is None:  # our own script, in the background
        return Response(status=204)
    flash(_("Din kladde er gemt."), "success")
    return redirect(back, 303)


@bp.route("/posts/<int:post_id>/withdraw", methods=["GET", "POST"])
def withdraw(post_id: int) -> AnyResponse | str:
    actor = web.actor()
    found, _page = queries.access_post(store.session(), actor, post_id)
    if found.author_id != actor.id or found.state is not PostState.VISIBLE or found.depth == 0:
        raise errors.NotFound("post")
    if found.origin is not Origin.ONLINE:
        raise errors.NotFound("post")  # said aloud: his slip takes it back, or he amends it
    if request.method == "GET":
        return render_template("debates/withdraw.html", post=found)
    with store.transaction() as db:
        commands.withdraw_post(db, actor, post_id=post_id, now=clock.now())
    flash(_("Du har trukket dit indlæg tilbage."), "success")
    return redirect(url_for("debates.post", post_id=post_id), 303)


def _sent(made: Post) -> Any:
    db = store.session()
    if web.wants_json():
        around = changes.around(db, made)
        return jsonify(changes.told(around, clock.now(), languages.locale())), 201
    flash(composing.thanks_for(db, made), "success")
    back = web.own_path(request.form.get("next"))
    return redirect(back or url_for("debates.post", post_id=made.id), 303)


def _again(
    thread_id: int, parent_id: int | None, form: PostForm, refused: errors.InvalidInput
) -> Any:
    if web.wants_json():
        return jsonify(error=" ".join(refused.fields.values()), fields=refused.fields), 422
    db, actor = store.session(), web.actor()
    page = queries.access_thread(db, actor, thread_id)
    parent = queries.post_by_id(db, parent_id) if parent_id else page.opening
    form.errors = refused.fields
    return render_template(
        "debates/write.html", **composing.composer(db, actor, page, parent, form)
    ), 422


def _to_wait(thread_id: int, parent_id: int | None, form: PostForm, refused: heat.Heated) -> Any:
    """The form again, its text kept, with the hour when these two may go on."""
    db, actor = store.session(), web.actor()
    page = queries.access_thread(db, actor, thread_id)
    parent = queries.post_by_id(db, parent_id) if parent_id else page.opening
    headers = {"Retry-After": str(refused.retry_after)}
    if web.wants_json():
        word = before_sending.word_on(page, refused.between, parent.depth + 1, clock.now())
        meeting = url_for("meetings.show", meeting_id=page.meeting.id)
        offered = meeting if word and word.offers_meeting else None
        return jsonify(error=word.text if word else "", meeting=offered), 429, headers
    context = composing.composer(db, actor, page, parent, form)
    return render_template("debates/write.html", **context), 429, headers


def keep_for_sign_in(thread_id: int, parent_id: int | None, form: PostForm) -> AnyResponse:
    """The way in for a visitor who has written: his text waits for him behind the sign-in."""
    page = queries.access_thread(store.session(), web.actor(), thread_id)
    parent = parent_id or page.opening.id
    if web.wants_json() or not form.body.strip():
        return web.to_sign_in(url_for("debates.write", post_id=parent, kind=form.kind))
    limits.hit("draft", limits.address())
    queries.access_post(store.session(), web.actor(), parent)
    with store.transaction() as db:
        kind = PostKind(form.kind)
        key = drafting.keep_text(db, parent_id=parent, body=form.body, kind=kind, now=clock.now())
    flash(_("Log ind for at sende. Din tekst er gemt imens."), "info")
    return web.to_sign_in(url_for("debates.write", post_id=parent, kept=key))
