"""The front door: who is reading, and may he.

Every request passes here before a view sees it: the permission of its route, the origin of
its form, its limits. Every refusal leaves from `core.refusals`.
"""

import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    redirect,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as AnyResponse

from config import ROOT, Settings
from dialog import permissions
from dialog.core import clock, errors, health
from dialog.core import db as store
from dialog.permissions import VISITOR, Actor

bp = Blueprint("web", __name__)


def _build() -> str:
    """Ten signs that change when the words or the frame of any page do."""
    seen = hashlib.sha256()
    for file in sorted((ROOT / "templates").rglob("*.html")):
        seen.update(file.read_bytes())
    return seen.hexdigest()[:10]


BUILD = _build()
csrf = CSRFProtect()
login_manager = LoginManager()
login_manager.session_protection = None  # phones change address; the server ends sessions

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class _Number(IntegerConverter):
    """`<int:…>` in an address: what a column can hold. Anything else is no address of ours."""

    regex = "[0-9]{1,10}"

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002  (Werkzeug's)
        super().__init__(map, *args, **{"max": 2**31 - 1} | kwargs)


def settings() -> Settings:
    """How this installation is set up."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def actor() -> Actor:
    """Whoever reads this page."""
    return current_user.actor if current_user.is_authenticated else VISITOR


def session_id() -> int | None:
    """The number of the reader's sign-in, or None for a visitor."""
    return current_user.session_id if current_user.is_authenticated else None


def joined_at() -> datetime | None:
    """When the reader's account was made, or None for a visitor."""
    return current_user.joined_at if current_user.is_authenticated else None


def own_path(target: str | None) -> str | None:
    """`target` if it is a path of our own, else None: nobody is sent elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(sign) < 33 or sign == "\\" for sign in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def to_sign_in(next_path: str | None = None) -> AnyResponse:
    """The way in, and back to what the reader was doing."""
    if wants_json():
        answer = jsonify(
            error=_("Log ind først."), sign_in=url_for("people.sign_in", next=next_path)
        )
        answer.status_code = 401
        return answer
    return redirect(url_for("people.sign_in", next=next_path), 303)


def wants_json() -> bool:
    """Whether our own script asks, rather than a page load."""
    return request.accept_mimetypes.best == "application/json"


def register(app: Flask) -> None:
    """Hangs the front door on the app."""
    app.url_map.converters["int"] = _Number
    csrf.init_app(app)
    login_manager.init_app(app)
    app.register_blueprint(bp)
    # The order matters: who may, then from where. CSRFProtect has already put itself first.
    app.before_request(_read_head_as_get)
    app.before_request(check_origin)
    app.before_request(_check_permission)
    app.teardown_appcontext(store.close_session)


def check_routes(app: Flask) -> None:
    """Raises RuntimeError, naming them, if routes lack an entry in `permissions.ROUTES`."""
    missing = permissions.routes_without_entry(rule.endpoint for rule in app.url_map.iter_rules())
    if missing:
        raise RuntimeError("no permission declared for " + ", ".join(missing))


@bp.get("/healthz")
def healthz() -> Response:
    """Whether the installation can read its store, and how its parts are.

    200 as long as pages can be served, also while mail is stuck: a web process must not be taken
    out of service for a mail server. A monitor that should ring asks `/healthz?strict`, which
    answers 503 when any part is not well.
    """
    parts = health.report(store.session(), clock.now())
    is_well = all(part["status"] == "ok" for part in parts.values())
    answer = jsonify(status="ok" if is_well else "degraded", **parts)
    answer.headers["Cache-Control"] = "no-store"
    if not is_well and "strict" in request.args:
        answer.status_code = 503
    return answer


@bp.get("/brand.css")
def brand_css() -> Response:
    """The municipality's one colour, as a stylesheet."""
    answer = Response(f":root {{ --brand: {settings().brand_colour}; }}\n", mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def _read_head_as_get() -> None:
    # Else a view that asks "is it GET?" takes a mail scanner's HEAD for a form that was sent.
    # The environment still says HEAD, so that the answer leaves without its body.
    if request.method == "HEAD":
        request.method = "GET"


def check_origin() -> None:
    """Nothing, if the form was sent from a page of ours. Raises: NotFound."""
    if request.method in _SAFE:
        return
    origin = request.headers.get("Origin")
    if origin is not None and not _is_ours(origin):
        raise errors.NotFound("foreign origin")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise errors.NotFound("foreign site")


def is_sent_from_here() -> bool:
    """Whether the browser itself says that the form stood on a page of ours.

    `check_origin` has refused what says otherwise; this is for a form that can carry no token, so
    a browser that says nothing is not believed either.
    """
    is_same = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return is_same or request.headers.get("Origin") is not None


def _is_ours(origin: str) -> bool:
    scheme, _colon, host = origin.partition("://")
    return host == request.host and scheme in (
        ("https",) if settings().https else ("http", "https")
    )


def _check_permission() -> AnyResponse | None:
    if request.endpoint is None:
        return None  # no such address: answered as not found
    action = permissions.ROUTES[request.endpoint]
    reader = actor()
    if permissions.may(reader.role, action):
        return None
    if reader.signed_in:
        raise permissions.NotAllowed(request.endpoint)
    return to_sign_in(request.full_path.rstrip("?") if request.method == "GET" else None)


def fragment(template: str, **context: Any) -> str:
    """A part of a page for a page that is already there: no frame, nothing of its reader."""
    return current_app.jinja_env.get_template(template).render(**context)
