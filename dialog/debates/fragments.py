"""Posts and branches as the tree shows them, each made once for as long as it looks the same."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from dialog.core import clock, html, web
from dialog.core import db as store
from dialog.debates import queries
from dialog.debates.models import Post
from dialog.debates.tree import Row
from dialog.duties.models import Duty
from dialog.meetings.models import Meeting

# How many of each are kept: about 40 MB of posts, and 20 MB of whole branches.
KEPT = {"_post": 20_000, "_branch": 1_000, "_line": 5_000, "_meeting": 500}

Fragments = OrderedDict[tuple[object, ...], Markup]


def shown(row: Row, duties: Mapping[int, Duty], now: datetime, language: str) -> Markup:
    """The post of `row` without its replies. `language` is the one that is spoken right now.

    duties: by question. What is late turns at midnight, Danish time.
    """
    key = (*_looks(row.post, now), row.level, language, _day(now))
    return _made("_post", key, row=row, duties=duties, now=now)


def branch(rows: Sequence[Row], duties: Mapping[int, Duty], now: datetime, language: str) -> Markup:
    """A post with everything below it that the page shows: most branches stay as they were."""
    seen = ((*_looks(row.post, now), row.level, row.more, row.first_unshown) for row in rows)
    return _made("_branch", (*seen, language, _day(now)), branch=rows, duties=duties, now=now)


def line(post: Post, duty: Duty | None, now: datetime, language: str) -> Markup:
    """A branch in the overview of its thread; `post` is its first one."""
    key = (*_looks(post, now), language, _day(now))
    return _made("_line", key, post=post, duty=duty, now=now)


def meeting(about: Meeting, now: datetime, language: str) -> Markup:
    """What the pages of a thread say of its meeting."""
    key = (about.id, about.version, about.ends_at <= now, language, _day(now))
    return _made("_meeting", key, meeting=about, now=now)


def _made(name: str, key: tuple[object, ...], **context: Any) -> Markup:
    kept: dict[str, Fragments] = current_app.extensions.setdefault("debate_fragments", {})
    fragments = kept.setdefault(name, OrderedDict())
    made = fragments.get(key)
    if made is None:
        made = html.trusted(web.fragment(f"debates/{name}.html", **context).strip())
        fragments[key] = made
        while len(fragments) > KEPT[name]:
            fragments.popitem(last=False)
    return made


def _looks(post: Post, now: datetime) -> tuple[object, ...]:
    return (post.id, post.rev, _meeting(post, now))


def _meeting(post: Post, now: datetime) -> tuple[datetime, bool] | None:
    """What a post says about the meeting it is on the agenda of: its day, and whether it was."""
    meeting = queries.meeting_of(store.session(), post) if post.at_meeting_id else None
    return (meeting.starts_at, meeting.ends_at <= now) if meeting else None


@lru_cache(maxsize=8)
def _day(now: datetime) -> date:
    return clock.local(now).date()
