"""What a politician, his secretary and the administration do at their desks."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dialog.audit.models import AuditEvent
from dialog.core import clock
from dialog.core.db import Database
from dialog.debates import answering, preparing
from dialog.debates.models import Draft, Post, Thread
from dialog.duties import queries as duties
from dialog.duties.models import Duty, DutyState, Origin, PauseCause
from dialog.people import again
from dialog.people.models import User, UserSession
from dialog.permissions import Actor
from dialog.rules.workdays import add_working_days
from tests import make
from tests.pages import town as towns
from tests.people import browser
from tests.people.browser import send

NOW = clock.now()
ASKED = "Hvem hjælper dem, der ikke selv kan gøre rent derhjemme?"
ALIKE = "Hvem hjælper dem derhjemme, der ikke selv kan gøre rent?"
DRAFT = "Hjemmeplejen hjælper stadig dem, der ikke selv kan gøre rent. Det er ikke ændret."


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db, now=NOW - timedelta(days=20))


@pytest.fixture
def question(db: Session, thread: Thread) -> Post:
    made = make.make_question(db, thread, body=ASKED, now=NOW - timedelta(hours=30))
    duty_of(db, made).state = DutyState.OWED
    db.flush()
    return made


def duty_of(db: Session, question: Post) -> Duty:
    found = duties.duty_of(db, question.id)
    assert found is not None
    return found


def now_of(app: Flask, question: Post) -> Duty:
    """The duty as the browser's requests left it."""
    database: Database = app.extensions["database"]
    with app.app_context(), database.reading() as db:
        return duty_of(db, question)


def signed_in(app: Flask, db: Session, actor: Actor) -> FlaskClient:
    """The actor's browser, after everything made so far is there to see."""
    db.commit()
    client = towns.browser(app)
    make.sign_in(app, client, actor)
    return client


def politician(app: Flask, db: Session) -> FlaskClient:
    return signed_in(app, db, make.make_politician(db))


def day(ahead: int) -> str:
    """A working day so many working days from now, as a date field sends it."""
    return add_working_days(clock.local(NOW).date(), ahead).isoformat()


def test_the_answer_stands_in_the_thread(app: Flask, db: Session, question: Post) -> None:
    desk = politician(app, db)
    page = f"/desk/{question.id}"
    answer = send(desk, page, to=f"{page}/answer", body="Det gør hjemmeplejen.", **{"as": "office"})
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert now_of(app, question).state is DutyState.ANSWERED
    assert "Dit svar er sendt." in desk.get("/desk").text
    assert "Det gør hjemmeplejen." in desk.get(f"/threads/{question.thread_id}").text


def test_an_empty_answer_comes_back_with_everything_else_as_it_was(
    app: Flask, db: Session, question: Post
) -> None:
    desk = politician(app, db)
    page = f"/desk/{question.id}"
    answer = send(desk, page, to=f"{page}/answer", body=" ", promise_kind="amendment",
                  promise_text="Mere hjælp", promise_day=day(3))  # fmt: skip
    assert answer.status_code == 422
    assert "Skriv noget, før du sender." in answer.text
    assert 'value="Mere hjælp"' in answer.text
    assert '<option value="amendment" selected>' in answer.text


def test_an_answer_carries_a_promise(app: Flask, db: Session, question: Post) -> None:
    desk = politician(app, db)
    page = f"/desk/{question.id}"
    send(desk, page, to=f"{page}/answer", body="Jeg ser på det.", promise_kind="investigating",
         promise_text="Jeg spørger hjemmeplejen", promise_day=day(8))  # fmt: skip
    promised = now_of(app, question).answer_id
    database: Database = app.extensions["database"]
    with app.app_context(), database.reading() as reading:
        made = duties.duty_of(reading, promised or 0)
    assert made is not None
    assert made.origin is Origin.PROMISE
    shown = desk.get("/desk").text
    assert "Dine løfter" in shown
    assert "Jeg spørger hjemmeplejen" in shown
    thread = desk.get(f"/threads/{question.thread_id}").text
    assert "Jeg spørger hjemmeplejen" in thread
    kept = send(desk, f"/desk/{promised}", to=f"/desk/{promised}/answer",
                body="De siger, at der er folk nok.")  # fmt: skip
    assert kept.status_code == 303
    assert "Du skylder ingen et svar" in desk.get("/desk").text


def test_a_promise_is_given_up_from_the_desk_for_all_to_read_why(
    app: Flask, db: Session, question: Post
) -> None:
    desk = politician(app, db)
    page = f"/desk/{question.id}"
    assert desk.get(f"{page}/give-up").status_code == 404, "nothing is promised yet"
    send(desk, page, to=f"{page}/answer", body="Jeg ser på det.", promise_kind="amendment",
         promise_text="Jeg foreslår rengøring hver uge", promise_day=day(8))  # fmt: skip
    promised = now_of(app, question).answer_id
    step = f"/desk/{promised}/give-up"
    assert f'href="{step}"' in desk.get(f"/desk/{promised}").text
    assert "Du lovede: Jeg foreslår rengøring hver uge" in desk.get(step).text
    assert send(desk, step, reason="Nej").status_code == 422
    assert send(desk, step, reason="Der er ikke flertal for det i udvalget.").status_code == 303
    for path in (f"/threads/{question.thread_id}", "/answers?show=promised", f"/desk/{promised}"):
        shown = desk.get(path).text
        assert "Jeg foreslår rengøring hver uge" in shown
        assert "Der er ikke flertal for det i udvalget." in shown
    assert "Løftet bliver ikke holdt:" in desk.get(f"/posts/{promised}").text
    assert "Du skylder ingen et svar" in desk.get("/desk").text


def test_a_promise_without_a_day_sends_nothing(app: Flask, db: Session, question: Post) -> None:
    desk = politician(app, db)
    page = f"/desk/{question.id}"
    answer = send(desk, page, to=f"{page}/answer", body="Jeg ser på det.",
                  promise_kind="investigating", promise_text="Det", promise_day="")  # fmt: skip
    assert answer.status_code == 422
    assert "Vælg en dag efter i dag." in answer.text
    assert "Jeg ser på det." in answer.text
    assert now_of(app, question).is_open


def test_one_answer_is_given_to_several_who_ask_the_same(
    app: Flask, db: Session, thread: Thread, question: Post
) -> None:
    bent = make.make_other_citizen(db)
    other = make.make_question(db, thread, bent, body=ALIKE, now=NOW - timedelta(hours=20))
    desk = politician(app, db)
    page = desk.get(f"/desk/{question.id}").text
    assert "Svarer du også på de her?" in page
    assert f'name="others" value="{other.id}"' in page
    send(desk, f"/desk/{question.id}", to=f"/desk/{question.id}/answer",
         body="Det gør hjemmeplejen.", others=str(other.id))  # fmt: skip
    assert now_of(app, question).answer_id == now_of(app, other).answer_id is not None


def test_an_earlier_answer_to_the_same_is_at_hand(
    app: Flask, db: Session, thread: Thread, question: Post
) -> None:
    earlier = make.make_question(db, thread, make.make_other_citizen(db), body=ALIKE,
                                 now=NOW - timedelta(days=9))  # fmt: skip
    given = make.make_post(db, thread, make.make_politician(db), under=earlier,
                           body="Det gør hjemmeplejen.", now=NOW - timedelta(days=5))  # fmt: skip
    desk = politician(app, db)
    page = desk.get(f"/desk/{question.id}").text
    assert "Svar på noget, der ligner" in page
    step = f"/desk/{question.id}/decline?see={given.id}"
    assert step in page
    assert f'value="{given.id}"' in desk.get(step).text
    send(desk, step, code="answered_here", see=f"http://localhost/posts/{given.id}", reason="")
    duty = now_of(app, question)
    assert (duty.state, duty.see_answer_id) == (DutyState.DECLINED, given.id)


def test_a_question_is_turned_down_with_a_reason_for_all_to_read(
    app: Flask, db: Session, question: Post
) -> None:
    desk = politician(app, db)
    step = f"/desk/{question.id}/decline"
    short = send(desk, step, code="personal_case", reason="Nej")
    assert short.status_code == 422
    assert "mellem 10 og 500 tegn" in short.text
    send(desk, step, code="personal_case", reason="Det handler om din egen sag. Ring til os.")
    assert "Ring til os." in desk.get("/answers").text


def test_seen_is_not_answered(app: Flask, db: Session, question: Post) -> None:
    desk = politician(app, db)
    send(desk, f"/desk/{question.id}", to=f"/desk/{question.id}/acknowledge")
    assert now_of(app, question).state is DutyState.ACKNOWLEDGED
    assert "Ét spørgsmål venter på dig" in desk.get("/desk").text


def test_it_is_handed_on_with_the_same_deadline(app: Flask, db: Session, question: Post) -> None:
    mette = make.make_politician(db, "Mette Hjorth", committee=None)
    before = duty_of(db, question).due_at
    desk = politician(app, db)
    page = f"/desk/{question.id}/hand-on"
    found = desk.get(page).text
    assert "Mette Hjorth (L)" in found
    token = found.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    fields = {"csrf_token": token, "to": str(mette.id), "reason": "Mette kender området bedst"}
    answer = desk.post(page, data=fields)
    assert answer.status_code == 303
    duty = now_of(app, question)
    assert (duty.holder_id, duty.due_at) == (mette.id, before)
    assert desk.get(f"/desk/{question.id}").status_code == 404


def test_nobody_is_chosen_before_one_chooses(app: Flask, db: Session, question: Post) -> None:
    make.make_politician(db, "Mette Hjorth", committee=None)
    desk = politician(app, db)
    for page in (f"/desk/{question.id}/hand-on", "/desk/leave"):
        assert '<option value="0">Vælg en person</option><option' in desk.get(page).text
    refused = send(desk, "/desk/leave", first_day=day(1), substitute_id="0")
    assert refused.status_code == 422
    assert "Vælg en person." in refused.text


def test_the_clock_is_stopped_in_public(app: Flask, db: Session, question: Post) -> None:
    desk = politician(app, db)
    send(desk, f"/desk/{question.id}/pause", cause="illness", reason="Jeg har influenza",
         until=day(3))  # fmt: skip
    duty = now_of(app, question)
    assert (duty.pause_cause, duty.paused_days) == (PauseCause.ILLNESS, 3)
    assert "Jeg har influenza" in desk.get(f"/threads/{question.thread_id}").text
    too_long = send(desk, f"/desk/{question.id}/pause", cause="illness",
                    reason="Jeg har influenza", until=day(40))  # fmt: skip
    assert too_long.status_code == 422
    assert "højst" in too_long.text
    assert "Uret kan stå stille i 7 arbejdsdage endnu." in too_long.text


def test_facts_come_back_to_the_desk_ready_to_be_used(
    app: Flask, db: Session, question: Post
) -> None:
    chief = make.make_chief(db)
    desk = politician(app, db)
    send(desk, f"/desk/{question.id}/facts", reason="Hvor mange får hjælp i dag?", until=day(3))
    assert "Hos forvaltningen" in desk.get("/desk").text
    office = signed_in(app, db, chief)
    assert "Hvem hjælper dem" in office.get("/desk").text
    page = office.get(f"/desk/{question.id}")
    assert "Fakta fra forvaltningen" in page.text
    send(office, f"/desk/{question.id}", to=f"/threads/{question.thread_id}/posts",
         parent_id=str(question.id), kind="comment", body="214 får hjælp i dag.")  # fmt: skip
    shown = desk.get(f"/desk/{question.id}").text
    assert "214 får hjælp i dag." in shown
    assert 'data-insert="214 får hjælp i dag."' in shown
    assert now_of(app, question).holder_id == make.make_politician(db).id


def test_a_draft_from_the_secretary_is_shown_as_one(
    app: Flask, db: Session, question: Post
) -> None:
    office = signed_in(app, db, make.make_secretary(db))
    assert "venter på politikerne" in office.get("/desk").text
    send(office, f"/desk/{question.id}", to=f"/desk/{question.id}/draft", body=DRAFT)
    assert DRAFT in office.get(f"/desk/{question.id}").text
    desk = politician(app, db)
    assert "Udkast fra sekretariatet" in desk.get("/desk").text
    shown = desk.get(f"/desk/{question.id}").text
    assert DRAFT in shown
    assert DRAFT not in desk.get(f"/threads/{question.thread_id}").text


def test_a_secretary_publishes_nothing(app: Flask, db: Session, question: Post) -> None:
    office = signed_in(app, db, make.make_secretary(db))
    page = f"/desk/{question.id}"
    refused = send(office, page, to=f"{page}/answer", body=DRAFT)
    assert refused.status_code == 404
    refused = send(office, page, to=f"/threads/{question.thread_id}/posts",
                   parent_id=str(question.id), body=DRAFT, kind="comment")  # fmt: skip
    assert refused.status_code == 404
    assert now_of(app, question).is_open


def old_sign_ins(app: Flask) -> None:
    before = clock.now() - again.FRESH_FOR - timedelta(minutes=1)
    with app.app_context(), app.extensions["database"].transaction() as db:
        db.execute(update(UserSession).values(created_at=before))


def with_password(db: Session, actor: Actor) -> None:
    db.get_one(User, actor.id).password_hash = browser._hash_of(browser.PASSWORD)
    db.flush()


def test_a_prepared_answer_is_published_after_a_fresh_sign_in_and_keeps_every_word(
    app: Flask, db: Session, question: Post
) -> None:
    anders, gitte = make.make_politician(db), make.make_secretary(db)
    with_password(db, anders)
    preparing.prepare_answer(db, gitte, question_id=question.id, body=DRAFT, now=NOW)
    desk = politician(app, db)
    old_sign_ins(app)
    page, body = f"/desk/{question.id}", DRAFT + " Det lover jeg."
    asked = send(desk, page, to=f"{page}/answer", body=body, promise_kind="standing_by",
                 promise_text="Hjælpen bliver")  # fmt: skip
    assert asked.status_code == 200
    assert "Bekræft, at det er dig" in asked.text
    for kept in (body, "Hjælpen bliver", "standing_by"):
        assert f'value="{kept}"' in asked.text
    assert now_of(app, question).is_open
    token = asked.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    fields = {"csrf_token": token, "body": body, "promise_kind": "standing_by",
              "promise_text": "Hjælpen bliver"}  # fmt: skip
    wrong = desk.post(f"{page}/answer", data=fields | {"password": "en helt anden"})
    assert wrong.status_code == 422
    assert f'value="{body}"' in wrong.text
    done = desk.post(f"{page}/answer", data=fields | {"password": browser.PASSWORD})
    assert (done.status_code, done.location) == (303, "/desk")
    duty = now_of(app, question)
    assert (duty.answered_by, duty.prepared_by) == (anders.id, gitte.id)
    thread = desk.get(f"/threads/{question.thread_id}").text
    assert "Skrevet med hjælp fra sekretariatet" in thread


def test_the_chain_holds_who_published_and_who_prepared(
    app: Flask, db: Session, question: Post
) -> None:
    anders, gitte = make.make_politician(db), make.make_secretary(db)
    preparing.prepare_answer(db, gitte, question_id=question.id, body=DRAFT, now=NOW)
    desk = politician(app, db)
    send(desk, f"/desk/{question.id}", to=f"/desk/{question.id}/answer", body=DRAFT)
    wanted = select(AuditEvent).where(AuditEvent.action == "answer_prepared")
    event = db.scalars(wanted).one()
    assert (event.actor_id, event.reason) == (anders.id, f"users/{gitte.id}")
    assert not db.scalars(select(Draft).where(Draft.user_id == gitte.id)).all()


def test_words_of_his_own_need_no_password(app: Flask, db: Session, question: Post) -> None:
    gitte = make.make_secretary(db)
    preparing.prepare_answer(db, gitte, question_id=question.id, body=DRAFT, now=NOW)
    desk = politician(app, db)
    old_sign_ins(app)
    page = f"/desk/{question.id}"
    answer = send(desk, page, to=f"{page}/answer", body="Spørg mig på borgermødet på onsdag.")
    assert answer.status_code == 303
    assert now_of(app, question).prepared_by is None


@pytest.mark.parametrize(
    ("draft", "body", "is_built"),
    [
        (
            "Skolehaven bliver, hvor den er.",
            "Ja!  Skolehaven bliver, hvor\nden er. Tak.",
            True,
        ),
        ("Skolehaven bliver, hvor den er.", "Vi fælder alle træerne til foråret.", False),
        ("Ja, det gør.", "Ja, det gør. Men først til foråret, når frosten er gået.", True),
        ("Ja.", "Ja. Vi fælder alle træerne til foråret.", False),
    ],
)
def test_a_short_draft_is_known_again_when_it_is_taken_in_whole(
    draft: str, body: str, is_built: bool
) -> None:
    assert preparing.is_built_on(body, draft) is is_built


def test_a_question_that_is_handed_on_names_who_is_to_answer(
    app: Flask, db: Session, question: Post
) -> None:
    anders, mette = (
        make.make_politician(db),
        make.make_politician(db, "Mette Hjorth", committee=None),
    )
    client, page = politician(app, db), f"/posts/{question.id}"
    assert "skal svare." not in client.get(page).text  # beside "spørger Anders Toft"
    answering.hand_on_question(
        db, anders, question_id=question.id, to_id=mette.id or 0,
        reason="Mette er formand for det udvalg.", now=NOW,
    )  # fmt: skip
    db.commit()
    assert "Mette Hjorth skal svare." in client.get(page).text


def test_leave_has_a_substitute(app: Flask, db: Session) -> None:
    mette = make.make_politician(db, "Mette Hjorth", committee=None)
    desk = politician(app, db)
    form = {"first_day": day(1), "leave_until": day(9), "substitute_id": str(mette.id)}
    assert send(desk, "/desk/leave", **form).status_code == 303
    page = desk.get("/desk/leave").text
    assert "Du er meldt væk fra" in page
    assert "beholder din afløser, til der er svaret" in page
    wrong = send(desk, "/desk/leave", **form | {"leave_until": "2020-01-01"})
    assert wrong.status_code == 422
    send(desk, "/desk/leave", to="/desk/leave/end")
    assert "Du er meldt væk fra" not in desk.get("/desk/leave").text


def test_a_recess_is_published_and_taken_back(app: Flask, db: Session) -> None:
    chief = signed_in(app, db, make.make_chief(db))
    form = {"name": "Vinterferie", "first_day": day(9), "last_day": day(12)}
    assert send(chief, "/recesses", **form).status_code == 303
    assert "Vinterferie" in chief.get("/answers").text
    assert send(chief, "/recesses", **form | {"first_day": "2020-01-01"}).status_code == 422
    send(chief, "/recesses", to="/recesses/1/remove")
    assert "Vinterferie" not in chief.get("/answers").text


def test_the_desk_takes_as_many_queries_however_much_waits(
    app: Flask, db: Session, thread: Thread, question: Post
) -> None:
    for number in range(9):
        make.make_question(db, thread, body=f"Og nummer {number}?", now=NOW)
    desk = politician(app, db)
    desk.get("/desk")
    with towns.counted_statements(app) as few:
        desk.get(f"/desk/{question.id}")
    for number in range(9):
        make.make_question(db, thread, body=f"Så nummer {number}?", now=NOW)
    db.commit()
    with towns.counted_statements(app) as many:
        desk.get(f"/desk/{question.id}")
    assert len(few) == len(many) <= 24, many


def test_another_politician_finds_nothing_there(app: Flask, db: Session, question: Post) -> None:
    other = make.make_politician(db, "Mette Hjorth", committee=None)
    desk = signed_in(app, db, other)
    for step in ("", "/hand-on", "/decline", "/facts", "/pause"):
        assert desk.get(f"/desk/{question.id}{step}").status_code == 404


def test_an_answered_question_takes_no_step_more(app: Flask, db: Session, question: Post) -> None:
    thread = db.get_one(Thread, question.thread_id)
    make.make_post(db, thread, make.make_politician(db), under=question, body="Ja.", now=NOW)
    desk = politician(app, db)
    assert desk.get(f"/desk/{question.id}/pause").status_code == 409


def test_what_was_not_answered_says_so_on_the_desk(app: Flask, db: Session, question: Post) -> None:
    thread = db.get_one(Thread, question.thread_id)
    make.make_post(db, thread, make.make_politician(db), under=question, body="Ja.", now=NOW)
    answering.contest_answer(db, make.make_citizen(db), question_id=question.id,
                             reason="Du svarer ikke på, hvem der hjælper.", now=NOW)  # fmt: skip
    page = politician(app, db).get(f"/desk/{question.id}").text
    assert "Karen Møllegaard fik ikke svar i første omgang" in page
    assert "Du svarer ikke på, hvem der hjælper." in page
