"""What the debate's templates are given."""

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.catalogue.models import Proposal
from dialog.consultations import queries as consultations
from dialog.core import clock
from dialog.core.errors import NotFound
from dialog.debates import (
    filters,
    kept,
    queries,
    reading_queries,
    tree,
    voices,
)
from dialog.debates.filters import Show
from dialog.debates.models import Post, PostState
from dialog.debates.queries import ThreadPage
from dialog.debates.reading_queries import Order
from dialog.duties import queries as duties
from dialog.duties.models import Duty, DutyEvent


def thread_page(db: Session, page: ThreadPage, order: Order, start: int) -> dict[str, Any]:
    """What `debates/thread.html` shows."""
    rows = reading_queries.first_rows(db, page, order, start)
    left = reading_queries.branches_left(page, order, rows, start)
    return _tree_page(db, page, rows, order, start, left)


def news_page(db: Session, page: ThreadPage, since: int | None, start: int) -> dict[str, Any]:
    """The same with only the branches that hold something newer than `since`."""
    news = reading_queries.news_since(db, page, since)
    rows = reading_queries.news_rows(db, page, news, start)
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
        "duties": duties.duties_of(db, questions_of(hit.post for hit in hits)),
        "after": after,
        "next_after": hits[-1].post.path if len(found) > filters.HITS else "",
    }


def post_page(db: Session, page: ThreadPage, post: Post, start: int) -> dict[str, Any]:
    """What `debates/post.html` shows: the way down to the post, the post, its replies."""
    ancestors, rows = reading_queries.way_and_replies(db, post, start)
    shown = _roots_in(rows)
    for row in rows:
        row.level += 1
    owed = duties.duties_of(db, questions_of([post, *(row.post for row in rows)]))
    return _frame(db, page) | {
        "post": post,
        "focus": tree.Row(post, 1, parent=ancestors[-1] if ancestors else page.opening),
        "ancestors": ancestors,
        "place": reading_queries.place_of(page, [*ancestors, post]),
        "rows": rows,
        "duties": owed,
        "history": _history(db, post, owed.get(post.id)),
        "earlier": start > 0,
        "left": max(0, post.child_count - start - shown),
        "next_start": start + shown,
    }


def _history(db: Session, post: Post, duty: Duty | None) -> list[DutyEvent]:
    """What happened to what the post opened; the reasons go with its words when it is gone."""
    is_told = duty is not None and post.state is PostState.VISIBLE
    return duties.history(db, duty.id) if duty and is_told else []


def more_replies(
    db: Session, page: ThreadPage, post: Post, start: int, level: int
) -> dict[str, Any]:
    """What `debates/_replies.html` shows: further replies, at the level where they belong."""
    rows = reading_queries.reply_rows(db, post, start)
    shown = _roots_in(rows)
    for row in rows:
        row.level += level - 1
    return {
        "page": page,
        "post": post,
        "rows": rows,
        "duties": duties.duties_of(db, questions_of(row.post for row in rows)),
        "left": max(0, post.child_count - start - shown),
        "next_start": start + shown,
        "level": level,
    }


def chosen_order(name: str | None) -> Order:
    """The order in the address, or the default for anything unknown."""
    return Order(name) if name in set(Order) else reading_queries.DEFAULT_ORDER


def chosen_proposal(proposals: list[Proposal]) -> Proposal | None:
    """The proposal that the address names by its code; None if it names none.

    Raises: NotFound for a code that the consultation does not have.
    """
    code = request.args.get("proposal", "")
    found = next((one for one in proposals if one.code == code), None)
    if code and found is None:
        raise NotFound("proposal")
    return found


def _tree_page(
    db: Session, page: ThreadPage, rows: list[tree.Row], order: Order, start: int, left: int
) -> dict[str, Any]:
    return _frame(db, page) | {
        "rows": rows,
        "duties": duties.duties_of(db, questions_of(row.post for row in rows)),
        "order": order,
        "orders": _orders(),
        "shows": shows(),
        "start": start,
        "previous_start": max(0, start - reading_queries.ROOTS),
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
        "offices": offices_of(responsible),
    }


def offices_of(responsible: list[queries.Responsible]) -> dict[int, str]:
    return {one.user_id: one.office or voices.COUNCILLOR for one in responsible}


def questions_of(posts: Iterable[Post]) -> list[int]:
    return [post.id for post in posts if post.may_be_owed]


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
