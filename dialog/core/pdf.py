"""Pages as PDF, made beside the server: a program of its own sets the type, one at a time.

WeasyPrint takes seconds and never yields, so it must not run where people are served. What was
made is kept by its content: the same page is set once.
"""

import ctypes
import functools
import hashlib
import json
import logging
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from config import ROOT
from dialog.core import health, pdf_worker

log = logging.getLogger(__name__)

PATIENCE = 90  # seconds for one document, and as long for those before it
KEPT = 40  # documents
STYLES = ROOT / "static" / "css"

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0"
"""What Debian calls the libraries that type is set with."""

# By the names that Linux, macOS and Windows know them under.
_LIBRARIES = (
    ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
)

_turn = threading.BoundedSemaphore(1)  # two would take both cores from the readers


class NoPdf(Exception):
    """It cannot be set here and now: Pango is missing, or it takes too long."""


@functools.cache
def is_possible() -> bool:
    """Whether this machine has what type is set with; looked for once."""
    return all(any(_loads(name) for name in names) for names in _LIBRARIES)


def warn_if_impossible() -> None:
    """Has the log say at the start what is missing, and what that means."""
    if not is_possible():
        log.warning(
            "Pango is missing: meeting packs are pages to print, not PDF. Install %s.", PACKAGES
        )


def state(_db: Session, _now: datetime) -> health.State:
    """Whether documents can be made, and what to install. Without them the installation is well."""
    if is_possible():
        return {"status": "ok", "available": True}
    return {"status": "ok", "available": False, "install": PACKAGES}


def made(folder: Path, page: str, stylesheet: str) -> Path:
    """The file of `page` (HTML) set with a stylesheet of ours, from before or new.

    Raises: NoPdf.
    """
    if not is_possible():
        raise NoPdf("Pango is missing")
    style = STYLES / stylesheet
    content = hashlib.sha256(page.encode() + b"\0" + style.read_bytes()).hexdigest()
    file = folder / f"{content}.pdf"
    if file.exists():
        file.touch()  # what is asked for stays
        return file
    if not _turn.acquire(timeout=PATIENCE):
        raise NoPdf("others are before it")
    try:
        if not file.exists():
            _keep(file, _set(page, style))
    finally:
        _turn.release()
    return file


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _set(page: str, style: Path) -> bytes:
    order = json.dumps({"page": page, "style": str(style)}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", pdf_worker.__name__],
            input=order,
            capture_output=True,
            timeout=PATIENCE,
            cwd=ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("a document took longer than %s seconds", PATIENCE)
        raise NoPdf("it took too long") from None
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        log.warning("no document: %s", done.stderr.decode(errors="replace").strip()[-500:])
        raise NoPdf("the type could not be set")
    return done.stdout


def _keep(file: Path, content: bytes) -> None:
    """Writes the file whole or not at all, and lets the oldest ones go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    half.write_bytes(content)
    half.replace(file)
    by_age = sorted(file.parent.glob("*.pdf"), key=lambda one: one.stat().st_mtime)
    for old in by_age[:-KEPT]:
        old.unlink(missing_ok=True)


health.declare("pdf", state)
