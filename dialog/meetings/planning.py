"""What a meeting may be: its times, its room, its seats; and what a change of it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation, State
from dialog.core import clock, formats, html, languages
from dialog.core.errors import InvalidInput
from dialog.meetings import queries
from dialog.meetings.models import Meeting

LONGEST = timedelta(hours=12)
"""A meeting that lasts longer is a typing error in one of its times."""

MOST_SEATS = 20_000
"""More seats than any hall in Denmark has."""

# What one who is coming must hear of; a misspelled title or another chair is no reason to write.
_WHERE_AND_WHEN = ("starts_at", "ends_at", "place", "room", "address")
_WAY_IN = ("accessibility", "wheelchair", "hearing_loop", "interpreter", "stream_url")


@dataclass(frozen=True, kw_only=True)
class MeetingContent:
    """What is announced of a meeting. Moments are aware."""

    title: str
    place: str = ""
    room: str = ""
    address: str = ""
    accessibility: str = ""
    wheelchair: str = ""
    hearing_loop: bool = False
    interpreter: str = ""
    starts_at: datetime
    ends_at: datetime
    chair: str = ""
    note_taker: str = ""
    capacity: int | None = None
    stream_url: str | None = None


@dataclass(frozen=True)
class Change:
    """What became different, and what was announced before."""

    is_move: bool
    is_worth_telling: bool
    from_at: datetime
    from_place: str


def checked(
    db: Session,
    consultation: Consultation,
    meeting: Meeting | None,
    content: MeetingContent,
    now: datetime,
) -> dict[str, Any]:
    """The values of the row, tidied. meeting: the one that is edited, if it is not new.

    Raises: InvalidInput (title, day, ends, place, capacity, stream_url).
    """
    values = {
        name: html.one_line(value) if isinstance(value, str) else value
        for name, value in asdict(content).items()
    }
    values["stream_url"] = values["stream_url"] or None
    is_new_time = meeting is None or meeting.starts_at != content.starts_at
    wrong = {
        **_wrong_times(content),
        **(_wrong_day(consultation, content, now) if is_new_time else {}),
        **_wrong_words(values),
        **_taken_room(db, meeting, values),
    }
    if wrong:
        raise InvalidInput(wrong)
    return values


def change_of(consultation: Consultation, meeting: Meeting, values: Mapping[str, Any]) -> Change:
    """What these values would change for those who have read of the meeting: nothing in a draft."""
    is_public = consultation.state is not State.DRAFT
    is_move = is_public and _differs(meeting, values, _WHERE_AND_WHEN)
    is_other = is_public and _differs(meeting, values, _WAY_IN)
    return Change(is_move, is_move or is_other, meeting.starts_at, where(meeting))


def write(meeting: Meeting, values: Mapping[str, Any], change: Change, now: datetime) -> None:
    """Puts the values into the row; a move keeps where the meeting was before."""
    for name, value in values.items():
        setattr(meeting, name, value)
    if change.is_move:
        meeting.moved_at = now
        meeting.moved_from_at, meeting.moved_from_place = change.from_at, change.from_place
    meeting.changed_at = now
    meeting.version += 1


def where(meeting: Meeting) -> str:
    """Place and room in one line, such as "Kulturhuset, Store Sal"."""
    return ", ".join(part for part in (meeting.place, meeting.room) if part)


def _differs(meeting: Meeting, values: Mapping[str, Any], names: Sequence[str]) -> bool:
    return any(getattr(meeting, name) != values[name] for name in names)


def _wrong_times(content: MeetingContent) -> dict[str, str]:
    if content.ends_at <= content.starts_at:
        return {"ends": _("Mødet skal slutte senere, end det begynder.")}
    if content.ends_at - content.starts_at > LONGEST:
        return {"ends": _("Det er mere end 12 timer. Se på klokkeslættene igen.")}
    return {}


def _wrong_day(
    consultation: Consultation, content: MeetingContent, now: datetime
) -> dict[str, str]:
    if content.starts_at <= now:
        return {"day": _("Den dag er gået. Vælg en dag, der kommer.")}
    decided = consultation.decision_on
    if decided and clock.local(content.starts_at).date() > decided:
        today = clock.local(now).date()
        day = formats.date_long(decided, languages.locale(), today=today)
        sentence = _("Byrådet beslutter %(day)s. Hold mødet før, så det kan nå at tælle.", day=day)
        return {"day": sentence}
    return {}


def _wrong_words(values: Mapping[str, Any]) -> dict[str, str]:
    wrong, capacity, url = {}, values["capacity"], values["stream_url"]
    if not values["title"]:
        wrong["title"] = _("Skriv, hvad mødet hedder.")
    if capacity is not None and not 1 <= capacity <= MOST_SEATS:
        wrong["capacity"] = _("Skriv antallet af pladser som et tal fra 1 til 20.000.")
    if url and not _is_safe(url):
        wrong["stream_url"] = _("Skriv hele adressen på udsendelsen. Den begynder med https://.")
    return wrong


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and " " not in url


def _taken_room(db: Session, meeting: Meeting | None, values: Mapping[str, Any]) -> dict[str, str]:
    """The sentence about another meeting in the same room at the same time, if there is one."""
    if not values["place"]:
        return {}
    mine = (values["place"].casefold(), values["room"].casefold())
    for other in queries.meetings_between(db, values["starts_at"], values["ends_at"]):
        is_same = meeting is not None and other.id == meeting.id
        if not is_same and (other.place.casefold(), other.room.casefold()) == mine:
            return {"place": _same_room(other)}
    return {}


def _same_room(other: Meeting) -> str:
    locale = languages.locale()
    times = formats.weekday_time(other.starts_at, other.ends_at, locale)
    return _(
        "“%(title)s” er i samme lokale %(times)s. Vælg et andet lokale eller en anden tid.",
        title=other.title,
        times=times[0].lower() + times[1:] if locale == "da" else times,
    )
