"""Following a thread or a question: small pages of their own, and the same for our script."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from dialog.core import clock, errors, web
from dialog.core import db as store
from dialog.debates import queries
from dialog.debates.models import PostKind, PostState
from dialog.debates.views import bp
from dialog.notifications import following
from dialog.notifications import queries as notifications
from dialog.notifications.models import FollowState

_CHANGES = {
    FollowState.FOLLOWING: following.follow_thread,
    FollowState.LEFT: following.leave_thread,
    FollowState.MUTED: following.mute_thread,
}


@bp.route("/threads/<int:thread_id>/follow", methods=["GET", "POST"])
def follow(thread_id: int) -> Any:
    """How the reader stands to the thread, and what he can do about it."""
    db, actor = store.session(), web.actor()
    page = queries.access_thread(db, actor, thread_id)
    if request.method == "GET":
        state = notifications.stand_on(db, actor.id, thread_id)
        return render_template("debates/follow.html", page=page, state=state)
    state = _state(request.form.get("state", ""))
    with store.transaction() as writing:
        _CHANGES[state](writing, actor, thread_id=thread_id, now=clock.now())
    return _done(_told(state), url_for(".follow", thread_id=thread_id), state)


@bp.post("/threads/<int:thread_id>/mute")
def mute(thread_id: int) -> Any:
    """Ends the mails about a thread from the thread itself, by one click.

    Its page is the same for all and can hold no token. So the browser has to say that the form
    stood here; where it says nothing, the page that asks with a token comes first.
    """
    db, actor = store.session(), web.actor()
    queries.access_thread(db, actor, thread_id)
    asks = url_for(".follow", thread_id=thread_id)
    if not actor.signed_in:
        return web.to_sign_in(asks)
    if not web.is_sent_from_here():
        return redirect(asks, 303)
    with store.transaction() as writing:
        following.mute_thread(writing, actor, thread_id=thread_id, now=clock.now())
    return _done(_told(FollowState.MUTED), asks, FollowState.MUTED)


web.csrf.exempt(mute)


@bp.route("/posts/<int:post_id>/follow", methods=["GET", "POST"])
def follow_question(post_id: int) -> Any:
    """Whether the reader wants to hear of an answer."""
    db, actor = store.session(), web.actor()
    question, page = queries.access_post(db, actor, post_id)
    if question.kind is not PostKind.QUESTION or question.state is not PostState.VISIBLE:
        raise errors.NotFound("question")
    if request.method == "GET":
        follows = notifications.follows_question(db, actor.id or 0, post_id)
        return render_template(
            "debates/follow_question.html", page=page, question=question, follows=follows
        )
    state = _state(request.form.get("state", ""))
    follows = state is FollowState.FOLLOWING
    change = following.follow_question if follows else following.leave_question
    with store.transaction() as writing:
        change(writing, actor, question_id=post_id, now=clock.now())
    told = _("Du får en mail, når spørgsmålet er besvaret.") if follows else _told(FollowState.LEFT)
    return _done(told, url_for(".follow_question", post_id=post_id), state)


def _state(sent: str) -> FollowState:
    try:
        return FollowState(sent)
    except ValueError:
        raise errors.InvalidInput({"state": _("Vælg en af mulighederne.")}) from None


def _told(state: FollowState) -> str:
    return {
        FollowState.FOLLOWING: _("Du følger nu tråden. Er der nyt, står det i din daglige mail."),
        FollowState.LEFT: _("Du følger den ikke længere."),
        FollowState.MUTED: _("Mails om tråden er slået fra."),
    }[state]


def _done(told: str, back: str, state: FollowState) -> Any:
    if web.wants_json():
        return jsonify(state=state, said=told)
    flash(told, "success")
    return redirect(back, 303)
