"""A figure with its goal, and where it was measured."""

import datetime as dt
import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Figure:
    """What was measured; `goal` is the least or the most that it should be, None for none."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    better: Literal["more", "less"] = "less"

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.better == "less" else self.value >= self.goal

    def as_json(self) -> dict[str, Any]:
        """The figure as results.json keeps it."""
        value = round(self.value, 3 if abs(self.value) < 100 else 0)
        kept: dict[str, Any] = {"value": value, "unit": self.unit}
        if self.goal is not None:
            bound = "at most" if self.better == "less" else "at least"
            kept |= {"goal": f"{bound} {self.goal:g}", "met": self.is_met}
        return kept

    def line(self) -> str:
        """The figure as the run prints it."""
        kept = self.as_json()
        goal = f"   goal {kept['goal']}: {'met' if kept['met'] else 'MISSED'}" if self.goal else ""
        return f"  {self.name:<34} {kept['value']:>10} {self.unit}{goal}"


Figures = Iterator[Figure]


def circumstances() -> dict[str, Any]:
    """The machine, the code and the moment, without anything that names either."""
    return {
        "date": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _git("rev-parse", "--short", "HEAD"),
        "uncommitted_changes": bool(_git("status", "--porcelain", "--", "dialog", "templates")),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_at_start": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, check=False, capture_output=True, text=True)
    return done.stdout.strip()
