"""Reminding a politician of the answer that was written down for him, before his time is over."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.core import html
from dialog.debates import queries, writing_queries
from dialog.debates.models import Post
from dialog.mail.standing import About
from dialog.notifications import commands as notifications
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
            _tell(db, post, page, now)
            reminded.append(post_id)
    return reminded


def _tell(db: Session, post: Post, page: queries.ThreadPage, now: datetime) -> None:
    assert post.author_id is not None
    assert post.confirm_by is not None
    notifications.tell(
        db,
        post.author_id,
        "oral_answer_reminder",
        params={"thread": page.thread.title, "due": post.confirm_by.isoformat()},
        link=f"/posts/{post.id}/confirm",
        excerpt=html.excerpt(post.source),
        now=now,
        about=About("post", post.id),
        thread_id=page.thread.id,
    )
