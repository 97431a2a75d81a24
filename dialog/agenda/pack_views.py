"""The meeting pack as a page that can always be printed, and as PDF where type can be set."""

from collections.abc import Iterator
from typing import Any

import gevent
from flask import make_response, render_template, request, stream_template
from flask_babel import gettext as _

from dialog.agenda import pack
from dialog.agenda.views import bp
from dialog.core import clock, formats, languages, limits, pdf, qr, web
from dialog.core import db as store
from dialog.meetings import queries as meetings

FOLDER = "packs"  # within the instance
PIECES = 10  # of a page, made at a stretch: a few milliseconds


@bp.get("/meetings/<int:meeting_id>/pack")
def pack_page(meeting_id: int) -> str:
    """The pack to read here and print from the browser."""
    return _page(meeting_id, is_pdf=False)


@bp.get("/meetings/<int:meeting_id>/pack.pdf")
def pack_pdf(meeting_id: int) -> Any:
    """The pack as PDF; where it cannot be made, why, and the page to print instead."""
    meeting = meetings.access_meeting(store.session(), web.actor(), meeting_id)
    if not pdf.is_possible():  # known before anything is made
        return render_template("agenda/no_pdf.html", meeting=meeting), 503
    page = _page(meeting_id, is_pdf=True)
    limits.hit("document", limits.address())
    store.close_session()  # nobody waits for a connection while type is set
    try:
        file = pdf.made(web.settings().instance / FOLDER, page, "pack.css")
    except pdf.NoPdf:
        return render_template("agenda/no_pdf.html", meeting=meeting), 503
    day = clock.local(meeting.starts_at).date().isoformat()
    name = _("modemappe-%(day)s.pdf", day=day)
    answer = make_response(file.read_bytes())
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(file.stem)
    return answer.make_conditional(request)


def _page(meeting_id: int, *, is_pdf: bool) -> str:
    db, now = store.session(), clock.now()
    found = meetings.access_with_consultation(db, web.actor(), meeting_id)
    meeting = found.meeting
    address = f"{web.settings().base_url}/meetings/{meeting_id}/agenda"
    gevent.sleep(0)
    made = stream_template(
        "agenda/pack.html",
        **pack.content(db, meeting, found.consultation, now),
        address=address,
        code=qr.picture(address),
        is_pdf=is_pdf,
        base_url=web.settings().base_url,
        when=formats.datetime_long(
            meeting.starts_at, languages.locale(), today=clock.local(now).date()
        ),
    )
    return "".join(_unhurried(made))


def _unhurried(made: Iterator[str]) -> Iterator[str]:
    """The pieces of a long page; other readers are served in between."""
    for number, piece in enumerate(made):
        if number % PIECES == 0:
            gevent.sleep(0)
        yield piece
