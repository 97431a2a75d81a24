"""Who comes to the meetings: seats taken, a hall that is full, and a line outside it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import current_app

from dialog.demo import calendar
from dialog.demo.town import Act, Content, Event, Town
from dialog.meetings import door, seats, staffing
from dialog.people import codes
from dialog.permissions import VISITOR

CHIEF = "line"
GUESTS = "@gaest.fjordby.example"  # the mail addresses of those without an account
EACH = timedelta(minutes=7)  # between two who sign up


def events(town: Town, told: list[Content], met: list[Content]) -> Iterator[Event]:
    """Who runs the coming meetings, who signs up for them, and how many came to the held ones."""
    for each in told:
        moment = town.calendar.spoken(each["day"], "17:05")
        yield moment - EACH, _staffing(town, each)
        for number, guest in enumerate((*each["accounts"], *each["guests"])):
            yield moment + number * EACH, _signing_up(town, each["key"], guest)
    for meeting in met:
        if meeting["held"]:
            late = calendar.at(town.calendar.day(meeting["day"]), "20:30")
            yield late, _counting(town, meeting)


def _staffing(town: Town, told: Content) -> Act:
    return lambda now: staffing.name_staff(
        town.db,
        town.actor(CHIEF),
        meeting_id=town.meetings[told["key"]],
        chairs=[town.users[key].id for key in told["chairs"]],
        note_takers=[town.users[key].id for key in told["note_takers"]],
        panel=[town.users[key].id for key in told["panel"]],
        now=now,
    )


def _signing_up(town: Town, meeting: str, guest: str) -> Act:
    """One sign-up: by the key of an account, or as a name and a number of seats."""

    def sign_up(now: datetime) -> None:
        name, _space, number = guest.rpartition(" ")
        mail = "".join(sign for sign in name.lower() if sign.isascii() and sign.isalpha())
        secret = current_app.config["SECRET_KEY"]
        seats.sign_up(
            town.db,
            VISITOR if name else town.actor(guest),
            meeting_id=town.meetings[meeting],
            wish=seats.Wish(name=name, email=mail + GUESTS, seats=int(number) if name else 1),
            code=codes.code_from(secret, f"demo/{meeting}/{guest}"),
            now=now,
        )

    return sign_up


def _counting(town: Town, meeting: Content) -> Act:
    return lambda now: door.count_room(
        town.db,
        town.actor(CHIEF),
        meeting_id=town.meetings[meeting["key"]],
        attendance=meeting["attended"],
        now=now,
    )
