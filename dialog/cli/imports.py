"""`flask import-catalogue`: a municipality's own spreadsheet into a consultation."""

from pathlib import Path
from typing import Literal

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from dialog.catalogue import imports, spreadsheet
from dialog.catalogue.imports import Imported
from dialog.catalogue.spreadsheet import CatalogueFile, CatalogueFileError
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, State
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import NotFound, TooLate
from dialog.gate import commands as gate
from dialog.permissions import SYSTEM


def register(app: Flask) -> None:
    """Hangs the command on the app."""
    app.cli.add_command(import_catalogue)


@click.command("import-catalogue")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--consultation", "slug", required=True, help="The consultation's slug.")
@click.option(
    "--unit",
    type=click.Choice(["kr", "tkr"]),
    help="Unit of the amounts, if the file does not say.",
)
@with_appcontext
def import_catalogue(file: Path, slug: str, unit: Literal["kr", "tkr"] | None) -> None:
    """Reads a catalogue of proposals from a CSV or XLSX file. All of it, or nothing."""
    consultation = _consultation(slug)
    found = _read(file, unit)
    click.echo(_("Gemmer forslagene …"))
    try:
        with store.transaction() as db:
            done = _take_in(db, consultation.id, found)
    except TooLate as error:
        raise click.ClickException(str(error)) from None
    for line in _told(done, found):
        click.echo(line)
    click.echo(f"{web.settings().base_url.rstrip('/')}/consultations/{slug}/proposals")


def _consultation(slug: str) -> Consultation:
    try:
        return consultations.access_consultation(store.session(), SYSTEM, slug)
    except NotFound:
        raise click.ClickException(
            _("Der er ingen dialog med adressen “%(slug)s”.", slug=slug)
        ) from None


def _read(file: Path, unit: Literal["kr", "tkr"] | None) -> CatalogueFile:
    """The whole file. Ends the command with every problem on a line of its own."""
    click.echo(_("Læser %(file)s …", file=file.name))
    try:
        return spreadsheet.read_catalogue(file.read_bytes(), unit=unit)
    except CatalogueFileError as error:
        for sentence in (*imports.sentences(error.problems), _("Intet er læst ind.")):
            click.echo(sentence, err=True)
        raise click.exceptions.Exit(1) from None


def _take_in(db: Session, consultation_id: int, found: CatalogueFile) -> Imported:
    """The import; a dialogue that has opened gets a new version of its frozen basis."""
    now = clock.now()
    done = imports.import_catalogue(
        db, SYSTEM, consultation_id=consultation_id, catalogue_file=found, now=now
    )
    consultation = consultations.access_consultation_by_id(db, SYSTEM, consultation_id)
    if done.anything and consultation.state is not State.DRAFT:
        reason = _("Katalog indlæst")
        gate.publish_basis_version(
            db, SYSTEM, consultation_id=consultation_id, reason=reason, now=now
        )
    return done


def _told(done: Imported, found: CatalogueFile) -> list[str]:
    count = len(found.rows)
    lines = [
        ngettext("1 forslag i filen:", "%(num)s forslag i filen:", count)
        + " "
        + _("%(added)s nye, %(changed)s rettet, %(unchanged)s som før.",
            added=done.added, changed=done.changed, unchanged=done.unchanged)
    ]  # fmt: skip
    if done.committees:
        names = ", ".join(done.committees)
        lines.append(_("Nye udvalg, som endnu ingen formand har: %(names)s.", names=names))
    if found.columns_ignored:
        names = ", ".join(found.columns_ignored)
        lines.append(_("Kolonner, der ikke er brugt: %(names)s.", names=names))
    if found.lines_ignored:
        numbers = ", ".join(map(str, found.lines_ignored[:20]))
        lines.append(_("Linjer, der ikke er forslag: %(numbers)s.", numbers=numbers))
    return lines
