"""The demo is a town at work, built by the product's own commands."""

import re
from collections import Counter
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from dialog import rules
from dialog.catalogue import queries as catalogue
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, State
from dialog.core import clock
from dialog.core.db import Database
from dialog.core.errors import NotReady
from dialog.debates import queries as debates
from dialog.debates.models import Confirmation, Draft, Post, PostState, Thread, Voice
from dialog.demo import load
from dialog.duties.models import (
    DeclineCode,
    Desk,
    Duty,
    DutyState,
    Origin,
    PauseCause,
    PromiseKind,
)
from dialog.gate import commands as gate
from dialog.gate import queries as gate_queries
from dialog.mail.models import OutgoingMail
from dialog.meetings.models import Meeting, MeetingStaff, Panelist, StaffPart
from dialog.notifications.models import Notification
from dialog.people import passwords
from dialog.people import queries as people
from dialog.people.models import User
from dialog.permissions import SYSTEM, VISITOR, Role
from dialog.strategy import queries as strategy
from tests.cli.conftest import TODAY, noon

NOW = noon(TODAY)


def consultation(db: Session, slug: str) -> Consultation:
    """The consultation at this address."""
    return consultations.access_consultation(db, SYSTEM, slug)


@pytest.mark.parametrize("slug", ["budget-2028", "ny-skolestruktur"])
def test_an_open_dialogue_keeps_all_five_rules(reading: Session, slug: str) -> None:
    found = consultation(reading, slug)
    states = {verdict.state for verdict in gate_queries.verdicts(reading, found, NOW)}
    assert found.state is State.OPEN
    assert states == {rules.State.KEPT}


def test_the_gate_refuses_the_draft(fjordby: Flask) -> None:
    database: Database = fjordby.extensions["database"]
    with (
        fjordby.test_request_context(),
        pytest.raises(NotReady) as refused,
        database.transaction() as db,
    ):
        gate.open_consultation(db, SYSTEM, slug="biblioteker-2028", now=NOW)
    codes = {getattr(finding, "code", "") for finding in refused.value.findings}
    assert {"meeting_missing", "impossible_missing", "phase_without_activity"} <= codes


def test_forty_proposals_give_336_million(reading: Session) -> None:
    budget = consultation(reading, "budget-2028")
    rows = catalogue.priced_proposals(reading, budget.id)
    assert len(rows) == 40
    assert sum(row.in_year(2028) or 0 for row in rows) == -336_000


def test_four_scenarios_exclude_each_other(reading: Session) -> None:
    schools = consultation(reading, "ny-skolestruktur")
    rows = catalogue.priced_proposals(reading, schools.id)
    shown = [catalogue.access_shown(reading, VISITOR, row.proposal.id) for row in rows]
    assert [len(one.excluded) for one in shown] == [3, 3, 3, 3]
    assert len(catalogue.schools(reading, schools.id)) == 5


def test_the_one_meeting_that_was_held_has_minutes(reading: Session) -> None:
    meetings = reading.scalars(select(Meeting)).all()
    held = [meeting for meeting in meetings if meeting.ends_at < NOW]
    assert (len(meetings), len(held)) == (4, 1)
    assert held[0].minutes_html is not None
    assert 'href="/threads/' in held[0].minutes_html


def test_a_visitor_meets_every_state_a_question_can_be_in(reading: Session) -> None:
    duties = reading.scalars(select(Duty)).all()
    assert {duty.state for duty in duties} == set(DutyState)
    assert {duty.origin for duty in duties} == set(Origin)
    assert {duty.decline_code for duty in duties} >= set(DeclineCode)
    waiting = [duty for duty in duties if duty.is_open]
    assert {duty.desk for duty in waiting} == set(Desk)
    assert {duty.pause_cause for duty in waiting} >= set(PauseCause)
    assert any(duty.contested_at for duty in waiting)
    assert {duty.promise_kind for duty in duties if duty.promise_kind} == set(PromiseKind)


ON_THE_LIST = {
    "triage": "Spørgsmålet bliver set igennem først.",
    "owed": "Svar skyldes senest",
    "acknowledged": "Svaret mangler.",
    "answered": "Besvaret",
    "accepted": "Spørgeren siger tak for svaret.",
    "contested": "mener ikke, at det svarer på spørgsmålet.",
    "overdue": "Over fristen i",
    "escalated": "Spørgsmålet kommer med på det næste borgermøde.",
    "declined: elsewhere": "Besvaret et andet sted.",
    "declined: not municipal": "Det bestemmer kommunen ikke.",
    "declined: personal": "Det handler om en personlig sag.",
    "declined: other": "Bliver ikke besvaret her.",
    "merged": "Lagt sammen med et andet spørgsmål.",
    "paused": "Uret står stille til",
    "moved": "Fristen var først",
    "with the administration": "Forvaltningen, Line Østerby",
    "facts": "Forvaltningen finder fakta",
}
PROMISED = {
    "waits": "Undersøger senest",
    "changing": "Ændrer senest",
    "late": "Lovet til",
    "kept": "Se, hvad der blev af det",
    "standing by": "Fastholder",
    "given up": "Løftet bliver ikke holdt:",
}


def test_a_visitor_reads_every_state_on_the_public_list(
    fjordby: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    listed = everything_on(fjordby.test_client(), "/answers")
    assert {state for state, words in ON_THE_LIST.items() if words not in listed} == set()
    promised = everything_on(fjordby.test_client(), "/answers?show=promised")
    assert {state for state, words in PROMISED.items() if words not in promised} == set()


def test_what_is_closed_stands_where_it_was_asked(fjordby: Flask, reading: Session) -> None:
    closed = reading.scalars(select(Duty).where(Duty.state == DutyState.CLOSED)).all()
    assert closed
    for duty in closed:
        page = fjordby.test_client().get(f"/posts/{duty.question_id}").text
        assert "har trukket indlægget tilbage" in page


def everything_on(client: FlaskClient, path: str) -> str:
    """The words of a list, page by page to its end."""
    found = ""
    while path:
        page = client.get(path).text
        onward = re.search(r'href="(/answers\?[^"]*after=[^"]+)"', page)
        found, path = found + page, unescape(onward[1]) if onward else ""
    return found


def test_questions_are_answered_waiting_and_overdue(reading: Session) -> None:
    duties = reading.scalars(select(Duty).where(Duty.origin != Origin.PROMISE)).all()
    waiting = [duty for duty in duties if duty.is_open]
    overdue = [duty for duty in waiting if duty.due_at < NOW]
    assert sum(duty.answered_at is not None for duty in duties) > 15
    assert (len(overdue), sum(duty.escalated_at is not None for duty in overdue)) == (5, 4)
    assert len(waiting) - len(overdue) >= 5


def test_a_secretary_has_prepared_an_answer_that_still_waits(reading: Session) -> None:
    gitte = aliased(User)
    prepared = reading.execute(
        select(Duty.state, User.name)
        .join(Draft, Draft.parent_id == Duty.question_id)
        .join(gitte, gitte.id == Draft.user_id)
        .join(User, User.id == Duty.holder_id)
        .where(gitte.name == "Gitte Lund")
    ).all()
    assert [tuple(row) for row in prepared] == [(DutyState.OWED, "Anders Toft")]


def test_citizens_politicians_and_the_administration_speak(reading: Session) -> None:
    voices = Counter(reading.scalars(select(Post.voice).where(Post.depth > 0)))
    assert voices[Voice.CITIZEN] > 100
    assert voices[Voice.POLITICIAN] > 20
    assert voices[Voice.ADMINISTRATION] > 10


def test_a_politician_answers_from_his_office(reading: Session) -> None:
    wanted = select(Post.author_title).where(Post.author_name == "Anders Toft", Post.is_answer)
    assert set(reading.scalars(wanted)) == {"formand for Børne- og Skoleudvalget"}


def test_an_oral_answer_waits_for_the_politician_who_signs_in(reading: Session) -> None:
    wanted = select(Post).where(Post.confirmation == Confirmation.WAITING)
    waiting = {post.author_name: post.confirm_by for post in reading.scalars(wanted)}
    assert {"Anders Toft", "Lone Steensgaard"} == set(waiting)
    for until in waiting.values():
        assert until is not None
        assert NOW < until < NOW + timedelta(hours=48)


def test_nobody_leads_a_meeting_from_its_panel(reading: Session) -> None:
    leads = select(MeetingStaff.meeting_id, MeetingStaff.user_id).where(
        MeetingStaff.part == StaffPart.CHAIR
    )
    chairs = {tuple(row) for row in reading.execute(leads)}
    seated = {tuple(row) for row in reading.execute(select(Panelist.meeting_id, Panelist.user_id))}
    assert len(chairs) == 4
    assert not chairs & seated


def test_one_post_is_hidden_with_a_reason_and_two_withdrawn(reading: Session) -> None:
    gone = reading.scalars(select(Post).where(Post.state != PostState.VISIBLE)).all()
    states = {post.state: post.state_reason for post in gone}
    assert len(gone) == 3
    assert "regel 2" in (states[PostState.HIDDEN] or "")
    assert states[PostState.WITHDRAWN] is None


def test_every_post_came_before_now_and_after_the_opening(reading: Session) -> None:
    wanted = (
        select(func.min(Post.created_at), func.max(Post.created_at), Consultation.opened_at)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Consultation, Consultation.id == Thread.consultation_id)
        .where(Post.depth > 0)
        .group_by(Consultation.id)
    )
    for first, last, opened_at in reading.execute(wanted):
        assert opened_at is not None
        assert opened_at < first < last < NOW


def test_every_thread_has_an_opening_and_the_right_count(reading: Session) -> None:
    threads = reading.scalars(select(Thread)).all()
    for thread in threads:
        page = debates.access_thread(reading, SYSTEM, thread.id)
        assert page.opening.descendant_count == thread.post_count
    assert len(threads) == 22


def test_seven_people_sign_in_with_the_password_everyone_knows(reading: Session) -> None:
    shown = people.demo_users(reading)
    assert Counter(user.role for user in shown) == Counter(
        [Role.CITIZEN, *(role for role in Role if role is not Role.VISITOR)]
    )
    assert passwords.verify_password(shown[0].password_hash, passwords.DEMO_PASSWORD)
    assert all(reading.scalars(select(User.is_demo)))


def test_no_mail_leaves_the_demo(reading: Session) -> None:
    assert reading.scalars(select(OutgoingMail)).all() == []


def test_only_the_last_days_lines_of_an_inbox_are_new(reading: Session) -> None:
    politician = people.user_by_email(reading, "politiker@fjordby.example")
    assert politician is not None
    wanted = select(Notification).where(Notification.user_id == politician.id)
    lines = reading.scalars(wanted).all()
    new = [line for line in lines if line.read_at is None]
    assert 0 < len(new) < len(lines)
    assert all((NOW - line.created_at).days < 4 for line in new)


def test_what_was_done_in_the_plan_is_ticked_off(reading: Session) -> None:
    budget = consultation(reading, "budget-2028")
    for activity in strategy.activities(reading, budget.id):
        assert activity.on_date is not None
        assert activity.is_done == (activity.on_date < TODAY)


def test_a_second_load_changes_nothing(fjordby: Flask, reading: Session) -> None:
    before = reading.scalar(select(func.count()).select_from(User))
    assert load.load_demo(fjordby, today=TODAY, now=NOW) is False
    assert reading.scalar(select(func.count()).select_from(User)) == before


def test_nobody_real_has_one_of_the_addresses(reading: Session) -> None:
    assert all(address.endswith(".example") for address in reading.scalars(select(User.email)))
