"""What the daily mail tells of dialogues: those that opened, and those that are decided."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.consultations import queries
from dialog.consultations.models import Consultation
from dialog.core import html
from dialog.notifications import digest
from dialog.notifications.digest import Group, News
from dialog.notifications.models import Topic


def news_for(
    db: Session,
    user_id: int,  # noqa: ARG001  (the same for all)
    since: datetime,
    until: datetime,
) -> list[Group]:
    """The dialogues that opened or were decided in this time."""
    return [
        Group(f"dialogue:{one.id}", one.title, f"/consultations/{one.slug}", news)
        for one in queries.opened_or_decided(db, since, until)
        if (news := _news_of(one, since, until))
    ]


def _news_of(one: Consultation, since: datetime, until: datetime) -> list[News]:
    link, news = f"/consultations/{one.slug}", []
    if one.opened_at and since < one.opened_at <= until:
        words = html.excerpt(one.summary)
        news.append(News(_("Dialogen er åbnet. Du kan være med nu."), words, link, one.opened_at))
    if one.decided_at and since < one.decided_at <= until:
        words = html.excerpt(one.decision_summary or "")
        news.append(News(_("Byrådet har besluttet"), words, link, one.decided_at))
    return news


digest.source(Topic.DIALOGUES, news_for)
