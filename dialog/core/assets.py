"""The files of `static/`: kept in memory, compressed, and named by their content.

A page asks for `/static/<build>/css/dialog.css`. The build turns whenever any of the files does,
and what a file itself asks for by a relative address comes under the same build; so browsers may
keep all of it for good. Without a build in its address a file is asked for again each time.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.security import safe_join

from config import ROOT

FOLDER = ROOT / "static"
PREFIX = "/static/"
FOR_GOOD = "public, max-age=31536000, immutable"
# A file is no page: opened by itself it may load nothing. The policy of pages is ten times as long,
# and would weigh a third of what a thread's scripts do.
ALONE = ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
_PACKED = frozenset({"text/css", "text/javascript", "image/svg+xml", "text/markdown", "text/plain"})
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
_NAMED = re.compile(r"([0-9a-f]{10})/(.+)")

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def _build() -> str:
    """Ten signs that change when any file does."""
    seen = hashlib.sha256()
    for file in sorted(FOLDER.rglob("*")):
        if file.is_file():
            seen.update(file.relative_to(FOLDER).as_posix().encode() + b"\0" + file.read_bytes())
    return seen.hexdigest()[:10]


BUILD = _build()


@dataclass(frozen=True)
class Asset:
    """A file as it is sent: its bytes by content coding, the smallest first."""

    kind: str
    tag: str
    codings: tuple[tuple[str, bytes], ...]  # "" is the file itself, and comes last


class Assets:
    """The WSGI app in front of the app that answers for the files."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self._kept: dict[str, Asset] = {}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The file, its 304, or what the app says to anything else."""
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._app(environ, start_response)
        named = _NAMED.fullmatch(path.removeprefix(PREFIX))
        asset = self._asset(named[2] if named else path.removeprefix(PREFIX))
        if asset is None:
            return self._app(environ, start_response)
        is_for_good = named is not None and named[1] == BUILD
        return _answer(environ, start_response, asset, FOR_GOOD if is_for_good else "no-cache")

    def _asset(self, name: str) -> Asset | None:
        kept = self._kept.get(name)
        if kept is None:
            kept = _read(name)
            if kept is not None:
                self._kept[name] = kept
        return kept


def address(name: str) -> str:
    """Where browsers find the file."""
    return f"{PREFIX}{BUILD}/{name}"


def register(app: Flask) -> None:
    """Puts the build into every address of a file; `asset(name)` is the quick way to one."""

    def name_build(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values["filename"] = f"{BUILD}/{values['filename']}"

    app.url_default_functions.setdefault(None, []).append(name_build)
    app.jinja_env.globals["asset"] = address


def _read(name: str) -> Asset | None:
    found = safe_join(str(FOLDER), name)
    file = Path(found) if found else None
    if file is None or not file.is_file():
        return None
    plain = file.read_bytes()
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    tag = '"' + hashlib.sha256(plain).hexdigest()[:16] + '"'
    codings = [("br", _brotli(file)), ("gzip", gzip.compress(plain, 9, mtime=0))]
    packed = [(name, data) for name, data in codings if data] if kind in _PACKED else []
    return Asset(kind, tag, (*packed, ("", plain)))


def _brotli(file: Path) -> bytes:
    """What deploy/setup.py has made of the file, unless the file is newer; empty for nothing."""
    made = file.with_name(file.name + ".br")
    is_fresh = made.is_file() and made.stat().st_mtime >= file.stat().st_mtime
    return made.read_bytes() if is_fresh else b""


def _answer(
    environ: Environ, start_response: Callable[..., Any], asset: Asset, keep: str
) -> Iterable[bytes]:
    headers = [("ETag", asset.tag), ("Cache-Control", keep), ("Vary", "Accept-Encoding")]
    if environ.get("HTTP_IF_NONE_MATCH", "").strip().removeprefix("W/") == asset.tag:
        start_response("304 NOT MODIFIED", headers)
        return [b""]
    accepted = [*re.split(r"\s*,\s*", environ.get("HTTP_ACCEPT_ENCODING", "")), ""]
    coding, body = next(one for one in asset.codings if one[0] in accepted)
    if coding:
        headers.append(("Content-Encoding", coding))
    kind = f"{asset.kind}; charset=utf-8" if asset.kind in _PACKED else asset.kind
    headers += [("Content-Type", kind), ("Content-Length", str(len(body))), ALONE]
    start_response("200 OK", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
