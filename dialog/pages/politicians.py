"""Who answers: each politician's questions, answers and promises, with the load beside the speed.

Persons are not ranked. They stand by name; only a committee has a median for all to compare.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from flask import render_template, request

from dialog.core import clock
from dialog.core import db as store
from dialog.duties import queries as duties
from dialog.pages import answers
from dialog.pages import answers_queries as queries
from dialog.pages import politician_queries as asked_queries
from dialog.pages import waiting as waiting_days
from dialog.pages.answers_queries import Show, Wanted
from dialog.pages.politician_queries import Asked
from dialog.pages.views import bp
from dialog.people import office_queries as offices
from dialog.rules.workdays import Periods

ENOUGH = 3  # answers behind a median: fewer say more about a question than about who answers


@dataclass(frozen=True)
class Figures:
    """How much was asked, and what became of it."""

    waiting: int
    late: int
    on_time: int  # answered
    after: int  # answered, but after the deadline
    declined: int
    days: float | None  # working days, the median; None for too few answers

    @property
    def answered(self) -> int:
        return self.on_time + self.after

    @property
    def all(self) -> int:
        return self.waiting + self.answered + self.declined


@bp.get("/politicians")
def politicians() -> str:
    """Every politician by name, and the committees with their medians."""
    db, now = store.session(), clock.now()
    days = duties.recess_days(db)
    by_committee: dict[int | None, list[Asked]] = {}
    by_owner: dict[int, list[Asked]] = {}
    for each in asked_queries.all_asked(db):
        by_committee.setdefault(each.committee_id, []).append(each)
        by_owner.setdefault(each.owner_id, []).append(each)
    return render_template(
        "pages/politicians.html",
        politicians=offices.politicians(db),
        load={one: figures(theirs, days, now) for one, theirs in by_owner.items()},
        committees=[
            (committee, figures(by_committee.get(committee.id, []), days, now))
            for committee in offices.committees(db)
        ],
        enough=ENOUGH,
    )


@bp.get("/politicians/<int:user_id>")
def politician(user_id: int) -> str:
    """What one politician was asked, has answered and has promised."""
    db, now = store.session(), clock.now()
    who = asked_queries.politician(db, user_id)
    days = duties.recess_days(db)
    seats = {seat.committee_id: seat.committee for seat in who.offices}
    every = asked_queries.asked(db, user_id=user_id, committee_ids=seats)
    found = queries.lines(db, Wanted(owed_by=user_id), now, request.args.get("after", ""))
    promises = queries.lines(db, Wanted(Show.PROMISED, owed_by=user_id), now)
    return render_template(
        "pages/politician.html",
        who=who,
        own=figures([each for each in every if each.owner_id == user_id], days, now),
        committees=[
            (name, figures([each for each in every if each.committee_id == id_], days, now))
            for id_, name in seats.items()
        ],
        told=answers.told(found[: queries.PAGE], days, now),
        next_after=found[queries.PAGE - 1].cursor if len(found) > queries.PAGE else "",
        is_first="after" not in request.args,
        promises=answers.told(promises, days, now),
        enough=ENOUGH,
        now=now,
    )


def figures(asked: Iterable[Asked], recesses: Periods, now: datetime) -> Figures:
    """The figures of these questions. A clock that stood is taken off the days."""
    waiting = late = on_time = after = declined = 0
    days: list[int] = []
    for each in asked:
        if each.is_answered and each.answered_at:
            in_time = each.answered_at <= each.due_at
            on_time, after = on_time + in_time, after + (not in_time)
            span = waiting_days.working_days(each.opened_at, each.answered_at, recesses)
            days.append(max(0, span - each.paused_days))
        elif each.state == "declined":
            declined += 1
        elif each.state != "merged":
            waiting, late = waiting + 1, late + (now > each.due_at)
    middle = float(median(days)) if len(days) >= ENOUGH else None
    return Figures(waiting, late, on_time, after, declined, middle)
