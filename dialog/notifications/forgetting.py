"""What is left here of somebody who closes his account: nothing."""

import re
from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dialog.notifications import queries
from dialog.notifications.models import MailWish, Notification, QuestionFollow, ThreadFollow
from dialog.people import closing
from dialog.people.closing import Leaver


def forget(db: Session, who: Leaver) -> None:
    """Deletes his inbox, what he follows and what he wants by mail."""
    for table in (Notification, ThreadFollow, QuestionFollow, MailWish):
        db.execute(delete(table).where(table.user_id == who.id))


def rename(db: Session, post_ids: Collection[int], names: Collection[str], to: str) -> None:
    """Has inboxes, and mails that have not left, tell of these posts without the old names.

    Audited by the caller.
    """
    sought = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names))
    for line in queries.lines_about_posts(db, post_ids):
        line.title = sought.sub(lambda _found: to, line.title)


closing.declare("notifications", forget)
