"""The commands of `flask`."""

import signal
import threading

import click
from flask import Flask
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import SQLAlchemyError

from dialog.cli import import_thread, imports, migrating
from dialog.cli.demo import load_now
from dialog.core import clock, jobs, logs, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput
from dialog.mail import commands as mails
from dialog.mail import letters, wellbeing
from dialog.people import commands as people
from dialog.people.links import INVITATION_LASTS


def register(app: Flask) -> None:
    """Hangs every command on the app."""
    for command in (migrate, demo, create_admin, work, outbox):
        app.cli.add_command(command)
    imports.register(app)
    import_thread.register(app)


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest version."""
    changed = _migrate()
    click.echo(_("Databasen er opdateret.") if changed else _("Databasen var allerede opdateret."))


@click.command()
@click.option("--once", is_flag=True, help="Do nothing where there is a consultation already.")
@pass_script_info
@with_appcontext
def demo(info: ScriptInfo, once: bool) -> None:
    """Load the demo municipality into an empty database."""
    if not web.settings().demo:
        raise click.ClickException(_("Demoen er slået fra her. DEMO=on slår den til."))
    _migrate()
    loaded = load_now(info.load_app(), _("Bygger Fjordby Kommune"))
    if not loaded and not once:
        raise click.ClickException(_("Der er dialoger i databasen. Demoen skal have en tom."))


@click.command("create-admin")
@click.argument("email")
@click.option("--name", default="Admin", show_default=True, help="The person's name.")
@with_appcontext
def create_admin(email: str, name: str) -> None:
    """Make EMAIL an administrator, and show the link that sets a password."""
    _migrate()
    try:
        with store.transaction() as db:
            token = people.create_first_admin(db, email=email, name=name, now=clock.now())
    except InvalidInput as error:
        raise click.ClickException(str(error)) from None
    click.echo(_("Åbn linket, og vælg en adgangskode:"))
    click.echo(letters.address_of(f"/reset-password/{token}"))
    hours = int(INVITATION_LASTS.total_seconds() // 3600)
    click.echo(ngettext("Linket virker i 1 time.", "Linket virker i %(num)s timer.", hours))


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@pass_script_info
def work(info: ScriptInfo, once: bool) -> None:
    """Send mail, watch the deadlines and write digests, until told to stop.

    For installations with several web processes: start those with JOBS=off.
    """
    app = info.load_app()
    if not once:
        logs.configure(app.config["SETTINGS"].log_level)
        jobs.run_forever(app, _stop_when_told())
        return
    done = [jobs.run(app, name, clock.now()) for name in jobs.names()]
    if not all(done):
        raise click.ClickException(_("Ikke alt lykkedes. Se loggen."))


@click.command()
@click.option("--again", is_flag=True, help="Try once more what was given up.")
@with_appcontext
def outbox(again: bool) -> None:
    """Tell how the mail is; with --again, send what was given up."""
    if again:
        with store.transaction() as db:
            count = mails.send_again(db, now=clock.now())
        click.echo(ngettext("1 mail bliver sendt igen.", "%(num)s mails bliver sendt igen.", count))
    for name, value in wellbeing.state(store.session(), clock.now()).items():
        click.echo(f"{name}: {value if value is not None else '-'}")


def _stop_when_told() -> threading.Event:
    """Set by SIGTERM and Ctrl+C: what is being done is done to its end, and nothing more begun."""
    told = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda _number, _frame: told.set())
    return told


def _migrate() -> bool:
    """Whether the database changed. Ends the command where it cannot be reached or is too new."""
    try:
        return migrating.migrate(web.settings().database_url)
    except migrating.UnknownVersionError as error:
        told = _("Databasen er fra en nyere udgave af Dialog (%(version)s).", version=error)
        raise click.ClickException(told) from None
    except SQLAlchemyError as error:
        told = _("Databasen kan ikke bruges (%(error)s).", error=type(error).__name__)
        raise click.ClickException(told) from None
