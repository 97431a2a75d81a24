"""A change of a borgermøde, told on every page of the threads that it takes up."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from dialog.debates import counters, live, live_queries, queries
from dialog.debates.models import Post, Thread
from dialog.meetings import commands as meetings
from dialog.meetings import queries as meeting_queries
from dialog.meetings.models import Meeting
from dialog.meetings.planning import MeetingContent
from dialog.permissions import Actor


def edit_meeting(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    content: MeetingContent,
    version: int | None = None,
    now: datetime,
) -> Meeting:
    """The meeting as it is now announced, in its threads as well.

    Raises: as `meetings.commands.edit_meeting`.
    """
    lock(db, actor, meeting_id)
    meeting = meetings.edit_meeting(
        db, actor, meeting_id=meeting_id, content=content, version=version, now=now
    )
    tell_in_threads(db, meeting)
    return meeting


def lock(db: Session, actor: Actor, meeting_id: int) -> None:
    """Has the meeting wait, and then its threads, before its change goes into the chain."""
    meeting_queries.lock_planning(db)
    meeting_queries.locked_meeting(db, actor, meeting_id)
    named = live_queries.threads_that_name(db, meeting_id)
    queries.lock_threads(db, *(thread.id for thread in named))


def tell_in_threads(db: Session, meeting: Meeting) -> list[Thread]:
    """The threads whose pages say something else of the meeting now. Audited by the caller."""
    db.flush()
    threads = live_queries.threads_that_name(db, meeting.id)
    for thread in threads:
        tell_in_thread(db, thread, meeting.id)
    return threads


def tell_in_thread(db: Session, thread: Thread, meeting_id: int) -> None:
    """Has open pages of the thread show the meeting anew, and its posts on the agenda."""
    rev = counters.next_rev(db, thread)
    on_agenda = (Post.thread_id == thread.id, Post.at_meeting_id == meeting_id)
    db.execute(
        update(Post)
        .where(*on_agenda)
        .values(rev=rev)
        .execution_options(synchronize_session="fetch")
    )
    live.announce_meeting(db, thread, meeting_id)
