"""The templates of the house, compiled before a reader has to wait for them."""

import gevent
from flask import Flask


def compile_all(app: Flask) -> None:
    """Has every template compiled, one after the other, while others are served.

    Done by the first reader of a page it takes up to a third of a second, in which nobody is
    answered. So it is done in a thread beside the hub, which goes on in between.
    """
    beside = gevent.get_hub().threadpool
    for name in app.jinja_env.list_templates(extensions=["html", "txt", "xml"]):
        beside.apply(app.jinja_env.get_template, (name,))
