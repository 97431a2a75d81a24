"""`python -m bench`: measure everything, print it, and keep it in bench/results.json."""

import argparse
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import (
    figures,
    ground,
    growth,
    hall,
    lighthouse,
    live,
    mixed,
    pack,
    posting,
    reading,
    weight,
)
from bench.processes import python_server
from bench.site import Site

RESULTS = Path(__file__).with_name("results.json")
# Each measures on the threads it names: a part alone need not wait for a hundred thousand posts.
MEASURES: dict[str, Any] = {
    "reading": reading,
    "weight": weight,
    "lighthouse": lighthouse,
    "growth": growth,
    "posting": posting,
    "live": live,
    "hall": hall,
    "pack": pack,
    "mixed": mixed,
}


def main() -> int:
    """Exit code: 0 when everything was measured, whether or not it reached its goal."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure Dialog on this machine.")
    parser.add_argument("--only", action="append", choices=MEASURES, help="may be given again")
    parser.add_argument("--quick", action="store_true", help="under two minutes; keeps nothing")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends the servers on the way out
    circumstances = figures.circumstances()
    found: dict[str, Any] = {}
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dialog-bench-") as folder:
        print("Making the threads …", flush=True)
        parts = wanted.only or list(MEASURES)
        names = {name for part in parts for name in MEASURES[part].THREADS}
        made = ground.prepare(Path(folder), names)
        print(f"  {time.monotonic() - began:.0f} s", flush=True)
        for name in parts:
            found |= _measured(name, Path(folder), made, wanted.quick)
            if not wanted.quick:
                _keep(circumstances, found)  # also if a later part fails
    print(f"Done in {time.monotonic() - began:.0f} s.")
    return 0


def _measured(name: str, folder: Path, made: ground.Ground, is_quick: bool) -> dict[str, Any]:
    """The figures of one measure by name, on servers of its own."""
    print(f"Measuring: {name} …", flush=True)
    found = {}
    with python_server("hello", folder) as hello, python_server("dialog", folder) as dialog:
        for figure in MEASURES[name].measure(Site(folder, made, hello, dialog, is_quick)):
            print(figure.line(), flush=True)
            found[figure.name] = figure.as_json()
    return found


def _keep(circumstances: dict[str, Any], found: dict[str, Any]) -> None:
    """Writes the results; what was not measured this time stays as it was."""
    kept = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() else {}
    whole = {"measured": circumstances, "figures": dict(sorted((kept | found).items()))}
    RESULTS.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
