"""What a writer is shown before he sends. It holds nobody back but where two should wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from dialog.core import clock, formats, html, languages
from dialog.debates import commands, heat, lineage_queries, writing_queries
from dialog.debates.forms import PostForm
from dialog.debates.models import Post, PostKind
from dialog.debates.queries import ThreadPage
from dialog.permissions import Actor


@dataclass(frozen=True)
class Notice:
    """A word above the form; `offers_meeting` when the meeting is still to come."""

    text: str
    holds: bool
    offers_meeting: bool


def rendered(form: PostForm) -> Markup:
    """The text as the tree will show it.

    Raises: InvalidInput (fields body, topic).
    """
    source, _topic = commands.checked_words(form.body, form.topic)
    return html.trusted(html.render(source))


def similar(db: Session, thread_id: int, form: PostForm) -> list[Post]:
    """Questions that were asked before, if it is a question that is being written."""
    if form.kind != PostKind.QUESTION:
        return []
    return writing_queries.similar_questions(db, thread_id, f"{form.topic} {form.body}")


def notice_of(
    db: Session, actor: Actor, page: ThreadPage, parent: Post, now: datetime
) -> Notice | None:
    """What to know before one answers `parent`, or None. Owed answers are never held back."""
    if actor.id is None or parent.depth <= heat.FROM_TURNS:
        return None
    line = [*lineage_queries.above(db, page, parent), parent]
    between = heat.between(heat.said_in(line), actor.id)
    return word_on(page, between, parent.depth + 1, now)


def word_on(page: ThreadPage, between: heat.Between, level: int, now: datetime) -> Notice | None:
    """The word on what two people have going at a level of the tree, or None."""
    meeting = _meeting(page, now)
    if between.holds(now) and between.open_at:
        return Notice(_hold(between, between.open_at, meeting), True, bool(meeting))
    if not meeting:
        return None
    if between.is_heated:
        return Notice(f"{_together(between)} {_better_said(meeting)}", False, True)
    if level >= heat.DEEP:
        deep = _("Samtalen er nået langt ned i tråden.")
        return Notice(f"{deep} {_better_said(meeting)}", False, True)
    return None


def _hold(between: heat.Between, until: datetime, meeting: str) -> str:
    whole = until.replace(second=0, microsecond=0)
    whole += timedelta(minutes=1 if whole < until else 0)
    at = formats.time_short(whole, languages.locale())
    if not meeting:
        return f"{_together(between)} " + _("Vent til kl. %(time)s, før du svarer.", time=at)
    wait = _(
        "Vent til kl. %(time)s, eller tag spørgsmålet med på borgermødet %(when)s.",
        time=at,
        when=meeting,
    )
    return f"{_together(between)} {wait}"


def _together(between: heat.Between) -> str:
    return ngettext(
        "I to har skrevet sammen %(num)s gang her.",
        "I to har skrevet sammen %(num)s gange her.",
        between.posts,
    )


def _better_said(meeting: str) -> str:
    return _("Måske er det lettere at tale om på borgermødet %(when)s.", when=meeting)


def _meeting(page: ThreadPage, now: datetime) -> str:
    """When the thread's meeting is, in words; empty when it is over or cancelled."""
    if page.meeting.cancelled_at or page.meeting.ends_at <= now:
        return ""
    today = clock.local(now).date()
    return formats.datetime_long(page.meeting.starts_at, languages.locale(), today=today)
