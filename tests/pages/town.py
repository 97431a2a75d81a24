"""A small town for these tests: two open dialogues, four questions, one of them answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from dialog.catalogue.models import Proposal, ProposalAmount
from dialog.consultations.models import Consultation, Kind, State
from dialog.core import clock
from dialog.core import db as store
from dialog.debates.models import (
    Post,
    PostKind,
    Thread,
    ThreadPolitician,
    ThreadProposal,
    Voice,
)
from dialog.duties.models import Duty, DutyState
from dialog.meetings.models import Meeting
from dialog.people import commands as people
from dialog.people.models import Committee, Office, OfficeTitle, Party, User
from dialog.permissions import Role
from dialog.rules.workdays import add_working_days, end_of_day

NOW = clock.now()
TODAY = clock.local(NOW).date()
ASKED = "Hvad sker der med specialklasserne?"
BUS = "Hvor længe skal de mindste sidde i bussen?"
FIGURES = "Må forældre se tallene bag prognosen?"
ANSWER = "Højst 35 minutter hver vej. Kan vi ikke love det, stemmer jeg ikke for lukningen."


@dataclass
class Town:
    """Whom and what the tests speak of."""

    politician: User
    other: User
    citizen: User
    chief: User
    budget: Consultation
    schools: Consultation
    thread: Thread
    opening: Post
    late: Post
    today: Post
    waiting: Post
    answer: Post
    questions: list[Post] = field(default_factory=list)


def due(working_days: int) -> datetime:
    """The end of the day so many working days from today."""
    if working_days >= 0:
        return end_of_day(add_working_days(TODAY, working_days))
    day = TODAY
    while add_working_days(day, -working_days) > TODAY:
        day -= timedelta(days=1)
    return end_of_day(day)


def make_person(db: Session, name: str, role: Role, **more: object) -> User:
    """A person who can sign in."""
    email = name.split()[0].lower() + "@fjordby.example"
    user = User(email=email, name=name, role=role, created_at=NOW, confirmed_at=NOW, **more)
    db.add(user)
    db.flush()
    return user


def make_consultation(
    db: Session, slug: str, kind: Kind, state: State, **more: object
) -> Consultation:
    """A consultation with a decision ahead, opened a month ago."""
    values: dict[str, object] = {
        "title": slug.title(),
        "decision_on": TODAY + timedelta(days=40),
        "opened_at": NOW - timedelta(days=30),
    }
    made = Consultation(slug=slug, kind=kind, state=state, created_at=NOW, **(values | more))
    db.add(made)
    db.flush()
    return made


def make_meeting(db: Session, consultation: Consultation, days: int, **more: object) -> Meeting:
    """A meeting so many days from now."""
    values: dict[str, object] = {"title": "Borgermøde", "place": "Fjordbyhallen"}
    starts = NOW.replace(hour=17, minute=0) + timedelta(days=days)
    made = Meeting(
        consultation_id=consultation.id,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        changed_at=NOW - timedelta(days=30),
        **(values | more),
    )
    db.add(made)
    db.flush()
    return made


def make_proposal(
    db: Session,
    consultation: Consultation,
    committee: Committee,
    code: str,
    tkr: int,
    title: str,
) -> Proposal:
    """A proposal that saves the same every year from 2028."""
    made = Proposal(
        consultation_id=consultation.id,
        code=code,
        title=title,
        committee_id=committee.id,
        service_impact="De mindste får længere til skole. Resten mærker ikke noget.",
    )
    db.add(made)
    db.flush()
    db.add_all(
        ProposalAmount(proposal_id=made.id, year=year, amount_tkr=-tkr) for year in (2028, 2029)
    )
    return made


def make_thread(
    db: Session, consultation: Consultation, meeting: Meeting, title: str
) -> tuple[Thread, Post]:
    """A thread and its opening post."""
    thread = Thread(
        consultation_id=consultation.id, meeting_id=meeting.id, title=title, created_at=NOW
    )
    db.add(thread)
    db.flush()
    return thread, make_post(db, thread, None, title, author_name="Forvaltningen")


def make_post(
    db: Session, thread: Thread, parent: Post | None, source: str, **more: object
) -> Post:
    """A post under `parent`, numbered after the ones already there."""
    ordinal = parent.child_count if parent else 0
    values: dict[str, object] = {"created_at": NOW - timedelta(days=9), "html": f"<p>{source}</p>"}
    made = Post(
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        path=f"{parent.path}{ordinal:04}" if parent else "",
        depth=parent.depth + 1 if parent else 0,
        ordinal=ordinal,
        source=source,
        rev=1,
        child_count=0,
        descendant_count=0,
        **(values | more),
    )
    db.add(made)
    if parent:
        parent.child_count += 1
        parent.descendant_count += 1
    db.flush()
    return made


def make_question(
    db: Session,
    thread: Thread,
    parent: Post,
    source: str,
    holder: User,
    due_at: datetime,
    author: User,
) -> Post:
    """A question that `holder` owes an answer to."""
    made = make_post(
        db,
        thread,
        parent,
        source,
        kind=PostKind.QUESTION,
        awaits_answer=True,
        author_id=author.id,
        author_name=author.name,
        author_area=author.area,
        addressee_id=holder.id,
        addressee_name=holder.name,
    )
    db.add(
        Duty(
            question_id=made.id,
            consultation_id=thread.consultation_id,
            holder_id=holder.id,
            opened_at=made.created_at,
            due_at=due_at,
        )
    )
    db.flush()
    return made


def make_answer(db: Session, thread: Thread, question: Post, source: str, holder: User) -> Post:
    """The answer of `holder`, who is then done with it."""
    at = question.created_at + timedelta(days=1)
    made = make_post(
        db,
        thread,
        question,
        source,
        voice=Voice.POLITICIAN,
        is_answer=True,
        author_id=holder.id,
        author_name=holder.name,
        author_title="formand for Børne- og Skoleudvalget",
        author_party="L",
        author_party_name="Landsbylisten",
        created_at=at,
    )
    duty = db.query(Duty).filter_by(question_id=question.id).one()
    duty.answered_at, duty.answered_by, duty.answer_id = at, holder.id, made.id
    duty.state = DutyState.ANSWERED
    db.flush()
    return made


def make_town(db: Session) -> Town:
    """The town, kept."""
    party, committee = (
        Party(letter="L", name="Landsbylisten"),
        Committee(name="Børne- og Skoleudvalget"),
    )
    db.add_all([party, committee])
    db.flush()
    politician = make_person(db, "Anders Toft", Role.POLITICIAN, party_id=party.id)
    other = make_person(db, "Birthe Ravnsborg", Role.POLITICIAN, party_id=party.id)
    citizen = make_person(db, "Dorte Vinther", Role.CITIZEN, area="Lyngholm")
    chief = make_person(db, "Karen Holm", Role.COMMS_CHIEF, title="kommunikationschef")
    db.add(Office(user_id=politician.id, committee_id=committee.id, title=OfficeTitle.CHAIR))
    budget = make_consultation(
        db,
        "budget-2028",
        Kind.BUDGET,
        State.OPEN,
        title="Budget 2028",
        summary="Kommunen mangler 250 mio. kr. Forslagene rører alt fra skoler til snerydning.",
        target_tkr=250_000,
        budget_year=2028,
    )
    schools = make_consultation(
        db,
        "skoler",
        Kind.SCHOOL_STRUCTURE,
        State.OPEN,
        title="Skolerne i Fjordby 2028–2035",
        question="Hvor mange skoler skal vi have, og hvor skal de ligge?",
        decision_on=TODAY + timedelta(days=20),
    )
    meeting = make_meeting(db, budget, 5, title="Budget: skoler og dagtilbud")
    make_meeting(db, schools, 12, title="Skolerne i Fjordby", place="Lyngholm Skole")
    make_meeting(db, budget, -20, title="Første borgermøde")
    lukning = make_proposal(db, budget, committee, "BS-04", 236_000, "Lyngholm Skole lukker")
    make_proposal(db, budget, committee, "BS-05", 100_000, "Færre rengøringer")
    make_proposal(db, schools, committee, "M-1", 12_000, "To skoler")
    thread, opening = make_thread(db, budget, meeting, "Skal Lyngholm Skole lukke?")
    db.add(ThreadPolitician(thread_id=thread.id, user_id=politician.id))
    db.add(ThreadProposal(thread_id=thread.id, proposal_id=lukning.id))
    asked = make_question(
        db,
        thread,
        opening,
        "Hvor længe skal de mindste sidde i bussen?",
        politician,
        due(2),
        citizen,
    )
    answer = make_answer(db, thread, asked, ANSWER, politician)
    above = make_post(
        db,
        thread,
        opening,
        "Min søn går på Lyngholm.",
        author_id=citizen.id,
        author_name=citizen.name,
    )
    late = make_question(db, thread, above, ASKED, politician, due(-3), citizen)
    make_post(db, thread, late, "De kan ikke bare skifte klasse.", author_name="Signe Lund")
    today = make_question(
        db,
        thread,
        opening,
        "Må forældre se tallene bag prognosen?",
        politician,
        end_of_day(TODAY),
        citizen,
    )
    waiting = make_question(
        db, thread, opening, "Kan børnehaven blive i landsbyen?", politician, due(3), citizen
    )
    opening.open_questions = 3
    db.commit()
    return Town(
        politician, other, citizen, chief, budget, schools, thread, opening, late, today, waiting,
        answer, [late, today, waiting],
    )  # fmt: skip


def sign_in(app: Flask, client: FlaskClient, user: User) -> None:
    """Gives the browser a living sign-in of `user`."""
    database: store.Database = app.extensions["database"]
    with app.app_context(), database.transaction() as db:
        token = people.start_session(db, user.id, now=clock.now())
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True


class Browser(FlaskClient):
    """A browser whose every request begins with nothing of a test's own context round it."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        """The answer; what one reader's request remembered is not there for the next one."""
        return Context().run(super().open, *args, **more)


def browser(app: Flask) -> Browser:
    """A fresh browser."""
    return Browser(app, app.response_class)


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the store inside the block."""
    database: store.Database = app.extensions["database"]
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(database.reader, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.reader, "before_cursor_execute", note)
