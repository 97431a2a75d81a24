"""What pages keep of what they have read never outlives a change."""

from typing import Any

from flask import Flask
from sqlalchemy import event, select

from dialog.core.db import Database
from dialog.debates import commands, kept
from dialog.debates.models import Post, PostState
from tests import make


def _shown(database: Database) -> list[tuple[str, str, int]]:
    with database.reading() as db:
        found = kept.posts(db, select(Post).order_by(Post.path))
        return [(post.source, post.state.value, post.child_count) for post in found]


def _stored(database: Database) -> list[tuple[str, str, int]]:
    with database.reading() as db:
        found = db.scalars(select(Post).order_by(Post.path))
        return [(post.source, post.state.value, post.child_count) for post in found]


def test_every_change_shows_at_once(app: Flask) -> None:
    database: Database = app.extensions["database"]
    with make.committed(app) as db:
        thread = make.make_thread(db)
        first = make.make_post(db, thread)
        thread_id, first_id = thread.id, first.id
    assert _shown(database) == _stored(database)
    with make.committed(app) as db:
        thread, first = db.get_one(type(thread), thread_id), db.get_one(Post, first_id)
        make.make_post(db, thread, under=first, body="Et svar.")
    assert _shown(database) == _stored(database)
    with make.committed(app) as db:
        commands.withdraw_post(db, make.make_citizen(db), post_id=first_id, now=make.NOW)
    assert _shown(database) == _stored(database)
    assert PostState.WITHDRAWN in {state for _source, state, _children in _shown(database)}


def test_a_page_after_a_write_reads_the_change_alone(app: Flask) -> None:
    database: Database = app.extensions["database"]
    with make.committed(app) as db:
        thread = make.make_thread(db)
        for number in range(5):
            make.make_post(db, thread, body=f"Indlæg {number}.")
    _shown(database)
    loaded: list[Post] = []

    def note(post: Post, _context: object) -> None:
        loaded.append(post)

    event.listen(Post, "load", note)
    _shown(database)
    event.remove(Post, "load", note)
    assert loaded == []


def test_a_transaction_keeps_nothing(app: Flask) -> None:
    with make.committed(app) as db:
        make.make_post(db, make.make_thread(db))
        found: list[Any] = kept.posts(db, select(Post))
        assert all(post in db for post in found)
