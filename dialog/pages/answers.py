"""The public list: every question with its state and how long it has waited. Open data too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Response, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from dialog.core import clock, html, web
from dialog.core import db as store
from dialog.debates.forms import number
from dialog.duties import queries as duties
from dialog.pages import answers_queries as queries
from dialog.pages import sheets, waiting
from dialog.pages.answers_queries import Line, Show, Wanted
from dialog.pages.views import bp
from dialog.people import office_queries as offices
from dialog.rules.workdays import Periods

SHOWS = {
    Show.ALL: _l("Alle"),
    Show.WAITING: _l("Venter"),
    Show.LATE: _l("Over fristen"),
    Show.ANSWERED: _l("Besvaret"),
    Show.CONTESTED: _l("Ikke besvaret, siger spørgeren"),
    Show.DECLINED: _l("Afvist"),
    Show.PROMISED: _l("Løfter"),
}
COLUMNS = (
    "id", "url", "question", "thread", "consultation", "committee", "owed_by", "origin", "state",
    "asked_at", "due_at", "first_due_at", "acknowledged_at", "answered_at", "answer_url",
    "declined_reason", "waited_working_days", "late_working_days", "paused_working_days",
)  # fmt: skip
EXCERPT = 300  # signs of a question, where the whole of it stands a click away


@dataclass(frozen=True)
class Told:
    """A line with its clock read in working days."""

    line: Line
    waited: int
    late: int


@dataclass(frozen=True)
class Chosen:
    """What was chosen, and the words that the address has for it."""

    wanted: Wanted
    args: dict[str, str | int]  # of the address; the kind of question not among them

    @property
    def all_args(self) -> dict[str, str | int]:
        """The same with the kind of question, if it is not all."""
        show = self.wanted.show
        return self.args | ({} if show is Show.ALL else {"show": show.value})


@bp.get("/answers")
def answers() -> str:
    """Every question, the longest wait first."""
    db, now = store.session(), clock.now()
    dialogues = queries.consultations_asked_in(db)
    chosen = _chosen(dialogues)
    recesses = duties.recesses(db)
    found = queries.lines(db, chosen.wanted, now, request.args.get("after", ""))
    return render_template(
        "pages/answers.html",
        told=told(found[: queries.PAGE], duties.recess_days(db), now),
        next_after=found[queries.PAGE - 1].cursor if len(found) > queries.PAGE else "",
        is_first="after" not in request.args,
        chosen=chosen,
        totals=queries.totals(db, chosen.wanted, now),
        shows=SHOWS,
        dialogues=dialogues,
        committees=offices.committees(db),
        recesses=queries.recesses_to_tell(recesses, clock.local(now).date()),
        answer_days=web.settings().promise.answer_working_days,
        now=now,
    )


@bp.get("/answers.csv")
def answers_csv() -> Response:
    """The same list as a file, with machine-readable states and moments."""
    db, now = store.session(), clock.now()
    chosen = _chosen(queries.consultations_asked_in(db))
    lines = queries.every_line(db, chosen.wanted, now)
    rows = (_row(each) for each in told(lines, duties.recess_days(db), now))
    answer = Response(sheets.csv_of(COLUMNS, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="svar.csv"'
    return answer


@bp.get("/answers.atom")
def answers_atom() -> Response:
    """What was asked, answered or turned down last, for feed readers."""
    db, now = store.session(), clock.now()
    chosen = _chosen(queries.consultations_asked_in(db))
    lines = queries.newest_lines(db, chosen.wanted, now)
    body = render_template(
        "pages/answers.xml",
        told=told(lines, duties.recess_days(db), now),
        chosen=chosen,
        base=web.settings().base_url,
        changed_at=changed_at,
        now=now,
    )
    return Response(body, mimetype="application/atom+xml")


def told(lines: Iterable[Line], recesses: Periods, now: datetime) -> list[Told]:
    """The lines with their waiting time and their lateness in working days."""
    return [
        Told(
            line,
            waiting.working_days(line.duty.opened_at, line.ended_at or now, recesses),
            waiting.days_late(line.counts, recesses, now),
        )
        for line in lines
    ]


def changed_at(line: Line) -> datetime:
    """When something last happened that all can see."""
    duty = line.duty
    seen = (duty.opened_at, duty.acknowledged_at, duty.answered_at, duty.declined_at,
            duty.accepted_at, duty.contested_at)  # fmt: skip
    return max(each for each in seen if each is not None)


def _chosen(dialogues: list[tuple[int, str, str]]) -> Chosen:
    """What the address asks for; what it names that is not there is passed over."""
    given = request.args
    by_slug = {slug: id_ for id_, slug, _title in dialogues}
    slug = given.get("dialogue", "")
    committee_id = number(given.get("committee", ""))
    name = given.get("show", "")
    show = Show(name) if name in set(Show) else Show.ALL
    args: dict[str, str | int] = {"dialogue": slug} if slug in by_slug else {}
    args |= {"committee": committee_id} if committee_id else {}
    return Chosen(Wanted(show, by_slug.get(slug), committee_id or None), args)


def _row(told: Told) -> list[object]:
    line, duty = told.line, told.line.counts
    return [
        line.question.id,
        url_for("debates.post", post_id=line.question.id, _external=True),
        html.excerpt(line.question.topic or line.question.source, EXCERPT),
        line.thread.title,
        line.consultation.title,
        line.committee,
        line.holder_name,
        line.duty.origin.value,
        line.duty.state.value,
        line.duty.opened_at,
        duty.due_at,
        duty.first_due_at,
        duty.acknowledged_at,
        duty.answered_at,
        url_for("debates.post", post_id=duty.answer_id, _external=True) if duty.answer_id else None,
        line.duty.decline_reason,
        told.waited,
        told.late,
        duty.paused_days,
    ]
