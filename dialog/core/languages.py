"""Which language a page speaks: the account's, else the visitor's own choice, else Danish."""

from functools import lru_cache

from flask import Flask, request
from flask_babel import Babel, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from dialog.core import html

LANGUAGES = ("da", "en")
COOKIE = "lang"  # set only when a visitor asks for another language

babel = Babel()


def locale() -> str:
    """The reader's language, one of `LANGUAGES`."""
    chosen = request.cookies.get(COOKIE, "") if request else ""
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def spoken() -> str:
    """The language of what is drawn or written now, one of `LANGUAGES`."""
    found = get_locale()
    return found.language if found else LANGUAGES[0]


def register(app: Flask) -> None:
    """Danish is the source language, so it needs no catalogue."""
    app.config["BABEL_DEFAULT_LOCALE"] = "da"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Copenhagen"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=locale)
    app.jinja_env.globals.update(_=_say, gettext=_say)


@pass_eval_context
def _say(context: EvalContext, words: str, /, **values: object) -> str:
    """What Jinja's own gettext says. A page says a hundred things, so each is looked up once."""
    language = spoken()
    if not context.autoescape:
        return _said(language, words) % values
    if not values:
        return _said_whole(language, words)
    return html.trusted(_said(language, words)) % values


@lru_cache(maxsize=8_192)
def _said(_language: str, words: str) -> str:
    said: str = get_translations().gettext(words)
    return said


@lru_cache(maxsize=8_192)
def _said_whole(language: str, words: str) -> Markup:
    return html.trusted(_said(language, words)) % {}
