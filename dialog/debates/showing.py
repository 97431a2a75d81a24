"""What the debate's templates are given, and how a page that serves everyone is answered."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request, session
from flask.sansio.app import App
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from dialog.catalogue import summary
from dialog.catalogue.models import Proposal
from dialog.consultations import queries as consultations
from dialog.core import clock, html, languages, limits
from dialog.core import db as store
from dialog.core.errors import NotFound
from dialog.debates import (
    before_sending,
    filters,
    fragments,
    kept,
    live,
    page_cache,
    queries,
    tree,
    voices,
)
from dialog.debates.filters import Show
from dialog.debates.forms import PostForm
from dialog.debates.models import Draft, KeptText, Post, PostKind, PostState
from dialog.debates.queries import Order, ThreadPage
from dialog.duties import queries as duties
from dialog.duties.models import Duty
from dialog.people import queries as people
from dialog.people.models import User
from dialog.permissions import Action, Actor, Role, may
from dialog.rules import promise

NEW_ACCOUNT = 24 * 60 * 60  # seconds; a new account writes slower (promises C.3)

Builder = Callable[..., dict[str, Any]]


def register(app: App) -> None:
    """Lends the debate's few filters to the templates."""
    app.add_template_filter(_post_html, "post_html")
    app.add_template_filter(html.excerpt, "excerpt")
    app.add_template_filter(_flipped, "flipped")
    app.add_template_filter(lambda amounts: summary.headline(dict(amounts)), "headline")
    app.add_template_filter(_post_fragment, "post_fragment")
    app.add_template_filter(_capitalize_first, "capitalize_first")
    app.add_template_filter(_working_days_to, "working_days_to")
    app.add_template_filter(promise.working_days_late, "working_days_late")


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


def thread_page(db: Session, page: ThreadPage, order: Order, start: int) -> dict[str, Any]:
    """What `debates/thread.html` shows."""
    rows = queries.first_rows(db, page, order, start)
    left = queries.branches_left(page, order, rows, start)
    return _tree_page(db, page, rows, order, start, left)


def news_page(db: Session, page: ThreadPage, since: int | None, start: int) -> dict[str, Any]:
    """The same with only the branches that hold something newer than `since`."""
    news = queries.news_since(db, page, since)
    rows = queries.news_rows(db, page, news, start)
    left = max(0, len(news.branches) - start - _roots_in(rows))
    return _tree_page(db, page, rows, Order.NEW, start, left) | {"news": news, "since": since}


def filtered_page(db: Session, page: ThreadPage, show: Show, after: str) -> dict[str, Any]:
    """What `debates/filtered.html` shows: each hit with the way down to it."""
    found = filters.shown_posts(db, page.thread.id, show, after)
    hits = filters.hits_of(db, found[: filters.HITS])
    return {
        "page": page,
        "show": show,
        "shows": shows(),
        "hits": hits,
        "duties": duties.duties_of(db, _questions(hit.post for hit in hits)),
        "after": after,
        "next_after": hits[-1].post.path if len(found) > filters.HITS else "",
    }


def post_page(db: Session, page: ThreadPage, post: Post, start: int) -> dict[str, Any]:
    """What `debates/post.html` shows: the way down to the post, the post, its replies."""
    ancestors = queries.ancestors_of(db, post)
    rows = queries.reply_rows(db, post, start)
    shown = _roots_in(rows)
    for row in rows:
        row.level += 1
    return _frame(db, page) | {
        "post": post,
        "focus": tree.Row(post, 1, parent=ancestors[-1] if ancestors else page.opening),
        "ancestors": ancestors,
        "place": queries.place_of(page, [*ancestors, post]),
        "rows": rows,
        "duties": duties.duties_of(db, _questions([post, *(row.post for row in rows)])),
        "earlier": start > 0,
        "left": max(0, post.child_count - start - shown),
        "next_start": start + shown,
    }


def more_replies(
    db: Session, page: ThreadPage, post: Post, start: int, level: int
) -> dict[str, Any]:
    """What `debates/_replies.html` shows: further replies, at the level where they belong."""
    rows = queries.reply_rows(db, post, start)
    shown = _roots_in(rows)
    for row in rows:
        row.level += level - 1
    return {
        "page": page,
        "post": post,
        "rows": rows,
        "duties": duties.duties_of(db, _questions(row.post for row in rows)),
        "left": max(0, post.child_count - start - shown),
        "next_start": start + shown,
        "level": level,
    }


def composer(
    db: Session, actor: Actor, page: ThreadPage, parent: Post, form: PostForm
) -> dict[str, Any]:
    """What the form needs to know of its writer."""
    voice = voices.voice_of(db, actor, page) if may(actor.role, Action.WRITE) else None
    grand = queries.parents_of(db, [parent])
    responsible = queries.politicians_of(db, page.thread.id)
    return {
        "page": page,
        "parent": parent,
        "focus": tree.Row(parent, max(1, parent.depth), parent=grand.get(parent.parent_id or 0)),
        "duties": duties.duties_of(db, _questions([parent])),
        "responsible": responsible,
        "offices": _offices(db, responsible),
        "may_ask": actor.role is Role.CITIZEN and bool(responsible),
        "kinds": _kinds(bool(responsible)) if actor.role is Role.CITIZEN else [],
        "is_politician": actor.role is Role.POLITICIAN,
        "office": voice.title if voice and voice.title != voices.COUNCILLOR else None,
        "form": form,
        "may_write": may(actor.role, Action.WRITE),
        "notice": _notice(db, actor, page, parent, {one.user_id for one in responsible}),
        "now": clock.now(),
    }


def begun(db: Session, actor: Actor, parent: Post, key: str) -> Draft | KeptText | None:
    """What the reader has already written under a post, here or before he signed in."""
    kept = queries.kept_text(db, key)
    if kept is not None and kept.parent_id == parent.id:
        return kept
    drafts = queries.drafts_in(db, parent.thread_id, actor.id) if actor.id else []
    return next((draft for draft in drafts if draft.parent_id == parent.id), None)


def change_of(db: Session, post: Post) -> dict[str, Any]:
    """A new or changed post as the live page takes it in."""
    parents = queries.parents_of(db, [post])
    return {
        "id": post.id,
        "parent_id": post.parent_id,
        "rev": post.rev,
        "created_rev": post.created_rev,
        "depth": post.depth,
        "gone": post.state is not PostState.VISIBLE,
        "html": _alone(post, parents.get(post.parent_id or 0)) if post.depth else "",
    }


def _alone(post: Post, parent: Post | None) -> str:
    return live.fragment(post, parent, languages.locale())


def chosen_order(name: str | None) -> Order:
    """The order in the address, or the default for anything unknown."""
    return Order(name) if name in set(Order) else queries.DEFAULT_ORDER


def chosen_proposal(proposals: list[Proposal]) -> Proposal | None:
    """The proposal that the address names by its code; None if it names none.

    Raises: NotFound for a code that the consultation does not have.
    """
    code = request.args.get("proposal", "")
    found = next((one for one in proposals if one.code == code), None)
    if code and found is None:
        raise NotFound("proposal")
    return found


def thanks_for(db: Session, post: Post) -> str:
    """What a writer is told when the text is in the tree."""
    parent = queries.parents_of(db, [post]).get(post.parent_id or 0)
    if parent is None or parent.depth == 0 or parent.author_id in (None, post.author_id):
        return _("Dit indlæg er sendt. Alle kan læse det nu.")
    return _("Dit svar er sendt. %(name)s har fået besked.", name=parent.author_name)


def count_post(db: Session, actor: Actor, form: PostForm) -> None:
    """Counts a post against its writer's limit; one sent before is not counted again.

    Raises: TooMany.
    """
    user = db.get(User, actor.id) if actor.id else None
    if user is None or (
        form.idempotency_key and queries.post_with_key(db, user.id, form.idempotency_key)
    ):
        return
    is_new = (clock.now() - user.created_at).total_seconds() < NEW_ACCOUNT
    limits.hit("post_new_account" if is_new else "post", f"u{user.id}")


def _notice(
    db: Session, actor: Actor, page: ThreadPage, parent: Post, answerers: set[int]
) -> before_sending.Notice | None:
    may_owe = actor.role is Role.POLITICIAN and actor.id in {parent.addressee_id, *answerers}
    if parent.awaits_answer and may_owe:
        return None  # what is owed never waits
    return before_sending.notice_of(db, actor, page, parent, clock.now())


def _tree_page(
    db: Session, page: ThreadPage, rows: list[tree.Row], order: Order, start: int, left: int
) -> dict[str, Any]:
    return _frame(db, page) | {
        "rows": rows,
        "duties": duties.duties_of(db, _questions(row.post for row in rows)),
        "order": order,
        "orders": _orders(),
        "shows": shows(),
        "start": start,
        "previous_start": max(0, start - queries.ROOTS),
        "left": left,
        "next_start": start + _roots_in(rows),
    }


def _roots_in(rows: list[tree.Row]) -> int:
    return sum(row.level == 1 and not row.is_more for row in rows)


def _frame(db: Session, page: ThreadPage) -> dict[str, Any]:
    about = kept.head(db, page.thread.id, page.site_rev, lambda: _about(db, page.thread.id))
    is_open = consultations.speech_is_open(page.consultation, clock.now())
    return about | {"page": page, "is_open": is_open}


def _about(db: Session, thread_id: int) -> dict[str, Any]:
    """What stands above a tree and changes with none of its posts."""
    responsible = queries.politicians_of(db, thread_id)
    return {
        "proposals": queries.proposals_of(db, thread_id),
        "responsible": responsible,
        "offices": _offices(db, responsible),
    }


def _offices(db: Session, responsible: list[queries.Responsible]) -> dict[int, str]:
    if len(responsible) == 1:
        title = people.office_title(db, responsible[0].user_id, None)
        return {responsible[0].user_id: title or voices.COUNCILLOR}
    ids = {one.user_id for one in responsible}
    all_of_them = people.politicians(db) if ids else []  # two queries, however many they are
    return {
        one.id: one.offices[0].words if one.offices else voices.COUNCILLOR
        for one in all_of_them
        if one.id in ids
    }


def _questions(posts: Iterable[Post]) -> list[int]:
    return [post.id for post in posts if post.addressee_id is not None]


def _orders() -> list[tuple[str, str]]:
    return [
        (Order.WAITING, _("Mangler svar")),
        (Order.NEWEST, _("Nyeste")),
        (Order.OLDEST, _("Ældste")),
        (Order.ANSWERS, _("Svar fra politikere")),
    ]


def shows() -> list[tuple[Show, str]]:
    """The filters in the order they are offered."""
    return [
        (Show.QUESTION, _("Spørgsmål til politikere")),
        (Show.UNANSWERED, _("Ubesvarede spørgsmål")),
        (Show.ANSWERS, _("Svar fra politikere")),
        (Show.EXPERIENCE, _("Erfaringer")),
        (Show.ARGUMENT_FOR, _("Argumenter for")),
        (Show.ARGUMENT_AGAINST, _("Argumenter imod")),
        (Show.ALTERNATIVE, _("Andre forslag")),
        (Show.CORRECTION, _("Fejl i tal")),
    ]


def _kinds(may_ask: bool) -> list[tuple[PostKind, str]]:
    """What a citizen can say that his text is."""
    kinds = [
        (PostKind.COMMENT, _("En kommentar")),
        (PostKind.QUESTION, _("Et spørgsmål, som en politiker skal svare på")),
        (PostKind.EXPERIENCE, _("En erfaring")),
        (PostKind.ARGUMENT_FOR, _("Et argument for")),
        (PostKind.ARGUMENT_AGAINST, _("Et argument imod")),
        (PostKind.ALTERNATIVE, _("Et andet forslag")),
        (PostKind.CORRECTION, _("En fejl i et tal")),
    ]
    return [(kind, label) for kind, label in kinds if may_ask or kind is not PostKind.QUESTION]


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


def _post_html(post: Post) -> Markup:
    return html.trusted(post.html)


def _flipped(amounts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The amounts as the page draws them: a saving points up, though accounts say minus."""
    return [(year, -amount) for year, amount in amounts]


def _capitalize_first(words: str | None) -> str:
    return words[:1].upper() + words[1:] if words else ""


def _working_days_to(start: datetime, end: datetime) -> int:
    return promise.working_days_between(clock.local(start).date(), clock.local(end).date())
