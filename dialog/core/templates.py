"""The templates of the house: quick to draw, and compiled before a reader waits for them."""

from collections.abc import MutableMapping
from typing import Any

import gevent
from flask import Flask
from flask.templating import Environment


class Templates(Environment):
    """Flask's own, with the same words for every template.

    Jinja would lay a map of its own over them for each template, and then look through both a
    few hundred times for every post that is drawn. Nobody here fills such a map.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template knows beside what it is given."""
        return super().make_globals(d) if d else self.globals


def compile_all(app: Flask) -> None:
    """Has every template compiled, one after the other, while others are served.

    Done by the first reader of a page it takes up to a third of a second, in which nobody is
    answered. So it is done in a thread beside the hub, which goes on in between.
    """
    beside = gevent.get_hub().threadpool
    for name in app.jinja_env.list_templates(extensions=["html", "txt", "xml"]):
        beside.apply(app.jinja_env.get_template, (name,))
