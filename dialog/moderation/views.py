"""Hiding with a reason, and the log that everyone can read."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.core import clock, errors, web
from dialog.core import db as store
from dialog.debates import queries as debates
from dialog.debates.models import PostState
from dialog.duties import queries as duties
from dialog.moderation import commands, forms, queries

bp = Blueprint("moderation", __name__)


@bp.route("/posts/<int:post_id>/hide", methods=["GET", "POST"])
def hide(post_id: int) -> Response | str | tuple[str, int]:
    return _decide(post_id, PostState.VISIBLE, commands.hide_post, "moderation/hide.html")


@bp.route("/posts/<int:post_id>/restore", methods=["GET", "POST"])
def restore(post_id: int) -> Response | str | tuple[str, int]:
    return _decide(post_id, PostState.HIDDEN, commands.restore_post, "moderation/restore.html")


@bp.get("/moderation")
def log() -> str:
    before = request.args.get("before", type=int)
    return render_template(
        "moderation/log.html",
        decisions=queries.decisions(store.session(), before),
        page_length=queries.PAGE,
    )


def _decide(
    post_id: int, expected: PostState, command: commands.Decide, template: str
) -> Response | str | tuple[str, int]:
    actor = web.actor()
    post, page = debates.access_post(store.session(), actor, post_id)
    if post.state is not expected or post.depth == 0:
        raise errors.NotFound("post")
    duty = duties.duty_of(store.session(), post_id)
    contest = duty.contest_reason if duty else None
    form = forms.ReasonForm()
    if contest and form.what.data == "contest" and command is commands.hide_post:
        command = commands.hide_contest
    if form.validate_on_submit():
        try:
            with store.transaction() as db:
                command(db, actor, post_id=post_id, reason=form.reason.data or "", now=clock.now())
            flash(_("Det er gjort, og grunden kan læses af alle."), "success")
            return redirect(url_for("debates.post", post_id=post_id), 303)
        except errors.InvalidInput as refused:
            form.refuse(refused.fields)
    shown = render_template(template, post=post, page=page, form=form, contest=contest)
    return (shown, 422) if form.errors else shown
