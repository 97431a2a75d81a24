"""From the note-taker's entry to the last of 500 phones and the screen, against bare Node `ws`."""

from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import select

from bench import ground, live, load
from bench.crowd import Crowd
from bench.figures import Figure, Figures
from bench.processes import node_broadcast
from bench.site import Site, middle
from dialog.agenda.hall import commands as hall_commands
from dialog.app import create_app
from dialog.consultations.models import Consultation
from dialog.core import clock
from dialog.meetings import staffing
from dialog.meetings.models import Meeting
from dialog.people.models import User
from dialog.permissions import Actor, Role

THREADS = ("200",)
PHONES = 500
CROWD = PHONES + 1  # and the screen
NOTES = 15


def measure(site: Site) -> Figures:
    """Milliseconds until everyone in the hall has the note, here and in Node."""
    notes = 8 if site.is_quick else NOTES
    mine, message, lost = _in_the_hall(site, notes)
    yield Figure("hall.500.last_phone", mine, "ms")
    yield Figure("hall.500.lost", lost, "messages", 0)
    try:
        with node_broadcast(site.folder) as node:
            bare = live.bare(node, message, notes, CROWD)
    except LookupError as missing:
        print(f"  not compared, for want of {missing}")
    else:
        yield Figure("hall.500.bare_ws", bare, "ms")
        yield Figure("hall.500.to_bare_ws", mine / bare, "×", 2.5)


def _in_the_hall(site: Site, notes: int) -> tuple[float, bytes, int]:
    """Median ms from POST to the last socket, one message as it came, and how many were lost."""
    meeting_id = _open_hall(site)
    crowd = Crowd(site.dialog.port, CROWD, lambda _number: f"meeting:{meeting_id}:da")
    times, lost = [], 0
    for number in range(notes):
        seconds, missed = live.timed(
            site.dialog.port, _note(site, meeting_id, number), crowd, number + 1
        )
        times.append(1000 * seconds)
        lost += missed
    message = crowd.listeners[0].last
    crowd.close()
    return middle(times), message, lost


def _note(site: Site, meeting_id: int, number: int) -> bytes:
    """The request with which the note-taker's page sends what was said."""
    writer = site.ground.citizens[0]
    form = {
        "csrf_token": writer.csrf_token,
        "key": f"en-noegle-{number}",
        "kind": "contribution",
        "place": f"thread:{site.ground.threads['200']}",
        "speaker": "Ole Brandt",
        "body": f"Indlæg {number}: jeg vil gerne se regnestykket bag forslaget, før I beslutter.",
    }
    return load.post(
        f"/meetings/{meeting_id}/notes",
        urlencode(form).encode(),
        Cookie=writer.cookie,
        Accept="application/json",
    )


def _open_hall(site: Site) -> int:
    """A meeting that is on, its hall open, and the first citizen its note-taker."""
    app = create_app(ground.settings(site.folder))
    with app.app_context(), app.extensions["database"].transaction() as db:
        now = clock.now()
        first = db.scalars(select(User).where(User.role == Role.CITIZEN).order_by(User.id)).first()
        consultation = db.scalars(select(Consultation)).first()
        assert first is not None
        assert consultation is not None
        meeting = Meeting(
            consultation_id=consultation.id,
            title="Borgermøde om budgettet",
            starts_at=now - timedelta(minutes=10),
            ends_at=now + timedelta(hours=2),
            changed_at=now,
        )
        db.add(meeting)
        db.flush()
        chief = Actor(first.id, Role.COMMS_CHIEF, first.name)
        staffing.name_staff(db, chief, meeting_id=meeting.id, note_takers=[first.id], now=now)
        hall_commands.open_hall(db, chief, meeting_id=meeting.id, now=now)
        meeting_id = meeting.id
    app.extensions["database"].dispose()
    return meeting_id
