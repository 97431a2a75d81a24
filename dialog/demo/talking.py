"""What people said and what became of it: posts, tombstones, minutes and read inboxes."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from dialog.agenda.hall import minutes as hall_minutes
from dialog.debates import commands as debates
from dialog.debates.models import PostKind
from dialog.demo import calendar
from dialog.demo.town import Act, Content, Event, Town
from dialog.moderation import commands as moderation
from dialog.notifications import commands as notifications
from dialog.notifications.models import Notification

READ_UNTIL = (-3, "20:00")  # when everybody last looked into the inbox


def posts(town: Town, talks: list[Content]) -> Iterator[Event]:
    """Every post of these threads, and those that were withdrawn or hidden."""
    days = town.calendar
    for talk in talks:
        for told in talk.get("post", ()):
            yield days.spoken(told["day"], told["time"]), _posting(town, talk["key"], told)
            if "withdrawn_day" in told:
                moment = days.spoken(told["withdrawn_day"], told["withdrawn_time"])
                yield moment, _withdrawing(town, told)
            if "hidden_day" in told:
                moment = days.spoken(told["hidden_day"], told["hidden_time"])
                yield moment, _hiding(town, told)


def minutes(town: Town, met: list[Content]) -> Iterator[Event]:
    """The minutes of the meetings that were held."""
    for meeting in met:
        if meeting["held"]:
            told, held_on = meeting["minutes"], town.calendar.day(meeting["day"])
            day = calendar.minutes_day(town.calendar.day(told["day"]), held_on)
            yield calendar.at(day, told["time"]), _publishing(town, meeting)


def reading(town: Town) -> Event:
    """Everybody reads what is in the inbox, so that only the last days' lines are new."""
    return town.calendar.spoken(*READ_UNTIL), lambda now: _read_inboxes(town, now)


def _posting(town: Town, thread: str, told: Content) -> Act:
    def post(now: datetime) -> None:
        made = debates.post_reply(
            town.db,
            town.actor(told["author"]),
            thread_id=town.threads[thread],
            parent_id=town.posts[told["parent"]] if "parent" in told else None,
            body=told["text"],
            kind=PostKind(told["kind"]),
            topic=told.get("topic", ""),
            addressee_id=town.users[told["to"]].id if "to" in told else None,
            to_everyone=told.get("everyone", False),
            now=now,
        )
        town.posts[told["key"]] = made.id

    return post


def _withdrawing(town: Town, told: Content) -> Act:
    return lambda now: debates.withdraw_post(
        town.db, town.actor(told["author"]), post_id=town.posts[told["key"]], now=now
    )


def _hiding(town: Town, told: Content) -> Act:
    return lambda now: moderation.hide_post(
        town.db,
        town.actor(told["hidden_by"]),
        post_id=town.posts[told["key"]],
        reason=told["hidden_reason"],
        now=now,
    )


def _publishing(town: Town, meeting: Content) -> Act:
    return lambda now: hall_minutes.publish(
        town.db,
        town.actor(meeting["minutes"]["by"]),
        meeting_id=town.meetings[meeting["key"]],
        source="\n\n".join(_paragraphs(town, meeting["minutes"])),
        now=now,
    )


def _paragraphs(town: Town, told: Content) -> Iterator[str]:
    """Each point under its heading, with the way to the thread it goes back to."""
    for point in told["paragraph"]:
        yield f"**{point['title']}**\n{point['text']}"
        if "thread" in point:
            yield f"[Tal videre i tråden](/threads/{town.threads[point['thread']]})"


def _read_inboxes(town: Town, now: datetime) -> None:
    newest = town.db.scalar(select(func.max(Notification.id))) or 0
    for key in town.users:
        notifications.mark_read(town.db, town.actor(key), up_to=newest, now=now)
