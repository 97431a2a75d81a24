"""How the mail is, for those who keep the installation running."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dialog.core import health
from dialog.mail import queries

LATE = timedelta(minutes=15)  # a mail that could have left for so long: nobody sends them


def state(db: Session, now: datetime) -> health.State:
    """ "blocked" when the mail server takes nothing, "late" when mails lie although it would.

    Moments as ISO; `given_up` counts the mails of the last week that no server wanted.
    """
    outbox = queries.outbox(db, now)
    is_late = outbox.due_since is not None and now - outbox.due_since > LATE
    return {
        "status": "blocked" if outbox.blocked_since else "late" if is_late else "ok",
        "waiting": outbox.due,
        "oldest_waiting_since": _iso(outbox.due_since),
        "failing_since": _iso(outbox.blocked_since),
        "given_up": outbox.given_up,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


health.declare("mail", state)
