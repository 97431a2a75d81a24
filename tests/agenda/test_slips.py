"""A slip keeps a speaker's words his own, and only with its code."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from dialog.agenda.hall import jobs as hall_jobs
from dialog.agenda.hall import slip_queries as hall_slip_queries
from dialog.agenda.hall import slips as hall_slips
from dialog.app import create_app
from dialog.core.errors import InvalidInput, NotFound
from dialog.core.limits import limiter
from dialog.debates import oral
from dialog.debates.models import Confirmation, Origin, Post, PostState
from dialog.debates.spoken import Said
from dialog.mail.models import OutgoingMail
from dialog.permissions import NotAllowed
from tests import make
from tests.make import NOW


def voice(db: Session, *, is_question: bool = True, origin: Origin = Origin.PHONE) -> Post:
    """What Ida Lund asked by telephone."""
    thread = make.make_thread(db)
    said = Said(body="Hvem hjælper mig?", speaker="Ida Lund", origin=origin, said_at=NOW)
    return hall_slips.enter_voice(
        db, make.make_chief(db), parent_id=make.opening_of(db, thread).id, said=said,
        is_question=is_question, now=NOW,
    )  # fmt: skip


def slip_of(db: Session, post: Post) -> tuple[int, str]:
    slip, code = hall_slips.make_slip(db, make.make_chief(db), post_id=post.id, now=NOW)
    return slip.id, code


def mails_to_ida(db: Session) -> list[OutgoingMail]:
    wanted = select(OutgoingMail).where(OutgoingMail.recipient == "ida@eksempel.dk")
    return list(db.scalars(wanted))


def test_only_the_chief_enters_voices_from_elsewhere(db: Session) -> None:
    post = voice(db)
    assert (post.origin, post.author_name, post.awaits_answer) == (Origin.PHONE, "Ida Lund", True)
    with pytest.raises(NotAllowed):
        hall_slips.enter_voice(
            db, make.make_citizen(db), parent_id=post.id,
            said=Said(body="Nej.", origin=Origin.LETTER, said_at=NOW), is_question=False,
            now=NOW,
        )  # fmt: skip


def test_a_code_is_kept_as_a_hash_and_a_new_one_ends_the_old(db: Session) -> None:
    post = voice(db)
    number, code = slip_of(db, post)
    found = hall_slip_queries.slip_with_code(db, code.lower().replace("-", " "))
    assert found is not None
    assert found.id == number
    assert code not in found.code_hash
    again, fresh = slip_of(db, post)
    assert again == number
    assert hall_slip_queries.slip_with_code(db, code) is None
    assert hall_slip_queries.slip_with_code(db, fresh) is not None


def test_no_slip_for_what_somebody_wrote_himself(db: Session) -> None:
    own = make.make_post(db, make.make_thread(db))
    with pytest.raises(NotFound):
        hall_slips.make_slip(db, make.make_chief(db), post_id=own.id, now=NOW)


def test_with_the_slip_one_confirms_corrects_and_withdraws(db: Session) -> None:
    post = voice(db)
    number, _code = slip_of(db, post)
    hall_slips.confirm(db, slip_id=number, now=NOW)
    assert post.confirmation is Confirmation.CONFIRMED
    hall_slips.correct(db, slip_id=number, body="Hvem hjælper min mor?", edition=1, now=NOW)
    assert post.source == "Hvem hjælper min mor?"
    hall_slips.withdraw(db, slip_id=number, now=NOW)
    assert post.state is PostState.WITHDRAWN


def test_an_address_is_checked_used_once_and_forgotten_on_demand(app: Flask) -> None:
    with make.committed(app) as db:
        post = voice(db)
        number, _code = slip_of(db, post)
        with pytest.raises(InvalidInput):
            hall_slips.leave_mail(db, slip_id=number, email="ikke en adresse", locale="da", now=NOW)
        hall_slips.leave_mail(db, slip_id=number, email="ida@eksempel.dk", locale="da", now=NOW)
    hours = NOW + timedelta(hours=2)
    with app.app_context():
        hall_jobs.tell_holders(hours)
    with make.committed(app) as db:
        assert mails_to_ida(db) == []
        anders = make.make_politician(db)
        thread = db.get_one(type(make.make_thread(db, make.make_consultation(db, "anden"))),
                            post.thread_id)  # fmt: skip
        make.make_post(db, thread, anders, under=post, body="Det gør jeg.", now=hours)
    with app.test_request_context():
        hall_jobs.tell_holders(hours)
        hall_jobs.tell_holders(hours)
    with make.committed(app) as db:
        sent = mails_to_ida(db)
        assert ["Anders Toft har svaret" in one.subject for one in sent] == [True]
        slip = hall_slips.leave_mail(db, slip_id=number, email="", locale="da", now=NOW)
        assert slip.email is None


def test_the_paper_leads_to_ones_own_words(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        post = voice(db)
        _number, code = slip_of(db, post)
    assert client.get("/seddel/ord").status_code == 303
    wrong = client.post("/seddel", data={"kode": "ABCD-EFGH-JKMN"})
    assert wrong.status_code == 422
    assert client.post("/seddel", data={"kode": code}).status_code == 303
    assert "Hvem hjælper mig?" in client.get("/seddel/ord").text
    client.post("/seddel/ord", data={"confirm": "1"})
    assert "Du har bekræftet dem" in client.get("/seddel/ord").text
    stale = client.post("/seddel/ord", data={"correct": "1", "body": "Nyt.", "edition": "7"})
    assert stale.status_code == 409
    assert "Nyt." in stale.text


def test_a_guessed_code_is_limited(settings: Settings) -> None:
    app = create_app(replace(settings, limits=True))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        limiter.reset()
    client = app.test_client()
    tries = [client.post("/seddel", data={"kode": f"ABCD-EFGH-{n:04}"}) for n in range(12)]
    assert tries[0].status_code == 422
    assert tries[-1].status_code == 429
    app.extensions["database"].dispose()


def test_staff_print_the_slip_once(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        post = voice(db)
        chief = make.make_chief(db)
    make.sign_in(app, client, chief)
    made = client.post(f"/posts/{post.id}/slip")
    assert made.headers["Cache-Control"] == "no-store"
    assert "Du sagde:" in made.text
    assert "Der er lavet en seddel før" in client.get(f"/posts/{post.id}/slip").text


def test_the_chief_enters_a_letter_by_the_form(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        thread = make.make_thread(db)
        opening = make.opening_of(db, thread).id
        chief = make.make_chief(db)
    make.sign_in(app, client, chief)
    here = f"/posts/{opening}/voice"
    refused = client.post(here, data={"body": "Jeg kan ikke gå."})
    assert refused.status_code == 422
    assert 'href="#origin-phone"' in refused.text
    sent = {"body": "Jeg kan ikke gå.", "origin": "letter", "speaks_for": "2", "kind": "comment"}
    assert client.post(here, data=sent).headers["Location"].endswith("/slip")
    assert "Fra et brev" in client.get(f"/threads/{thread.id}").text


def test_a_politician_confirms_or_amends_on_his_page(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    from dialog.core import clock

    with make.committed(app) as db:
        thread = make.make_thread(db)
        question = make.make_question(db, thread)
        anders = make.make_politician(db)
        said = Said(body="Fra marts.", meeting_id=thread.meeting_id, said_at=clock.now())
        given = oral.record_answer(
            db, make.make_chief(db), question_id=question.id, politician_id=anders.id or 0,
            said=said, now=clock.now(),
        )  # fmt: skip
        other = make.make_citizen(db)
    here = f"/posts/{given.id}/confirm"
    make.sign_in(app, client, other)
    assert client.get(here).status_code == 404
    make.sign_in(app, client, anders)
    assert "Ja, det svarede jeg" in client.get(here).text
    assert client.post(here, data={"amend": "1", "body": " "}).status_code == 422
    assert client.post(here, data={"amend": "1", "body": "Fra 1. marts."}).status_code == 303
    assert "Uddybet af Anders Toft" in client.get(here).text
    assert client.post(here, data={"confirm": "1"}).status_code == 409
