"""After the evening: rule four follows from the minutes, and speakers may dissent for 14 days."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.agenda.hall import commands as hall_commands
from dialog.agenda.hall import minutes as hall_minutes
from dialog.agenda.hall import slip_queries as hall_slip_queries
from dialog.agenda.hall import slips as hall_slips
from dialog.agenda.hall.models import Slip
from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.core.errors import InvalidInput, TooLate
from dialog.debates.models import Post, Thread
from dialog.gate import queries as gate
from dialog.meetings import minutes
from dialog.meetings.models import Meeting
from dialog.permissions import Actor
from dialog.rules import oral
from dialog.rules.verdict import State as Stand
from tests import make
from tests.agenda.evening import Evening, make_evening
from tests.agenda.test_minutes import AFTER, dissent, publish, talk
from tests.make import NOW
from tests.pages import town as towns

EDGE = AFTER + hall_minutes.DISSENT_FOR  # the last moment
SECOND = timedelta(seconds=1)


# --- Rule four ------------------------------------------------------------------------------------


@pytest.fixture
def chief(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        actor = make.make_chief(db)
    client = towns.browser(app)
    make.sign_in(app, client, actor)
    return client


def held(app: Flask, days_ago: int) -> Meeting:
    """A meeting of an open dialogue that ended so many days ago, and its thread."""
    now = clock.now()
    with make.committed(app) as db:
        dialogue = make.make_consultation(
            db, opened_at=now - timedelta(days=90), decision_on=(now + timedelta(days=60)).date()
        )
        meeting = make.make_meeting(
            db, dialogue, starts_at=now - timedelta(days=days_ago, hours=2), title="Ældre"
        )
        make.make_thread(db, dialogue, meeting=meeting, now=now - timedelta(days=80))
        return meeting


def verdict(app: Flask) -> Stand:
    """How rule four stands now."""
    with make.committed(app) as db:
        dialogue = db.scalars(select(Consultation)).one()
        return oral.judge(gate.facts(db, dialogue, clock.now())).state


def rules_page(app: Flask) -> str:
    """What everyone reads about it."""
    return towns.browser(app).get("/consultations/budget-2028/rules").text.replace("\xa0", " ")


def lay_out(client: FlaskClient, meeting: Meeting, source: str, version: int, **more: str) -> None:
    sent = client.post(
        f"/set-up/budget-2028/meetings/{meeting.id}/minutes",
        data={"version": str(version), "source": source, **more},
    )
    assert sent.status_code == 303, sent.text


def test_minutes_in_time_keep_the_rule_and_another_version_changes_nothing(
    app: Flask, chief: FlaskClient
) -> None:
    meeting = held(app, days_ago=1)
    assert verdict(app) is not Stand.BROKEN
    assert "0 af 1 referater ligger fremme." in rules_page(app)
    lay_out(chief, meeting, "Først.", 1)
    assert verdict(app) is Stand.KEPT
    first = rules_page(app)
    assert "1 af 1 referater ligger fremme." in first
    lay_out(chief, meeting, "Siden.", 2, reason="Et tal var forkert")
    assert verdict(app) is Stand.KEPT
    assert "for sent" not in rules_page(app)
    with make.committed(app) as db:
        found = minutes.versions(db, meeting.id)
        assert [one.number for one in found] == [2, 1]
        kept = db.get_one(Meeting, meeting.id)
        assert kept.minutes_published_at == found[-1].published_at


def test_minutes_that_are_missing_break_it_and_late_ones_mend_it_in_sight_of_all(
    app: Flask, chief: FlaskClient
) -> None:
    meeting = held(app, days_ago=30)
    assert verdict(app) is Stand.BROKEN
    assert "Referatet fra “Ældre” mangler." in rules_page(app)
    lay_out(chief, meeting, "Undskyld, at det varede.", 1)
    assert verdict(app) is Stand.KEPT
    assert "Referatet fra “Ældre” kom " in rules_page(app)
    assert " for sent." in rules_page(app)
    with make.committed(app) as db:
        thread = db.scalars(select(Thread)).one()
    page = towns.browser(app).get(f"/threads/{thread.id}").text
    assert "Referat fra borgermødet" in page
    assert "Læs referatet" in page


# --- Dissent --------------------------------------------------------------------------------------


def by_slip(db: Session, evening: Evening, spoken: Post, at: datetime) -> Post:
    slip = db.scalars(select(Slip).where(Slip.post_id == spoken.id)).first()
    if slip is None:
        slip, _code = hall_slips.make_slip(db, evening.notes, post_id=spoken.id, now=NOW)
    return hall_minutes.dissent_by_slip(db, slip_id=slip.id, body="Jeg sagde noget andet.", now=at)


def test_the_last_moment_of_the_14_days_counts_and_the_next_does_not(db: Session) -> None:
    evening, spoken = talk(db)
    publish(db, evening, "Først.")
    anders = evening.panel[0]
    with pytest.raises(TooLate):
        by_slip(db, evening, spoken, EDGE + SECOND)
    with pytest.raises(TooLate):
        at(db, evening, anders, EDGE + SECOND)
    posts = [by_slip(db, evening, spoken, EDGE), at(db, evening, anders, EDGE)]
    shown = hall_slip_queries.dissents(db, evening.meeting.id)
    assert sorted(one.id for one in shown) == sorted(one.id for one in posts)


def at(db: Session, evening: Evening, who: Actor, moment: datetime) -> Post:
    return hall_minutes.dissent_by_account(
        db, who, meeting_id=evening.meeting.id, body="Det var ikke sådan.", now=moment
    )


def test_another_version_gives_nobody_less_or_more_time(db: Session) -> None:
    evening, spoken = talk(db)
    publish(db, evening, "Først.")
    hall_minutes.publish(
        db, evening.chair, meeting_id=evening.meeting.id, source="Siden.", reason="Et tal",
        now=AFTER + timedelta(days=10),
    )  # fmt: skip
    with pytest.raises(TooLate):
        by_slip(db, evening, spoken, EDGE + SECOND)
    assert by_slip(db, evening, spoken, EDGE).author_id is None


def test_one_with_an_account_who_spoke_may_dissent_and_one_who_only_listened_may_not(
    db: Session,
) -> None:
    evening = make_evening(db)
    karen, bent = make.make_citizen(db), make.make_other_citizen(db)
    for who in (karen, bent):
        hall_commands.raise_hand(
            db, who, meeting_id=evening.meeting.id, code=evening.code, name=who.name,
            key=f"noegle-{who.id}", now=NOW,
        )  # fmt: skip
    hall_commands.give_word(db, evening.chair, meeting_id=evening.meeting.id, now=NOW)
    publish(db, evening, "Først.")
    assert dissent(db, evening, karen).author_id == karen.id
    with pytest.raises(InvalidInput):
        dissent(db, evening, bent)


def test_nobody_dissents_without_a_slip_or_an_account(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with make.committed(app) as db:
        evening, _spoken = talk(db)
        publish(db, evening, "Først.")
    sent = client.post(f"/meetings/{evening.meeting.id}/dissent", data={"body": "Nej."})
    assert sent.status_code in (302, 303, 401, 403)
    with make.committed(app) as db:
        assert hall_slip_queries.dissents(db, evening.meeting.id) == []


def test_the_holder_of_a_slip_dissents_on_the_page_and_it_stands_under_the_minutes(
    app: Flask, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    now = clock.now()
    with make.committed(app) as db:
        evening, spoken = talk(db)
        _slip, code = hall_slips.make_slip(db, evening.notes, post_id=spoken.id, now=NOW)
        publish(db, evening, "Først.")
        db.get_one(Meeting, evening.meeting.id).minutes_published_at = now - timedelta(days=13)
    client.post("/seddel", data={"kode": code})
    assert "dissens" in client.get("/seddel/ord").text.lower()
    long = "Jeg sagde nej. " * 400
    refused = client.post("/seddel/ord", data={"dissent": "1", "wrong": long})
    assert (refused.status_code, long in refused.text) == (422, True)
    sent = client.post("/seddel/ord", data={"dissent": "1", "wrong": "Jeg sagde nej."})
    assert sent.status_code == 303
    assert "Jeg sagde nej." in client.get(f"/meetings/{evening.meeting.id}").text
    with make.committed(app) as db:
        db.get_one(Meeting, evening.meeting.id).minutes_published_at = now - timedelta(days=15)
    assert 'name="dissent"' not in client.get("/seddel/ord").text
    late = client.post("/seddel/ord", data={"dissent": "1", "wrong": "For sent."})
    assert late.status_code == 409
