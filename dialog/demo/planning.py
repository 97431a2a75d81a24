"""Setting the dialogues up: course, basis, plan, catalogue, meetings and threads."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dialog.catalogue import commands as catalogue
from dialog.catalogue.models import ProposalKind
from dialog.consultations import commands as consultations
from dialog.consultations.course import Course
from dialog.consultations.models import Kind
from dialog.core import clock
from dialog.debates import setting_up as debates
from dialog.demo import calendar
from dialog.demo.town import Content, Event, Town
from dialog.gate import commands as gate
from dialog.meetings import commands as meetings
from dialog.meetings import planning as meeting_planning
from dialog.strategy import commands as strategy
from dialog.strategy.models import Phase

CHIEF = "line"  # who sets everything up
DAYS_TO_SET_UP = 14
EXCLUSIVE = "modeller"  # the one group of proposals that exclude each other
FORECAST_YEARS = 5  # how far the forecast of pupils looks ahead


@dataclass(frozen=True)
class Dates:
    """The course of one dialogue, with the days off moved out of the way."""

    opens_at: datetime
    first_reading_on: date | None
    closes_at: datetime | None
    decision_on: date | None
    first_year: int  # of the amounts


def dates_of(town: Town, told: Content) -> Dates:
    """When everything happens in this dialogue."""
    days, steps = town.calendar, {step["kind"]: step for step in told["milestone"]}
    first = days.day(steps["first_reading"]["day"]) if "first_reading" in steps else None
    last = steps.get("objection_deadline") or steps.get("answers_deadline")
    closes_at = days.moment(last["day"], last["time"]) if last else None
    decision = _decision(days, steps.get("decision"), first, closes_at)
    first_year = told["consultation"]["first_year"]
    if first_year == "effective" and decision:
        first_year = calendar.takes_effect_in(decision)
    opened = steps["opened"]
    opens_at = days.moment(opened["day"], opened["time"])
    return Dates(opens_at, first, closes_at, decision, first_year)


def _decision(
    days: calendar.Calendar, step: Content | None, first: date | None, closes_at: datetime | None
) -> date | None:
    if step is None:
        return None
    if "day" in step:
        return calendar.second_reading(days.day(step["day"]), first or days.today)
    return calendar.school_decision(clock.local(closes_at).date()) if closes_at else None


def events(town: Town, told: Content, met: list[Content], talks: list[Content]) -> Iterator[Event]:
    """Everything that the administration does before and while the dialogue is open.

    met: the meetings of this dialogue; talks: its threads.
    """
    dates = dates_of(town, told)
    draft_at = min(dates.opens_at, calendar.at(town.calendar.today, "09:00"))
    draft_at -= timedelta(days=DAYS_TO_SET_UP)
    yield draft_at, lambda now: _set_up(town, told, dates, now)
    yield draft_at, lambda now: _announce(town, met, now)
    yield dates.opens_at - timedelta(hours=1), lambda now: _start_threads(town, talks, now)
    if talks:
        yield dates.opens_at, lambda now: _open(town, told, now)
    for activity in told["strategy"]["activity"]:
        yield from _activity(town, told, dates, activity, draft_at)


def _set_up(town: Town, told: Content, dates: Dates, now: datetime) -> None:
    about, chief = told["consultation"], town.actor(CHIEF)
    slug, kind = about["slug"], Kind(about["kind"])
    made = consultations.create_consultation(
        town.db, chief, title=about["title"], kind=kind, slug=slug, now=now
    )
    town.consultations[slug] = made.id
    consultations.edit_course(town.db, chief, slug=slug, course=_course(about, dates), now=now)
    consultations.edit_basis(town.db, chief, slug=slug, basis=_basis(about, dates), now=now)
    for source in told["source"]:
        words = (source["title"], source["publisher"], source["url"])
        consultations.add_source(town.db, chief, slug=slug, source=words, now=now)
    _plan(town, slug, told["strategy"], now)
    _catalogue(town, told, dates, now)


def _course(about: Content, dates: Dates) -> Course:
    is_school = about["kind"] == Kind.SCHOOL_STRUCTURE
    return Course(
        title=about["title"],
        slug=about["slug"],
        opens_on=clock.local(dates.opens_at).date(),
        first_reading_on=dates.first_reading_on,
        closes_at=dates.closes_at,
        decision_on=dates.decision_on,
        closes_a_school=is_school,
        effective_year=dates.first_year if is_school else None,
    )


def _basis(about: Content, dates: Dates) -> consultations.Basis:
    return consultations.Basis(
        summary=about["summary"],
        question=about.get("question", ""),
        target_tkr=about.get("target_tkr"),
        budget_year=dates.first_year,
        decided_by=about["who_decides"],
        already_decided="\n".join(about["decided"]),
        still_open="\n".join(about["open"]),
        impossible="\n".join(about["impossible"]),
        use_of_contributions=about["use_of_contributions"],
    )


def _plan(town: Town, slug: str, told: Content, now: datetime) -> None:
    chief, audiences = town.actor(CHIEF), "\n".join(told["audiences"])
    plan = strategy.Plan(
        purpose=told["purpose"], audiences=audiences, owner=town.label(told["owner"])
    )
    strategy.edit_strategy(town.db, chief, slug=slug, plan=plan, now=now)
    for told_kpi in told["kpi"]:
        kpi = strategy.Kpi(name=told_kpi["title"], target=told_kpi["target"], unit=told_kpi["unit"])
        strategy.save_kpi(town.db, chief, slug=slug, kpi=kpi, now=now)


def _activity(
    town: Town, told: Content, dates: Dates, activity: Content, draft_at: datetime
) -> Iterator[Event]:
    """Planning the activity and, when it has happened, ticking it off."""
    slug, on_date = told["consultation"]["slug"], _day_of(town, dates, activity)
    saved: list[int] = []

    def save(now: datetime, *, is_done: bool) -> None:
        step = strategy.Step(
            phase=Phase(activity["phase"]),
            title=activity["title"],
            on_date=on_date,
            channel=activity["channel"],
            owner=town.users[activity["owner"]].name,
        )
        made = strategy.save_activity(
            town.db,
            town.actor(CHIEF),
            slug=slug,
            step=replace(step, is_done=is_done),
            activity_id=saved[0] if saved else None,
            now=now,
        )
        saved.append(made.id)

    yield draft_at, lambda now: save(now, is_done=False)
    if activity["done"]:
        yield calendar.at(on_date, activity["time"]), lambda now: save(now, is_done=True)


def _day_of(town: Town, dates: Dates, activity: Content) -> date:
    """The activity's day, counted from the day of the load or from the decision."""
    if "day" in activity:
        return town.calendar.day(activity["day"])
    decision = dates.decision_on or town.calendar.today
    if "days_before_decision" in activity:
        return calendar.moved(decision - timedelta(days=activity["days_before_decision"]), -1)
    return calendar.moved(decision + timedelta(days=activity["days_after_decision"]), 1)


def _catalogue(town: Town, told: Content, dates: Dates, now: datetime) -> None:
    consultation_id = town.consultations[told["consultation"]["slug"]]
    chief = town.actor(CHIEF)
    for proposal in told["proposal"]:
        made = catalogue.create_proposal(
            town.db,
            chief,
            consultation_id=consultation_id,
            content=_proposal(town, proposal, dates.first_year),
            now=now,
        )
        town.proposals[proposal["code"]] = made.id
    for school in told.get("school", ()):
        values = {name: value for name, value in school.items() if name not in ("key", "grades")}
        forecast_year = town.calendar.today.year + FORECAST_YEARS
        content = catalogue.SchoolContent(**values, forecast_year=forecast_year)
        catalogue.save_school(
            town.db, chief, consultation_id=consultation_id, content=content, now=now
        )


def _proposal(town: Town, told: Content, first_year: int) -> catalogue.ProposalContent:
    own = ("amounts_tkr", "committee", "kind", "statutory", "excludes")
    return catalogue.ProposalContent(
        **{name: value for name, value in told.items() if name not in own},
        committee_id=town.committees.get(told["committee"]),
        kind=ProposalKind(told["kind"]),
        is_statutory=told["statutory"] == "skal",
        exclusive_group=EXCLUSIVE if "excludes" in told else None,
        amounts={first_year + n: tkr for n, tkr in enumerate(told["amounts_tkr"])},
    )


def _announce(town: Town, met: list[Content], now: datetime) -> None:
    for meeting in met:
        content = meeting_planning.MeetingContent(
            title=meeting["title"],
            place=meeting["place"],
            address=meeting["address"],
            room=meeting.get("room", ""),
            accessibility=meeting["accessibility"],
            wheelchair=meeting["wheelchair"],
            hearing_loop=meeting["hearing_loop"],
            interpreter=meeting["interpreter"],
            capacity=meeting["seats"],
            starts_at=town.calendar.moment(meeting["day"], meeting["start"]),
            ends_at=town.calendar.moment(meeting["day"], meeting["end"]),
            chair=town.label(meeting["chair"]),
            note_taker=town.label(meeting["note_taker"]),
        )
        consultation_id = town.consultations[meeting["consultation"]]
        made = meetings.schedule_meeting(
            town.db, town.actor(CHIEF), consultation_id=consultation_id, content=content, now=now
        )
        town.meetings[meeting["key"]] = made.id


def _start_threads(town: Town, talks: list[Content], now: datetime) -> None:
    for told in talks:
        thread = debates.create_thread(
            town.db,
            town.actor(CHIEF),
            consultation_id=town.consultations[told["consultation"]],
            title=told["title"],
            intro=told["intro"],
            meeting_id=town.meetings[told["meeting"]],
            proposal_ids=[town.proposals[code] for code in told["proposals"]],
            politician_ids=[town.users[key].id for key in told["responsible"]],
            now=now,
        )
        town.threads[told["key"]] = thread.id


def _open(town: Town, told: Content, now: datetime) -> None:
    slug = told["consultation"]["slug"]
    gate.open_consultation(town.db, town.actor(CHIEF), slug=slug, now=now)
