"""What the browser carries of a person: the name of the sign-in, and the language."""

import logging
from datetime import timedelta

from flask import session
from flask.blueprints import BlueprintSetupState
from flask_login import login_user
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from dialog.core import clock, languages, web
from dialog.core import db as store
from dialog.people import queries, sessions
from dialog.permissions import Role

log = logging.getLogger(__name__)

LANGUAGE_KEPT = timedelta(days=365)


def configure(state: BlueprintSetupState) -> None:
    """Lets the cookie outlive the server's own record, which alone decides.

    It is written only when it changes, so that a page for everyone never carries anyone's.
    """
    state.app.config["PERMANENT_SESSION_LIFETIME"] = queries.CITIZEN_LONGEST
    state.app.config["SESSION_REFRESH_EACH_REQUEST"] = False


def carry(token: str, role: Role) -> None:
    """Gives the browser a new sign-in: nothing of the session before survives."""
    session.clear()
    session.permanent = role is Role.CITIZEN  # others are signed out with the browser
    login_user(queries.reader_of(store.session(), token, now=clock.now()))


def speak(answer: Response, locale: str) -> Response:
    """The answer, after which pages speak the account's language."""
    if locale != languages.locale():
        answer.set_cookie(
            languages.COOKIE,
            locale,
            max_age=LANGUAGE_KEPT,
            secure=web.settings().https,
            httponly=True,
            samesite="Lax",
        )
    return answer


@web.login_manager.user_loader  # type: ignore[untyped-decorator]
def _reader(token: str) -> queries.SignedIn | None:
    now = clock.now()
    reader = queries.reader_of(store.session(), token, now=now)
    if reader is None or (reader.is_demo and not web.settings().demo):
        return None
    if now - reader.seen_at > queries.TOUCH_EVERY:
        _touch(reader.session_id)
    return reader


def _touch(session_id: int) -> None:
    try:
        with store.transaction() as db:
            sessions.touch_session(db, session_id, now=clock.now())
    except DBAPIError:  # a reader goes on reading while nothing can be written
        log.warning("could not note that a sign-in is in use")
