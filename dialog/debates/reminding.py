"""Reminding a politician of the answer that was written down for him, before his time is over."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.debates import confirming, queries, writing_queries
from dialog.notifications import kinds
from dialog.notifications.models import Topic
from dialog.permissions import SYSTEM

REMIND_BEFORE = timedelta(hours=12)  # of the 48: the last morning or evening he has

kinds.declare(
    "oral_answer_reminder",
    kinds.Kind(
        Topic.DUTIES,
        lambda words: _(
            "Husk dit svar fra borgermødet. Bekræft det senest %(due)s.", due=words["due"]
        ),
        lead=lambda _words: _("Læs det, og bekræft eller uddyb"),
        why=lambda _words: _(
            "Siger du ingenting, står svaret, som referenten skrev det ned, og det kan alle se."
        ),
    ),
)


def remind(db: Session, *, now: datetime) -> list[int]:
    """The oral answers whose speakers are reminded now; each of them once."""
    reminded = []
    until = now + REMIND_BEFORE
    for post_id in writing_queries.answers_to_remind_of(db, now, until):
        post, page = queries.access_post(db, SYSTEM, post_id, to_change=True)
        # Asked again, now that nobody else can change the thread: two workers may both be here.
        if post_id in writing_queries.answers_to_remind_of(db, now, until):
            confirming.tell_speaker(db, page, post, "oral_answer_reminder", now)
            reminded.append(post_id)
    return reminded
