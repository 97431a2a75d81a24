"""A copy of everything that is stored of the reader, as a file that programs can read too."""

import json
from collections.abc import Iterator
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from dialog.core import web
from dialog.core.db import Database
from dialog.pages import own_data_queries
from dialog.pages.views import bp
from dialog.people import again

Answer = Response | str | tuple[str, int]


@bp.post("/me/data")
def own_data() -> Answer:
    """The file. Who holds it knows the reader well, so it takes a new sign-in."""
    asked = again.stops(url_for("pages.own_data"))
    if asked is not None:
        return asked
    database: Database = current_app.extensions["database"]
    answer = Response(_told(database, web.actor().id or 0), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="dialog.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(database: Database, user_id: int) -> Iterator[str]:
    """One JSON object with a list for each kind of thing, read one after the other."""
    between = "{\n"
    with database.reading() as db:  # of its own: the request is over before the file is
        for name, wanted in own_data_queries.everything_of(user_id).items():
            yield f"{between}{json.dumps(name)}: ["
            yield from _rows(db, wanted)
            yield "]"
            between = ",\n"
    yield "\n}\n"


def _rows(db: Session, wanted: Any) -> Iterator[str]:
    between = "\n"
    for row in db.execute(wanted).mappings():
        yield between + json.dumps(dict(row), ensure_ascii=False, default=_plain)
        between = ",\n"


def _plain(value: Any) -> str:
    """A moment, as machines write it."""
    said: str = value.isoformat()
    return said
