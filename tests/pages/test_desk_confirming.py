"""What a politician said at a borgermøde lies on his desk until he has confirmed it."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.core import clock, jobs
from dialog.core.db import Database
from dialog.debates import confirming, oral, reminding, spoken
from dialog.debates.models import Confirmation, Post, Thread
from dialog.mail.models import OutgoingMail
from dialog.notifications.models import Notification
from dialog.permissions import Actor
from tests import make
from tests.pages import town as towns
from tests.people.browser import send

NOW = clock.now()
LAST = NOW + confirming.CONFIRM_WITHIN  # when the 48 hours are over
REMIND = "remind of oral answers"


@pytest.fixture
def thread(app: Flask) -> Thread:
    with make.committed(app) as db:
        return make.make_thread(db, now=NOW - timedelta(days=20))


@pytest.fixture
def given(app: Flask, thread: Thread) -> Post:
    """What Anders answered aloud, as it was written down just now."""
    return answer(app, thread, "Det gør **hjemmeplejen** fra marts.")


def answer(app: Flask, thread: Thread, body: str, now: datetime = NOW) -> Post:
    with make.committed(app) as db:
        question = make.make_question(db, thread, body=f"Hvem gør rent? {body[:4]}", now=now)
        return oral.record_answer(
            db, make.make_chief(db), question_id=question.id, now=now,
            politician_id=make.make_politician(db).id or 0,
            said=spoken.Said(body=body, meeting_id=thread.meeting_id, said_at=now),
        )  # fmt: skip


@pytest.fixture
def anders(app: Flask) -> FlaskClient:
    return signed_in(app, politician(app))


def politician(app: Flask, name: str = "Anders Toft") -> Actor:
    with make.committed(app) as db:
        return make.make_politician(db, name, committee=None)


def signed_in(app: Flask, actor: Actor) -> FlaskClient:
    client = towns.browser(app)
    make.sign_in(app, client, actor)
    return client


@pytest.fixture
def reading(app: Flask) -> Iterator[Session]:
    database: Database = app.extensions["database"]
    with app.app_context(), database.reading() as db:
        yield db


def text_of(client: FlaskClient, path: str = "/desk") -> str:
    return client.get(path).text.replace("\xa0", " ")


def test_the_desk_shows_the_words_and_how_long_they_can_be_confirmed(
    given: Post, anders: FlaskClient
) -> None:
    page = text_of(anders)
    assert "Ét svar fra borgermødet venter på, at du bekræfter det" in page
    assert "Det gør <strong>hjemmeplejen</strong> fra marts." in page
    assert "Bekræft senest " in page
    assert "Du skylder ingen et svar" not in page


def test_one_click_on_the_desk_confirms_and_leads_back_there(
    app: Flask, given: Post, anders: FlaskClient, reading: Session
) -> None:
    sent = send(anders, "/desk", f"/posts/{given.id}/confirm", confirm="1", desk="1")
    assert (sent.status_code, sent.location) == (303, "/desk")
    assert reading.get_one(Post, given.id).confirmation is Confirmation.CONFIRMED
    page = text_of(anders)
    assert "du har bekræftet svaret" in page
    assert "venter på, at du bekræfter" not in page


def test_the_way_to_say_more_stands_beside_it(given: Post, anders: FlaskClient) -> None:
    way = re.search(rf'href="(/posts/{given.id}/confirm)">Uddyb svaret', text_of(anders))
    assert way is not None
    assert "Din uddybning" in text_of(anders, way[1])


def test_the_first_that_runs_out_comes_first(
    app: Flask, thread: Thread, given: Post, anders: FlaskClient
) -> None:
    older = answer(app, thread, "Ja, i maj.", NOW - timedelta(hours=30))
    shown = re.findall(r'id="said-(\d+)"', text_of(anders))
    assert shown == [str(older.id), str(given.id)]
    assert "To svar fra borgermødet venter på, at du bekræfter dem" in text_of(anders)


def test_what_is_over_or_somebody_elses_is_not_on_the_desk(
    app: Flask, thread: Thread, given: Post
) -> None:
    other = signed_in(app, politician(app, "Ida Falk"))
    assert "fra marts" not in text_of(other)
    answer(app, thread, "For længe siden.", NOW - confirming.CONFIRM_WITHIN)
    assert "For længe siden." not in text_of(signed_in(app, politician(app)))


def test_the_chiefs_desk_asks_nobody_to_confirm(app: Flask, given: Post) -> None:
    with make.committed(app) as db:
        chief = make.make_chief(db)
    assert "venter på, at du bekræfter" not in text_of(signed_in(app, chief))


# --- The reminder ---------------------------------------------------------------------------------


def reminders(db: Session) -> list[Notification]:
    wanted = select(Notification).where(Notification.kind == "oral_answer_reminder")
    return list(db.scalars(wanted.order_by(Notification.id)))


def test_he_is_reminded_half_a_day_before_the_end_and_once(
    app: Flask, given: Post, reading: Session
) -> None:
    jobs.run(app, REMIND, LAST - reminding.REMIND_BEFORE - timedelta(seconds=1))
    assert reminders(reading) == []
    for minutes in (0, 1, 2):
        at = LAST - reminding.REMIND_BEFORE + timedelta(minutes=minutes)
        assert jobs.run(app, REMIND, at)
    [line] = reminders(reading)
    assert line.user_id == given.author_id
    assert line.link == f"/posts/{given.id}/confirm"
    assert line.title.startswith("Husk dit svar fra borgermødet. Bekræft det senest ")
    mail = reading.scalars(select(OutgoingMail).where(OutgoingMail.id == line.mail_id)).all()
    assert len(mail) == 1


def test_two_workers_at_once_remind_him_once(app: Flask, given: Post, reading: Session) -> None:
    at = LAST - timedelta(hours=1)
    with ThreadPoolExecutor(4) as workers:
        assert all(workers.map(lambda _n: jobs.run(app, REMIND, at), range(8)))
    assert len(reminders(reading)) == 1


def test_whoever_has_confirmed_is_not_reminded(app: Flask, given: Post, reading: Session) -> None:
    with make.committed(app) as db:
        confirming.confirm_answer(db, make.make_politician(db), post_id=given.id, now=NOW)
    jobs.run(app, REMIND, LAST - timedelta(hours=1))
    assert reminders(reading) == []


def test_when_the_time_is_over_there_is_nothing_to_remind_of(
    app: Flask, given: Post, reading: Session
) -> None:
    jobs.run(app, REMIND, LAST)
    assert reminders(reading) == []
