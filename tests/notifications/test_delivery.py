"""Mails leave, once, and say what they should."""

import smtplib
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask

from config import Settings
from dialog.mail import commands, delivery, queries
from dialog.mail.commands import Letter
from dialog.notifications import commands as notifications
from tests.people.browser import KAREN, database, mails, moment

NOWHERE = "smtp://127.0.0.1:1"  # nothing listens on port 1


def post(app: Flask, key: str = "a", subject: str = "Læs det her") -> None:
    body = "Hej\n\nhttp://localhost/confirm/" + "x" * 60 + "?next=%2Fthreads%2F1\n"
    with app.app_context(), database(app).transaction() as db:
        notifications.post_mail(db, KAREN, subject=subject, body=body, dedupe_key=key, now=moment())


def deliver(app: Flask, settings: Settings, later: timedelta = timedelta(0)) -> int:
    return delivery.deliver_waiting(database(app), settings, moment() + later)


def test_without_a_server_mail_becomes_a_file_with_its_link_whole(
    app: Flask, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    post(app)
    assert deliver(app, settings) == 1
    (file,) = settings.mail_folder.iterdir()
    assert file.name == "1-l-s-det-her.eml"
    link = "http://localhost/confirm/" + "x" * 60 + "?next=%2Fthreads%2F1"
    assert link in file.read_text(encoding="utf-8")
    assert link in capsys.readouterr().out
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"]) == (KAREN, "Læs det her")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Fjordby Kommune" in mail["From"]


def test_in_production_no_link_is_shown(
    app: Flask, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    post(app)
    deliver(app, replace(settings, production=True))
    assert capsys.readouterr().out == ""


def test_what_was_sent_is_sent_once_and_forgotten(app: Flask, settings: Settings) -> None:
    post(app)
    assert [deliver(app, settings), deliver(app, settings)] == [1, 0]
    assert deliver(app, settings, timedelta(days=1)) == 0
    (mail,) = mails(app)
    assert mail.sent_at
    assert mail.body == ""


def test_one_mail_a_key_for_ever(app: Flask, settings: Settings) -> None:
    post(app)
    post(app)
    deliver(app, settings)
    post(app)
    assert len(mails(app)) == 1


def test_two_workers_do_not_take_the_same_mail(app: Flask) -> None:
    post(app)
    taken = []
    for _worker in range(2):
        with database(app).transaction() as db:
            taken.append(len(commands.take_due_mails(db, now=moment())))
    assert taken == [1, 0]


def test_a_mail_whose_worker_died_is_taken_by_the_next(app: Flask, settings: Settings) -> None:
    post(app)
    with database(app).transaction() as db:
        commands.take_due_mails(db, now=moment())
    assert deliver(app, settings, timedelta(minutes=2)) == 1


def test_a_server_that_is_away_is_tried_again_ever_more_seldom(
    app: Flask, settings: Settings
) -> None:
    post(app)
    away = replace(settings, smtp_url=NOWHERE)
    waits = []
    at = moment()
    for _attempt in range(4):
        delivery.deliver_waiting(database(app), away, at)
        waits.append((mails(app)[0].next_try_at - at).total_seconds() // 60)
        at = mails(app)[0].next_try_at
    assert waits == [1, 2, 4, 8]
    assert delivery.deliver_waiting(database(app), settings, at) == 1


def test_one_bad_mail_does_not_hold_up_the_others(app: Flask, settings: Settings) -> None:
    post(app, "a")
    post(app, "b")
    with database(app).transaction() as db:
        mail = queries.mail_with_key(db, "a")
        assert mail
        mail.recipient = "not an address"
    assert deliver(app, settings) == 1
    assert mails(app)[0].last_error


def test_a_subject_with_a_line_break_starts_no_header(app: Flask, settings: Settings) -> None:
    post(app, subject="Hej\r\nBcc: alle@eksempel.dk")
    deliver(app, settings)
    (file,) = settings.mail_folder.iterdir()
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Bcc"] is None


FORGED = "a@b.dk\r\nBcc: alle@eksempel.dk"


@pytest.mark.parametrize(
    "letter",
    [
        Letter(1, KAREN, FORGED, "Hej", "a", moment()),
        Letter(1, FORGED, "Hej", "Hej", "a", moment()),
    ],
)
def test_a_line_break_in_a_header_is_refused(settings: Settings, letter: Letter) -> None:
    with pytest.raises(ValueError, match=r"[\s\S]"):
        bytes(delivery.message(letter, settings))


def test_every_attempt_carries_the_same_id(settings: Settings) -> None:
    letter = Letter(1, KAREN, "Hej", "Hej", "a", moment())
    first, second = (delivery.message(letter, settings) for _attempt in range(2))
    assert first["Message-ID"] == second["Message-ID"]


def test_a_refusal_is_noted_without_the_address(app: Flask, settings: Settings) -> None:
    post(app)

    class Refusing:
        def carry(self, letter: Letter) -> None:
            raise smtplib.SMTPRecipientsRefused({KAREN: (550, b"no such user " + KAREN.encode())})

    with database(app).transaction() as db:
        (letter,) = commands.take_due_mails(db, now=moment())
    assert not delivery._deliver(database(app), Refusing(), letter, moment())
    assert mails(app)[0].last_error == "SMTPRecipientsRefused"


def test_a_mail_is_plain_text(settings: Settings) -> None:
    mail = delivery.message(Letter(1, KAREN, "Hej", "Blåbær\n", "a", moment()), settings)
    assert isinstance(mail, EmailMessage)
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().strip() == "Blåbær"
