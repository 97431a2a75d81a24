"""What a borgermøde does with a post, told where the post stands. Called by the agenda."""

from sqlalchemy.orm import Session

from dialog.debates import counters, live, queries
from dialog.debates.models import AtMeeting, Post
from dialog.permissions import SYSTEM


def tell_in_thread(
    db: Session, post_id: int, *, meeting_id: int | None, state: AtMeeting | None
) -> Post:
    """The post, which now says what the meeting does with it; nothing, without a meeting.

    Audited by the caller. Raises: NotFound.
    """
    post, page = queries.access_post(db, SYSTEM, post_id, to_change=True)
    if (post.at_meeting_id, post.at_meeting) == (meeting_id, state):
        return post
    post.at_meeting_id, post.at_meeting = meeting_id, state
    post.rev = counters.next_rev(db, page.thread)
    db.flush()
    live.announce_changed(db, page, post)
    return post
