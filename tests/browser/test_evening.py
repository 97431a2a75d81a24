"""A whole evening, from the agenda to the minutes in the thread, in five browsers."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.agenda import choosing, due_queries
from dialog.agenda import commands as agenda
from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.debates import commands as debates
from dialog.debates import setting_up
from dialog.debates.models import PostKind
from dialog.meetings import staffing
from dialog.meetings.models import Meeting
from dialog.permissions import Actor
from tests import make
from tests.browser import axe
from tests.browser.conftest import Street
from tests.browser.town import CHIEF, CITIZEN, OTHER_CITIZEN, POLITICIAN, Town, behind, person

FIRST = "Hvem hjælper dem, der ikke selv kan gøre rent?"
SECOND = "Kan man vælge at få gjort rent oftere og selv betale?"
HALF = "Og så var der en, der ikke nåede at"


@dataclass
class Evening:
    """The meeting that is on, and its thread."""

    meeting_id: int
    thread_id: int
    slug: str = "budget-2028"

    def at(self, page: str) -> str:
        return f"/meetings/{self.meeting_id}/{page}"


def arrange(town: Town) -> Evening:
    """A meeting that began ten minutes ago, with two questions on its agenda."""
    with behind(town) as app, make.committed(app) as db:
        now = clock.now()
        chief, anders = person(db, CHIEF), person(db, POLITICIAN)
        slug = Evening.slug
        consultation = db.scalars(select(Consultation).where(Consultation.slug == slug)).one()
        meeting = Meeting(
            consultation_id=consultation.id, title="Rent hjem hos de ældre", place="Kulturhuset",
            address="Havnegade 1", starts_at=now - timedelta(minutes=10), changed_at=now,
            ends_at=now + timedelta(hours=2), chair="Line Østerby",
        )  # fmt: skip
        db.add(meeting)
        db.flush()
        thread = setting_up.create_thread(
            db, chief, consultation_id=consultation.id, title="Rent hjem hos de ældre",
            intro="Hvad betyder det for dig?", meeting_id=meeting.id, proposal_ids=[],
            politician_ids=[anders.id or 0], now=now - timedelta(days=2),
        )  # fmt: skip
        staffing.name_staff(
            db, chief, meeting_id=meeting.id, chairs=[chief.id or 0],
            note_takers=[person(db, OTHER_CITIZEN).id or 0], panel=[anders.id or 0], now=now,
        )  # fmt: skip
        for words in (FIRST, SECOND):
            post = debates.post_reply(
                db, person(db, CITIZEN), thread_id=thread.id, parent_id=None, body=words,
                kind=PostKind.QUESTION, now=now - timedelta(days=1),
            )  # fmt: skip
            agenda.put_question_on(db, chief, meeting_id=meeting.id, question_id=post.id, now=now)
        _leave_out_what_is_overdue(db, chief, meeting.id, now)
        return Evening(meeting.id, thread.id)


def _leave_out_what_is_overdue(db: Session, chief: Actor, meeting_id: int, now: datetime) -> None:
    """Takes off what the clock would put on the agenda sooner or later."""
    for question_id in due_queries.escalated(db):
        item = choosing.put_overdue_on(db, question_id=question_id, now=now)
        if item is not None and item.meeting_id == meeting_id:
            agenda.take_off(
                db, chief, meeting_id=meeting_id, item_id=item.id, reason="En anden aften.", now=now
            )


def end(town: Town, evening: Evening) -> None:
    """The meeting is over."""
    with behind(town) as app, make.committed(app) as db:
        db.get_one(Meeting, evening.meeting_id).ends_at = clock.now()


def enter(page: Page, code: str, name: str) -> None:
    """Comes into the hall with the code on the screen, and raises a hand."""
    page.goto("/salen")
    page.get_by_label("Kode").fill(code)
    page.get_by_role("button", name="Kom ind").click()
    page.get_by_label("Hvad skal mødelederen kalde dig?").fill(name)
    page.get_by_role("button", name="Ræk hånden op").click()


def is_clean(page: Page) -> None:
    assert axe.violations(page) == []


def fits(page: Page) -> None:
    """The screen scrolls in no direction, nothing on it is smaller than 32 pixels, and the link
    past the top of the page is out of sight."""
    smallest = page.evaluate("""() => Math.min(...[...document.querySelectorAll("body *")]
        .filter((one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .filter((one) => one.getClientRects().length && !one.closest(".skipnav, .sr-only"))
        .map((one) => parseFloat(getComputedStyle(one).fontSize)))""")
    assert smallest >= 32, smallest
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("""() => [...document.querySelectorAll(".hall__main, .hall__next")]
        .every((one) => one.scrollHeight <= one.clientHeight + 1)""")
    assert page.evaluate("document.querySelector('.skipnav').getBoundingClientRect().bottom <= 0")


def test_an_evening_from_the_agenda_to_the_minutes_in_the_thread(
    street: Street, town: Town
) -> None:
    evening = arrange(town)
    chair, notes = street.open(CHIEF), street.open(OTHER_CITIZEN)
    screen = street.open(width=1280, height=720)
    anna, bo = street.open(width=390, height=844), street.open(width=390, height=844)
    home = street.open()
    street.expected("ERR_INTERNET_DISCONNECTED", "WebSocket")

    # The chair opens the hall; the screen shows the way in.
    chair.goto(evening.at("chair"))
    chair.get_by_role("button", name="Åbn salen").click()
    code = chair.locator(".hall__code--small").inner_text()
    screen.goto(evening.at("screen"))
    expect(screen.locator(".hall__code")).to_have_text(code)
    fits(screen)

    # Two phones raise their hands; the chair sees them at once.
    enter(anna, code, "Anna")
    enter(bo, code, "Bo")
    expect(anna.locator("[data-own-state]")).to_have_text("Du er nummer 1 i køen.")
    expect(chair.locator(".chair__line li")).to_have_count(2)
    is_clean(chair)
    is_clean(anna)

    # The first question, and who answers, stand on every screen.
    home.goto(f"/threads/{evening.thread_id}")
    chair.get_by_role("button", name="Næste punkt").click()
    expect(screen.locator(".hall__q")).to_have_text(FIRST)
    expect(bo.locator(".hallnow__q")).to_have_text(FIRST)
    chair.get_by_role("button", name=re.compile("^Anders Toft")).click()
    expect(screen.locator(".hall__who")).to_contain_text("Anders Toft (L) svarer")
    fits(screen)
    is_clean(screen)
    notes.goto(evening.at("notes"))
    chair.get_by_role("button", name="Giv ordet til Anna").click()
    expect(notes.locator("#speaker")).to_have_value("Anna")  # whose words are written next
    expect(anna.locator("[data-own-state]")).to_have_text("Du har ordet nu.")
    expect(bo.locator("[data-own-state]")).to_have_text("Du er nummer 1 i køen.")

    # The note-taker writes the answer by keys alone.
    notes.keyboard.press("Alt+1")
    notes.keyboard.type("Det gør hjemmeplejen stadig.")
    notes.keyboard.press("Control+Enter")
    expect(notes.locator("[data-note-state]")).to_have_text("Gemt")
    expect(anna.locator("[data-note]").first).to_contain_text("Det gør hjemmeplejen stadig.")
    expect(home.get_by_role("button", name=re.compile("1 nyt"))).not_to_have_count(0)
    is_clean(notes)

    # The network is gone: what is written is kept, and sent in order when it is back.
    notes.context.set_offline(True)
    for words in ("Det passer ikke.", "Det gør det altså."):
        notes.keyboard.press("Alt+I")
        expect(notes.locator("#speaker")).to_have_value("Anna")
        notes.locator("#speaker").fill("Manden ved døren")
        notes.get_by_label("Hvad blev der sagt?").fill(words)
        notes.keyboard.press("Control+Enter")
    expect(notes.locator("[data-note-state]")).to_have_text("2 venter på nettet")
    notes.get_by_label("Hvad blev der sagt?").fill(HALF)
    notes.context.set_offline(False)
    expect(notes.locator("[data-waiting] li")).to_have_count(0)
    expect(anna.locator("[data-note]")).to_have_count(3)
    expect(anna.locator("[data-note]").first).to_contain_text("Det gør det altså.")

    # The browser is closed in the middle of a sentence: it stands there again.
    again = notes.context.new_page()
    notes.close()
    again.goto(evening.at("notes"))
    expect(again.get_by_label("Hvad blev der sagt?")).to_have_value(HALF)

    # A phone that lost its network catches up.
    bo.context.set_offline(True)
    chair.get_by_role("button", name="Næste punkt").click()
    expect(screen.locator(".hall__q")).to_have_text(SECOND)
    expect(chair.locator(".hallnow__q").first).to_have_text(SECOND)
    chair.get_by_role("button", name="Færdig: ikke besvaret").click()
    expect(screen.locator(".hall__label")).to_have_text("Tak for i aften")
    bo.context.set_offline(False)
    expect(bo.locator(".hallnow__q")).to_have_text("Dagsordenen er nået")

    # The minutes are drafted from the evening, published, and come back into the thread.
    end(town, evening)
    chair.goto(f"/set-up/{evening.slug}/meetings/{evening.meeting_id}/minutes")
    draft = chair.get_by_label("Referat", exact=True)
    for words in (FIRST, "Det gør hjemmeplejen stadig.", "Det passer ikke.", "Ikke besvaret"):
        assert words in draft.input_value()
    chair.get_by_role("button", name="Læg referatet ud").click()
    expect(chair.get_by_role("heading", name="Referat", exact=True)).to_be_visible()
    anna.goto(f"/threads/{evening.thread_id}")
    expect(anna.locator(".post__voice", has_text="Referat fra borgermødet")).to_be_visible()
    expect(anna.get_by_text("Besvaret på borgermødet").first).to_be_visible()
    is_clean(anna)

    # The politician says that he was rightly quoted.
    answer = town.one(
        "SELECT id FROM posts WHERE thread_id = :t AND is_answer", t=evening.thread_id
    )
    anders = street.open(POLITICIAN, width=390)
    anders.goto(f"/posts/{answer}/confirm")
    is_clean(anders)
    anders.goto("/desk")
    is_clean(anders)
    waiting = anders.locator(".toconfirm__one", has_text="Det gør hjemmeplejen stadig.")
    waiting.get_by_role("button", name="Ja, det svarede jeg").click()
    expect(anders.get_by_text("Det står, at du har bekræftet svaret.")).to_be_visible()
    expect(waiting).to_have_count(0)
    anders.goto(f"/posts/{answer}")
    expect(anders.get_by_text("Bekræftet af Anders Toft").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_screen_is_readable_from_the_back_row(
    street: Street, town: Town, width: int, height: int, mode: str
) -> None:
    evening = arrange(town)
    screen = street.open(width=width, height=height)
    screen.goto(f"{evening.at('screen')}?mode={mode}")
    expect(screen.locator(".hall__agenda")).to_contain_text(SECOND)
    fits(screen)
    chair = street.open(CHIEF)
    chair.goto(evening.at("chair"))
    chair.get_by_role("button", name="Åbn salen").click()
    expect(screen.locator(".hall__code")).to_be_visible()  # it was put up before there was a code
    fits(screen)
    chair.get_by_role("button", name="Næste punkt").click()
    expect(screen.get_by_role("heading", name=FIRST)).to_be_visible()
    fits(screen)
    is_clean(screen)
