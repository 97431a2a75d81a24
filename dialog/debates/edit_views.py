"""Looking before one sends, mending what was sent, and what was mended."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from dialog.core import clock, errors, html, limits, web
from dialog.core import db as store
from dialog.debates import (
    before_sending,
    commands,
    composing,
    differing,
    editing,
    queries,
    write_views,
    writing_queries,
)
from dialog.debates.forms import PostForm, number
from dialog.debates.models import Post, PostState, PostVersion
from dialog.debates.views import bp
from dialog.duties import queries as duties

VERSIONS = 10  # on a page

Versions = list[tuple[PostVersion, list[differing.Piece]]]


@bp.post("/posts/<int:post_id>/preview")
def preview(post_id: int) -> Any:
    """The form again with its text as it will look, or that alone for our own script."""
    form, actor, db = PostForm.sent(request), web.actor(), store.session()
    parent, page = queries.access_post(db, actor, post_id)
    if not actor.signed_in:
        return write_views.keep_for_sign_in(page.thread.id, parent.id, form)
    limits.hit("preview", f"u{actor.id}")
    seen = _seen(page.thread.id, form)
    template = "debates/_look.html" if "fragment" in request.args else "debates/write.html"
    context = composing.composer(db, actor, page, parent, form)
    return render_template(template, **context | seen), 422 if form.errors else 200


@bp.post("/threads/<int:thread_id>/similar")
def similar(thread_id: int) -> str:
    """Questions like the one that is being written, as a fragment; empty when there are none."""
    form, actor, db = PostForm.sent(request), web.actor(), store.session()
    limits.hit("preview", f"u{actor.id}")
    page = queries.access_thread(db, actor, thread_id)
    return render_template("debates/_similar.html", **_similar(page.thread.id, form))


@bp.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
def edit_post(post_id: int) -> Any:
    actor, now = web.actor(), clock.now()
    post, page = queries.access_post(store.session(), actor, post_id)
    if request.method == "GET":
        editing.demand_editable(actor, post, page, now)
        return _edit_page(post, PostForm(body=post.source), post.edition)
    form, edition = PostForm.sent(request), number(request.form.get("edition", ""))
    try:
        if "look" in request.form:
            editing.demand_editable(actor, post, page, now)
            return _edit_page(post, form, edition, preview=before_sending.rendered(form))
        _count_edit(post, form)
        with store.transaction() as db:
            editing.edit_post(db, actor, post_id=post_id, body=form.body, edition=edition, now=now)
    except errors.InvalidInput as refused:
        form.errors = refused.fields
        return _edit_page(post, form, edition), 422
    flash(_("Dit indlæg er rettet."), "success")
    return redirect(url_for("debates.post", post_id=post_id), 303)


@bp.get("/posts/<int:post_id>/versions")
def versions(post_id: int) -> str:
    """What a post said before, and what each edit changed. A tombstone shows no text."""
    db = store.session()
    post, page = queries.access_post(db, web.actor(), post_id)
    if post.depth == 0:
        raise errors.NotFound("opening")
    before = number(request.args.get("before", ""))
    kept = []
    if post.state is PostState.VISIBLE:
        kept = writing_queries.versions_of(db, post_id, VERSIONS + 1, before)
    return render_template(
        "debates/versions.html",
        post=post,
        page=page,
        versions=_with_changes(kept)[:VERSIONS],
        older_than=kept[VERSIONS - 1].number if len(kept) > VERSIONS else None,
        free_minutes=int(editing.FREE_FOR.total_seconds() // 60),
    )


def _seen(thread_id: int, form: PostForm) -> dict[str, Any]:
    try:
        shown = before_sending.rendered(form)
    except errors.InvalidInput as refused:
        form.errors = refused.fields
        return {}
    return {"preview": shown} | _similar(thread_id, form)


def _similar(thread_id: int, form: PostForm) -> dict[str, Any]:
    db = store.session()
    found = before_sending.similar(db, thread_id, form)
    owed = duties.duties_of(db, [one.id for one in found])
    return {"similar": found, "similar_duties": owed, "now": clock.now()}


def _edit_page(post: Post, form: PostForm, edition: int | None, **more: Any) -> str:
    return render_template(
        "debates/edit_post.html",
        post=post,
        form=form,
        edition=edition,
        is_free=editing.is_free(post, clock.now()),
        free_until=post.created_at + editing.FREE_FOR,
        longest=commands.LONGEST_POST,
        **more,
    )


def _count_edit(post: Post, form: PostForm) -> None:
    """Counts an edit against its writer's limit, if its words can be taken at all.

    Raises: TooMany, InvalidInput.
    """
    commands.checked_words(form.body, "")
    name = "edit_free" if editing.is_free(post, clock.now()) else "edit"
    limits.hit(name, f"u{web.actor().id}")


def _with_changes(kept: list[PostVersion]) -> Versions:
    """Each version with what it changed in the one before; nothing for the first."""
    older: list[PostVersion | None] = [*kept[1:], None]
    return [
        (
            one,
            differing.word_diff(html.plain(before.source), html.plain(one.source))
            if before
            else [],
        )
        for one, before in zip(kept, older, strict=False)
    ]
