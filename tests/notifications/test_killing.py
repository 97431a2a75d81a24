"""`flask work`, killed in the middle of sending: nothing is missing, nothing is seen twice.

MAIL_KILLS=200 makes a long run of it; the suite does a few.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from config import ROOT
from dialog.core import clock
from dialog.mail.models import MailState, OutgoingMail
from dialog.notifications import commands, kinds
from dialog.notifications.models import Topic
from tests import make
from tests.notifications.mail_server import Postbox, mail_server
from tests.notifications.post_office import done, outbox, settings_of, store_of

KILLS = int(os.environ.get("MAIL_KILLS", "4"))
EACH = 4  # mails a worker may send on average before it is killed
PATIENCE = 60  # seconds for a worker to begin

Dice = random.Random


def test_a_worker_killed_in_the_middle_loses_nothing_and_shows_nothing_twice(app: Flask) -> None:
    count, dice, postbox = KILLS * 3 * EACH + 20, random.Random(7), Postbox()
    _write(app, count)
    postbox.to_mail = _slowly(dice)
    with mail_server(postbox) as smtp:
        workers = Workers(app, smtp)
        for _kill in range(KILLS):
            _let_go(app)
            _work_and_be_killed(app, workers, postbox, dice)
        postbox.to_mail = lambda _mail: None
        _let_go(app)
        _work_to_the_end(app, workers)
        workers.close()
    assert {mail.state for mail in outbox(app)} == {MailState.SENT}
    shown = Counter(postbox.ids)  # a mail program shows one mail for each Message-ID
    assert len(shown) == count
    assert {mail["Subject"] for mail in postbox.taken} == {f"Nr {n}" for n in range(count)}
    twice = len(postbox.ids) - count
    told = f"{KILLS} kills, {count} mails, {twice} taken twice by the server"
    assert twice <= KILLS, told  # at most the one it was sending as it died
    sys.stderr.write(told + "\n")


def _write(app: Flask, count: int) -> None:
    """Half of them hold their words, half are written as they leave."""
    ago = clock.now() - timedelta(hours=1)

    def write(db: Session) -> None:
        karen = make.make_citizen(db).id or 0
        for number in range(0, count, 2):
            commands.post_mail(
                db,
                f"nr{number}@eksempel.dk",
                subject=f"Nr {number}",
                body="Hej\n",
                dedupe_key=f"nr{number}",
                now=ago,
            )
        for number in range(1, count, 2):
            commands.tell(
                db,
                karen,
                "numbered",
                params={"number": str(number)},
                link=f"/inbox?nr={number}",
                excerpt="Hej",
                now=ago,
            )

    done(app, write)


def _slowly(dice: Dice) -> Callable[[EmailMessage], str | None]:
    def take(_mail: EmailMessage) -> str | None:
        time.sleep(dice.uniform(0, 0.02))
        return None

    return take


def _let_go(app: Flask) -> None:
    """The dead worker's hold on its mail runs out: three minutes, which nobody waits for here."""

    def let(db: Session) -> None:
        waiting = OutgoingMail.state == MailState.WAITING
        db.execute(update(OutgoingMail).where(waiting).values(next_try_at=clock.now()))

    done(app, let)


def _work_and_be_killed(app: Flask, workers: "Workers", postbox: Postbox, dice: Dice) -> None:
    before, wanted = len(postbox.taken), dice.randint(1, 2 * EACH - 1)
    worker = workers.start()
    end = time.monotonic() + PATIENCE
    while len(postbox.taken) < before + wanted and time.monotonic() < end and not _is_over(app):
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.1))  # anywhere in the next mails: while taking, sending or noting
    workers.end(worker, signal.SIGKILL)


def _is_over(app: Flask) -> bool:
    with store_of(app).reading() as db:
        waiting = OutgoingMail.state == MailState.WAITING
        return db.query(OutgoingMail).where(waiting).first() is None


def _work_to_the_end(app: Flask, workers: "Workers") -> None:
    """With two workers at once."""
    pair = [workers.start() for _each in range(2)]
    end = time.monotonic() + PATIENCE * 2
    while not _is_over(app) and time.monotonic() < end:
        time.sleep(0.05)
    for worker in pair:
        workers.end(worker, signal.SIGTERM)


class Workers:
    """Processes that run `flask --app wsgi work`, each forked from one that has imported it all."""

    def __init__(self, app: Flask, smtp: str) -> None:
        settings = settings_of(app)
        env = {
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "INSTANCE": str(settings.instance),
            "SMTP_URL": smtp,
            "BASE_URL": "http://localhost",
            "SECRET_KEY": settings.secret_key,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", _WORK],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def start(self) -> int:
        """The number of a new worker."""
        return int(self._ask("start"))

    def end(self, worker: int, by: signal.Signals) -> int:
        """How the worker ended, as the system tells it."""
        os.kill(worker, by)
        return int(self._ask(f"wait {worker}"))

    def close(self) -> None:
        """Ends them all."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def _ask(self, words: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


# One kind of news more than the house has, so that each mail has its number.
_WORK = """
import os, sys
import dialog.app
from dialog.notifications.kinds import Kind, declare
from dialog.notifications.models import Topic
from flask.cli import main
declare("numbered", Kind(Topic.OWN, lambda words: "Nr " + words["number"]))
sys.argv = ["flask", "--app", "wsgi", "work"]
for line in sys.stdin:
    if line.startswith("start"):
        pid = os.fork()
        if not pid:
            os.dup2(2, 1)
            main()
            os._exit(1)
        print(pid, flush=True)
    else:
        print(os.waitpid(int(line.split()[1]), 0)[1], flush=True)
"""


@pytest.fixture(autouse=True)
def _a_kind_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(kinds._kinds)
    known["numbered"] = kinds.Kind(Topic.OWN, lambda words: f"Nr {words['number']}")
    monkeypatch.setattr(kinds, "_kinds", known)
