"""A municipality's own spreadsheet of proposals, checked whole before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dialog.catalogue import layout, sheets
from dialog.catalogue.amounts import Unit
from dialog.catalogue.layout import Table
from dialog.catalogue.rows import CatalogueRow, TableReader
from dialog.core.problems import N_, Problem, ProblemsFound

__all__ = ["SENTENCES", "CatalogueFile", "CatalogueFileError", "CatalogueRow", "read_catalogue"]

SENTENCES: Mapping[str, str] = {
    "ambiguous_amount": N_(
        "Linje %(line)s, kolonnen “%(column)s”: “%(value)s” kan læses på to måder. "
        "Skriv tusinder uden skilletegn og decimaler med komma."
    ),
    "bad_amount": N_(
        "Linje %(line)s, kolonnen “%(column)s”: “%(value)s” er ikke et beløb. "
        "Skriv for eksempel -1.362.250 eller -3,6 mio. kr., eller lad cellen stå tom."
    ),
    "bad_csv": N_(
        "Linje %(line)s: Et anførselstegn er åbnet og ikke lukket. "
        "Luk det, eller skriv to i træk, hvor tegnet hører til teksten."
    ),
    "bad_encoding": N_(
        "Bogstaverne i filen kan ikke læses rigtigt. "
        "Gem den som “CSV UTF-8” eller som Excel-projektmappe (.xlsx), og prøv igen."
    ),
    "bad_fte": N_(
        "Linje %(line)s, kolonnen “%(column)s”: “%(value)s” er ikke et antal årsværk. "
        "Skriv et tal, for eksempel -2,5."
    ),
    "bad_people": N_(
        "Linje %(line)s, kolonnen “%(column)s”: “%(value)s” er ikke et antal borgere. "
        "Skriv et tal, for eksempel 5.000, eller lad cellen stå tom."
    ),
    "bad_statutory": N_(
        "Linje %(line)s, kolonnen “%(column)s”: “%(value)s” siger ikke, om opgaven er lovpligtig. "
        "Skriv skal eller kan, eller lad cellen stå tom."
    ),
    "bad_xlsx": N_(
        "Excel-filen er beskadiget. Åbn den i Excel, gem den igen som .xlsx, og prøv igen."
    ),
    "duplicate_code": N_(
        "Linje %(line)s: Nummeret “%(code)s” er allerede brugt på linje %(first_line)s. "
        "Giv hvert forslag sit eget nummer."
    ),
    "duplicate_column": N_(
        "Linje %(line)s: Kolonnerne “%(first)s” og “%(second)s” betyder det samme. "
        "Behold den ene, og slet den anden."
    ),
    "empty_file": N_("Filen er tom. Gem arket igen, og prøv med den nye fil."),
    "formula": N_(
        "Linje %(line)s, kolonnen “%(column)s”: Cellen er en formel uden gemt resultat. "
        "Åbn filen i Excel og gem den igen, eller skriv tallet i stedet for formlen."
    ),
    "missing_code": N_(
        "Linje %(line)s: Forslaget har intet nummer i kolonnen “%(column)s”. "
        "Giv det et nummer, eller slet linjen, hvis den ikke er et forslag."
    ),
    "missing_title": N_(
        "Linje %(line)s: Forslaget har ingen titel. "
        "Skriv en, eller slet linjen, hvis den ikke er et forslag."
    ),
    "more": N_("Der er %(count)s fejl mere. Ret de første, og prøv igen."),
    "no_headings": N_(
        "Dialog kan ikke finde linjen med overskrifter. Den skal mindst have en kolonne, "
        "der hedder Titel, og en for hvert budgetår, for eksempel 2028."
    ),
    "no_rows": N_(
        "Der er ingen forslag under overskrifterne på linje %(line)s. "
        "Skriv ét forslag på hver linje."
    ),
    "no_years": N_(
        "Linje %(line)s: Ingen kolonne har et årstal. "
        "Kald kolonnerne med beløb for eksempel 2028 og 2029."
    ),
    "not_a_table": N_("Filen er ikke et regneark. Gem arket som .xlsx eller .csv, og prøv igen."),
    "old_office": N_(
        "Filen er i det gamle Excel-format eller låst med adgangskode. "
        "Åbn den i Excel, gem den som .xlsx uden adgangskode, og prøv igen."
    ),
    "short_row": N_(
        "Linje %(line)s har %(cells)s felter, men der er %(columns)s overskrifter. "
        "Tilføj de felter, der mangler; et tomt felt skal også have sit skilletegn."
    ),
    "stray_cell": N_(
        "Linje %(line)s: “%(value)s” står i en kolonne uden overskrift. "
        "Giv kolonnen en overskrift, eller slet teksten. "
        "I en CSV-fil skal tekst med skilletegn stå i anførselstegn."
    ),
    "too_large": N_(
        "Excel-filen fylder for meget, når den pakkes ud. "
        "Gem arket med forslagene i en fil for sig selv, og prøv igen."
    ),
    "too_long": N_(
        "Linje %(line)s, kolonnen “%(column)s”: Teksten er for lang; der er plads til "
        "%(limit)s tegn. Forkort den."
    ),
    "too_many_rows": N_(
        "Filen har flere end %(limit)s linjer. Del den i flere filer, og prøv igen."
    ),
    "unknown_column": N_(
        "Linje %(line)s: Dialog kender ikke kolonnen “%(column)s”. Slet den i filen, eller kald "
        "den noget, Dialog kender: Nr., Titel, Udvalg, Politikområde, Type, Beskrivelse, "
        "Konsekvens, Forudsætninger, Berørte borgere, Årsværk, Skal/kan, Engangsudgift, "
        "Områdets samlede budget, Bemærkninger eller et årstal som 2028."
    ),
    "unknown_unit": N_(
        "Det fremgår ikke af filen, om beløbene er i hele kroner eller i 1.000 kr. "
        "Vælg det, og læs filen ind igen."
    ),
}


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """A whole catalogue. `unit` is how the file's amounts were understood.

    `columns_ignored` and `lines_ignored` (sums, notes, section headings) were left out.
    """

    rows: tuple[CatalogueRow, ...]
    years: tuple[int, ...]
    unit: Unit
    sheet: str
    columns_ignored: tuple[str, ...]
    lines_ignored: tuple[int, ...]


class CatalogueFileError(ProblemsFound):
    """The file cannot be imported; `problems` says why, line by line."""


def read_catalogue(data: bytes, *, unit: Literal["kr", "tkr"] | None = None) -> CatalogueFile:
    """The proposals in a CSV or XLSX file; its content tells which, not its name.

    `unit` outranks what the headings say, but not a cell's own "mio. kr.".
    Raises: CatalogueFileError with every problem found.
    """
    try:
        found = sheets.sheets_in(data)
    except ProblemsFound as error:
        raise CatalogueFileError(error.problems) from error
    table = layout.find_table(found)
    if table is None:
        broken = [sheet.problem for sheet in found if sheet.problem]
        raise CatalogueFileError([*broken[:1], Problem(None, "no_headings")])
    return _read_table(table, unit)


def _read_table(table: Table, unit: Unit | None) -> CatalogueFile:
    reader = TableReader(table, unit)
    rows = reader.rows()
    problems = [*_heading_problems(table), *reader.problems]
    if not rows and not reader.problems:
        problems.append(Problem(table.first, "no_rows"))
    if problems:
        raise CatalogueFileError(problems)
    return CatalogueFile(
        rows=tuple(rows),
        years=tuple(sorted(year.year for year in table.headings.years if year.year)),
        unit=reader.unit or "kr",
        sheet=table.sheet.name,
        columns_ignored=tuple(heading.text for heading in table.headings.ignored),
        lines_ignored=tuple(reader.lines_ignored),
    )


def _heading_problems(table: Table) -> list[Problem]:
    line, headings = table.last, table.headings
    problems = [
        Problem(line, "unknown_column", {"column": unknown.text}) for unknown in headings.unknown
    ]
    for first, second in headings.clashing:
        params = {"first": first.text, "second": second.text}
        problems.append(Problem(line, "duplicate_column", params))
    if not headings.years:
        problems.append(Problem(line, "no_years"))
    if table.sheet.problem:
        problems.append(table.sheet.problem)
    return problems
