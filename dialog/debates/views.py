"""The public pages of the debate. They hold nothing about their reader, but for the forms."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from dialog.consultations import queries as consultations
from dialog.core import clock, errors, languages, web
from dialog.core import db as store
from dialog.debates import (
    changes,
    filters,
    queries,
    reading_queries,
    serving,
    setting_up,
    showing,
    supporting,
    telling_queries,
)
from dialog.debates.forms import number, path
from dialog.debates.models import Draft, Post, PostState
from dialog.debates.reading_queries import Order
from dialog.notifications import queries as notifications

bp = Blueprint("debates", __name__)
bp.record_once(lambda state: serving.register(state.app))

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
        return serving.neutral(page, "debates/filtered.html", showing.filtered_page, show, after)
    order = showing.chosen_order(request.args.get("order"))
    if order is Order.NEW:
        since = number(request.args.get("since", ""))
        return serving.neutral(page, "debates/thread.html", showing.news_page, since, start)
    return serving.neutral(page, "debates/thread.html", showing.thread_page, order, start)


@bp.get("/posts/<int:post_id>")
def post(post_id: int) -> AnyResponse:
    found, page = queries.access_post(store.session(), web.actor(), post_id)
    if found.depth == 0:
        return redirect(url_for("debates.thread", thread_id=page.thread.id))
    start = _start(found.child_count)
    return serving.neutral(page, "debates/post.html", showing.post_page, found, start)


@bp.get("/posts/<int:post_id>/replies")
def replies(post_id: int) -> Response:
    """More of a branch, as a fragment for a page that is already there."""
    found, page = queries.access_post(store.session(), web.actor(), post_id)
    start = number(request.args.get("start", "0")) or 0
    level = min(number(request.args.get("level", "2")) or 2, 51)
    return serving.neutral(page, "debates/_replies.html", showing.more_replies, found, start, level)


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
    posts = (
        [] if known is None else reading_queries.changed_since(db, thread_id, known, MOST_CHANGES)
    )
    answer = jsonify(
        rev=page.thread.rev,
        reload=is_ahead or len(posts) > MOST_CHANGES,
        thread=changes.totals(page.thread, page.opening),
        meeting=changes.meeting(page.meeting, clock.now(), languages.locale()),
        posts=changes.missed(db, posts[:MOST_CHANGES], clock.now(), languages.locale()),
    )
    answer.set_etag(str(page.thread.rev))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/threads/<int:thread_id>/reader")
def reader(thread_id: int) -> Response:
    """What belongs to the reader of a page that is the same for all."""
    db, actor, now = store.session(), web.actor(), clock.now()
    page = queries.access_thread(db, actor, thread_id)
    begun = queries.begun_in(db, thread_id, actor.id) if actor.id else []
    answer = jsonify(
        signed_in=actor.signed_in,
        name=actor.name,
        role=actor.role,
        own=queries.own_posts(db, page.thread.id, actor.id) if actor.id else [],
        drafts=[_begun(draft, answered) for draft, answered in begun],
        follow=notifications.stand_on(db, actor.id, thread_id),
        questions=telling_queries.followed_questions(db, thread_id, actor.id) if actor.id else [],
        may_support=supporting.may_support(actor, page, now),
        supports=supporting.support_seen(db, actor, thread_id, now),
        csrf_token=generate_csrf() if actor.signed_in else None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _begun(draft: Draft, answered: Post) -> dict[str, Any]:
    """A draft, and whom it answers: nobody where that is the thread, or cannot be read."""
    is_shown = answered.depth > 0 and answered.state is PostState.VISIBLE
    to = answered.author_name if is_shown else ""
    return {"parent_id": draft.parent_id, "body": draft.body, "to": to}


def _start(count: int) -> int:
    """Where the reader wants to go on; beyond the end is the beginning, not an empty page."""
    start = number(request.args.get("start", "0")) or 0
    return start if start < count else 0
