"""Which language a page speaks: the account's, else the visitor's own choice, else Danish."""

from flask import Flask, request
from flask_babel import Babel

LANGUAGES = ("da", "en")
COOKIE = "lang"  # set only when a visitor asks for another language

babel = Babel()


def locale() -> str:
    """The reader's language, one of `LANGUAGES`."""
    chosen = request.cookies.get(COOKIE, "") if request else ""
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def register(app: Flask) -> None:
    """Danish is the source language, so it needs no catalogue."""
    app.config["BABEL_DEFAULT_LOCALE"] = "da"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Copenhagen"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=locale)
