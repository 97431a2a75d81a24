"""The agenda of a meeting as everyone reads it, and asking for a post to be taken up."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from dialog.agenda import candidates, point_queries, queries, suggesting
from dialog.agenda.point_queries import Point
from dialog.core import clock, formats, languages, limits, web
from dialog.core import db as store
from dialog.core.errors import NotFound
from dialog.debates import queries as debates
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting

bp = Blueprint("agenda", __name__)

limits.read_together("agenda.show")  # the way from paper to the phone leads here


@bp.app_template_filter("agenda_times")
def times(points: list[Point], meeting: Meeting) -> list[tuple[Point, datetime]]:
    """Each point with the moment it is planned for."""
    at, planned = meeting.starts_at, []
    for point in points:
        planned.append((point, at))
        at += timedelta(minutes=point.item.minutes)
    return planned


@bp.get("/meetings/<int:meeting_id>/agenda")
def show(meeting_id: int) -> str:
    """The points in order, the rule they were chosen by, and what was not chosen."""
    db, now = store.session(), clock.now()
    found = meetings.access_with_consultation(db, web.actor(), meeting_id)
    meeting = found.meeting
    waiting = candidates.still_owed(db, meeting, now, candidates.SHOWN + 1)
    points = point_queries.agenda(db, meeting_id, also_taken_off=True)
    return render_template(
        "agenda/show.html",
        meeting=meeting,
        consultation=found.consultation,
        points=[point for point in points if point.item.taken_off_at is None],
        taken_off=[point for point in points if point.item.taken_off_at is not None],
        rules=queries.rules(db, meeting_id),
        waiting=waiting[: candidates.SHOWN],
        has_more=len(waiting) > candidates.SHOWN,
        is_over=meetings.is_over(meeting, now),
        may_run=found.may_run,
        now=now,
    )


@bp.route("/posts/<int:post_id>/suggest", methods=["GET", "POST"])
def suggest(post_id: int) -> Any:
    """Asks the next meeting to take the post up, or no longer does."""
    db, actor, now = store.session(), web.actor(), clock.now()
    post, page = debates.access_post(db, actor, post_id)
    if post.depth == 0:
        raise NotFound("post")
    if request.method == "POST":
        return _change_suggestion(post_id, now)
    return render_template(
        "agenda/suggest.html",
        post=post,
        page=page,
        meeting=suggesting.meeting_for(db, page, now),
        standing=debates.meeting_of(db, post),
        is_suggested=suggesting.is_suggested_by(db, actor, post_id),
        now=now,
    )


def _change_suggestion(post_id: int, now: datetime) -> Response:
    actor = web.actor()
    with store.transaction() as db:
        if "take_back" in request.form:
            suggesting.take_back(db, actor, post_id=post_id, now=now)
            words = _("Du beder ikke længere om det på mødet.")
        else:
            meeting = suggesting.suggest(db, actor, post_id=post_id, now=now)
            day = formats.date_long(
                meeting.starts_at, languages.locale(), today=clock.local(now).date()
            )
            words = _("Dit ønske er sendt til dem, der leder borgermødet %(day)s.", day=day)
    flash(words, "success")
    return redirect(url_for("debates.post", post_id=post_id), 303)
