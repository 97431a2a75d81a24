"""Closing an account: who goes, what stays, and that nothing leads back."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from dialog import tables
from dialog.agenda.hall.models import Hall, HallSpeaker
from dialog.audit.models import AuditEvent
from dialog.core.errors import InvalidInput, NotFound
from dialog.debates import drafting, reading_queries, supporting
from dialog.debates.models import BranchPerson, Draft, Post, PostKind, PostState, Thread, Voice
from dialog.duties import queries as duties
from dialog.mail.models import MailState, OutgoingMail
from dialog.meetings import seats, staffing
from dialog.meetings.models import Meeting, Place, SignUp
from dialog.notifications import commands as notifications
from dialog.notifications import following, wishes
from dialog.notifications.models import Notification, Topic, When
from dialog.people import again, closing, names, queries
from dialog.people import commands as people
from dialog.people.models import MailToken, User, UserSession
from dialog.permissions import Actor, NotAllowed, Role
from tests import make
from tests.make import NOW
from tests.people import browser
from tests.people.browser import KAREN

NAME, AREA = "Karen Møllegaard", "Zqhavnen"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db)


def close(db: Session, name: str = NAME) -> User:
    """The row that is left of this citizen."""
    actor = make.make_citizen(db, name)
    closing.close_account(db, actor, now=LATER)
    db.flush()
    db.expire_all()
    return db.get_one(User, actor.id)


def fresh(db: Session, post: Post) -> Post:
    """The post as it stands now."""
    db.refresh(post)
    return post


def fresh_mail(db: Session, mail: OutgoingMail) -> OutgoingMail:
    """The mail as it stands now."""
    db.refresh(mail)
    return mail


def mails_to(
    db: Session, user_id: int | None, state: MailState = MailState.WAITING
) -> list[OutgoingMail]:
    """The mails to this person that are in this state."""
    to_him = OutgoingMail.user_id == user_id, OutgoingMail.state == state
    return list(db.scalars(select(OutgoingMail).where(*to_him)))


def take_seat(db: Session, meeting: Meeting, who: str) -> SignUp:
    """A seat, or a place in the line, for Karen or Bent."""
    actor = make.make_citizen(db) if who == "karen" else make.make_other_citizen(db)
    wish = seats.Wish(name="", email=None, seats=1)
    return seats.sign_up(db, actor, meeting_id=meeting.id, wish=wish, code=f"code {who}", now=NOW)


def where_it_says(db: Session, word: str) -> set[str]:
    """The tables in which any column holds the word."""
    found = set()
    for table in tables.metadata.sorted_tables:
        rows = db.execute(select(table)).all()
        found |= {table.name for row in rows if any(word in str(value) for value in row)}
    return found


# What is left of him


def test_nothing_of_the_person_is_left_in_the_row(db: Session) -> None:
    karen = make.make_citizen(db, area=AREA, password_hash="$argon2id$hash")
    left = close(db)
    assert (left.name, left.email) == (names.FORMER, f"closed:{karen.id}")
    assert (left.area, left.password_hash, left.confirmed_at) == (None, None, None)
    assert left.closed_at == LATER


def test_no_table_of_the_house_still_knows_the_name_the_address_or_the_area(
    db: Session, thread: Thread
) -> None:
    karen = make.make_citizen(db, area=AREA)
    bent = make.make_other_citizen(db)
    theirs = make.make_post(db, thread, bent)
    make.make_question(db, thread, karen)
    mine = make.make_post(db, thread, karen, under=theirs)
    make.make_post(db, thread, bent, under=mine, body="Det er jeg enig i.")
    meeting = db.get_one(Meeting, thread.meeting_id)
    take_seat(db, meeting, "karen")
    people.request_reset(db, email="karen.moellegaard@eksempel.dk", now=NOW)
    drafting.save_draft(
        db, karen, parent_id=theirs.id, body="Halvt", kind=PostKind.COMMENT, now=NOW
    )
    db.add(Hall(meeting_id=meeting.id, code="12345", opened_at=NOW))
    db.add(HallSpeaker(meeting_id=meeting.id, name=NAME, user_id=karen.id, joined_at=NOW))
    db.flush()
    assert where_it_says(db, NAME) >= {"users", "posts", "notifications", "meeting_sign_ups"}
    close(db)
    for word in (NAME, "Karen", AREA, "karen."):
        assert where_it_says(db, word) == set(), word


def test_the_chain_notes_that_an_account_was_closed_and_not_whose_name_it_was(db: Session) -> None:
    left = close(db)
    event = db.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert event is not None
    assert (event.action, event.object_type, event.object_id) == (
        "account_closed",
        "users",
        left.id,
    )
    assert (event.reason, event.commitment) == (None, None)


def test_every_sign_in_and_every_link_from_a_mail_is_dead(db: Session) -> None:
    karen = make.make_citizen(db)
    tokens = [people.start_session(db, karen.id or 0, now=NOW) for _device in range(3)]
    people.request_reset(db, email="karen.moellegaard@eksempel.dk", now=NOW)
    close(db)
    assert [queries.reader_of(db, token, now=LATER) for token in tokens] == [None, None, None]
    assert not list(db.scalars(select(UserSession)))
    assert not list(db.scalars(select(MailToken)))


def test_he_can_come_back_as_somebody_new(db: Session) -> None:
    left = close(db)
    again = make.make_citizen(db)
    assert again.id != left.id
    assert again.name == NAME


def test_nobody_can_call_himself_a_former_participant(db: Session) -> None:
    assert names.looks_official("Tidligere Deltager", [])


def test_an_account_is_closed_once(db: Session) -> None:
    karen = make.make_citizen(db)
    close(db)
    with pytest.raises(NotFound):
        closing.close_account(db, karen, now=LATER)


def test_an_admin_finds_nobody_there_any_more(db: Session) -> None:
    left = close(db)
    admin = make.make_user(db, "Ib Admin", Role.ADMIN)
    assert left not in queries.people_found(db, "tidligere")
    with pytest.raises(NotFound):
        queries.access_user(db, admin, left.id)


# What he wrote


def test_his_posts_stay_under_no_name_and_lead_to_nobody(db: Session, thread: Thread) -> None:
    karen = make.make_citizen(db, area=AREA)
    post = make.make_post(db, thread, karen, idempotency_key="nøgle")
    close(db)
    assert (fresh(db, post).author_name, post.author_id) == (names.FORMER, None)
    assert (post.author_area, post.idempotency_key) == (None, None)
    assert (post.state, post.source) == (PostState.VISIBLE, "Min mor er 84 og kan ikke selv.")


def test_what_was_hidden_or_withdrawn_loses_its_name_as_well(db: Session, thread: Thread) -> None:
    karen = make.make_citizen(db)
    post = make.make_post(db, thread, karen)
    post.state = PostState.HIDDEN
    close(db)
    assert (fresh(db, post).author_name, post.author_id) == (names.FORMER, None)


def test_the_thread_and_those_who_answered_him_turn_at_once(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread)
    reply = make.make_post(db, thread, make.make_other_citizen(db), under=post)
    before = thread.rev
    close(db)
    db.refresh(thread)
    assert thread.rev > before
    assert fresh(db, post).rev == fresh(db, reply).rev == thread.rev
    changed = reading_queries.changed_since(db, thread.id, before, 10)
    assert {one.id for one in changed} == {post.id, reply.id}


def test_he_is_counted_as_before(db: Session, thread: Thread) -> None:
    post = make.make_post(db, thread, make.make_other_citizen(db))
    make.make_post(db, thread, make.make_citizen(db), under=post)
    db.refresh(thread)
    people_before = (thread.participant_count, fresh(db, post).people)
    close(db)
    db.refresh(thread)
    assert (thread.participant_count, fresh(db, post).people) == people_before
    keys = set(db.scalars(select(BranchPerson.key)))
    assert len([key for key in keys if key.startswith("former-")]) == 1


def test_what_inboxes_tell_of_him_is_told_of_nobody(db: Session, thread: Thread) -> None:
    bent = make.make_other_citizen(db)
    theirs = make.make_post(db, thread, bent)
    make.make_post(db, thread, make.make_citizen(db), under=theirs)
    close(db)
    line = db.scalars(select(Notification).where(Notification.user_id == bent.id)).one()
    assert line.title.startswith("Tidligere deltager har svaret dig")


def test_a_name_inside_another_word_is_left_alone(db: Session, thread: Thread) -> None:
    bent = make.make_other_citizen(db)
    post = make.make_post(db, thread, make.make_citizen(db, "Bo"))
    line = notifications.notify(
        db, bent.id or 0, "reply", title="Bo har svaret: Bogense", excerpt="", link="/", now=NOW
    )
    line.about_kind, line.about_id = "post", post.id
    close(db, "Bo")
    assert line.title == "Tidligere deltager har svaret: Bogense"


def test_a_question_that_waits_is_still_owed(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread)
    close(db)
    owed = duties.duty_of(db, question.id)
    assert owed is not None
    assert owed.is_open
    assert fresh(db, question).awaits_answer


def test_what_he_had_begun_to_write_is_gone(db: Session, thread: Thread) -> None:
    karen = make.make_citizen(db)
    opening = make.opening_of(db, thread)
    drafting.save_draft(
        db, karen, parent_id=opening.id, body="Halvt", kind=PostKind.COMMENT, now=NOW
    )
    close(db)
    assert not list(db.scalars(select(Draft)))


def test_nothing_is_written_in_his_name_afterwards(db: Session, thread: Thread) -> None:
    karen = make.make_citizen(db)
    close(db)
    with pytest.raises(NotFound):
        make.make_post(db, thread, karen)


# What he was counted in, and what he was to hear


def test_what_he_supported_counts_on(db: Session, thread: Thread) -> None:
    question = make.make_question(db, thread, make.make_other_citizen(db))
    karen = make.make_citizen(db)
    db.get_one(User, karen.id).verified_at = NOW
    supporting.support_question(db, karen, post_id=question.id, now=NOW)
    close(db)
    assert duties.support_counts(db, [question.id]) == {question.id: 1}


def test_he_follows_nothing_and_hears_nothing(db: Session, thread: Thread) -> None:
    karen, bent = make.make_citizen(db), make.make_other_citizen(db)
    mine = make.make_post(db, thread, karen)
    make.make_post(db, thread, bent, under=mine, body="Det mener jeg også.")
    theirs = make.make_question(db, thread, bent)
    following.follow_question(db, karen, question_id=theirs.id, now=NOW)
    wishes.choose(db, karen, {Topic.OWN: When.DAILY}, now=NOW)
    waiting = mails_to(db, karen.id)
    close(db)
    for table in ("notifications", "thread_follows", "question_follows", "mail_wishes"):
        rows = db.execute(text(f"SELECT count(*) FROM {table} WHERE user_id = {karen.id}"))
        assert rows.scalar() == 0, table
    assert [fresh_mail(db, mail).state for mail in waiting] == [MailState.DROPPED] * len(waiting)
    make.make_post(db, thread, make.make_other_citizen(db), under=fresh(db, mine), body="Hej?")
    assert not mails_to(db, karen.id, MailState.WAITING)


def test_the_next_one_to_be_told_gets_his_mail_as_ever(db: Session, thread: Thread) -> None:
    """On SQLite the next line of an inbox has the number of the last one, if that is deleted."""
    karen, bent = make.make_citizen(db), make.make_other_citizen(db)
    theirs, mine = make.make_post(db, thread, bent), make.make_post(db, thread, karen, body="Hør.")
    make.make_post(db, thread, bent, under=mine, body="Det mener jeg også.")
    close(db)
    make.make_post(db, thread, make.make_citizen(db, "Signe Lund"), under=theirs, body="Nej da.")
    assert len(mails_to(db, bent.id)) == 1


def test_a_mail_with_a_link_that_has_not_left_never_does(db: Session) -> None:
    make.make_citizen(db)
    people.request_reset(db, email="karen.moellegaard@eksempel.dk", now=NOW)
    mail = db.scalars(select(OutgoingMail)).one()
    assert mail.state is MailState.WAITING
    close(db)
    assert (fresh_mail(db, mail).state, mail.recipient, mail.body) == (MailState.DROPPED, "", "")


# The seats


def test_his_seat_goes_to_the_first_in_the_line(db: Session) -> None:
    meeting = make.make_meeting(db, make.make_consultation(db), capacity=1)
    take_seat(db, meeting, "karen")
    take_seat(db, meeting, "bent")
    close(db)
    seat = db.scalars(select(SignUp)).one()
    assert (seat.name, seat.place) == ("Bent Juhl", Place.SEATED)


def test_where_he_has_been_somebody_without_a_name_is_counted(db: Session) -> None:
    meeting = make.make_meeting(db, make.make_consultation(db), capacity=1)
    take_seat(db, meeting, "karen")
    meeting.starts_at, meeting.ends_at = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    close(db)
    seat = db.scalars(select(SignUp)).one()
    assert (seat.name, seat.email, seat.user_id, seat.seats) == (names.FORMER, None, None, 1)


# Who cannot


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.CITIZEN, Role.VISITOR)]
)
def test_nobody_with_an_office_closes_his_own_account(db: Session, role: Role) -> None:
    actor = make.make_user(db, "Ib Holm", role)
    with pytest.raises(NotAllowed):
        closing.close_account(db, actor, now=NOW)
    assert db.get_one(User, actor.id).closed_at is None


def test_who_runs_a_coming_meeting_first_hands_it_on(db: Session) -> None:
    meeting = make.make_meeting(db, make.make_consultation(db))
    karen, chief = make.make_citizen(db), make.make_chief(db)
    staffing.name_staff(db, chief, meeting_id=meeting.id, chairs=[karen.id or 0], now=NOW)
    with pytest.raises(InvalidInput, match="Du leder eller skriver referat"):
        closing.close_account(db, karen, now=NOW)
    staffing.name_staff(db, chief, meeting_id=meeting.id, chairs=[], now=NOW)
    closing.close_account(db, karen, now=NOW)


def test_the_people_of_the_demo_stay(db: Session) -> None:
    karen = make.make_citizen(db, is_demo=True)
    with pytest.raises(InvalidInput, match="Demoens konti"):
        closing.close_account(db, karen, now=NOW)


def test_who_was_elected_once_keeps_his_name_with_what_he_answered(db: Session) -> None:
    thread, toft = make.make_thread(db), make.make_politician(db)
    question = make.make_question(db, thread)
    answer = make.make_post(db, thread, toft, under=question, body="Ja.")
    admin = make.make_user(db, "Ib Admin", Role.ADMIN)
    people.set_offices(db, admin, toft.id or 0, offices=[], now=NOW)
    people.change_role(db, admin, user_id=toft.id or 0, role=Role.CITIZEN, now=NOW)
    toft = make.make_citizen(db, "Anders Toft")
    own = make.make_post(db, thread, toft, body="Nu skriver jeg som borger.")
    left = close(db, "Anders Toft")
    assert (left.name, left.email) == ("Anders Toft", f"closed:{toft.id}")
    assert (fresh(db, answer).author_name, answer.voice) == ("Anders Toft", Voice.POLITICIAN)
    assert (fresh(db, own).author_name, own.author_id) == (names.FORMER, None)


# On the pages


def test_a_citizen_closes_his_account_on_a_page(app: Flask, client: FlaskClient) -> None:
    browser.make_person(app, KAREN)
    browser.sign_in(client, KAREN)
    answer = browser.send(client, "/me/close")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert "Din konto er lukket" in client.get("/").text
    assert not browser.is_signed_in(client)
    assert browser.sign_in(client, KAREN).status_code == 422
    assert "Karen" not in client.get("/").text


@pytest.fixture
def karen(app: Flask, client: FlaskClient) -> FlaskClient:
    """Karen's browser; she has asked a question and written a comment."""
    user_id = browser.make_person(app, KAREN)
    with make.committed(app) as db:
        thread, actor = make.make_thread(db), Actor(user_id, Role.CITIZEN, NAME)
        make.make_question(db, thread, actor)
        make.make_post(db, thread, actor)
    browser.sign_in(client, KAREN)
    return client


def posts(app: Flask) -> set[tuple[str, str]]:
    """The state and the writer's name of each post but the opening one."""
    with browser.database(app).reading() as db:
        found = db.execute(select(Post.state, Post.author_name).where(Post.depth > 0))
        return {(state.value, name) for state, name in found}


def test_the_page_says_what_happens_and_asks_about_the_posts(
    app: Flask, karen: FlaskClient
) -> None:
    page = karen.get("/me/close").text
    assert "Dine 2 indlæg bliver stående" in page
    assert "Et af dine spørgsmål venter på svar" in page
    answer = browser.send(karen, "/me/close")
    assert answer.status_code == 422
    assert "Vælg, hvad der skal ske med dine indlæg." in answer.text
    assert posts(app) == {("visible", NAME)}


def test_the_posts_are_kept_without_a_name(app: Flask, karen: FlaskClient) -> None:
    shown = karen.get("/threads/1").text
    assert NAME in shown
    assert browser.send(karen, "/me/close", posts="keep").status_code == 303
    assert posts(app) == {("visible", names.FORMER)}
    shown = karen.get("/threads/1").text
    assert NAME not in shown
    assert "Tidligere deltager" in shown


def test_or_they_are_withdrawn_first(app: Flask, karen: FlaskClient) -> None:
    assert browser.send(karen, "/me/close", posts="withdraw").status_code == 303
    assert posts(app) == {("withdrawn", names.FORMER)}
    assert "Tidligere deltager har trukket indlægget tilbage" in karen.get("/threads/1").text


def test_an_old_sign_in_asks_for_the_password_and_keeps_the_choice(
    app: Flask, karen: FlaskClient
) -> None:
    before = browser.moment() - again.FRESH_FOR - timedelta(seconds=1)
    with make.committed(app) as db:
        db.execute(update(UserSession).values(created_at=before))
    asked = browser.send(karen, "/me/close", posts="withdraw")
    assert "Bekræft, at det er dig" in asked.text
    assert 'name="posts" value="withdraw"' in asked.text
    assert posts(app) == {("visible", NAME)}
    browser.send(karen, "/me/close", posts="withdraw", password="en helt anden")
    assert posts(app) == {("visible", NAME)}
    browser.send(karen, "/me/close", posts="withdraw", password=browser.PASSWORD)
    assert posts(app) == {("withdrawn", names.FORMER)}


def test_a_politician_is_told_how_he_leaves_and_finds_no_such_page(
    app: Flask, client: FlaskClient
) -> None:
    browser.make_person(app, browser.TOFT)
    browser.sign_in(client, browser.TOFT)
    assert "tager en administrator rollen fra dig" in client.get("/me").text
    assert client.get("/me/close").status_code == 404
