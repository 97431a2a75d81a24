"""The one daily mail: everything that needs no haste, by thread, the newest first.

A round is one Danish day's mails. What they tell of is asked of the rooms that know (`source`),
once to see who gets a mail at all, and again as each mail leaves: what was hidden meanwhile is
not sent.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dialog.core import clock, jobs, web
from dialog.core.db import Database
from dialog.mail import commands as mails
from dialog.mail import letters, parts, standing, writing
from dialog.mail import queries as mail_queries
from dialog.mail.models import OutgoingMail, Priority
from dialog.mail.parts import Part
from dialog.mail.writing import Letter
from dialog.notifications import notices, places, queries, stopping, wishes
from dialog.notifications.models import DigestRound, Notification, Topic, When
from dialog.notifications.stopping import Stop
from dialog.people import queries as people
from dialog.people.models import User

WRITER = "digest"
BATCH = 25  # people looked at between two transactions
NEWS_SHOWN = 5  # of one thread
GROUPS_SHOWN = 12
LONGEST_LOOK_BACK = timedelta(days=7)  # after a long stand-still nobody gets a month at once


@dataclass(frozen=True)
class News:
    """One thing that happened."""

    title: str
    excerpt: str
    link: str  # a path of our own
    at: datetime


@dataclass(frozen=True)
class Group:
    """What is new in one place, the newest first; `more` is how much is not shown."""

    key: str  # groups of one key become one: "thread:12"
    title: str
    link: str
    news: list[News]
    more: int = 0


Source = Callable[[Session, int, datetime, datetime], list[Group]]
"""(store, person, since, until): what is new for him, in the language of the moment."""

_sources: list[tuple[Topic, Source]] = []


def source(topic: Topic, news_for: Source) -> None:
    """Has a room asked for what is new; nobody who turned the topic off hears it."""
    _sources.append((topic, news_for))


def moment_of(day: date, at: time) -> datetime:
    """When the daily mails of a Danish day are due.

    A time that this day does not have is an hour later by the clock, one it has twice is the first.
    """
    return datetime.combine(day, at, clock.COPENHAGEN).astimezone(UTC)


@jobs.job("digest", every=timedelta(seconds=30))
def write_digests(now: datetime) -> None:
    """Puts the day's mails into the outbox once their time has come; once a person and day."""
    database: Database = current_app.extensions["database"]
    day = clock.local(now).date()
    if now < moment_of(day, web.settings().digest_at):
        return
    with database.reading() as db:
        if queries.round_is_done(db, day):
            return
        before = queries.last_round(db)
    if before is not None and before.day < day and before.done_at is None:
        _finish(database, before, day, now)
        return
    try:
        _begin(database, day, now)
    except IntegrityError:  # another worker began it in this very moment
        return
    while _write_some(database, day, now):
        pass


def _finish(database: Database, before: DigestRound, day: date, now: datetime) -> None:
    """Ends a round that stood still overnight in place of today's: nobody gets two on a day."""
    while _write_some(database, before.day, now):
        pass
    with database.transaction() as db:
        ended = queries.round_of(db, before.day)
        if ended is None or ended.done_at is None or queries.round_of(db, day) is not None:
            return
        until = ended.until
        db.add(DigestRound(day=day, since=until, until=until, told_up_to=0, done_at=now))


def _begin(database: Database, day: date, now: datetime) -> None:
    with database.transaction() as db:
        if queries.round_of(db, day) is not None:
            return
        until = now - mails.DELAY
        before = queries.last_round(db)
        since = max(before.until, until - LONGEST_LOOK_BACK) if before else until
        # The first round of an installation has nothing to compare with.
        done = None if before else now
        db.add(DigestRound(day=day, since=since, until=until, told_up_to=0, done_at=done))


def _write_some(database: Database, day: date, now: datetime) -> bool:
    """Whether there are people left. Reading comes first, so that the writing is short."""
    with database.reading() as db:
        told = queries.round_of(db, day)
        if told is None or told.done_at is not None:
            return False
        came_to, users = told.told_up_to, queries.people_after(db, told.told_up_to, BATCH)
        wanting = [user.id for user in users if groups_for(db, user, told, mail_id=None)]
    with database.transaction() as db:
        told = queries.round_to_write(db, day)
        if told is None or told.told_up_to != came_to:
            return False  # another worker is at it
        for user_id in wanting:
            _promise(db, user_id, told, now)
        told.told_up_to = users[-1].id if users else came_to
        told.done_at = now if len(users) < BATCH else None
        return told.done_at is None


def _promise(db: Session, user_id: int, told: DigestRound, now: datetime) -> None:
    key = f"digest:{user_id}:{told.day.isoformat()}"
    if mail_queries.mail_with_key(db, key):
        return
    mail = mails.promise_mail(
        db,
        WRITER,
        user_id=user_id,
        thing=f"{WRITER}:{told.day.isoformat()}",
        priority=Priority.DIGEST,
        dedupe_key=key,
        leaves_at=now,
        now=now,
    )
    for line in queries.lines_for_digest(db, user_id, told.until, mail_id=None):
        line.mail_id = mail.id


def write(db: Session, mail: OutgoingMail) -> Letter | None:
    """The daily mail as things stand now, or None when nothing is left to tell."""
    user = people.user_by_id(db, mail.user_id or 0)
    told = queries.round_of(db, date.fromisoformat((mail.thing or "").partition(":")[2]))
    if user is None or user.confirmed_at is None or told is None:
        return None
    groups = groups_for(db, user, told, mail_id=mail.id)
    if not groups:
        return None
    stop = Stop(user.id, stopping.DIGEST)
    with force_locale(user.locale):
        return Letter(
            id=mail.id,
            dedupe_key=mail.dedupe_key,
            recipient=user.email,
            subject=_subject(groups),
            parts=[*_parts(groups, user), *_foot(stop)],
            written_at=mail.created_at,
            locale=user.locale,
            stop_link=stopping.link_to(stop),
        )


def groups_for(db: Session, user: User, told: DigestRound, *, mail_id: int | None) -> list[Group]:
    """What is new for the person: what he was told first, then by place, the newest place first."""
    chosen = wishes.wishes(db, user.id)
    with force_locale(user.locale):
        lines = queries.lines_for_digest(db, user.id, told.until, mail_id=mail_id)
        found = _groups_of_lines(db, [line for line in lines if _still_wanted(db, line)])
        for topic, news_for in _sources:
            if chosen[topic] is not When.NEVER:
                found += news_for(db, user.id, told.since, told.until)
    return sorted(_merged(found), key=_own_first)


def _still_wanted(db: Session, line: Notification) -> bool:
    stands = standing.stands(db, line.about_kind, line.about_id)
    return stands and not queries.has_muted(db, line.user_id, line.thread_id)


def _groups_of_lines(db: Session, lines: list[Notification]) -> list[Group]:
    titles = places.thread_titles(db, {line.thread_id for line in lines if line.thread_id})
    by_place: dict[int, list[News]] = {}
    for line in lines:
        thread_id = line.thread_id if line.thread_id in titles else None
        news = News(line.title, line.excerpt, line.link, line.created_at)
        by_place.setdefault(thread_id or 0, []).append(news)
    return [
        Group(f"thread:{thread_id}", titles[thread_id], f"/threads/{thread_id}", news)
        if thread_id
        else Group("own", _("Til dig"), "/inbox", news)
        for thread_id, news in by_place.items()
    ]


def _merged(groups: list[Group]) -> list[Group]:
    merged = []
    for _key, same in groupby(sorted(groups, key=lambda one: one.key), lambda one: one.key):
        together = list(same)
        news = sorted((n for one in together for n in one.news), key=lambda n: n.at, reverse=True)
        more = sum(one.more for one in together) + max(0, len(news) - NEWS_SHOWN)
        merged.append(replace(together[0], news=news[:NEWS_SHOWN], more=more))
    return merged


def _own_first(group: Group) -> tuple[bool, float]:
    return group.key != "own", -group.news[0].at.timestamp()


def _subject(groups: list[Group]) -> str:
    first = _("Nyt i debatten: %(title)s", title=groups[0].title)
    more = len(groups) - 1
    return first + (ngettext(" og 1 mere", " og %(num)s mere", more) if more else "")


def _parts(groups: list[Group], user: User) -> list[Part]:
    found = [
        parts.text(_("Hej %(name)s", name=user.name)),
        parts.text(_("Det her er sket siden sidst i det, du følger.")),
    ]
    for group in groups[:GROUPS_SHOWN]:
        found += _parts_of(group)
    left = len(groups) - GROUPS_SHOWN
    if left > 0:
        words = ngettext("Og nyt i 1 tråd mere", "Og nyt i %(num)s tråde mere", left)
        found.append(parts.button(words, letters.address_of("/inbox")))
    return found


def _parts_of(group: Group) -> list[Part]:
    found = [parts.heading(group.title, letters.address_of(group.link))]
    for news in group.news:
        found.append(parts.item(news.title, letters.address_of(news.link)))
        if news.excerpt:
            found.append(parts.quote(news.excerpt))
    if group.more:
        words = ngettext("Og 1 mere i tråden", "Og %(num)s mere i tråden", group.more)
        found.append(parts.item(words, letters.address_of(group.link)))
    return found


def _foot(stop: Stop) -> list[Part]:
    return [
        parts.small(_("Du får højst én af de her mails om dagen.")),
        parts.small(_("Få ikke flere daglige mails"), stopping.link_to(stop)),
        parts.small(_("Vælg, hvad du vil have mail om"), letters.address_of(notices.SETTINGS)),
    ]


writing.declare(WRITER, write)
