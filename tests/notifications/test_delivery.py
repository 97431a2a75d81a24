"""Mails leave, once, and say what they should."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from config import Settings
from dialog.mail import carriers, commands, delivery, parts, queries
from dialog.mail.models import MailState
from dialog.mail.writing import Letter
from dialog.notifications import commands as notifications
from tests.people.browser import KAREN, database, mails, moment

NOWHERE = "smtp://127.0.0.1:1"  # nothing listens on port 1


def post(app: Flask, key: str = "a", subject: str = "Læs det her") -> None:
    body = "Hej\n\nhttp://localhost/confirm/" + "x" * 60 + "?next=%2Fthreads%2F1\n"
    with app.app_context(), database(app).transaction() as db:
        notifications.post_mail(db, KAREN, subject=subject, body=body, dedupe_key=key, now=moment())


def deliver(app: Flask, settings: Settings, later: timedelta = timedelta(0)) -> int:
    with app.app_context():
        return delivery.deliver_waiting(database(app), settings, moment() + later)


def letter(recipient: str = KAREN, subject: str = "Hej", body: str = "Hej\n") -> Letter:
    return Letter(1, "a", recipient, subject, parts.parts_of(body), moment())


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


def read(header: str) -> str:
    return str(make_header(decode_header(header)))


WORD = st.text(st.sampled_from("aekrstvæøåé–“”,.?/()"), min_size=1, max_size=24)


@given(st.lists(WORD, min_size=1, max_size=24).map(" ".join))
@example("ældre i fra spørgsmål Svar igen fra den det borgmesteren Svar spørgsmål hvornår hvornår")
def test_a_subject_and_a_senders_name_arrive_as_they_were_written(words: str) -> None:
    written = EmailMessage(policy=carriers.POLICY)
    written["Subject"] = words
    written["From"] = Address(words, addr_spec="dialog@nordby-og-omegn.example")
    sent = bytes(written)
    mail = message_from_bytes(sent)  # whose newer reader breaks names that came in two pieces
    assert read(mail["Subject"]) == words
    assert read(parseaddr(mail["From"])[0]) == words
    assert max(map(len, sent.split(b"\r\n"))) <= 78


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
    assert mail.state is MailState.SENT
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
            taken.append(commands.take_mail(db, now=moment()))
    assert [one is not None for one in taken] == [True, False]


def test_a_mail_whose_worker_died_is_taken_by_the_next(app: Flask, settings: Settings) -> None:
    post(app)
    with database(app).transaction() as db:
        commands.take_mail(db, now=moment())
    assert deliver(app, settings, timedelta(minutes=2)) == 0
    assert deliver(app, settings, timedelta(minutes=4)) == 1


def test_a_server_that_is_away_costs_no_mail_a_try(app: Flask, settings: Settings) -> None:
    post(app)
    away = replace(settings, smtp_url=NOWHERE)
    for _attempt in range(50):
        deliver(app, away, timedelta(days=_attempt))
    (mail,) = mails(app)
    assert (mail.attempts, mail.state) == (0, MailState.WAITING)
    assert deliver(app, settings, timedelta(days=60)) == 1


def test_the_road_is_tried_ever_more_seldom(app: Flask) -> None:
    at, waits = moment(), []
    for _attempt in range(8):
        with database(app).transaction() as db:
            road = commands.mark_blocked(db, "nobody answers", now=at)
            assert road.next_try_at
            waits.append((road.next_try_at - at).total_seconds())
            at = road.next_try_at
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]


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


@pytest.mark.parametrize("forged", [letter(subject=FORGED), letter(recipient=FORGED)])
def test_a_line_break_in_a_header_is_refused(
    app: Flask, settings: Settings, forged: Letter
) -> None:
    with app.app_context(), pytest.raises(ValueError, match=r"[\s\S]"):
        bytes(carriers.message(forged, settings))


def test_every_attempt_carries_the_same_id(app: Flask, settings: Settings) -> None:
    with app.app_context():
        first, second = (carriers.message(letter(), settings) for _attempt in range(2))
    assert first["Message-ID"] == second["Message-ID"]


def test_a_mail_is_text_and_html_of_the_same_words(app: Flask, settings: Settings) -> None:
    with app.app_context():
        mail = carriers.message(letter(body="Blåbær <b>\n"), settings)
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert text.get_content().strip() == "Blåbær <b>"
    assert "Blåbær &lt;b&gt;" in html.get_content()
