"""What the tests of finding one's way share: a thread, and pages as text."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from dialog.debates.models import Post, PostKind, Thread
from tests import make


def page_at(client: FlaskClient, path: str) -> str:
    """The page, which must be there, without the white space of its source."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def posts_on(page: str) -> list[int]:
    """The ids of the posts that the page shows whole, from top to bottom."""
    return [int(found) for found in re.findall(r'<article[^>]* data-post="(\d+)"', page)]


def a_thread(app: Flask) -> Thread:
    """A thread that Anders answers for."""
    with make.committed(app) as db:
        return make.make_thread(db)


def written(
    app: Flask, thread: Thread, *bodies: str, kind: PostKind = PostKind.COMMENT
) -> Sequence[Post]:
    """Posts by Karen on the first level, one for each text."""
    with make.committed(app) as db:
        return [make.make_post(db, thread, body=body, kind=kind) for body in bodies]


def chain(app: Flask, thread: Thread, length: int, **last: Any) -> list[Post]:
    """A branch of that many posts, each answering the one before."""
    with make.committed(app) as db:
        line: list[Post] = []
        for n in range(length):
            more: dict[str, Any] = last if n == length - 1 else {}
            under = line[-1] if line else None
            line.append(make.make_post(db, thread, under=under, body=f"Trin {n + 1}", **more))
        return line
