"""The town itself: what has been made of it so far, and the making of its people."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from dialog.demo.calendar import Calendar
from dialog.people import commands as people
from dialog.people.models import OfficeTitle, User
from dialog.permissions import SYSTEM, Actor, Role

CONTENT = Path(__file__).resolve().parent / "content"
FINANCE = "oekonomi"  # the committee that a mayor chairs by law
STAFF_ROLES = {  # all others speak for the town
    "moderator": Role.MODERATOR,
    "admin": Role.ADMIN,
    "secretary": Role.SECRETARY,
}

Content = dict[str, Any]
Act = Callable[[datetime], object]
"""Something that happens; it is told the moment at which it does."""
Event = tuple[datetime, Act]


@dataclass
class Town:
    """What has been made so far, by the keys that the content gives it."""

    db: Session
    calendar: Calendar
    password_hash: str
    users: dict[str, User] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    committees: dict[str, int] = field(default_factory=dict)
    consultations: dict[str, int] = field(default_factory=dict)
    proposals: dict[str, int] = field(default_factory=dict)
    meetings: dict[str, int] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    points: dict[tuple[str, str], int] = field(default_factory=dict)  # by meeting and name

    def actor(self, key: str) -> Actor:
        """The person as one who acts."""
        user = self.users[key]
        return Actor(user.id, user.role, user.name)

    def label(self, key: str) -> str:
        """How the person is named in a plan: "Hanne Bro, skolechef"."""
        user = self.users[key]
        return f"{user.name}, {user.title}" if user.title else user.name


def read(name: str) -> Content:
    """The content of one file."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def settle(town: Town, now: datetime) -> None:
    """Makes parties, committees and everyone who lives or works here."""
    told = read("people")
    for party in told["party"]:
        made = people.create_party(town.db, SYSTEM, **party, now=now)
        town.parties[party["letter"]] = made.id
    for one in told["committee"]:
        committee = people.create_committee(town.db, SYSTEM, name=one["name"], now=now)
        town.committees[one["key"]] = committee.id
    for person in told["staff"]:
        role = STAFF_ROLES.get(person["role"], Role.COMMS_CHIEF)
        _move_in(town, person, role, now)
    for person in told["politician"]:
        _move_in(town, person, Role.POLITICIAN, now)
        _elect(town, person, now)
    for person in told["citizen"]:
        _move_in(town, person, Role.CITIZEN, now)


def _move_in(town: Town, person: Content, role: Role, now: datetime) -> None:
    may_sign_in = person.get("demo", False)
    town.users[person["key"]] = people.create_user(
        town.db,
        SYSTEM,
        email=person["email"],
        name=person["name"],
        role=role,
        title=person.get("title"),
        area=person.get("area"),
        party_id=town.parties.get(person.get("party", "")),
        password_hash=town.password_hash if may_sign_in else None,
        is_demo=True,
        now=now,
    )


def _elect(town: Town, person: Content, now: datetime) -> None:
    """Gives the offices; the mayor's title stands on the finance committee, which he chairs."""
    titles = {office["role"] for office in person["offices"]}
    offices = {
        town.committees[office["committee"]]: OfficeTitle(office["role"])
        for office in person["offices"]
        if "committee" in office
    }
    if OfficeTitle.MAYOR in titles:
        offices[town.committees[FINANCE]] = OfficeTitle.MAYOR
    user_id = town.users[person["key"]].id
    people.set_offices(town.db, SYSTEM, user_id, offices=offices.items(), now=now)
