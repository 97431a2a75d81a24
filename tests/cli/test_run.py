"""`python -m dialog.cli.run`: a start, and what it says when it cannot."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests import servers
from tests.servers import ROOT

PATIENCE = 60  # seconds


def start(tmp_path: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """What the program said before it gave up."""
    own = {"INSTANCE": str(tmp_path), "PORT": str(servers.free_port()), "HOST": "127.0.0.1"}
    return subprocess.run(
        [sys.executable, "-m", "dialog.cli.run", "--no-demo"],
        cwd=ROOT, env={**os.environ, **own, **env}, capture_output=True, text=True,
        timeout=PATIENCE, check=False,
    )  # fmt: skip


def test_it_serves_from_an_empty_folder(tmp_path: Path) -> None:
    with (
        servers.dialog_server(f"sqlite:///{tmp_path / 'dialog.db'}") as address,
        urllib.request.urlopen(f"{address}/", timeout=10) as answer,
    ):
        assert answer.status == 200


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = start(tmp_path, PORT=str(port))
    assert ended.returncode != 0
    assert ended.stderr.strip().splitlines() == [
        f"Port {port} is taken by another program. Choose another one: PORT={port + 1}"
    ]


def test_bad_settings_are_told_each_in_its_sentence(tmp_path: Path) -> None:
    ended = start(tmp_path, PORT="eighty", LOG_LEVEL="loud")
    assert ended.returncode == 2
    assert [line.split()[0] for line in ended.stderr.splitlines()] == ["PORT", "LOG_LEVEL"]


def test_a_database_that_cannot_be_opened_is_told_in_one_sentence(tmp_path: Path) -> None:
    ended = start(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}")
    assert ended.returncode == 2
    assert ended.stderr.startswith("The database cannot be used: ")
    assert len(ended.stderr.splitlines()) == 1
