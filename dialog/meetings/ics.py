"""Meetings as calendar files (RFC 5545): one meeting, and calendars to subscribe to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from dialog.core import clock
from dialog.meetings.models import Meeting
from dialog.meetings.planning import where

ZONE = "Europe/Copenhagen"
ASK_AGAIN = timedelta(hours=1)
"""How often a subscriber should ask. A meeting that is moved is also told by mail."""

KEPT = timedelta(days=365)
"""How long a meeting that was held stays in the calendars that one subscribes to."""


def calendar(meetings: Iterable[Meeting], base_url: str, name: str = "") -> bytes:
    """The file. name: what a subscriber's calendar is called; a single meeting needs none.

    A cancelled meeting stays in it as cancelled, so that it also goes from the calendars of those
    who had it. `SEQUENCE` rises with every change, and the UID never changes.
    """
    made = Calendar()
    made.add("prodid", "-//Dialog//Borgermøder//DA")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    if name:
        made.add("x-wr-calname", name)
        made.add("x-wr-timezone", ZONE)
        made.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", ASK_AGAIN)
    made.add_component(_zone())
    for meeting in meetings:
        made.add_component(_event(meeting, base_url))
    return bytes(made.to_ical())


def _event(meeting: Meeting, base_url: str) -> Event:
    url = f"{base_url}/meetings/{meeting.id}"
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{urlsplit(base_url).hostname}")
    event.add("sequence", meeting.version - 1)
    event.add("dtstamp", _whole_second(meeting.changed_at))
    event.add("last-modified", _whole_second(meeting.changed_at))
    _add_times(event, meeting)
    event.add("summary", _summary(meeting))
    place = ", ".join(part for part in (where(meeting), meeting.address) if part)
    if place:
        event.add("location", place)
    event.add("description", "\n".join(_lines(meeting, url)))
    event.add("url", url)
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event


def _add_times(event: Event, meeting: Meeting) -> None:
    starts_at, ends_at = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    if starts_at.fold or ends_at.fold:
        # A wall time that comes twice means the first (RFC 5545, 3.3.5); this is the second.
        event.add("dtstart", meeting.starts_at)
        event.add("dtend", meeting.ends_at)
        return
    event.add("dtstart", starts_at, parameters={"TZID": ZONE})
    event.add("dtend", ends_at, parameters={"TZID": ZONE})


def _summary(meeting: Meeting) -> str:
    # Some calendars show a cancelled meeting like any other.
    if meeting.cancelled_at:
        return _("Aflyst: %(meeting)s", meeting=meeting.title)
    return _("Borgermøde: %(title)s", title=meeting.title)


def _lines(meeting: Meeting, url: str) -> Iterable[str]:
    if meeting.cancelled_at:
        yield _("Aflyst: %(reason)s", reason=meeting.cancelled_reason)
    if meeting.accessibility:
        yield meeting.accessibility
    if meeting.wheelchair:
        yield f"{_('Med kørestol')}: {meeting.wheelchair}"
    if meeting.hearing_loop:
        yield _("Der er teleslynge i salen")
    if meeting.interpreter:
        yield f"{_('Tolk')}: {meeting.interpreter}"
    if meeting.stream_url:
        yield f"{_('Følg med hjemmefra')}: {meeting.stream_url}"
    yield f"{_('Dagsorden og tilmelding')}: {url}"


def _zone() -> Timezone:
    """Danish time by the rule of directive 2000/84/EC: the last Sundays of March and October.

    As a rule rather than a list of days, since some calendars read no more than one of each.
    """
    zone = Timezone()
    zone.add("tzid", ZONE)
    hour = timedelta(hours=1)
    for part, name, month, before, after in (
        (TimezoneDaylight(), "CEST", 3, hour, 2 * hour),
        (TimezoneStandard(), "CET", 10, 2 * hour, hour),
    ):
        # The rule holds since 1996; the wall shows the old time when it strikes.
        first = datetime(1996, month, 31 if month == 3 else 27, 2 if month == 3 else 3)  # noqa: DTZ001
        part.add("dtstart", first)
        part.add("rrule", vRecur(freq="yearly", bymonth=month, byday="-1su"))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
