"""Puts the rooms together into one app."""

from pathlib import Path

from flask import Flask, url_for

from config import Settings
from dialog import permissions
from dialog.agenda import clockwork as _clockwork  # noqa: F401  (declares its jobs)
from dialog.agenda import live as _agenda_live  # noqa: F401  (declares the channel of a meeting)
from dialog.agenda import pack_views as _pack_views  # noqa: F401
from dialog.agenda import planning_views as _planning_views  # noqa: F401  (adds to agenda's pages)
from dialog.agenda import views as agenda
from dialog.agenda.hall import chair_views as _hall_chair  # noqa: F401
from dialog.agenda.hall import jobs as _hall_jobs  # noqa: F401
from dialog.agenda.hall import leaving as _hall_leaving  # noqa: F401  (forgets who leaves)
from dialog.agenda.hall import minutes_views as _hall_minutes  # noqa: F401
from dialog.agenda.hall import notes_views as _hall_notes  # noqa: F401
from dialog.agenda.hall import slip_views as _hall_slips  # noqa: F401
from dialog.agenda.hall import views as hall
from dialog.catalogue import views as catalogue
from dialog.cli import commands as cli
from dialog.consultations import daily as _daily_consultations  # noqa: F401  (tells the daily mail)
from dialog.consultations import queries as consultations_queries
from dialog.consultations import views as consultations
from dialog.core import assets, fanout, formats, languages, limits, live, refusals, templates, web
from dialog.core import db as store
from dialog.core.headers import HeadersMiddleware
from dialog.debates import asker_views as _asker_views  # noqa: F401  (adds to debates' pages)
from dialog.debates import daily as _daily_debates  # noqa: F401  (tells the daily mail)
from dialog.debates import edit_views as _edit_views  # noqa: F401  (adds to debates' pages)
from dialog.debates import find_views as _find_views  # noqa: F401
from dialog.debates import follow_views as _follow_views  # noqa: F401
from dialog.debates import leaving as _debates_leaving  # noqa: F401  (forgets who leaves)
from dialog.debates import setup_views as _setup_views  # noqa: F401
from dialog.debates import timekeeping as _timekeeping  # noqa: F401  (declares its job)
from dialog.debates import views as debates
from dialog.debates import write_views as _write_views  # noqa: F401
from dialog.debates.page_cache import PageCache
from dialog.gate import views as gate
from dialog.mail import delivery as _delivery  # noqa: F401  (declares its job)
from dialog.mail import wellbeing as _wellbeing  # noqa: F401  (tells /healthz)
from dialog.meetings import calendar_views as _calendar_views  # noqa: F401
from dialog.meetings import door_views as _door_views  # noqa: F401
from dialog.meetings import leaving as _meetings_leaving  # noqa: F401  (forgets who leaves)
from dialog.meetings import seat_views as _seat_views  # noqa: F401
from dialog.meetings import staff_views as _staff_views  # noqa: F401
from dialog.meetings import standing as _meeting_standing  # noqa: F401  (declares its check)
from dialog.meetings import views as meetings
from dialog.moderation import views as moderation
from dialog.notifications import announcing as _announcing  # noqa: F401  (declares its job)
from dialog.notifications import digest as _digest  # noqa: F401  (declares its job)
from dialog.notifications import forgetting as _forgetting  # noqa: F401  (forgets who leaves)
from dialog.notifications import mail_views as _mail_views  # noqa: F401
from dialog.notifications import queries as notifications_queries
from dialog.notifications import views as notifications
from dialog.pages import answers as _answers  # noqa: F401  (adds to the pages)
from dialog.pages import closing as _closing  # noqa: F401
from dialog.pages import consultation as _consultation  # noqa: F401
from dialog.pages import desk_steps as _desk_steps  # noqa: F401
from dialog.pages import desk_views as _desk_views  # noqa: F401
from dialog.pages import leave as _leave  # noqa: F401
from dialog.pages import meeting as _meeting  # noqa: F401
from dialog.pages import meeting_planning as _meeting_planning  # noqa: F401
from dialog.pages import own_data as _own_data  # noqa: F401
from dialog.pages import politicians as _politicians  # noqa: F401
from dialog.pages import proposal as _proposal  # noqa: F401
from dialog.pages import proposals as _proposals  # noqa: F401
from dialog.pages import triage as _triage  # noqa: F401
from dialog.pages import views as pages
from dialog.people import views as people
from dialog.strategy import views as strategy

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    people,
    notifications,
    consultations,
    meetings,
    strategy,
    catalogue,
    debates,
    agenda,
    hall,
    moderation,
    gate,
    pages,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application, ready to serve.

    Raises: config.ConfigError for settings that cannot work; RuntimeError for a route
    without a permission.
    """
    settings = settings or Settings.from_environ()
    app = Flask(
        "dialog", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    _configure(app, settings)
    app.extensions["database"] = store.Database(settings.database_url)
    assets.register(app)
    languages.register(app)
    formats.register(app)
    web.register(app)
    refusals.register(app)
    limits.register(app)
    for room in ROOMS:
        app.register_blueprint(room.bp)
    cli.register(app)
    put_in_front(app, settings)
    app.context_processor(_page_context)
    web.check_routes(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=settings.session_cookie,
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=50,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # `core.web` compares the origin itself
        RATELIMIT_ENABLED=settings.limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
    )
    app.jinja_environment = templates.Templates
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def put_in_front(app: Flask, settings: Settings) -> None:
    """Puts before the app what a request passes first: sockets, kept pages, files, headers."""
    live.socketio.init_app(
        app,
        async_mode="gevent",
        transports=["websocket"],
        max_http_buffer_size=live.MAX_FRAME,
        manage_session=False,
        message_queue=settings.redis_url,
        **({} if settings.redis_url else {"client_manager": fanout.CrowdManager()}),
    )
    app.wsgi_app = HeadersMiddleware(  # type: ignore[method-assign]
        assets.Assets(PageCache(app.wsgi_app, app.extensions["database"])),
        https=settings.https,
        trusted_hosts=settings.trusted_hosts,
        proxy_count=settings.proxy_count,
        session_cookie=settings.session_cookie,
    )


def _page_context() -> dict[str, object]:
    reader = web.actor()
    db = store.session()
    return {
        "settings": web.settings(),
        "locale": languages.locale(),
        "nav_consultations": [
            (title, url_for("consultations.show", slug=slug))
            for title, slug in consultations_queries.nav_items(db)
        ],
        "reader": reader,
        "unread": notifications_queries.unread_count(db, reader.id) if reader.id else 0,
        "may": lambda action: permissions.may(reader.role, permissions.Action(action)),
    }
