"""The words of a mail: a plain text template in the receiver's language, and its two clothes."""

from typing import Any, NamedTuple

from flask import current_app
from flask_babel import force_locale

from dialog.core import web
from dialog.mail import parts
from dialog.mail.writing import Letter


class Words(NamedTuple):
    """What a mail says."""

    subject: str
    body: str


def write(template: str, locale: str, **context: Any) -> Words:
    """Subject and body of `templates/mail/<template>.txt`, whose first line is the subject."""
    # Straight from Jinja: Flask's own rendering would ask who is reading, and nobody is.
    page = current_app.jinja_env.get_template(f"mail/{template}.txt")
    with force_locale(locale):
        text = page.render(settings=web.settings(), **context)
    subject, _newline, body = text.strip().partition("\n")
    return Words(subject.strip(), body.strip() + "\n")


def as_text(letter: Letter) -> str:
    """The letter as plain text."""
    return parts.as_text(letter.parts)


def as_html(letter: Letter) -> str:
    """The letter as HTML: one calm page that holds its own looks and fetches nothing."""
    page = current_app.jinja_env.get_template("mail/frame.html")
    with force_locale(letter.locale):
        return page.render(settings=web.settings(), letter=letter, locale=letter.locale)


def address_of(path: str) -> str:
    """The whole address of a path of our own, as a mail needs it."""
    return web.settings().base_url + path
