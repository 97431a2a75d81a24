"""What open pages hear of a thread. A public post travels as the fragment they show."""

from flask import has_request_context
from flask_babel import force_locale
from sqlalchemy.orm import Session

from dialog.core import clock, live
from dialog.core import db as store
from dialog.core.errors import NotFound
from dialog.core.languages import LANGUAGES
from dialog.debates import fragments, queries
from dialog.debates.models import Post, PostState
from dialog.debates.queries import ThreadPage
from dialog.debates.tree import Row
from dialog.duties import queries as duties
from dialog.permissions import Actor


def may_listen(actor: Actor, thread_id: int) -> bool:
    """Whether this reader may follow the thread."""
    try:
        queries.access_thread(store.session(), actor, thread_id)
    except NotFound:
        return False
    return True


live.channel("thread", may_listen)


def announce_posted(db: Session, page: ThreadPage, post: Post, parent: Post) -> None:
    """Sends the new post to every open page of its thread, and what changed above it."""
    _announce(db, page, post, "post:created", changed=[parent] if post.is_answer else [])


def announce_changed(db: Session, page: ThreadPage, post: Post) -> None:
    """Sends a post that became a tombstone, or came back."""
    _announce(db, page, post, "post:changed", changed=[])


def fragment(post: Post, parent: Post | None, language: str) -> str:
    """The post as the tree shows it, without its replies. `language` is the one spoken now."""
    row = Row(post, max(1, post.depth), parent=parent)
    owed = duties.duties_of(store.session(), [post.id] if post.addressee_id else [])
    return fragments.shown(row, owed, clock.now(), language)


def _announce(
    db: Session, page: ThreadPage, post: Post, event: str, *, changed: list[Post]
) -> None:
    thread_id, post_id, parent_id = page.thread.id, post.id, post.parent_id
    changed_ids = [one.id for one in changed]

    def send() -> None:
        heard = [one for one in LANGUAGES if live.is_heard(f"thread:{thread_id}:{one}")]
        if not heard:
            return
        reading = store.session()
        fresh = reading.get(Post, post_id, populate_existing=True)
        parent = reading.get(Post, parent_id, populate_existing=True) if parent_id else None
        if fresh is None:
            return
        for language in heard:
            with force_locale(language):
                live.emit(
                    f"thread:{thread_id}:{language}",
                    event,
                    {
                        "id": post_id,
                        "parent_id": parent_id,
                        "rev": fresh.rev,
                        "html": fragment(fresh, parent, language),
                        "gone": fresh.state is not PostState.VISIBLE,
                        "changed": _changed(reading, changed_ids, language),
                    },
                )

    if has_request_context():  # an import or the demo has nobody watching
        store.after_commit(db, send)


def _changed(reading: Session, ids: list[int], language: str) -> list[dict[str, object]]:
    found = [reading.get(Post, one, populate_existing=True) for one in ids]
    return [
        {"id": post.id, "html": fragment(post, _parent_of(reading, post), language)}
        for post in found
        if post
    ]


def _parent_of(reading: Session, post: Post) -> Post | None:
    return reading.get(Post, post.parent_id) if post.parent_id else None
