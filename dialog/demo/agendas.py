"""The agendas of the borgermøder: one that is being made, and one that was gone through."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from dialog.agenda import choosing, commands, running, suggesting
from dialog.debates.models import AtMeeting
from dialog.demo import calendar
from dialog.demo.planning import CHIEF
from dialog.demo.town import Act, Content, Event, Town

ASKED_AT, PUT_ON_AT = "21:50", "22:00"  # after what people wrote that day
RULE_AT, CHOSEN_AT = "11:00", "12:00"


def events(town: Town, told: list[Content], met: list[Content]) -> Iterator[Event]:
    """What happens to the agendas before, at and after the meetings."""
    meetings = {meeting["key"]: meeting for meeting in met}
    for agenda in told:
        meeting = meetings[agenda["meeting"]]
        yield town.calendar.moment(agenda["rule_day"], RULE_AT), _rule(town, agenda, meeting)
        for wish in agenda.get("suggestion", ()):
            yield town.calendar.spoken(agenda["on_day"], ASKED_AT), _wish(town, wish)
        yield _planned_at(town, agenda, meeting), _plan(town, agenda)
        if meeting["held"]:
            yield from _evening(town, agenda, meeting)


def _rule(town: Town, agenda: Content, meeting: Content) -> Act:
    content = choosing.RuleContent(
        by_support=agenda["by_support"],
        by_chair=agenda["by_chair"],
        selects_at=calendar.at(_day_before(town, meeting), CHOSEN_AT),
        text=agenda["text"],
    )
    return lambda now: choosing.publish_rule(
        town.db,
        town.actor(CHIEF),
        meeting_id=town.meetings[meeting["key"]],
        content=content,
        now=now,
    )


def _day_before(town: Town, meeting: Content) -> date:
    """The last working day before the meeting."""
    return calendar.moved(town.calendar.day(meeting["day"]) - timedelta(days=1), -1)


def _planned_at(town: Town, agenda: Content, meeting: Content) -> datetime:
    if "on_day" in agenda:
        return town.calendar.spoken(agenda["on_day"], PUT_ON_AT)
    return calendar.at(_day_before(town, meeting), PUT_ON_AT)


def _wish(town: Town, wish: Content) -> Act:
    def ask(now: datetime) -> None:
        for person in wish["by"]:
            suggesting.suggest(
                town.db, town.actor(person), post_id=town.posts[wish["post"]], now=now
            )

    return ask


def _plan(town: Town, agenda: Content) -> Act:
    def plan(now: datetime) -> None:
        chief, meeting_id = town.actor(CHIEF), town.meetings[agenda["meeting"]]
        for point in agenda["point"]:
            more: dict[str, Any] = {
                "meeting_id": meeting_id,
                "minutes": point["minutes"],
                "now": now,
            }
            if "question" in point:
                question_id = town.posts[point["question"]]
                made = choosing.choose_as_chair(town.db, chief, question_id=question_id, **more)
            else:
                made = commands.put_title_on(town.db, chief, title=point["title"], **more)
            town.points[agenda["meeting"], _name(point)] = made.id

    return plan


def _evening(town: Town, agenda: Content, meeting: Content) -> Iterator[Event]:
    """The points as the hall came to them; what it never came to is said when it is over."""
    day, meeting_key = town.calendar.day(meeting["day"]), meeting["key"]
    begins = calendar.at(day, meeting["start"])
    for point in agenda["point"]:
        if "after" in point:
            yield begins + timedelta(minutes=point["after"]), _taking_up(town, meeting_key, point)
    yield (
        calendar.at(day, meeting["end"]),
        lambda now: running.close_agenda(
            town.db, town.actor(CHIEF), meeting_id=town.meetings[meeting_key], now=now
        ),
    )


def _taking_up(town: Town, meeting_key: str, point: Content) -> Act:
    def take_up(now: datetime) -> None:
        of: dict[str, Any] = {
            "meeting_id": town.meetings[meeting_key],
            "item_id": town.points[meeting_key, _name(point)],
            "now": now,
        }
        running.start_item(town.db, town.actor(CHIEF), **of)
        running.finish_item(town.db, town.actor(CHIEF), state=AtMeeting.ANSWERED, **of)

    return take_up


def _name(point: Content) -> str:
    return str(point.get("question") or point["title"])
