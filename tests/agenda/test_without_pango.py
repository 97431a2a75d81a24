"""A machine on which no type can be set: the real server, whose loader finds no Pango."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from dialog.core import pdf
from dialog.meetings.models import Meeting
from tests import make, servers
from tests.agenda.test_pack import fill

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="hides libraries as Linux has them")


@pytest.fixture
def hidden(tmp_path: Path) -> str:
    """A folder that the loader looks into first, where Pango is a file that is no library."""
    folder = tmp_path / "libraries"
    folder.mkdir()
    for name in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0"):
        (folder / name).write_bytes(b"not a library")
    return str(folder)


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    with make.committed(app) as db:
        return fill(db)[0]


def answer(address: str, language: str = "da") -> tuple[int, str]:
    """The status and the page, in this language."""
    asked = urllib.request.Request(address, headers={"Cookie": f"lang={language}"})
    try:
        with urllib.request.urlopen(asked, timeout=30) as got:
            return got.status, got.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_the_pack_is_offered_as_a_page_and_everything_else_works(
    database_url: str, meeting: Meeting, hidden: str
) -> None:
    path = f"/meetings/{meeting.id}"
    with servers.dialog_server(database_url, LD_LIBRARY_PATH=hidden) as address:
        status, page = answer(f"{address}{path}/pack.pdf")
        assert status == 503
        assert "Mødemappen kan ikke laves som PDF lige nu" in page
        assert f'href="{path}/pack"' in page
        status, page = answer(f"{address}{path}/pack.pdf", "en")
        assert status == 503
        assert '<html lang="en">' in page
        assert "PDF" in page
        assert "Mødemappen kan ikke" not in page
        for other in ("", "/pack", "/agenda", "/poster"):
            assert answer(f"{address}{path}{other}")[0] == 200, other
        told = json.loads(answer(f"{address}/healthz")[1])
        assert told["pdf"] == {"status": "ok", "available": False, "install": pdf.PACKAGES}


def test_the_log_says_at_the_start_what_to_install(
    database_url: str, hidden: str, tmp_path: Path
) -> None:
    said = _start(database_url, tmp_path, LD_LIBRARY_PATH=hidden)
    assert "Pango is missing" in said
    assert f"Install {pdf.PACKAGES}." in said


def test_where_pango_is_there_is_nothing_to_say(database_url: str, tmp_path: Path) -> None:
    servers.needs_type()
    assert "Pango" not in _start(database_url, tmp_path)
    with servers.dialog_server(database_url) as address:
        told = json.loads(answer(f"{address}/healthz")[1])
        assert told["pdf"] == {"status": "ok", "available": True}


def _start(database_url: str, tmp_path: Path, **env: str) -> str:
    """What the program says until it serves."""
    port, said = servers.free_port(), []
    own = {"DATABASE_URL": database_url, "INSTANCE": str(tmp_path), "PORT": str(port), **env}
    command = [sys.executable, "-m", "dialog.cli.run", "--no-demo"]
    process = subprocess.Popen(
        command, cwd=servers.ROOT, env={**os.environ, "HOST": "127.0.0.1", **own},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if "Dialog is ready" in line:
                break
        process.terminate()
    return "".join(said)
