"""Meetings for everyone. The page of a single one and of its plan are `pages.meeting`."""

from flask import Blueprint, render_template

from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import clock, languages, web
from dialog.core import db as store
from dialog.meetings import queries, words
from dialog.meetings.models import Meeting

bp = Blueprint("meetings", __name__)


@bp.app_template_test("over")
def is_over(meeting: Meeting) -> bool:
    """Whether the meeting was held and has ended."""
    return queries.is_over(meeting, clock.now())


@bp.app_template_filter("at_place")
def at_place(place: str) -> str:
    """The place with the word before it, in the reader's language."""
    return words.at_place(place, languages.locale())


@bp.get("/meetings")
def index() -> str:
    """Every meeting of every public dialogue: those to come, and those that were."""
    found = queries.public_meetings(store.session())
    titles = {meeting.id: consultation for meeting, consultation in found}
    coming, past = queries.coming_and_past([meeting for meeting, _c in found], clock.now())
    return render_template("meetings/index.html", coming=coming, past=past, consultation_of=titles)


@bp.get("/consultations/<slug>/meetings")
def of_consultation(slug: str) -> str:
    """The meetings of one dialogue."""
    consultation = _consultation(slug)
    found = queries.meetings(store.session(), consultation.id)
    coming, past = queries.coming_and_past(found, clock.now())
    return render_template(
        "meetings/of_consultation.html", consultation=consultation, coming=coming, past=past
    )


@bp.get("/set-up/<slug>/meetings")
def edit_meetings(slug: str) -> str:
    """The plan of meetings, and what each lacks."""
    consultation = _consultation(slug)
    found = queries.meetings(store.session(), consultation.id)
    return render_template("meetings/edit_meetings.html", consultation=consultation, meetings=found)


def _consultation(slug: str) -> Consultation:
    return consultations.access_consultation(store.session(), web.actor(), slug)
