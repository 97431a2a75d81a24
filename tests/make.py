"""People, dialogues, meetings, threads and posts, as short as a test needs them.

Everyone is made once for each name: asking for the same citizen again gives the same one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.catalogue.models import Proposal, ProposalAmount
from dialog.consultations.models import Consultation, Kind, State
from dialog.core import clock
from dialog.core.db import Database
from dialog.debates import commands as debates
from dialog.debates import setting_up
from dialog.debates.models import Post, PostKind, Thread
from dialog.meetings.models import Meeting
from dialog.people import commands as people
from dialog.people import queries as people_queries
from dialog.people.models import Committee, OfficeTitle, Party, User
from dialog.permissions import SYSTEM, Actor, Role

NOW = datetime(2028, 9, 13, 10, 0, tzinfo=UTC)  # a Wednesday at noon in Denmark


def make_user(db: Session, name: str, role: Role, **more: Any) -> Actor:
    """The person of that name and role, made if need be."""
    local = name.lower().replace(" ", ".").replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    email = f"{local}@eksempel.dk"
    user = people_queries.user_by_email(db, email)
    if user is None:
        now = more.pop("now", NOW)
        user = people.create_user(db, SYSTEM, email=email, name=name, role=role, now=now, **more)
    return Actor(user.id, user.role, user.name)


def make_citizen(db: Session, name: str = "Karen Møllegaard", **more: Any) -> Actor:
    """A citizen: Karen, if nobody else is named."""
    return make_user(db, name, Role.CITIZEN, **more)


def make_other_citizen(db: Session) -> Actor:
    """Bent, who is the other citizen everywhere."""
    return make_citizen(db, "Bent Juhl")


def make_chief(db: Session, name: str = "Line Østerby") -> Actor:
    """The comms chief."""
    return make_user(db, name, Role.COMMS_CHIEF, title="kommunikationschef")


def make_moderator(db: Session, name: str = "Mette Brandt") -> Actor:
    """The moderator."""
    return make_user(db, name, Role.MODERATOR)


def make_secretary(db: Session, name: str = "Gitte Lund") -> Actor:
    """The secretary, who prepares answers for politicians."""
    return make_user(db, name, Role.SECRETARY, title="byrådssekretær")


def make_committee(db: Session, name: str = "Ældreudvalget") -> Committee:
    """The committee of that name, made if need be."""
    found = db.scalars(select(Committee).where(Committee.name == name)).first()
    return found or people.create_committee(db, SYSTEM, name=name, now=NOW)


def make_party(db: Session, letter: str = "L", name: str = "Fjordlisten") -> Party:
    """The list with that letter, made if need be."""
    found = db.scalars(select(Party).where(Party.letter == letter)).first()
    return found or people.create_party(db, SYSTEM, letter=letter, name=name, now=NOW)


def make_politician(
    db: Session,
    name: str = "Anders Toft",
    *,
    committee: str | None = "Ældreudvalget",
    title: OfficeTitle = OfficeTitle.CHAIR,
) -> Actor:
    """A politician with one office, or none without a committee."""
    actor = make_user(db, name, Role.POLITICIAN, party_id=make_party(db).id)
    if committee and actor.id:
        offices = [(make_committee(db, committee).id, title)]
        people.set_offices(db, SYSTEM, actor.id, offices=offices, now=NOW)
    return actor


def make_consultation(
    db: Session,
    slug: str = "budget-2028",
    *,
    state: State = State.OPEN,
    closes_at: datetime | None = None,
    **more: Any,
) -> Consultation:
    """A budget dialogue, open unless told otherwise. The gate was not asked."""
    consultation = Consultation(
        **{
            "slug": slug,
            "title": "Budget 2028",
            "kind": Kind.BUDGET,
            "state": state,
            "created_at": NOW - timedelta(days=60),
            "opened_at": NOW - timedelta(days=30) if state is not State.DRAFT else None,
            "closes_at": closes_at,
            "decision_on": date(2028, 10, 10),
            "target_tkr": 250_000,
            "version": 1,
        }
        | more
    )
    db.add(consultation)
    db.flush()
    return consultation


def make_meeting(
    db: Session, consultation: Consultation, *, starts_at: datetime | None = None, **more: Any
) -> Meeting:
    """A borgermøde of two hours, a week from now unless told otherwise."""
    starts_at = starts_at or NOW + timedelta(days=7)
    meeting = Meeting(
        **{
            "consultation_id": consultation.id,
            "title": "Borgermøde om budgettet",
            "place": "Kulturhuset",
            "address": "Havnegade 1",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "changed_at": NOW - timedelta(days=30),
            "chair": "Line Østerby",
            "note_taker": "Jens Dam",
        }
        | more
    )
    db.add(meeting)
    db.flush()
    return meeting


def make_proposal(
    db: Session,
    consultation: Consultation,
    code: str = "ÆO-01",
    *,
    committee: str | None = "Ældreudvalget",
    amounts: dict[int, int] | None = None,
    **more: Any,
) -> Proposal:
    """A proposal worth 2 mio. kr. a year unless told otherwise."""
    proposal = Proposal(
        **{
            "consultation_id": consultation.id,
            "code": code,
            "title": "Færre ture med rengøring",
            "committee_id": make_committee(db, committee).id if committee else None,
            "service_impact": "Der bliver gjort rent hver tredje uge.",
        }
        | more
    )
    db.add(proposal)
    db.flush()
    for year, amount in (amounts or {2028: -2_000}).items():
        db.add(ProposalAmount(proposal_id=proposal.id, year=year, amount_tkr=amount))
    db.flush()
    return proposal


def make_thread(
    db: Session,
    consultation: Consultation | None = None,
    *,
    title: str = "Skal der gøres rent sjældnere?",
    intro: str = "Vi vil høre, hvad det betyder for dig.",
    politicians: Sequence[Actor] | None = None,
    meeting: Meeting | None = None,
    proposals: Sequence[Proposal] = (),
    now: datetime = NOW - timedelta(days=20),
) -> Thread:
    """A thread that Anders Toft answers for, in an open dialogue unless told otherwise."""
    consultation = consultation or make_consultation(db)
    meeting = meeting or make_meeting(db, consultation)
    responsible = [make_politician(db)] if politicians is None else politicians
    return setting_up.create_thread(
        db,
        make_chief(db),
        consultation_id=consultation.id,
        title=title,
        intro=intro,
        meeting_id=meeting.id,
        proposal_ids=[proposal.id for proposal in proposals],
        politician_ids=[one.id for one in responsible if one.id],
        now=now,
    )


def take_over(db: Session, thread: Thread, politicians: Sequence[Actor]) -> Thread:
    """The thread, which these politicians answer for from now on."""
    return setting_up.edit_thread(
        db,
        make_chief(db),
        thread_id=thread.id,
        title=thread.title,
        intro="",
        meeting_id=thread.meeting_id,
        proposal_ids=[],
        politician_ids=[one.id for one in politicians if one.id],
        version=thread.version,
        now=NOW,
    )


def make_post(
    db: Session,
    thread: Thread,
    author: Actor | None = None,
    *,
    under: Post | None = None,
    body: str = "Min mor er 84 og kan ikke selv.",
    now: datetime = NOW,
    **more: Any,
) -> Post:
    """A post by Karen unless told otherwise, under the opening post unless under another."""
    return debates.post_reply(
        db,
        author or make_citizen(db),
        thread_id=thread.id,
        parent_id=under.id if under else None,
        body=body,
        now=now,
        **more,
    )


def make_question(db: Session, thread: Thread, author: Actor | None = None, **more: Any) -> Post:
    """A question to the politician who answers first."""
    body = more.pop("body", "Hvem hjælper dem, der ikke selv kan?")
    return make_post(db, thread, author, body=body, kind=PostKind.QUESTION, **more)


def opening_of(db: Session, thread: Thread) -> Post:
    """The thread's opening post, as it stands now."""
    wanted = select(Post).where(Post.thread_id == thread.id, Post.path == "")
    return db.scalars(wanted.execution_options(populate_existing=True)).one()


def posts_of(db: Session, thread: Thread) -> list[Post]:
    """Every post of the thread in tree order, as it stands now."""
    wanted = select(Post).where(Post.thread_id == thread.id).order_by(Post.path)
    return list(db.scalars(wanted.execution_options(populate_existing=True)))


@contextmanager
def committed(app: Flask) -> Iterator[Session]:
    """A transaction of the app's own, for what a browser is to see afterwards."""
    database: Database = app.extensions["database"]
    with app.app_context(), database.transaction() as db:
        yield db


def sign_in(app: Flask, client: FlaskClient, actor: Actor) -> None:
    """Makes the browser the actor's, without the form."""
    assert actor.id is not None
    with committed(app) as db:
        token = people.start_session(db, actor.id, now=clock.now())
        user = db.get_one(User, actor.id)
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
        session.permanent = user.role is Role.CITIZEN
