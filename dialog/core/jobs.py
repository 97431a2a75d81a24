"""Work that no request waits for: jobs that are asked again and again what is due.

A job reads from the store alone what is left to do, and notes it in the transaction that does
it. So two workers at once, and one that dies in the middle, still do everything exactly once.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from flask_babel import force_locale

from dialog.core import clock

log = logging.getLogger(__name__)

Work = Callable[[datetime], object]
"""Does what is due at this moment, inside the app."""

PAUSE = 0.5  # seconds between two looks at what is due
APART = 0.1  # seconds


@dataclass(frozen=True)
class Job:
    """A piece of work, and how long after one look at it comes the next."""

    name: str
    every: timedelta
    work: Work


_jobs: dict[str, Job] = {}


def job(name: str, *, every: timedelta) -> Callable[[Work], Work]:
    """Declares the function below as a job of this name."""

    def declare(work: Work) -> Work:
        _jobs[name] = Job(name, every, work)
        return work

    return declare


def names() -> list[str]:
    """The jobs there are."""
    return sorted(_jobs)


def run(app: Flask, name: str, now: datetime) -> bool:
    """Whether the job did its work; what stopped it is logged, and the next look tries again."""
    with app.app_context(), force_locale("da"):
        try:
            _jobs[name].work(now)
        except Exception:
            log.exception("the job %s did not get through", name)
            return False
    return True


def run_forever(app: Flask, stop: threading.Event | None = None) -> None:
    """Does what is due, each job beside the others, until `stop` is set and the last is done.

    A job that waits, for a mail server perhaps, holds up no other: each has a thread of its own.
    (In the web process gevent makes greenlets of them, and one after the other in the same moment
    would keep readers waiting; so they begin a little apart.)
    """
    stop = stop or threading.Event()
    threads = [
        threading.Thread(target=_repeat, args=(app, one, stop, number * APART))
        for number, one in enumerate(_jobs.values())
    ]
    for thread in threads:
        thread.daemon = True
        thread.start()
    for thread in threads:
        thread.join()


def _repeat(app: Flask, each: Job, stop: threading.Event, after: float) -> None:
    stop.wait(after)
    while not stop.is_set():
        run(app, each.name, clock.now())
        stop.wait(max(PAUSE, each.every.total_seconds()))
