"""News for many: written down once with its cause, and told one batch after another.

So whoever causes it waits for one row, not for a thousand inboxes. An audience is named by the
room that knows who belongs to it.
"""

import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from dialog.core import jobs
from dialog.core.db import Database
from dialog.mail import standing
from dialog.mail.standing import About
from dialog.notifications import commands, kinds, queries
from dialog.notifications.models import Announcement

BATCH = 50  # people told in one transaction

Audience = Callable[[Session, int, int, int], list[int]]
"""(store, its number, after, count): the next people by their number, smallest first."""

_audiences: dict[str, Audience] = {}


def audience(name: str, people: Audience) -> None:
    """Declares who hears what is told to `name`."""
    _audiences[name] = people


def announce(
    db: Session,
    to: tuple[str, int],
    kind: str,
    *,
    params: dict[str, str],
    link: str,
    excerpt: str,
    now: datetime,
    about: About | None = None,
    thread_id: int | None = None,
    but: Collection[int | None] = (),
) -> Announcement:
    """News that `commands.tell` gives to everyone in the audience, such as ("question", 12).

    but: the people who know it already. Raises: KeyError for an unknown kind or audience.
    """
    name, number = to
    if name not in _audiences:
        raise KeyError(name)
    kinds.of(kind)
    news = Announcement(
        audience=name,
        audience_id=number,
        kind=kind,
        params=json.dumps(params, ensure_ascii=False),
        link=link,
        excerpt=excerpt,
        about_kind=about.kind if about else None,
        about_id=about.id if about else None,
        thread_id=thread_id,
        but=json.dumps([one for one in but if one is not None]),
        created_at=now,
    )
    db.add(news)
    return news


@jobs.job("announcements", every=timedelta(seconds=1))
def tell_waiting(now: datetime) -> None:
    """Tells what waits to be told to many."""
    database: Database = current_app.extensions["database"]
    with database.reading() as db:
        if not queries.news_waits(db):
            return
    while _tell_some(database, now):
        pass


def _tell_some(database: Database, now: datetime) -> bool:
    """Whether there may be more to tell. One batch, and how far it came, in one transaction."""
    with database.transaction() as db:
        news = queries.next_announcement(db)
        if news is None:
            return False
        people = []
        if standing.stands(db, news.about_kind, news.about_id):
            people = _audiences[news.audience](db, news.audience_id, news.told_up_to, BATCH)
        known = set(json.loads(news.but))
        for user_id in people:
            if user_id not in known:
                _tell(db, news, user_id)
        news.told_up_to = people[-1] if people else news.told_up_to
        if len(people) < BATCH:
            news.done_at = now
    return True


def _tell(db: Session, news: Announcement, user_id: int) -> None:
    about = About(news.about_kind, news.about_id or 0) if news.about_kind else None
    commands.tell(
        db,
        user_id,
        news.kind,
        params=json.loads(news.params),
        link=news.link,
        excerpt=news.excerpt,
        now=news.created_at,
        about=about,
        thread_id=news.thread_id,
    )


audience("question", queries.question_followers)
audience("thread", queries.thread_followers)
