"""What a writer and those who watch are told of a new post, against what the store says then."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from dialog.core import db as store
from dialog.debates import changes
from dialog.debates.models import Post, Thread
from tests import make
from tests.make import NOW

WRITERS = ("Karen Holm", "Bent Juhl", "Signe Lund")  # three: two alone would be slowed down


def told_of(app: Flask, post: Post) -> dict[str, Any]:
    with app.test_request_context():
        return changes.told(changes.around(store.session(), post), NOW, "da")


def read_anew(app: Flask, post_id: int) -> Post:
    with app.test_request_context():
        return store.session().get_one(Post, post_id)


def write(app: Flask, thread_id: int, depth: int) -> list[Post]:
    """A chain of replies, each in a transaction of its own as the browser sends them."""
    chain: list[Post] = []
    for level in range(depth):
        with make.committed(app) as db:
            author = make.make_citizen(db, WRITERS[level % 3])
            thread, above = db.get_one(Thread, thread_id), chain[-1:]
            under = db.get_one(Post, above[0].id) if above else None
            chain.append(make.make_post(db, thread, author, under=under, body=f"Niveau {level}"))
    return chain


@pytest.mark.parametrize("depth", [1, 2, 3, 7])
def test_a_new_post_is_told_as_a_page_that_loads_now_would_show_it(app: Flask, depth: int) -> None:
    with make.committed(app) as db:
        thread_id = make.make_thread(db).id
    made = write(app, thread_id, depth)[-1]
    assert made.placed
    fresh = read_anew(app, made.id)
    assert not fresh.placed
    assert told_of(app, made) == told_of(app, fresh)


def test_a_question_is_told_with_what_is_owed(app: Flask) -> None:
    with make.committed(app) as db:
        made = _question(db)
    assert told_of(app, made) == told_of(app, read_anew(app, made.id))
    assert "Svar skyldes senest" in told_of(app, made)["html"]


def _question(db: Session) -> Post:
    return make.make_question(db, make.make_thread(db))
