"""Looking new questions through, and what the one who asked can say."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from dialog.core import clock, formats
from dialog.debates.models import Post, PostKind, Thread
from dialog.duties import queries as duties
from dialog.duties.models import Duty, DutyState
from dialog.pages import triage_queries
from dialog.people.models import User
from dialog.permissions import Actor, Role
from dialog.rules.workdays import add_working_days
from tests import make
from tests.pages import town as towns
from tests.people import browser
from tests.people.browser import send

NOW = clock.now()
ASKED = "Hvem hjælper dem, der ikke selv kan gøre rent derhjemme?"
ALIKE = "Hvem hjælper dem derhjemme, der ikke selv kan gøre rent?"


@pytest.fixture
def thread(db: Session) -> Thread:
    return make.make_thread(db, now=NOW - timedelta(days=20))


@pytest.fixture
def question(db: Session, thread: Thread) -> Post:
    return make.make_question(db, thread, body=ASKED, now=NOW - timedelta(hours=30))


def as_(app: Flask, db: Session, actor: Actor) -> towns.Browser:
    """The actor's browser, after everything made so far is there to see."""
    db.commit()
    client = towns.browser(app)
    make.sign_in(app, client, actor)
    return client


def now_of(app: Flask, question: Post) -> Duty:
    with app.app_context(), app.extensions["database"].reading() as db:
        found = duties.duty_of(db, question.id)
        assert found is not None
        return found


def test_the_queue_shows_how_long_each_has_waited(
    app: Flask, db: Session, thread: Thread, question: Post
) -> None:
    make.make_question(db, thread, make.make_other_citizen(db), body="Og hvad koster det?", now=NOW)
    page = as_(app, db, make.make_moderator(db)).get("/triage").text
    assert page.index("Hvem hjælper dem") < page.index("Og hvad koster det?")
    assert "arbejdsdag" in page
    assert "Senest" in page
    day = add_working_days(clock.local(question.created_at).date(), 1)
    told = formats.date_long(day, "da", today=clock.local(NOW).date())
    assert f"Går videre af sig selv efter {told}" in page


def test_a_question_goes_on_to_the_politician(app: Flask, db: Session, question: Post) -> None:
    moderator = as_(app, db, make.make_moderator(db))
    send(moderator, "/triage", to=f"/triage/{question.id}/take-on")
    assert now_of(app, question).state is DutyState.OWED
    assert "Her er ingenting at se igennem" in moderator.get("/triage").text


def test_duplicates_are_laid_together(
    app: Flask, db: Session, thread: Thread, question: Post
) -> None:
    other = make.make_question(db, thread, make.make_other_citizen(db), body=ALIKE, now=NOW)
    moderator = as_(app, db, make.make_moderator(db))
    step = f"/triage/{other.id}/merge?into={question.id}"
    assert step.replace("&", "&amp;") in moderator.get("/triage").text
    wrong = send(moderator, step, into="ingenting")
    assert wrong.status_code == 422
    unknown = send(moderator, step, into="987654")
    assert "Det spørgsmål findes ikke." in unknown.text
    send(moderator, step, into=f"http://localhost/posts/{question.id}")
    assert now_of(app, other).state is DutyState.MERGED
    onward = moderator.get(f"/posts/{other.id}/answered-with")
    assert onward.location == f"/posts/{question.id}"
    assert "Se det spørgsmål" in moderator.get(f"/posts/{other.id}").text


def test_a_question_is_sent_to_the_right_one(app: Flask, db: Session, question: Post) -> None:
    mette = make.make_politician(db, "Mette Hjorth", committee=None)
    moderator = as_(app, db, make.make_moderator(db))
    step = f"/triage/{question.id}/re-address"
    token = _token(moderator, step)
    sent = {"csrf_token": token, "to": str(mette.id), "reason": "Det er Mettes udvalg"}
    assert moderator.post(step, data=sent).status_code == 303
    assert now_of(app, question).holder_id == mette.id


def test_a_question_is_turned_down_only_before_it_is_let_through(
    app: Flask, db: Session, question: Post
) -> None:
    moderator = as_(app, db, make.make_moderator(db))
    step = f"/triage/{question.id}/turn-down"
    send(moderator, step, code="not_municipal", reason="Det er regionen, der bestemmer det.")
    assert now_of(app, question).state is DutyState.DECLINED
    assert "Det er regionen" in moderator.get(f"/posts/{question.id}").text
    assert moderator.get(step).status_code == 404


def test_a_deadline_is_moved_forward_with_the_password_and_a_public_reason(
    app: Flask, db: Session, question: Post
) -> None:
    chief = make.make_chief(db)
    db.get_one(User, chief.id).password_hash = browser._hash_of(browser.PASSWORD)
    office = as_(app, db, chief)
    step, before = f"/triage/{question.id}/postpone", now_of(app, question).due_at
    day = add_working_days(clock.local(NOW).date(), 12).isoformat()
    assert step in office.get("/triage?show=all").text
    early = send(office, step, day="2020-01-01", reason="Vi har travlt lige nu")
    assert early.status_code == 422
    send(office, step, day=day, reason="Byrådet har flyttet sit møde")
    assert now_of(app, question).due_at > before


def test_the_asker_says_once_that_it_was_no_answer(
    app: Flask, db: Session, thread: Thread, question: Post
) -> None:
    make.make_post(db, thread, make.make_politician(db), under=question, body="Måske.", now=NOW)
    karen = as_(app, db, make.make_citizen(db))
    step = f"/posts/{question.id}/answered"
    assert step in karen.get(f"/posts/{question.id}").text
    page = karen.get(step).text
    assert "Måske." in page
    short = send(karen, step, answered="no", reason="Nej")
    assert short.status_code == 422
    send(karen, step, answered="no", reason="Jeg spurgte, hvem der hjælper.")
    assert now_of(app, question).state is DutyState.OWED
    again = karen.get(step).text
    assert "Det kan man gøre én gang." in again
    assert "Nej, jeg mangler svar" not in again


def test_the_asker_says_thank_you(app: Flask, db: Session, thread: Thread, question: Post) -> None:
    make.make_post(db, thread, make.make_politician(db), under=question, body="Ja.", now=NOW)
    karen = as_(app, db, make.make_citizen(db))
    send(karen, f"/posts/{question.id}/answered", answered="yes")
    assert now_of(app, question).state is DutyState.ACCEPTED


def test_nobody_else_says_it_for_him(
    app: Flask, db: Session, thread: Thread, question: Post
) -> None:
    make.make_post(db, thread, make.make_politician(db), under=question, body="Ja.", now=NOW)
    bent = as_(app, db, make.make_other_citizen(db))
    assert bent.get(f"/posts/{question.id}/answered").status_code == 404


def test_a_young_question_shows_no_number(
    app: Flask, db: Session, thread: Thread, question: Post
) -> None:
    young = make.make_question(db, thread, body="Er det nyt?", now=NOW)
    resident = make.make_other_citizen(db)
    db.get_one(User, resident.id).verified_at = NOW
    bent = as_(app, db, resident)
    for one in (young, question):
        send(bent, f"/posts/{one.id}/support")
    assert "Spørgsmålet er nyt" in bent.get(f"/posts/{young.id}/support").text
    old = bent.get(f"/posts/{question.id}/support").text
    assert "1 verificeret borger vil også have svar." in old
    send(bent, f"/posts/{question.id}/support", end="1")
    assert "Ingen andre har bedt om svar endnu." in bent.get(f"/posts/{question.id}/support").text


def test_nobody_supports_himself(app: Flask, db: Session, question: Post) -> None:
    karen = as_(app, db, make.make_citizen(db))
    page = karen.get(f"/posts/{question.id}/support").text
    assert "Du har selv stillet spørgsmålet." in page
    assert "<textarea" not in page


def _token(client: towns.Browser, page: str) -> str:
    return client.get(page).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_a_disputed_figure_is_sent_to_a_colleague_in_the_administration(
    app: Flask, db: Session, thread: Thread
) -> None:
    chief, colleague = make.make_chief(db), make.make_user(db, "Ib Kollega", Role.COMMS_CHIEF)
    make.make_politician(db, "Mette Hjorth", committee=None)
    figure = make.make_post(
        db, thread, make.make_citizen(db), body="Der står 7 kilometer. Det er 9.",
        kind=PostKind.CORRECTION, now=NOW,
    )  # fmt: skip
    office = as_(app, db, chief)
    step = f"/triage/{figure.id}/re-address"
    page = office.get(step).text
    assert "Ib Kollega" in page
    assert "Mette Hjorth" not in page
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    fields = {"csrf_token": token, "to": str(colleague.id), "reason": "Ib har målt turen selv"}
    assert office.post(step, data=fields).status_code == 303
    assert now_of(app, figure).holder_id == colleague.id


@pytest.mark.parametrize(
    ("path", "told"),
    [("/triage", "der har ventet længst"), ("/triage?show=all", "der haster mest")],
)
def test_a_queue_longer_than_a_page_says_so(
    app: Flask,
    db: Session,
    thread: Thread,
    path: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(triage_queries, "PAGE", 2)
    for number in range(3):
        make.make_question(db, thread, body=f"Spørgsmål {number}?", now=NOW)
    moderator = as_(app, db, make.make_moderator(db))
    page = moderator.get(path).text
    assert f"Her står de 2, {told}" in page
    assert page.count("Læg sammen med et andet") == 2
