"""The mail that leaves ten minutes after its cause, written as it leaves."""

from typing import NamedTuple

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.mail import letters, parts, standing, writing
from dialog.mail.models import OutgoingMail
from dialog.mail.parts import Part
from dialog.mail.writing import Letter
from dialog.notifications import kinds, places, queries, stopping
from dialog.notifications.models import Notification, Topic
from dialog.notifications.stopping import Stop
from dialog.people import queries as people

WRITER = "notices"
SETTINGS = "/me/mails"


class Told(NamedTuple):
    """One piece of news."""

    kind: str
    title: str
    excerpt: str
    link: str


def thing_of(line: Notification, kind: kinds.Kind) -> str:
    """What the mail of a line is about: lines about one thing within ten minutes share a mail."""
    if kind.topic in (Topic.OWN, Topic.ANSWERS) and line.thread_id:
        return f"thread:{line.thread_id}"
    if line.thread_id:
        return f"{kind.topic}:thread:{line.thread_id}"
    return f"{kind.topic}:{line.about_kind}:{line.about_id}:{line.link}"


def write(db: Session, mail: OutgoingMail) -> Letter | None:
    """The mail with those of its lines that still stand, or None if none does."""
    user = people.user_by_id(db, mail.user_id or 0)
    if user is None or user.confirmed_at is None:
        return None
    lines = [line for line in queries.lines_of_mail(db, mail.id) if _still_wanted(db, line)]
    if not lines:
        return None
    told = [Told(line.kind, line.title, line.excerpt, line.link) for line in lines]
    stop = _stop(lines[0])
    with force_locale(user.locale):
        return Letter(
            id=mail.id,
            dedupe_key=mail.dedupe_key,
            recipient=user.email,
            subject=_subject(told),
            parts=[
                parts.text(_("Hej %(name)s", name=user.name)),
                *_place(db, lines[0].thread_id),
                *(part for one in told for part in _parts_of(one)),
                *_foot(told[0], stop),
            ],
            written_at=mail.created_at,
            locale=user.locale,
            stop_link=stopping.link_to(stop),
        )


def words_to_address(told: Told, stop_link: str, locale: str) -> letters.Words:
    """The same for someone without an account, as plain words."""
    with force_locale(locale):
        written = [
            *_parts_of(told),
            *_why(told),
            parts.small(_("Du har ingen konto. Stop mails om det her"), stop_link),
        ]
    return letters.Words(told.title.rstrip("."), parts.as_text(written))


def foot_of_words(stop: Stop, locale: str) -> str:
    """What stands under a mail with a room's own words: how to end its like."""
    with force_locale(locale):
        if stop.is_of_address:
            words = _("Du har ingen konto. Stop mails om det her")
        else:
            words = _("Få ikke flere mails som den her")
        return parts.BELOW + parts.as_text([parts.text(f"{words}:\n{stopping.link_to(stop)}")])


def _still_wanted(db: Session, line: Notification) -> bool:
    """Whether it can still be read, and he has not turned it off since."""
    if not standing.stands(db, line.about_kind, line.about_id):
        return False
    kind = kinds.named(line.kind)
    is_duty = kind is not None and kind.topic is Topic.DUTIES
    return is_duty or not queries.has_muted(db, line.user_id, line.thread_id)


def _place(db: Session, thread_id: int | None) -> list[Part]:
    """The thread that it is about, as a heading."""
    titles = places.thread_titles(db, [thread_id]) if thread_id else {}
    return [
        parts.heading(title, letters.address_of(f"/threads/{number}"))
        for number, title in titles.items()
    ]


def _subject(told: list[Told]) -> str:
    first = told[0].title.rstrip(".")
    if len(told) == 1:
        return first
    more = len(told) - 1
    return first + ngettext(" – og 1 mere", " – og %(num)s mere", more)


def _parts_of(told: Told) -> list[Part]:
    """What happened, in whose words, and the way there."""
    kind, params = kinds.named(told.kind), {"title": told.title}
    lead = kind.lead(params) if kind else _("Læs mere")
    found = [parts.text(told.title)]
    if told.excerpt:
        found.append((parts.quote if kind and kind.quotes else parts.text)(told.excerpt))
    return [*found, parts.button(lead, letters.address_of(told.link))]


def _why(told: Told) -> list[Part]:
    kind = kinds.named(told.kind)
    return [parts.small(kind.why({}))] if kind and kind.why else []


def _foot(told: Told, stop: Stop) -> list[Part]:
    words = (
        _("Slå mails om tråden fra")
        if stop.what == stopping.THREAD
        else _("Få ikke flere mails som den her")
    )
    return [
        *_why(told),
        parts.small(words, stopping.link_to(stop)),
        parts.small(_("Vælg, hvad du vil have mail om"), letters.address_of(SETTINGS)),
    ]


def _stop(line: Notification) -> Stop:
    """What one click ends: the thread, or else the topic. Of duties only the haste."""
    kind = kinds.named(line.kind)
    topic = kind.topic if kind else Topic.OWN
    if line.thread_id and topic is not Topic.DUTIES:
        return Stop(line.user_id, stopping.THREAD, line.thread_id)
    return Stop(line.user_id, stopping.TOPIC, topic.value)


writing.declare(WRITER, write)
