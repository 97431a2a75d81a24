"""The meeting pack of a dialogue with 5,000 posts: how long it takes, and whether others wait."""

import time
from datetime import date, timedelta

from bench import ground, load
from bench.figures import Figure, Figures
from bench.site import Site, middle, new_post
from dialog.app import create_app
from dialog.consultations.models import Consultation, Kind, State
from dialog.core import clock, pdf
from dialog.debates import importing
from dialog.meetings.models import Meeting
from dialog.permissions import SYSTEM

THREADS = ("200",)
POSTS = 5_000
ROUNDS, QUICK_ROUNDS = 5, 2


def measure(site: Site) -> Figures:
    """Seconds until the pack is there, and the longest that the hub was blocked meanwhile."""
    if not pdf.is_possible():
        print("  not measured, for want of the library that sets type")
        return
    meeting_id, thread_id = _a_dialogue(site)
    times, blocked = [], []
    for number in range(QUICK_ROUNDS if site.is_quick else ROUNDS):
        words = f"Indlæg {number}: mappen skal sættes på ny."  # else it is the one that is kept
        load.once(site.dialog.port, new_post(site.ground.citizens[number], thread_id, words))
        site.dialog.heartbeat()
        started = time.monotonic()
        answer = load.once(site.dialog.port, load.get(f"/meetings/{meeting_id}/pack.pdf"))
        times.append(time.monotonic() - started)
        if answer.status != 200:
            raise RuntimeError(f"the pack was answered with {answer.status}")
        blocked.append(1000 * site.dialog.heartbeat()["longest"][-1])
    yield Figure("pack.5000.seconds", middle(times), "s")
    yield Figure("pack.5000.kilobytes", len(answer.body) / 1000, "kB")
    yield Figure("pack.5000.hub_blocked", max(blocked), "ms", 100)


def _a_dialogue(site: Site) -> tuple[int, int]:
    """A meeting of its own with a thread of 5,000 posts; their numbers."""
    app = create_app(ground.settings(site.folder))
    file = ground.thread_file("pack", ground.branches_of_ten(POSTS))
    now = clock.now()
    with app.app_context():
        words = importing.rendered(file)
        with app.extensions["database"].transaction() as db:
            consultation = Consultation(
                slug="mappe", title="Budget i mappe", kind=Kind.BUDGET, state=State.OPEN,
                created_at=now - timedelta(days=60), opened_at=now - timedelta(days=30),
                decision_on=date(now.year + 1, 10, 10), version=1,
            )  # fmt: skip
            db.add(consultation)
            db.flush()
            meeting = Meeting(
                consultation_id=consultation.id, title="Borgermøde om mappen",
                starts_at=now + timedelta(days=30), ends_at=now + timedelta(days=30, hours=2),
                changed_at=now,
            )  # fmt: skip
            db.add(meeting)
            db.flush()
            done = importing.import_thread(
                db, SYSTEM, consultation_id=consultation.id, thread_file=file, words=words, now=now
            )
            found = meeting.id, done.thread_id
    app.extensions["database"].dispose()
    return found
