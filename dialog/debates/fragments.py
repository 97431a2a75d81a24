"""Posts as the tree shows them, each made once for as long as it looks the same."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from dialog.core import clock, html, web
from dialog.debates.tree import Row
from dialog.duties.models import Duty

KEPT = 20_000  # posts; about 40 MB

_Fragments = OrderedDict[tuple[object, ...], Markup]


def shown(row: Row, duties: Mapping[int, Duty], now: datetime, language: str) -> Markup:
    """The post of `row` without its replies. `language` is the one that is spoken right now.

    duties: by question. What is late turns at midnight, Danish time.
    """
    post = row.post
    key = (post.id, post.rev, row.level, language, _day(now))
    fragments: _Fragments = current_app.extensions.setdefault("post_fragments", OrderedDict())
    made = fragments.get(key)
    if made is None:
        made = html.trusted(web.fragment("debates/_post.html", row=row, duties=duties, now=now))
        fragments[key] = made
        while len(fragments) > KEPT:
            fragments.popitem(last=False)
    return made


@lru_cache(maxsize=8)
def _day(now: datetime) -> date:
    return clock.local(now).date()
