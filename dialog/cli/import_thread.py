"""`flask import-thread`: a real debate into a consultation."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from dialog.consultations import queries as consultations
from dialog.core import clock, web
from dialog.core import db as store
from dialog.core.errors import InvalidInput, NotFound
from dialog.core.problems import Problem
from dialog.debates import importing
from dialog.debates.grafting import Words
from dialog.debates.importing import ImportResult
from dialog.debates.thread_file import SENTENCES, ThreadFile, ThreadFileError, read_thread
from dialog.permissions import SYSTEM

STEP = 10  # percent between two lines of progress


def register(app: Flask) -> None:
    """Hangs the command on the app."""
    app.cli.add_command(import_thread)


@click.command("import-thread")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--consultation", "slug", required=True, help="The consultation's slug.")
@click.option("--title", help="The thread's title, instead of the file's own.")
@click.option("--meeting", "meeting_id", type=int, help="A meeting's number; else the next one.")
@click.option("--adopt-orphans", is_flag=True, help="Hang orphans under the opening post.")
def import_thread(
    file: Path, slug: str, title: str | None, meeting_id: int | None, adopt_orphans: bool
) -> None:
    """Reads a debate from a file with one post (a JSON object) on each line."""
    consultation_id = _consultation_id(slug)
    found, words = _read(file, title, adopt_orphans)
    click.echo(_("Gemmer indlæggene …"))
    try:
        with store.transaction() as db:
            done = importing.import_thread(
                db,
                SYSTEM,
                consultation_id=consultation_id,
                thread_file=found,
                meeting_id=meeting_id,
                words=words,
                now=clock.now(),
            )
    except InvalidInput as refused:
        _end(refused.fields.values())
    for line in _told(done):
        click.echo(line)
    click.echo(f"{web.settings().base_url.rstrip('/')}/threads/{done.thread_id}")


def _consultation_id(slug: str) -> int:
    try:
        return consultations.access_consultation(store.session(), SYSTEM, slug).id
    except NotFound:
        raise click.ClickException(
            _("Der er ingen dialog med adressen “%(slug)s”.", slug=slug)
        ) from None


def _read(
    file: Path, title: str | None, adopt_orphans: bool
) -> tuple[ThreadFile, dict[str, Words]]:
    """The whole debate. Ends the command with every problem on a line of its own."""
    click.echo(_("Læser %(file)s …", file=file.name))
    try:
        found = read_thread(file, title=title, adopt_orphans=adopt_orphans)
        return found, importing.rendered(found, _percents())
    except ThreadFileError as error:
        _end(_sentence(problem) for problem in error.problems)


def _percents() -> Callable[[int, int], None]:
    """Prints how far the work is, each time another tenth is done."""
    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        percent = done * 100 // total // STEP * STEP
        if percent > told:
            told = percent
            click.echo(f"{percent} %")

    return progress


def _sentence(problem: Problem) -> str:
    return _(SENTENCES[problem.code], line=problem.line, **problem.params)


def _end(sentences: Iterable[str]) -> NoReturn:
    for sentence in sentences:
        click.echo(sentence, err=True)
    click.echo(_("Intet er læst ind."), err=True)
    raise click.exceptions.Exit(1)


def _told(done: ImportResult) -> list[str]:
    replies = done.posts - 1
    lines = [
        ngettext(
            "%(all)s indlæg (åbningsindlægget og 1 svar)",
            "%(all)s indlæg (åbningsindlægget og %(num)s svar)",
            replies,
            all=done.posts,
        )
    ]
    if done.adopted:
        lines.append(
            ngettext(
                "1 indlæg svarer på noget, der ikke er i filen. Det hænger nu under det første.",
                "%(num)s indlæg svarer på noget, der ikke er i filen. "
                "De hænger nu under det første.",
                done.adopted,
            )
        )
    if not done.added:
        lines.append(_("De var her alle i forvejen. Intet er ændret."))
    elif done.added < done.posts:
        lines.append(ngettext("1 er nyt.", "%(num)s er nye.", done.added))
    if done.differing:
        lines.append(
            ngettext(
                "1 står anderledes i filen end her. Det er ladt, som det var.",
                "%(num)s står anderledes i filen end her. De er ladt, som de var.",
                done.differing,
            )
        )
    return lines
