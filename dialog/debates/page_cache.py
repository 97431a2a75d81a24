"""Thread pages kept as bytes in front of the app, for everyone alike.

A page is kept under its address and language, and shown only while its tag is the one that the
store gives right now: the thread's `rev`, the site's, and what the clock has turned meanwhile.
The tag is read before a page is made, so a write is never hidden behind an old page.
"""

import gzip
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import text
from werkzeug.wrappers import Response

from dialog.core import assets, clock, languages
from dialog.core.db import Database
from dialog.core.web import BUILD

KEPT = 256  # pages; about 25 MB
LOOK_AGAIN = 0.01  # seconds; no command line has ended so soon after its commit
_THREAD = re.compile(r"/threads/(\d{1,15})\Z")
_LANGUAGE = re.compile(rf"(?:^|;\s*){languages.COOKIE}=([a-z]{{2}})")
_STATE = """
    SELECT t.rev, s.rev, c.state,
           CASE WHEN c.closes_at IS NULL OR c.closes_at > {now} THEN 1 ELSE 0 END,
           CASE WHEN m.ends_at > {now} THEN 1 ELSE 0 END
    FROM threads t
    JOIN site_rev s ON s.id = 1
    JOIN consultations c ON c.id = t.consultation_id
    JOIN meetings m ON m.id = t.meeting_id
    WHERE t.id = {id}
"""
_ON_SQLITE = _STATE.format(now="?", id="?")
_ON_POSTGRES = text(_STATE.format(now=":now", id=":id"))

State = tuple[int, int, str, int, int]
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]


def tag_of(state: State, language: str, now: datetime) -> str:
    """The ETag of every page of a thread in this state. It turns at midnight, Danish time."""
    rev, site, phase, is_before_deadline, is_before_meeting = state
    day = clock.local(now).strftime("%Y%m%d")
    clocks = f"{is_before_deadline}{is_before_meeting}-{day}"
    return f"{rev}-{site}-{phase}{clocks}-{language}-{BUILD}{assets.BUILD}"


class Tags:
    """The present tag of every thread. It is asked for at every visit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._raw: Any = None
        self._known: dict[tuple[int, str], str | None] = {}
        self._known_at: tuple[int, int, int] | None = None
        self._others = 0
        self._look_again_at = 0.0

    def __call__(self, thread_id: int, language: str, now: datetime) -> str | None:
        """The tag, or None for a thread that is not there or not open to all."""
        # The clock turns tags on whole seconds.
        at = (self._database.commits, self._elsewhere(), int(now.timestamp()))
        if at != self._known_at or not self._database.is_sqlite:
            self._known.clear()
            self._known_at = at
        key = (thread_id, language)
        if key not in self._known:
            state = self._state(thread_id, now)
            is_public = state is not None and state[2] != "draft"
            self._known[key] = tag_of(state, language, now) if state and is_public else None
        return self._known[key]

    def _elsewhere(self) -> int:
        """On SQLite a number that turns with every commit of another process, soon after it.

        Our own commits are counted, so they need not be asked for. PostgreSQL is asked each time.
        """
        moment = time.monotonic()
        if self._database.is_sqlite and moment >= self._look_again_at:
            # One connection for all: reading SQLite never yields to another greenlet.
            if self._raw is None:
                self._raw = self._database.reader.raw_connection().cursor()
            self._others = self._raw.execute("PRAGMA data_version").fetchone()[0]
            self._look_again_at = moment + LOOK_AGAIN
        return self._others

    def _state(self, thread_id: int, now: datetime) -> State | None:
        found: State | None
        if self._database.is_sqlite:
            moment = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
            found = self._raw.execute(_ON_SQLITE, (moment, moment, thread_id)).fetchone()
            return found
        with self._database.reader.connect() as connection:
            row = connection.execute(_ON_POSTGRES, {"now": now, "id": thread_id}).first()
        return tuple(row) if row else None


class Kept:
    """A page as bytes, with the tag it was made under."""

    def __init__(self, tag: str, plain: bytes) -> None:
        self.tag, self.plain = tag, plain

    @cached_property
    def packed(self) -> bytes:
        """The page compressed; a busy thread changes often, so not as hard as one could."""
        return gzip.compress(self.plain, 5)


class PageCache:
    """The WSGI app in front of the app."""

    def __init__(self, app: WsgiApp, database: Database) -> None:
        self.app = app
        self.tags = Tags(database)
        self.pages: OrderedDict[tuple[str, str, str], Kept] = OrderedDict()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The kept page, its 304, or what the app says."""
        thread = _THREAD.match(environ["PATH_INFO"])
        if thread is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.app(environ, start_response)
        language = _language(environ)
        tag = self.tags(int(thread[1]), language, clock.now())
        if tag is None:
            return self.app(environ, start_response)
        if environ.get("HTTP_IF_NONE_MATCH", "").strip().removeprefix("W/") == f'"{tag}"':
            start_response("304 NOT MODIFIED", _headers(tag))
            return [b""]
        return self._page(environ, start_response, tag, language)

    def _page(
        self, environ: Environ, start_response: StartResponse, tag: str, language: str
    ) -> Iterable[bytes]:
        key = (environ["PATH_INFO"], environ.get("QUERY_STRING", ""), language)
        kept = self.pages.get(key)
        if kept is None or kept.tag != tag:
            made = self._make(environ, language)
            if made.status_code != 200:
                return made(environ, start_response)
            kept = Kept(made.get_etag()[0] or "", made.get_data())
            self._keep(key, kept)
        return _answer(environ, start_response, kept)

    def _make(self, environ: Environ, language: str) -> Response:
        """The page as a visitor sees it: nobody's cookie reaches the app."""
        visitor = {**environ, "REQUEST_METHOD": "GET"}
        visitor["HTTP_COOKIE"] = f"{languages.COOKIE}={language}"
        visitor.pop("HTTP_IF_NONE_MATCH", None)
        return Response.from_app(self.app, visitor)

    def _keep(self, key: tuple[str, str, str], page: Kept) -> None:
        self.pages[key] = page
        self.pages.move_to_end(key)
        while len(self.pages) > KEPT:
            self.pages.popitem(last=False)


def _answer(environ: Environ, start_response: StartResponse, kept: Kept) -> Iterable[bytes]:
    headers = _headers(kept.tag)
    headers.append(("Content-Type", "text/html; charset=utf-8"))
    body = kept.plain
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        headers.append(("Content-Encoding", "gzip"))
        body = kept.packed
    headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def _headers(tag: str) -> list[tuple[str, str]]:
    return [
        ("ETag", f'"{tag}"'),
        ("Cache-Control", "no-cache"),
        ("Vary", "Accept-Encoding, Cookie"),
    ]


def _language(environ: Environ) -> str:
    cookies = environ.get("HTTP_COOKIE")
    found = _LANGUAGE.search(cookies) if cookies else None
    chosen = found[1] if found else ""
    return chosen if chosen in languages.LANGUAGES else languages.LANGUAGES[0]
