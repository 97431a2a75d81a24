"""What Lighthouse says of three pages as a phone meets them, in a real browser."""

import json
import os
import re
import shutil
import statistics
import subprocess
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.figures import ROOT, Figure, Figures
from bench.site import Site
from bench.weight import chromium

PROGRAM = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"
CATEGORIES = ("performance", "accessibility", "best-practices")
GOAL = 95
RUNS = 3  # the middle one counts: one alone hears whatever else the machine does
TRIES = 3
PATIENCE = 180  # seconds
THREADS = ("200",)
_POST = re.compile(r'data-post="(\d+)"')


def measure(site: Site) -> Figures:
    """Points from 0 to 100 for the front page, a thread, and the page of one post."""
    browser, node = chromium(), shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    if browser is None or not PROGRAM.exists() or not Path(node).exists():
        print("  not measured, for want of Chromium or Lighthouse")
        return
    for page, path in _pages(site).items():
        address = f"http://127.0.0.1:{site.dialog.port}{path}"
        runs = [
            _visit(node, browser, address, site.folder) for _ in range(1 if site.is_quick else RUNS)
        ]
        for category in CATEGORIES:
            middle = statistics.median(run[category] for run in runs)
            yield Figure(f"lighthouse.{page}.{category}", middle, "points", GOAL, "more")


def _pages(site: Site) -> dict[str, str]:
    thread = f"/threads/{site.ground.threads['200']}"
    with urlopen(f"http://127.0.0.1:{site.dialog.port}{thread}") as answer:
        posts = _POST.findall(answer.read().decode())
    return {"front": "/", "thread": thread, "post": f"/posts/{posts[len(posts) // 2]}"}


def _visit(node: str, browser: str, address: str, folder: Path) -> dict[str, float]:
    """The points of a visit. Lighthouse itself asks to be run again when its browser stumbles.

    Raises: RuntimeError without a result.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            return _points(node, browser, address, folder)
        except RuntimeError:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def _points(node: str, browser: str, address: str, folder: Path) -> dict[str, float]:
    """The points of one visit by category. Raises: RuntimeError without a result."""
    told_in = folder / "lighthouse.json"  # a pipe may be cut off when the program ends
    told_in.unlink(missing_ok=True)
    command = [node, str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={told_in}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}"]
    done = subprocess.run(
        [*command, "--no-enable-error-reporting"],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
        env={**os.environ, "CHROME_PATH": browser},
    )  # fmt: skip
    told: dict[str, Any] = json.loads(told_in.read_text()) if told_in.exists() else {}
    if "runtimeError" in told or not told:
        raise RuntimeError(f"Lighthouse: {told.get('runtimeError') or done.stderr[-300:]}")
    return {name: 100 * told["categories"][name]["score"] for name in CATEGORIES}
