"""How a page that serves everyone is answered, and the filters of its templates."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request, session
from flask.sansio.app import App
from markupsafe import Markup

from dialog.catalogue import summary
from dialog.consultations import queries as consultations
from dialog.core import clock, html, languages
from dialog.core import db as store
from dialog.debates import (
    fragments,
    page_cache,
    queries,
    tree,
)
from dialog.debates.models import Post
from dialog.debates.queries import ThreadPage
from dialog.duties import queries as duties
from dialog.duties.models import Duty
from dialog.meetings.models import Meeting
from dialog.rules import promise

Builder = Callable[..., dict[str, Any]]


def register(app: App) -> None:
    """Lends the debate's few filters to the templates."""
    app.add_template_filter(_post_html, "post_html")
    app.add_template_filter(html.excerpt, "excerpt")
    app.add_template_filter(_flipped, "flipped")
    app.add_template_filter(lambda amounts: summary.headline(dict(amounts)), "headline")
    app.add_template_filter(_post_fragment, "post_fragment")
    app.add_template_filter(_branch_fragment, "branch_fragment")
    app.add_template_filter(_line_fragment, "line_fragment")
    app.add_template_filter(tree.branches, "branches")
    app.add_template_filter(_at_meeting, "at_meeting")
    app.add_template_filter(_capitalize_first, "capitalize_first")
    app.add_template_filter(_working_days_to, "working_days_to")
    app.add_template_filter(_working_days_late, "working_days_late")


def neutral(page: ThreadPage, template: str, builder: Builder, *args: Any) -> Response:
    """A page that is the same for every reader, with an ETag that any visible change turns."""
    now = clock.now()
    if "_flashes" in session:
        return _for_one_reader(page, template, builder, *args)
    tag = page_cache.tag_of(_state(page, now), languages.locale(), now)
    if request.if_none_match.contains(tag):
        answer = Response(status=304)
    else:
        context = builder(store.session(), page, *args)
        answer = make_response(render_template(template, reader=None, now=now, **context))
    answer.set_etag(tag)
    public = consultations.is_public(page.consultation)
    answer.headers["Cache-Control"] = "no-cache" if public else "no-store"
    return answer


def _for_one_reader(page: ThreadPage, template: str, builder: Builder, *args: Any) -> Response:
    """The page with what its reader has just done above it. It is told once, and kept nowhere."""
    context = builder(store.session(), page, *args)
    answer = make_response(render_template(template, now=clock.now(), **context))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _state(page: ThreadPage, now: datetime) -> page_cache.State:
    closes_at = page.consultation.closes_at
    return (
        page.thread.rev,
        page.site_rev,
        page.consultation.state.value,
        int(closes_at is None or closes_at > now),
        int(page.meeting.ends_at > now),
    )


def _post_fragment(row: tree.Row, duties_by_question: dict[int, Duty], now: datetime) -> Markup:
    return fragments.shown(row, duties_by_question, now, languages.locale())


def _branch_fragment(
    rows: Sequence[tree.Row], duties_by_question: dict[int, Duty], now: datetime
) -> Markup:
    return fragments.branch(rows, duties_by_question, now, languages.locale())


def _line_fragment(post: Post, duty: Duty | None, now: datetime) -> Markup:
    return fragments.line(post, duty, now, languages.locale())


def _at_meeting(post: Post) -> Meeting | None:
    return queries.meeting_of(store.session(), post) if post.at_meeting_id else None


def _post_html(post: Post) -> Markup:
    return html.trusted(post.html)


def _flipped(amounts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The amounts as the page draws them: a saving points up, though accounts say minus."""
    return [(year, -amount) for year, amount in amounts]


def _capitalize_first(words: str | None) -> str:
    return words[:1].upper() + words[1:] if words else ""


def _working_days_to(start: datetime, end: datetime) -> int:
    first, last = clock.local(start).date(), clock.local(end).date()
    return promise.working_days_between(first, last, duties.recess_days(store.session()))


def _working_days_late(due_at: datetime, now: datetime) -> int:
    return promise.working_days_late(due_at, now, duties.recess_days(store.session()))
