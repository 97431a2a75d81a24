"""The municipality that is measured: its threads by size, and citizens who are signed in."""

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from config import Settings
from dialog.app import create_app
from dialog.cli import migrating
from dialog.consultations.models import Consultation, Kind, State
from dialog.core import clock
from dialog.core.db import Database
from dialog.debates import importing
from dialog.debates.grafting import Words
from dialog.debates.thread_file import ImportedPost, ThreadFile
from dialog.meetings.models import Meeting
from dialog.people import commands as people
from dialog.permissions import SYSTEM, Role

CITIZENS = 66  # 16 who post as fast as they can, 50 who write while a thousand read
MIXED_THREADS = 5
BEGINNING = datetime(2028, 8, 1, 8, 0, tzinfo=UTC)
SENTENCES = (
    "Min mor er 84 og kan ikke selv gøre rent, så for hende er det hverdagen, det handler om.",
    "Jeg forstår godt, at der skal spares, men jeg vil gerne se regnestykket bag forslaget.",
    "I vores del af kommunen er der langt til bussen, og det mærker vi mest om vinteren.",
    "Har I regnet på, hvad det koster, når flere får brug for hjælp tidligere end ventet?",
    "Som skolebestyrelse har vi drøftet det her to gange, og vi er stadig ikke enige.",
)


@dataclass(frozen=True)
class Citizen:
    """A signed-in browser: its cookie, and the token its forms carry."""

    cookie: str
    csrf_token: str


@dataclass(frozen=True)
class Ground:
    """Where everything is. Thread ids by name, citizens in the order they signed in."""

    threads: dict[str, int]
    citizens: list[Citizen]


def settings(folder: Path, port: int = 8000) -> Settings:
    """A development installation without limits on posting, in a folder of its own."""
    return Settings(
        instance=folder,
        database_url=f"sqlite:///{folder / 'dialog.db'}",
        secret_key="a secret that is only good for measuring",
        base_url=f"http://127.0.0.1:{port}",
        port=port,
        demo=False,
        limits=False,
        log_level="WARNING",
    )


def prepare(folder: Path, names: Collection[str]) -> Ground:
    """The ground with the threads of these names, made in `folder` and kept there."""
    wanted = settings(folder)
    migrating.migrate(wanted.database_url)
    app = create_app(wanted)
    made = Ground(_make_threads(app, names), list(_sign_in(app)))
    app.extensions["database"].dispose()
    (folder / "ground.json").write_text(json.dumps(asdict(made)))
    return made


def _make_threads(app: Flask, names: Collection[str]) -> dict[str, int]:
    database: Database = app.extensions["database"]
    threads: dict[str, int] = {}
    with app.app_context():
        with database.transaction() as db:
            consultation_id = _consultation(db)
        for name, parents in shapes().items():
            if name not in names:
                continue
            file = thread_file(name, parents)
            words = importing.rendered(file)
            with database.transaction() as db:
                threads[name] = _import(db, consultation_id, file, words)
    return threads


def _import(db: Session, consultation_id: int, file: ThreadFile, words: dict[str, Words]) -> int:
    done = importing.import_thread(
        db, SYSTEM, consultation_id=consultation_id, thread_file=file, words=words, now=clock.now()
    )
    return done.thread_id


def shapes() -> dict[str, list[int | None]]:
    """For each thread the parent of every post, by number; the opening post is number 0.

    All but `dense` are branches of ten (a post, three replies, two to each): a page shows twenty
    branches, so that 200 posts fill it and a larger thread has more branches like them. In
    `dense` every post on the page has more replies than the page shows.
    """
    names = ["200", "posted", *(f"mixed{n}" for n in range(MIXED_THREADS))]
    found = {name: branches_of_ten(200) for name in names}
    return found | {
        "10000": branches_of_ten(10_000),
        "100000": branches_of_ten(100_000),
        "dense": every_post_full(20_000),
    }


def branches_of_ten(posts: int) -> list[int | None]:
    """A post with three replies, each with two of its own; as often as it takes."""
    parents: list[int | None] = [None]
    while len(parents) <= posts:
        root = len(parents)
        parents += [0, *(root,) * 3]
        parents += [root + 1 + reply for reply in range(3) for _ in range(2)]
    return parents


def every_post_full(posts: int) -> list[int | None]:
    """Forty branches, and five replies to every post for as long as there are posts."""
    roots = [0] * 40
    return [None, *roots, *(1 + number // 5 for number in range(posts - len(roots)))]


def thread_file(name: str, parents: list[int | None]) -> ThreadFile:
    """The debate of that shape, as an import would have read it."""
    posts = tuple(
        ImportedPost(
            source_id=f"{name}-{number}",
            parent_source_id=None if parent is None else f"{name}-{parent}",
            author=f"Borger {number % 997}",
            created_at=BEGINNING + timedelta(seconds=number),
            text=_text(number),
            removed=False,
            line=number + 1,
        )
        for number, parent in enumerate(parents)
    )
    return ThreadFile(title="Skal der gøres rent sjældnere?", posts=posts, adopted=0)


def _text(number: int) -> str:
    """Two to four sentences; one text in ten has emphasis and a list."""
    length = 2 + number % 3
    words = " ".join(SENTENCES[(number + at) % len(SENTENCES)] for at in range(length))
    return words if number % 10 else f"**{number}**: {words}\n\n- et\n- to"


def _consultation(db: Session) -> int:
    now = clock.now()
    consultation = Consultation(
        slug="maaling",
        title="Budget 2028",
        kind=Kind.BUDGET,
        state=State.OPEN,
        created_at=now - timedelta(days=60),
        opened_at=now - timedelta(days=30),
        decision_on=date(now.year + 1, 10, 10),
        target_tkr=250_000,
        version=1,
    )
    db.add(consultation)
    db.flush()
    db.add(_meeting(consultation.id, now + timedelta(days=30)))
    party = people.create_party(db, SYSTEM, letter="L", name="Fjordlisten", now=now)
    _person(db, "Anders Toft", Role.POLITICIAN, party_id=party.id)
    return consultation.id


def _meeting(consultation_id: int, starts_at: datetime) -> Meeting:
    return Meeting(
        consultation_id=consultation_id,
        title="Borgermøde om budgettet",
        place="Kulturhuset",
        address="Havnegade 1",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        changed_at=clock.now(),
        chair="Line Østerby",
        note_taker="Jens Dam",
    )


def _person(db: Session, name: str, role: Role, **more: Any) -> int:
    email = name.lower().replace(" ", ".") + "@eksempel.dk"
    user = people.create_user(
        db, SYSTEM, email=email, name=name, role=role, now=clock.now(), **more
    )
    return user.id


def _sign_in(app: Flask) -> Iterator[Citizen]:
    database: Database = app.extensions["database"]
    for number in range(CITIZENS):
        with app.app_context(), database.transaction() as db:
            name = f"Karen {chr(65 + number // 26)}{chr(97 + number % 26)}gaard"
            user_id = _person(db, name, Role.CITIZEN, area="Havnebyen")
            token = people.start_session(db, user_id, now=clock.now())
        yield _browser(app, token)


def _browser(app: Flask, token: str) -> Citizen:
    client = app.test_client()
    host = {"base_url": "http://127.0.0.1"}
    with client.session_transaction(**host) as session:
        session["_user_id"] = token
        session["_fresh"] = True
    csrf_token = client.get("/threads/1/reader", **host).get_json()["csrf_token"]
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name, domain="127.0.0.1")
    assert cookie is not None
    return Citizen(f"{name}={cookie.value}", csrf_token)
