"""What open pages hear of a thread. A public post travels as the fragment they show."""

from flask import has_request_context
from flask_babel import force_locale
from sqlalchemy.orm import Session

from dialog.core import clock, live
from dialog.core import db as store
from dialog.core.errors import NotFound
from dialog.core.languages import LANGUAGES
from dialog.debates import changes, live_queries, queries
from dialog.debates.models import Post, Thread
from dialog.debates.queries import ThreadPage
from dialog.permissions import SYSTEM, Actor


def may_listen(actor: Actor, thread_id: int) -> bool:
    """Whether this reader may follow the thread."""
    try:
        queries.access_thread(store.session(), actor, thread_id)
    except NotFound:
        return False
    return True


live.channel("thread", may_listen)


def announce_posted(db: Session, page: ThreadPage, post: Post) -> None:
    """Sends the new post to every open page of its thread, and what changed above it."""
    _announce(db, page, post, "post:created")


def announce_changed(db: Session, page: ThreadPage, post: Post) -> None:
    """Sends a post that was mended, became a tombstone, or came back."""
    _announce(db, page, post, "post:changed")


def announce_meeting(db: Session, thread: Thread, meeting_id: int) -> None:
    """Sends open pages of the thread what its meeting is now, and its posts on that agenda."""
    thread_id, rev = thread.id, thread.rev

    def send() -> None:
        heard = _languages(thread_id)
        if not heard:
            return
        reading, now = store.session(), clock.now()
        page = queries.access_thread(reading, SYSTEM, thread_id)
        posts = live_queries.posts_at_meeting(reading, thread_id, meeting_id)
        for language in heard:
            with force_locale(language):
                told = {
                    "rev": rev,
                    "meeting": changes.meeting(page.meeting, now, language),
                    "changed": changes.missed(reading, posts, now, language),
                }
                live.emit(f"thread:{thread_id}:{language}", "meeting:changed", told)

    if has_request_context():
        store.after_commit(db, send)


def _languages(thread_id: int) -> list[str]:
    """The languages in which open pages show the thread."""
    return [one for one in LANGUAGES if live.is_heard(f"thread:{thread_id}:{one}")]


def _announce(db: Session, page: ThreadPage, post: Post, event: str) -> None:
    thread_id = page.thread.id

    def send() -> None:
        heard = _languages(thread_id)
        if not heard:
            return
        reading, now = store.session(), clock.now()
        around = changes.around(reading, post)
        # With an answer its question's state came or went.
        states = around.above[-1:] if around.post.is_answer else []
        for language in heard:
            with force_locale(language):
                told = changes.told(around, now, language)
                told["changed"] = changes.missed(reading, states, now, language)
                live.emit(f"thread:{thread_id}:{language}", event, told)

    # An import or the demo has nobody watching, and the opening post stands outside the tree.
    if has_request_context() and post.depth:
        store.after_commit(db, send)
