"""Posts as the tree shows them, each made once for as long as it looks the same."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from dialog.core import clock, html, web
from dialog.core import db as store
from dialog.debates import queries
from dialog.debates.models import Post
from dialog.debates.tree import Row
from dialog.duties.models import Duty

KEPT = 20_000  # posts; about 40 MB

_Fragments = OrderedDict[tuple[object, ...], Markup]


def shown(row: Row, duties: Mapping[int, Duty], now: datetime, language: str) -> Markup:
    """The post of `row` without its replies. `language` is the one that is spoken right now.

    duties: by question. What is late turns at midnight, Danish time.
    """
    post = row.post
    key = (post.id, post.rev, row.level, language, _day(now), _meeting(post, now))
    fragments: _Fragments = current_app.extensions.setdefault("post_fragments", OrderedDict())
    made = fragments.get(key)
    if made is None:
        made = html.trusted(web.fragment("debates/_post.html", row=row, duties=duties, now=now))
        fragments[key] = made
        while len(fragments) > KEPT:
            fragments.popitem(last=False)
    return made


def _meeting(post: Post, now: datetime) -> tuple[datetime, bool] | None:
    """What a post says about the meeting it is on the agenda of: its day, and whether it was."""
    meeting = queries.meeting_of(store.session(), post) if post.at_meeting_id else None
    return (meeting.starts_at, meeting.ends_at <= now) if meeting else None


@lru_cache(maxsize=8)
def _day(now: datetime) -> date:
    return clock.local(now).date()
