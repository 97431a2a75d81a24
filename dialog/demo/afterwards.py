"""What became of the evening: its minutes mended, and what was said against them."""

from collections.abc import Iterator
from datetime import datetime

from dialog.agenda.hall import minutes as hall_minutes
from dialog.demo.town import Act, Content, Event, Town, read
from dialog.meetings.models import Meeting


def events(town: Town) -> Iterator[Event]:
    """The second version of the minutes, and a dissent."""
    told = read("hall")
    minutes, dissent = told["minutes"], told["dissent"]
    yield town.calendar.spoken(minutes["day"], minutes["time"]), _mending(town, told)
    yield town.calendar.spoken(dissent["day"], dissent["time"]), _dissenting(town, told)


def _mending(town: Town, told: Content) -> Act:
    def mend(now: datetime) -> None:
        change, meeting_id = told["minutes"], town.meetings[told["meeting"]]
        meeting = town.db.get_one(Meeting, meeting_id)
        source = (meeting.minutes_source or "").replace(change["find"], change["put"], 1)
        hall_minutes.publish(
            town.db,
            town.actor(told["by"]),
            meeting_id=meeting_id,
            source=source,
            reason=change["reason"],
            now=now,
        )

    return mend


def _dissenting(town: Town, told: Content) -> Act:
    dissent = told["dissent"]
    return lambda now: hall_minutes.dissent_by_account(
        town.db,
        town.actor(dissent["by"]),
        meeting_id=town.meetings[told["meeting"]],
        body=dissent["text"],
        now=now,
    )
