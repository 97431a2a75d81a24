"""`python -m dialog.cli.run`: the real server, ready for a first visit.

It brings the database to the newest version, loads the demo municipality once, starts the jobs
(mail, deadlines, digests) and serves until it is told to stop.
"""

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402  the standard library must be patched before anything else is imported

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

import gevent
from flask import Flask
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from config import ConfigError, Settings
from dialog.app import create_app
from dialog.cli import demo, migrating
from dialog.core import db as store
from dialog.core import jobs, logs, pdf, server, templates
from dialog.people import passwords
from dialog.people import queries as people
from dialog.people.models import User

CANNOT_START = 2  # exit status: something has to be set right first


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until it is told to stop. Raises: SystemExit with a plain sentence."""
    wanted = _arguments(arguments)
    settings = _settings()
    logs.configure(settings.log_level)
    server.listener(settings.host, settings.port).close()  # a taken port is told at once
    _migrate(settings)
    app = create_app(settings)
    logs.register(app)
    pdf.warn_if_impossible()
    if settings.demo and not wanted.no_demo:
        demo.load_now(app, "Loading the demo municipality")
    if settings.jobs:
        gevent.spawn(jobs.run_forever, app)
    gevent.spawn(templates.compile_all, app)
    server.serve(app.wsgi_app, settings.host, settings.port, on_ready=lambda: _greet(app, settings))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dialog", description="Serve Dialog.")
    parser.add_argument("--no-demo", action="store_true", help="never load the demo municipality")
    return parser.parse_args(arguments)


def _settings() -> Settings:
    try:
        return Settings.from_environ()
    except ConfigError as error:
        _give_up(error.problems)


def _migrate(settings: Settings) -> None:
    try:
        if migrating.migrate(settings.database_url):
            print("The database is up to date.", flush=True)
    except migrating.UnknownVersionError as error:
        _give_up([f"The database belongs to a newer Dialog (version {error}). Update this one."])
    except (SQLAlchemyError, OSError) as error:
        _give_up([f"The database cannot be used: {_reason(error)}."])


def _reason(error: Exception) -> str:
    """What the database itself said, on one line."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return " ".join(str(cause).split()).rstrip(".?")


def _give_up(sentences: Iterable[str]) -> NoReturn:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    sys.exit(CANNOT_START)


def _greet(app: Flask, settings: Settings) -> None:
    print(f"\nDialog is ready at {settings.base_url}  (Ctrl+C stops it)\n", flush=True)
    with app.app_context():
        people_here = people.demo_users(store.session()) if settings.demo else []
    for line in _sign_ins(people_here):
        print(line, flush=True)


def _sign_ins(people_here: Sequence[User]) -> list[str]:
    """The demo's sign-ins as a block of text; nothing without a demo."""
    if not people_here:
        return []
    width = max(len(user.email) for user in people_here)
    lines = [
        f"  {user.role.replace('_', ' '):<12}  {user.email:<{width}}  {user.name}"
        for user in people_here
    ]
    return [f"Sign-ins, all with the password {passwords.DEMO_PASSWORD}:", *lines, ""]


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
