"""Meetings outside the site: calendar files, a poster for the wall, and a short address."""

from collections.abc import Iterable
from datetime import datetime

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from dialog.consultations import queries as consultations
from dialog.core import clock, qr, web
from dialog.core import db as store
from dialog.meetings import ics, queries
from dialog.meetings.models import Meeting
from dialog.meetings.views import bp


@bp.get("/meetings/<int:meeting_id>/meeting.ics", endpoint="ics")
def one_meeting(meeting_id: int) -> Response:
    """The meeting for one's own calendar. Fetched again, it mends what was there."""
    meeting = queries.access_meeting(store.session(), web.actor(), meeting_id)
    return _calendar([meeting])


@bp.get("/meetings.ics", endpoint="all_ics")
def every_meeting() -> Response:
    """A calendar of every public meeting, to subscribe to."""
    found = [meeting for meeting, _of in queries.public_meetings(store.session())]
    name = _("Borgermøder i %(name)s", name=web.settings().municipality_name)
    return _calendar(_recent(found, clock.now()), name)


@bp.get("/consultations/<slug>/meetings.ics", endpoint="ics_of_consultation")
def meetings_of_consultation(slug: str) -> Response:
    """A calendar of the meetings of one dialogue, to subscribe to."""
    db = store.session()
    consultation = consultations.access_consultation(db, web.actor(), slug)
    found = queries.meetings(db, consultation.id)
    name = _("Borgermøder: %(title)s", title=consultation.title)
    return _calendar(_recent(found, clock.now()), name)


@bp.get("/meetings/<int:meeting_id>/poster")
def poster(meeting_id: int) -> str:
    """A sheet of A4 for the wall of the library."""
    meeting = queries.access_meeting(store.session(), web.actor(), meeting_id)
    address = web.settings().base_url + url_for(".short", meeting_id=meeting.id)
    return render_template(
        "meetings/poster.html",
        meeting=meeting,
        panel=queries.panel(store.session(), meeting.id),
        picture=qr.picture(address),
        address=address.partition("://")[2],
    )


@bp.get("/m/<int:meeting_id>")
def short(meeting_id: int) -> AnyResponse:
    """The meeting's page, by an address that fits on a poster."""
    meeting = queries.access_meeting(store.session(), web.actor(), meeting_id)
    return redirect(url_for(".show", meeting_id=meeting.id), 303)


def _recent(meetings: Iterable[Meeting], now: datetime) -> list[Meeting]:
    return [meeting for meeting in meetings if meeting.ends_at > now - ics.KEPT]


def _calendar(meetings: list[Meeting], name: str = "") -> Response:
    """The file, or 304 for one who has it."""
    answer = Response(
        ics.calendar(meetings, web.settings().base_url, name), mimetype="text/calendar"
    )
    answer.headers["Cache-Control"] = "no-cache"
    answer.last_modified = max((each.changed_at for each in meetings), default=None)
    answer.add_etag()
    if not name:
        filename = f"borgermoede-{meetings[0].id}.ics"
        answer.headers["Content-Disposition"] = f"attachment; filename={filename}"
    answer.make_conditional(request)
    return answer
