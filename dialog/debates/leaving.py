"""What somebody who closes his account has written: it stays, and is nobody's any more.

What he wrote for an office stays his, since it was the municipality that spoke.
"""

import secrets

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from dialog.debates import counters, leaving_queries, live, queries, tree
from dialog.debates.models import BranchPerson, Draft, Post
from dialog.notifications import forgetting
from dialog.people import closing, names
from dialog.people.closing import Leaver
from dialog.permissions import SYSTEM


def lock(db: Session, who: Leaver) -> None:
    """Has the threads that he wrote in wait, always in the same order."""
    for thread_id in leaving_queries.threads_written_in(db, who.id):
        queries.lock_threads(db, thread_id)


def forget(db: Session, who: Leaver) -> None:
    """Takes his name off his posts at once, and deletes what he had begun to write."""
    db.execute(delete(Draft).where(Draft.user_id == who.id))
    key = f"former-{secrets.token_hex(8)}"  # counts him as before, and leads to nobody
    for thread_id in leaving_queries.threads_written_in(db, who.id):
        posts = leaving_queries.own_words(db, thread_id, who.id)
        _count_as(db, thread_id, posts, who.id, key)
        _take_name_off(db, thread_id, posts)


def _take_name_off(db: Session, thread_id: int, posts: list[Post]) -> None:
    page = queries.access_thread(db, SYSTEM, thread_id)
    ids, known_as = [post.id for post in posts], {post.author_name for post in posts}
    rev = counters.next_rev(db, page.thread)
    for post in posts:
        post.author_id = post.author_area = post.idempotency_key = None
        post.author_name, post.rev = names.FORMER, rev
    db.flush()
    # The replies say whom they answer.
    answering = update(Post).where(Post.parent_id.in_(ids)).values(rev=rev)
    db.execute(answering.execution_options(synchronize_session="fetch"))
    forgetting.rename(db, ids, known_as, names.FORMER)
    for post in posts:
        live.announce_changed(db, page, post)


def _count_as(db: Session, thread_id: int, posts: list[Post], user_id: int, key: str) -> None:
    above = {path for post in posts for path in tree.ancestor_paths(post.path)}
    branches = leaving_queries.ids_at(thread_id, above)
    mine = BranchPerson.key == f"u{user_id}", BranchPerson.post_id.in_(branches)
    db.execute(update(BranchPerson).where(*mine).values(key=key))


closing.declare("debates", forget, lock=lock)
