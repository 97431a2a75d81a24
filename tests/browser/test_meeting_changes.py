"""A borgermøde that is moved or cancelled says so at once where its threads are read."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.debates import commands as debates
from dialog.debates import setting_up
from dialog.meetings.models import Meeting
from tests import make
from tests.browser import axe
from tests.browser.conftest import Street
from tests.browser.town import CHIEF, CITIZEN, Town, behind, person
from tests.browser.writing import follow

BUDGET = "budget-2028"


def arrange(town: Town, title: str) -> tuple[int, int, int]:
    """A meeting in three days, a thread that it takes up, and a post there."""
    with behind(town) as app, make.committed(app) as db:
        now = clock.now()
        dialogue = db.scalars(select(Consultation).where(Consultation.slug == BUDGET)).one()
        begins = (now + timedelta(days=3)).replace(hour=17, minute=0, second=0, microsecond=0)
        meeting = Meeting(
            consultation_id=dialogue.id, title=title, place="Kulturhuset", starts_at=begins,
            ends_at=begins + timedelta(hours=2), changed_at=now, address="", room="Lille Sal",
        )  # fmt: skip
        db.add(meeting)
        db.flush()
        thread = setting_up.create_thread(
            db, person(db, CHIEF), consultation_id=dialogue.id, title=title, intro="Hvad nu?",
            meeting_id=meeting.id, proposal_ids=[], politician_ids=[], now=now,
        )  # fmt: skip
        post = debates.post_reply(
            db, person(db, CITIZEN), thread_id=thread.id, parent_id=None, body="Det ved jeg.",
            now=now,
        )  # fmt: skip
        return meeting.id, thread.id, post.id


def move(chief: Page, meeting_id: int, place: str) -> None:
    chief.goto(f"/set-up/{BUDGET}/meetings/{meeting_id}")
    chief.get_by_label("Sted", exact=True).fill(place)
    chief.get_by_role("button", name="Gem mødet").click()
    expect(chief.get_by_text("Mødet er gemt.")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_move_and_a_cancellation_stand_on_every_open_page_of_the_thread(
    street: Street, town: Town, width: int
) -> None:
    meeting, thread, post = arrange(town, f"Flyttes {width}")
    chief = street.open(CHIEF)
    reader, close = street.open(width=width), street.open(width=width)
    follow(reader, f"/threads/{thread}")
    follow(close, f"/posts/{post}")
    for page in (reader, close):
        page.evaluate("window.stillHere = true")

    move(chief, meeting, "Østre Skole")
    expect(reader.locator(".meeting__title")).to_contain_text("på Østre Skole")
    expect(reader.locator("[data-meeting=band]")).to_contain_text("et andet sted: Kulturhuset")
    expect(reader.locator("[data-status]")).to_contain_text("på Østre Skole. Flyttet.")
    expect(reader.locator("[data-meeting-news]")).to_be_in_viewport()
    expect(close.locator("[data-meeting=line]")).to_contain_text("på Østre Skole. Flyttet.")
    expect(close.locator("[data-meeting-news]")).to_contain_text("på Østre Skole")
    assert axe.violations(reader) == []
    reader.get_by_role("button", name="Luk beskeden om mødet").click()
    expect(reader.locator("[data-meeting-news]")).to_be_hidden()

    chief.goto(f"/set-up/{BUDGET}/meetings/{meeting}/cancel")
    chief.get_by_label("Hvorfor").fill("Der er vand i kælderen")
    chief.get_by_role("button", name=re.compile("^Aflys")).click()
    expect(chief.get_by_text("Mødet er aflyst.")).to_be_visible()
    expect(reader.locator(".meeting__title")).to_contain_text("er aflyst")
    expect(reader.locator("[data-meeting=band]")).to_contain_text("Aflyst: Der er vand i kælderen")
    expect(reader.get_by_role("link", name=re.compile("^Tilmeld dig"))).to_have_count(0)
    expect(close.locator("[data-meeting=line]")).to_contain_text("Aflyst: Der er vand i kælderen")
    for page in (reader, close):
        assert page.evaluate("window.stillHere")


def test_a_page_that_was_away_learns_of_the_move(street: Street, town: Town) -> None:
    meeting, thread, _post = arrange(town, "Flyttes imens")
    chief, reader = street.open(CHIEF), street.open()
    street.expected("ERR_INTERNET_DISCONNECTED", "WebSocket")
    follow(reader, f"/threads/{thread}")
    reader.context.set_offline(True)
    move(chief, meeting, "Fjordbyhallen")
    move(chief, meeting, "Rådhuset")
    reader.context.set_offline(False)
    expect(reader.locator(".meeting__title")).to_contain_text("på Rådhuset")
    expect(reader.locator("[data-status]")).to_contain_text("på Rådhuset")


def test_what_the_page_says_nothing_of_is_not_announced(street: Street, town: Town) -> None:
    meeting, thread, _post = arrange(town, "Får teleslynge")
    chief, reader = street.open(CHIEF), street.open()
    follow(reader, f"/threads/{thread}")
    before = reader.locator("[data-meeting=band]").get_attribute("data-version")
    chief.goto(f"/set-up/{BUDGET}/meetings/{meeting}")
    chief.get_by_label(re.compile("teleslynge", re.IGNORECASE)).check()
    chief.get_by_role("button", name="Gem mødet").click()
    expect(reader.locator("[data-meeting=band]")).not_to_have_attribute(
        "data-version", before or ""
    )
    expect(reader.locator("[data-meeting-news]")).to_be_hidden()
    expect(reader.locator("[data-status]")).to_have_text("")
