"""Two who plan at the same moment do not plan against each other."""

import threading
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from dialog.core import clock
from dialog.core.db import Database
from dialog.core.errors import InvalidInput
from dialog.gate import calling_off
from dialog.meetings import commands, queries
from dialog.meetings.planning import MeetingContent
from dialog.permissions import SYSTEM
from tests import make

Act = Callable[[Session], object]
AHEAD = clock.now() + timedelta(days=7)


def refusals(app: Flask, acts: list[Act]) -> list[dict[str, str]]:
    """The fields of those that were refused, of all who pressed at the same moment."""
    database: Database = app.extensions["database"]
    start, refused = threading.Barrier(len(acts)), list[dict[str, str]]()

    def press(act: Act) -> None:
        start.wait()
        try:
            with app.test_request_context(), database.transaction() as db:
                act(db)
        except InvalidInput as error:
            refused.append(error.fields)

    threads = [threading.Thread(target=press, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_one_of_two_gets_the_room(app: Flask) -> None:
    with make.committed(app) as db:
        dialogue, line = make.make_consultation(db, decision_on=None), make.make_chief(db)
    content = MeetingContent(
        title="Skoler", place="Kulturhuset", room="Store Sal", starts_at=AHEAD,
        ends_at=AHEAD + timedelta(hours=2),
    )  # fmt: skip

    def planning(db: Session) -> object:
        return commands.schedule_meeting(
            db, line, consultation_id=dialogue.id, content=content, now=clock.now()
        )

    assert [set(fields) for fields in refusals(app, [planning] * 4)] == [{"place"}] * 3
    with make.committed(app) as db:
        assert len(queries.meetings(db, dialogue.id)) == 1


def test_of_the_last_two_meetings_one_stays(app: Flask) -> None:
    with make.committed(app) as db:
        dialogue, line = make.make_consultation(db), make.make_chief(db)
        ids = [
            make.make_meeting(db, dialogue, starts_at=AHEAD + timedelta(days=n)).id for n in (0, 1)
        ]

    def cancelling(meeting_id: int) -> Act:
        return lambda db: calling_off.cancel_meeting(
            db, line, meeting_id=meeting_id, reason="Salen brænder.", now=clock.now()
        )

    refused = refusals(app, [cancelling(one) for one in ids])
    assert [set(fields) for fields in refused] == [{"reason"}]
    with make.committed(app) as db:
        assert queries.next_meeting(db, dialogue.id, clock.now()) is not None
        assert queries.access_meeting(db, SYSTEM, ids[0]).id == ids[0]
