"""The servers that are measured: started on free ports, ended by their own process."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
START_PATIENCE = 60  # seconds
STOP_PATIENCE = 15


class Running:
    """A server under measurement."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, heartbeat: Path) -> None:
        self.port = port
        self._process = process
        self._heartbeat = heartbeat

    def heartbeat(self) -> dict[str, Any]:
        """How late the heartbeat was since this was last asked: `beats` and `longest` (s)."""
        self._heartbeat.unlink(missing_ok=True)
        self._process.send_signal(signal.SIGUSR1)
        end = time.monotonic() + 5
        while not self._heartbeat.exists() and time.monotonic() < end:
            time.sleep(0.02)
        found: dict[str, Any] = json.loads(self._heartbeat.read_text())
        return found

    def megabytes(self) -> float:
        """The memory that the process holds (resident, MB)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes.split()[1]) / 1024


@contextmanager
def python_server(name: str, folder: Path) -> Iterator[Running]:
    """`hello` or `dialog`, on the server that we ship."""
    port = free_port()
    command = [sys.executable, "-m", "bench.server", name, str(folder), str(port)]
    with _started(command, port) as process:
        yield Running(process, port, folder / f"heartbeat-{name}.json")


@contextmanager
def node_broadcast(folder: Path) -> Iterator[Running]:
    """A bare Node `ws` server that sends what it is given to everyone. Raises: LookupError."""
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    if not Path(node).exists() or not (ROOT / "node_modules" / "ws").is_dir():
        raise LookupError("Node with the package ws")
    port = free_port()
    with _started([node, str(ROOT / "bench" / "broadcast.mjs"), str(port)], port) as process:
        yield Running(process, port, folder / "none")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _started(command: list[str], port: int) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(process, port)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + START_PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("a server to measure did not start")
