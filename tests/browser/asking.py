"""Questions to a politician, in a thread that no other test looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from playwright.sync_api import Page
from sqlalchemy import select

from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.debates import commands as debates
from dialog.debates import setting_up
from dialog.debates.models import PostKind
from dialog.meetings.models import Meeting
from dialog.people import commands as people
from dialog.permissions import SYSTEM, Role
from tests import make
from tests.browser import axe
from tests.browser.town import CHIEF, CITIZEN, POLITICIAN, Town, behind, person

NUMBERS = count(1)


@dataclass(frozen=True)
class Asked:
    """A thread of Anders Toft's, and the questions to him in it."""

    thread: str
    questions: list[int]


def newcomer(town: Town) -> str:
    """A citizen who has just signed up, whatever other tests have done to those of the demo."""
    name = f"ny{next(NUMBERS)}"
    with behind(town) as app, make.committed(app) as db:
        people.create_user(
            db, SYSTEM, email=f"{name}@fjordby.example", name="Nynne Krogh", role=Role.CITIZEN,
            now=clock.now(),
        )  # fmt: skip
    return name


def arrange(town: Town, questions: Sequence[tuple[str, int]], who: str = CITIZEN) -> Asked:
    """A thread in which `who` has asked, each question so many days ago."""
    with behind(town) as app, make.committed(app) as db:
        now = clock.now()
        dialogue = db.scalars(select(Consultation).where(Consultation.slug == "budget-2028")).one()
        meeting = select(Meeting).where(Meeting.title == "Skoler og dagtilbud")
        title = f"Vestskolen {next(NUMBERS)}"
        thread = setting_up.create_thread(
            db, person(db, CHIEF), consultation_id=dialogue.id, title=title,
            intro="Hvad betyder det for dig?", meeting_id=db.scalars(meeting).one().id,
            politician_ids=[person(db, POLITICIAN).id or 0], now=now - timedelta(days=20),
        )  # fmt: skip
        asked = [
            debates.post_reply(
                db, person(db, who), thread_id=thread.id, parent_id=None, body=words,
                kind=PostKind.QUESTION, now=now - timedelta(days=days),
            ).id
            for words, days in questions
        ]  # fmt: skip
        return Asked(f"/threads/{thread.id}", asked)


def is_clean(page: Page) -> None:
    """Nothing hinders, at the width that the page has."""
    assert axe.violations(page) == []
    assert page.evaluate(axe.WIDER) <= 0
