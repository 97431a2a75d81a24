"""What a refusal looks like: every one leaves from here, with the text its writer sent."""

import logging
import re
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from sqlalchemy.exc import TimeoutError as StoreBusy
from werkzeug.exceptions import HTTPException

from dialog import permissions
from dialog.core import errors, languages, web

log = logging.getLogger(__name__)

# What is never shown back: a password that failed is typed again.
_SECRET_FIELDS = re.compile(r"password|csrf_token|token", re.IGNORECASE)
BUSY_FOR = 30  # seconds, after which one may knock again


def register(app: Flask) -> None:
    """Answers whatever goes wrong in a request."""
    for error, answer in _ANSWERS.items():
        app.register_error_handler(error, answer)


def kept_fields() -> list[tuple[str, str]]:
    """What the reader sent, but for secrets, so that a refusal can give it back."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not _SECRET_FIELDS.search(name)
    ]


def _page(status: int, template: str, **context: Any) -> tuple[Response | str, int]:
    if web.wants_json():
        return jsonify(error=context.get("message") or _plain(status)), status
    return render_template(f"errors/{template}.html", **context), status


def _plain(status: int) -> str:
    return {
        400: _("Det kunne vi ikke læse. Prøv igen."),
        404: _("Siden findes ikke."),
        413: _("Det er for stort at sende."),
        503: _("Der er mange lige nu. Din tekst står her endnu. Send den igen om lidt."),
        429: _("Det gik lidt for hurtigt. Vent et øjeblik, og send igen."),
    }.get(status, _("Noget gik galt hos os. Prøv igen om lidt."))


def _not_found(_error: Exception) -> Any:
    return _page(404, "404")


def _invalid(error: errors.InvalidInput) -> Any:
    message = " ".join(error.fields.values())
    return _page(422, "resend", message=message, fields=kept_fields())


def _too_late(error: errors.TooLate) -> Any:
    return _page(409, "resend", message=str(error), fields=kept_fields(), can_resend=False)


def _conflict(error: errors.AlreadyDone) -> Any:
    return _page(409, "resend", message=str(error), fields=kept_fields(), can_resend=False)


def _too_many(error: errors.TooMany) -> Any:
    answer, status = _page(
        429, "429", message=_plain(429), retry_after=error.retry_after, fields=kept_fields()
    )
    return answer, status, {"Retry-After": str(error.retry_after)}


def _csrf(_error: CSRFError) -> Any:
    message = _("Siden havde været åben for længe. Se efter, at alt er med, og send igen.")
    try:
        web.check_origin()
    except errors.NotFound:
        return _page(400, "400")
    return _page(400, "resend", message=message, fields=kept_fields())


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    if code in (301, 302, 303, 307, 308):
        return error
    if code >= 500:
        return _broken(code)
    return _page(code, str(code) if code in (400, 413) else "404", fields=[])


def _busy(error: StoreBusy) -> Any:
    """Too many at once: nothing has happened, and whoever sends again soon gets through."""
    log.warning("no connection to the store at %s: %s", request.endpoint, error.code)
    return *_broken(503), {"Retry-After": str(BUSY_FOR)}


def _crashed(error: Exception) -> Any:
    log.exception("unhandled %s at %s", type(error).__name__, request.endpoint)
    return _broken(500)


def _broken(status: int) -> Any:
    """A page that asks nothing of the store, which may be what is broken."""
    if web.wants_json():
        return jsonify(error=_plain(status)), status
    name = "503" if status == 503 else "500"
    return web.fragment(
        f"errors/{name}.html", settings=web.settings(), locale=languages.locale()
    ), status


_ANSWERS: dict[type[Exception], Any] = {
    errors.NotFound: _not_found,
    permissions.NotAllowed: _not_found,
    errors.InvalidInput: _invalid,
    errors.TooLate: _too_late,
    errors.AlreadyDone: _conflict,
    errors.TooMany: _too_many,
    CSRFError: _csrf,
    # A number or a sign that the store cannot hold stands for nothing that is there.
    OverflowError: _not_found,
    DataError: _not_found,
    StoreBusy: _busy,
    HTTPException: _http,
    Exception: _crashed,
}
