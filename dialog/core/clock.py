"""The one place that reads the clock. Commands are given their `now`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """The present moment, aware, UTC, whole microseconds."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """`moment` as people in the municipality read it on the wall."""
    return moment.astimezone(COPENHAGEN)
