"""Apps for tests: made once for each kind of settings, and like new for each test.

Making one takes longer than most tests do, for it compiles every address, and every template and
statement again as they are met. What a test leaves behind in one is little and known: see `_renew`.
"""

import contextvars
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from dialog import app as house
from dialog.core import limits
from dialog.core.db import Database


class Browser(FlaskClient):
    """A browser without JavaScript. A request meets nothing that the test itself holds open.

    Inside a context of the test's own it would share that one's reading session, and be shown
    what was read before.
    """

    def open(self, *args: Any, **more: Any) -> TestResponse:
        if self.preserve_context:  # `with client:` asks to be left in the request's own context
            return super().open(*args, **more)
        return contextvars.Context().run(super().open, *args, **more)


@dataclass(frozen=True)
class Made:
    """An app, and what it held when it was made."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]


class Apps:
    """The apps of a worker, by what they were made for."""

    def __init__(self) -> None:
        self._made: dict[Settings, Made] = {}

    def get(self, settings: Settings) -> Flask:
        """The whole app, as `create_app` would make it now."""
        kind = replace(settings, instance=Path())  # the folder is looked up whenever it is needed
        if kind not in self._made:
            app = house.create_app(settings)
            app.testing, app.test_client_class = True, Browser
            self._made[kind] = Made(app, dict(app.config), dict(app.extensions))
        _renew(self._made[kind], settings)
        return self._made[kind].app

    def close(self) -> None:
        """Closes every connection."""
        for made in self._made.values():
            made.app.extensions["database"].dispose()


def _renew(made: Made, settings: Settings) -> None:
    """Takes from the app what it has kept of earlier tests."""
    app = made.app
    for kept, before in ((app.config, made.config), (app.extensions, made.extensions)):
        kept.clear()
        kept.update(before)
    app.config["SETTINGS"] = settings
    database: Database = app.extensions["database"]
    database._kept.clear()
    limits.limiter.init_app(app)  # it belongs to the process, and obeys the app that came last
    del app.wsgi_app
    house.put_in_front(app, settings)
