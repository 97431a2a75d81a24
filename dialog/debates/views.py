"""The public pages of the debate. They hold nothing about their reader, but for the forms."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from dialog.consultations import queries as consultations
from dialog.core import clock, errors, limits, web
from dialog.core import db as store
from dialog.debates import (
    before_sending,
    commands,
    drafting,
    filters,
    heat,
    queries,
    setting_up,
    showing,
)
from dialog.debates.forms import PostForm, kind_of, number, path
from dialog.debates.models import PostKind, PostState
from dialog.debates.queries import Order

bp = Blueprint("debates", __name__)
bp.record_once(lambda state: showing.register(state.app))

MOST_CHANGES = 200  # posts a page heals itself with; beyond that it loads anew


@bp.get("/consultations/<slug>/threads")
def threads(slug: str) -> str:
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    proposals = setting_up.proposals(db, consultation.id)
    about = showing.chosen_proposal(proposals)
    lines = queries.threads_of(db, consultation.id)
    return render_template(
        "debates/threads.html",
        consultation=consultation,
        proposals=proposals,
        about=about,
        threads=[one for one in lines if about is None or about.code in one.proposal_codes],
        now=clock.now(),
    )


@bp.get("/threads/<int:thread_id>")
def thread(thread_id: int) -> Response:
    page = queries.access_thread(store.session(), web.actor(), thread_id)
    start = _start(page.opening.child_count)
    if show := filters.chosen(request.args.get("show")):
        after = path(request.args.get("after", ""))
        return showing.neutral(page, "debates/filtered.html", showing.filtered_page, show, after)
    order = showing.chosen_order(request.args.get("order"))
    if order is Order.NEW:
        since = number(request.args.get("since", ""))
        return showing.neutral(page, "debates/thread.html", showing.news_page, since, start)
    return showing.neutral(page, "debates/thread.html", showing.thread_page, order, start)


@bp.get("/posts/<int:post_id>")
def post(post_id: int) -> AnyResponse:
    found, page = queries.access_post(store.session(), web.actor(), post_id)
    if found.depth == 0:
        return redirect(url_for("debates.thread", thread_id=page.thread.id))
    start = _start(found.child_count)
    return showing.neutral(page, "debates/post.html", showing.post_page, found, start)


@bp.get("/posts/<int:post_id>/replies")
def replies(post_id: int) -> Response:
    """More of a branch, as a fragment for a page that is already there."""
    found, page = queries.access_post(store.session(), web.actor(), post_id)
    start = number(request.args.get("start", "0")) or 0
    level = min(number(request.args.get("level", "2")) or 2, 51)
    return showing.neutral(page, "debates/_replies.html", showing.more_replies, found, start, level)


@bp.get("/threads/<int:thread_id>/since/<rev>")
def since(thread_id: int, rev: str) -> Response:
    """What changed after `rev`, so that an open page can heal itself."""
    if not (rev.isascii() and rev.isdigit()):
        raise errors.NotFound("rev")
    known = number(rev)
    db = store.session()
    page = queries.access_thread(db, web.actor(), thread_id)
    if request.if_none_match.contains(str(page.thread.rev)):
        return Response(status=304)
    # Of another store, or made up: there is nothing to heal from.
    is_ahead = known is None or known > page.thread.rev
    posts = [] if known is None else queries.changed_since(db, thread_id, known, MOST_CHANGES)
    answer = jsonify(
        rev=page.thread.rev,
        reload=is_ahead or len(posts) > MOST_CHANGES,
        posts=[showing.change_of(db, one) for one in posts[:MOST_CHANGES]],
    )
    answer.set_etag(str(page.thread.rev))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/threads/<int:thread_id>/reader")
def reader(thread_id: int) -> Response:
    """What belongs to the reader of a page that is the same for all."""
    db, actor = store.session(), web.actor()
    page = queries.access_thread(db, actor, thread_id)
    drafts = queries.drafts_in(db, thread_id, actor.id) if actor.id else []
    answer = jsonify(
        signed_in=actor.signed_in,
        name=actor.name,
        role=actor.role,
        own=queries.own_posts(db, page.thread.id, actor.id) if actor.id else [],
        drafts=[{"parent_id": one.parent_id, "body": one.body} for one in drafts],
        csrf_token=generate_csrf() if actor.signed_in else None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/posts/<int:post_id>/reply")
def write(post_id: int) -> AnyResponse | str:
    """The form for a reply, on a page of its own or as a fragment under the post."""
    db, actor = store.session(), web.actor()
    parent, page = queries.access_post(db, actor, post_id)
    if not actor.signed_in:
        return web.to_sign_in(request.full_path.rstrip("?"))
    form = PostForm(kind=kind_of(request.args.get("kind")))
    begun = showing.begun(db, actor, parent, request.args.get("kept", ""))
    if begun:
        form.body, form.kind = begun.body, begun.kind
    template = "debates/_composer.html" if "fragment" in request.args else "debates/write.html"
    return render_template(template, **showing.composer(db, actor, page, parent, form))


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
        showing.count_post(store.session(), actor, form)
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
                as_office=form.as_office,
                idempotency_key=form.idempotency_key or None,
                now=clock.now(),
            )
    except errors.InvalidInput as refused:
        return _again(thread_id, parent_id, form, refused)
    except heat.Heated as refused:
        return _to_wait(thread_id, parent_id, form, refused)
    return _sent(made.id, thread_id)


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
    if request.method == "GET":
        return render_template("debates/withdraw.html", post=found)
    with store.transaction() as db:
        commands.withdraw_post(db, actor, post_id=post_id, now=clock.now())
    flash(_("Du har trukket dit indlæg tilbage."), "success")
    return redirect(url_for("debates.post", post_id=post_id), 303)


def _start(count: int) -> int:
    """Where the reader wants to go on; beyond the end is the beginning, not an empty page."""
    start = number(request.args.get("start", "0")) or 0
    return start if start < count else 0


def _sent(post_id: int, thread_id: int) -> Any:
    made = queries.post_by_id(store.session(), post_id)
    if web.wants_json():
        page = queries.access_thread(store.session(), web.actor(), thread_id)
        return jsonify(**showing.change_of(store.session(), made), thread_rev=page.thread.rev), 201
    flash(showing.thanks_for(store.session(), made), "success")
    back = web.own_path(request.form.get("next"))
    return redirect(back or url_for("debates.post", post_id=post_id), 303)


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
        "debates/write.html", **showing.composer(db, actor, page, parent, form)
    ), 422


def _to_wait(thread_id: int, parent_id: int | None, form: PostForm, refused: heat.Heated) -> Any:
    """The form again, its text kept, with the hour when these two may go on."""
    db, actor = store.session(), web.actor()
    page = queries.access_thread(db, actor, thread_id)
    parent = queries.post_by_id(db, parent_id) if parent_id else page.opening
    headers = {"Retry-After": str(refused.retry_after)}
    if web.wants_json():
        word = before_sending.word_on(page, refused.between, parent.depth + 1, clock.now())
        return jsonify(error=word.text if word else ""), 429, headers
    context = showing.composer(db, actor, page, parent, form)
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
