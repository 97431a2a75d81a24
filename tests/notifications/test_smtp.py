"""Mails through real mail servers, also through those that do not work."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread as RealThread

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialog.core import clock
from dialog.mail import carriers, commands, delivery
from dialog.mail.models import MailState
from dialog.notifications import commands as notifications
from tests.notifications import mail_server
from tests.notifications.mail_server import Postbox
from tests.notifications.post_office import done, html_of, outbox, settings_of, store_of, text_of

AT = datetime.fromisoformat("2028-09-13T10:00:00+00:00")


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def smtp(postbox: Postbox) -> Iterator[str]:
    with mail_server.mail_server(postbox) as address:
        yield address


def post(app: Flask, *names: str, now: datetime = AT) -> None:
    """A mail to each of these people."""

    def put(db: object) -> None:
        for name in names:
            notifications.post_mail(
                db,  # type: ignore[arg-type]
                f"{name}@eksempel.dk",
                subject=f"Til {name}",
                body="Blåbærgrød og ærteærter\n",
                dedupe_key=f"{name}:{now}",
                now=now,
            )

    done(app, put)


def deliver(app: Flask, url: str, later: timedelta = timedelta(0)) -> int:
    with app.app_context():
        return delivery.deliver_waiting(
            store_of(app), replace(settings_of(app), smtp_url=url), AT + later
        )


def states(app: Flask) -> list[MailState]:
    return [mail.state for mail in outbox(app)]


def health(client: FlaskClient) -> dict[str, object]:
    found: dict[str, object] = client.get("/healthz").json["mail"]  # type: ignore[index]
    return found


def test_a_mail_arrives_in_two_parts_with_its_letters_whole(
    app: Flask, smtp: str, postbox: Postbox
) -> None:
    post(app, "karen")
    assert deliver(app, smtp) == 1
    (mail,) = postbox.taken
    assert mail["Subject"] == "Til karen"
    assert "Blåbærgrød og ærteærter" in text_of(mail)
    assert "Blåbærgrød og ærteærter" in html_of(mail)
    assert states(app) == [MailState.SENT]


def test_many_mails_go_over_one_connection(app: Flask, smtp: str, postbox: Postbox) -> None:
    post(app, *(f"nr{number}" for number in range(30)))
    assert deliver(app, smtp) == 30
    assert len(set(postbox.ids)) == 30


def test_a_receiver_who_is_not_there_is_given_up_at_once_and_loudly(
    app: Flask, smtp: str, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    postbox.to_receiver = lambda to: "550 5.1.1 no such user" if "karen" in to else None
    post(app, "karen", "bent")
    assert deliver(app, smtp) == 1
    assert states(app) == [MailState.GIVEN_UP, MailState.SENT]
    assert outbox(app)[0].last_error == "SMTPRecipientsRefused 550"
    (told,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert "given up" in told.getMessage()
    assert "karen" not in caplog.text


def test_what_was_given_up_can_be_sent_again(app: Flask, smtp: str, postbox: Postbox) -> None:
    postbox.to_receiver = lambda _to: "550 5.1.1 no such user"
    post(app, "karen")
    deliver(app, smtp)
    postbox.to_receiver = lambda _to: None
    runner = app.test_cli_runner()
    assert "1 mail bliver sendt igen" in runner.invoke(args=["outbox", "--again"]).output
    app.config["SETTINGS"] = replace(settings_of(app), smtp_url=smtp)
    assert runner.invoke(args=["work", "--once"]).exit_code == 0
    assert len(postbox.taken) == 1


def test_a_relay_that_is_set_up_wrongly_has_a_day_to_be_mended(
    app: Flask, smtp: str, postbox: Postbox
) -> None:
    postbox.to_receiver = lambda _to: "554 relay access denied"
    post(app, "karen", now=AT)
    spent = refuse_until_given_up(app, smtp)
    assert timedelta(hours=20) < spent < timedelta(hours=30)


def test_not_now_is_asked_again_for_five_days(app: Flask, smtp: str, postbox: Postbox) -> None:
    postbox.to_mail = lambda _mail: "451 come back later"
    post(app, "karen", now=AT)
    spent = refuse_until_given_up(app, smtp)
    assert timedelta(days=4.5) < spent < timedelta(days=5.5)


def refuse_until_given_up(app: Flask, smtp: str) -> timedelta:
    """How long the mail was tried."""
    for _try in range(60):
        (mail,) = outbox(app)
        if mail.state is MailState.GIVEN_UP:
            assert mail.settled_at
            return mail.settled_at - AT
        deliver(app, smtp, mail.next_try_at - AT)
    raise AssertionError("it never ends")


def test_a_mail_that_was_put_off_arrives_when_the_server_takes_it(
    app: Flask, smtp: str, postbox: Postbox
) -> None:
    postbox.to_mail = lambda _mail: "451 greylisted"
    post(app, "karen")
    assert deliver(app, smtp) == 0
    postbox.to_mail = lambda _mail: None
    assert deliver(app, smtp, timedelta(seconds=30)) == 0
    assert deliver(app, smtp, timedelta(seconds=70)) == 1


@pytest.mark.parametrize(
    "talk", [mail_server.says_nothing, mail_server.says_little, mail_server.hangs_up]
)
def test_a_server_that_hangs_or_goes_costs_nothing_and_holds_nobody_for_long(
    app: Flask,
    smtp: str,
    monkeypatch: pytest.MonkeyPatch,
    talk: Callable[..., None],
) -> None:
    monkeypatch.setattr(carriers, "PATIENCE", 0.3)
    monkeypatch.setattr(carriers, "LONGEST_TALK", 1)
    post(app, "karen")
    began = time.monotonic()
    with mail_server.bare_server(talk) as bad:
        assert deliver(app, bad) == 0
    assert time.monotonic() - began < 10
    (mail,) = outbox(app)
    assert (mail.state, mail.refusals) == (MailState.WAITING, 0)
    assert deliver(app, smtp, timedelta(minutes=5)) == 1


def test_a_server_that_dies_in_the_middle_of_a_mail_gets_it_again(
    app: Flask, smtp: str, postbox: Postbox
) -> None:
    postbox.to_mail = lambda _mail: "hang up"
    post(app, "karen", "bent")
    assert deliver(app, smtp) == 0
    postbox.to_mail = lambda _mail: None
    assert deliver(app, smtp, timedelta(minutes=5)) == 2
    assert [mail.refusals for mail in outbox(app)] == [0, 0]


def test_a_server_that_takes_a_mail_and_dies_before_it_says_so_gets_it_under_the_same_id(
    app: Flask, smtp: str, postbox: Postbox
) -> None:
    postbox.to_mail = lambda _mail: "take and hang up"
    post(app, "karen")
    deliver(app, smtp)
    postbox.to_mail = lambda _mail: None
    deliver(app, smtp, timedelta(minutes=5))
    assert len(postbox.ids) == 2
    assert len(set(postbox.ids)) == 1


def test_a_mail_that_breaks_the_server_does_not_hold_up_the_others(
    app: Flask, smtp: str, postbox: Postbox
) -> None:
    postbox.to_mail = lambda mail: "hang up" if "karen" in mail["To"] else None
    post(app, "karen", "bent", "signe")
    for minutes in range(4):
        deliver(app, smtp, timedelta(minutes=minutes))
    assert sorted(mail["To"] for mail in postbox.taken) == ["bent@eksempel.dk", "signe@eksempel.dk"]


def test_a_dead_server_shows_on_healthz_and_a_living_one_clears_it(
    app: Flask, client: FlaskClient, smtp: str
) -> None:
    now = clock.now()
    post(app, "karen", now=now - timedelta(minutes=1))
    with app.app_context():
        away = replace(settings_of(app), smtp_url="smtp://127.0.0.1:1")
        delivery.deliver_waiting(store_of(app), away, now)
    found = health(client)
    assert (found["status"], found["waiting"]) == ("blocked", 1)
    since = datetime.fromisoformat(str(found["failing_since"]))
    assert now.replace(microsecond=0) <= since <= clock.now()
    assert found["oldest_waiting_since"]
    assert client.get("/healthz").status_code == 200
    assert client.get("/healthz").json["status"] == "degraded"  # type: ignore[index]
    assert client.get("/healthz?strict").status_code == 503
    with app.app_context():
        well = replace(settings_of(app), smtp_url=smtp)
        delivery.deliver_waiting(store_of(app), well, now + timedelta(minutes=1))
    assert health(client) == {
        "status": "ok",
        "waiting": 0,
        "oldest_waiting_since": None,
        "failing_since": None,
        "given_up": 0,
    }
    assert client.get("/healthz?strict").status_code == 200


def test_mails_that_nobody_sends_show_on_healthz(app: Flask, client: FlaskClient) -> None:
    post(app, "karen", now=clock.now() - timedelta(minutes=16))
    assert health(client)["status"] == "late"


def test_two_workers_at_once_send_everything_once(app: Flask, smtp: str, postbox: Postbox) -> None:
    post(app, *(f"nr{number}" for number in range(40)))
    workers = [RealThread(target=deliver, args=(app, smtp)) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(postbox.ids) == 40
    assert len(set(postbox.ids)) == 40


def test_a_worker_that_wakes_up_late_does_not_undo_another_one_s_work(app: Flask) -> None:
    post(app, "karen")
    taken = done(app, lambda db: commands.take_mail(db, now=AT))
    again = done(app, lambda db: commands.take_mail(db, now=AT + commands.HELD_FOR))
    assert taken
    assert again
    done(app, lambda db: commands.mark_sent(db, again, now=AT))
    refusal = commands.Refusal("SMTPDataError 451")
    done(app, lambda db: commands.mark_refused(db, taken, refusal, now=AT))
    assert states(app) == [MailState.SENT]
