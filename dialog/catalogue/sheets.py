"""The tables in a spreadsheet file, as rows of cells: CSV in any usual encoding, or XLSX."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl

from dialog.catalogue.amounts import Cell
from dialog.core.problems import Problem, ProblemsFound

MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_UNPACKED = 50 * 1024 * 1024  # a small file can unpack to a very large one
DELIMITERS = ";\t,|"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx behind a password
_NOT_TABLES = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")
# What æ, ø, å and their capitals look like when UTF-8 is read as Windows-1252.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ud800-\udfff]")
_MISREAD = ("Ã¦", "Ã¸", "Ã¥", "Ã†", "Ã˜", "Ã…")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, "" where there is nothing; `line` as the user's program counts."""

    line: int
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell != "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `padded` sheets fill up short rows; in the others a short row is an error."""

    name: str
    rows: tuple[Row, ...]
    padded: bool
    problem: Problem | None = None


def sheets_in(data: bytes) -> list[Sheet]:
    """Every way to see a table in the file: the sheets of a workbook, or a CSV per delimiter.

    Raises: ProblemsFound when it is no file we can read.
    """
    if not data.strip():
        raise ProblemsFound([Problem(None, "empty_file")])
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data)
    if data.startswith(_OLD_OFFICE):
        raise ProblemsFound([Problem(None, "old_office")])
    if data.startswith(_NOT_TABLES):
        raise ProblemsFound([Problem(None, "not_a_table")])
    text = _decoded(data)
    return [_csv_sheet(text, delimiter) for delimiter in DELIMITERS if delimiter in text]


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or (encoding == "cp1252" and any(word in text for word in _MISREAD)):
            break
        return text
    raise ProblemsFound([Problem(None, "bad_encoding")])


def _csv_sheet(text: str, delimiter: str) -> Sheet:
    rows: list[Row] = []
    problem = None
    skipped = 1 if text[:4].lower() == "sep=" else 0  # Excel's own note of its delimiter
    lines = io.StringIO(text, newline="")
    for _ in range(skipped):
        lines.readline()
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = skipped + 1
    try:
        for cells in reader:
            row = Row(start, tuple(_clean(cell) for cell in cells))
            start = skipped + reader.line_num + 1
            if row.filled:
                rows.append(row)
            _check_count(rows)
    except csv.Error:
        problem = Problem(start, "bad_csv")
    return Sheet("", tuple(rows), padded=False, problem=problem)


def _check_count(rows: list[Row]) -> None:
    if len(rows) > MAX_ROWS:
        raise ProblemsFound([Problem(None, "too_many_rows", {"limit": MAX_ROWS})])


def _workbook(data: bytes) -> list[Sheet]:
    _check_unpacked_size(data)
    try:
        with warnings.catch_warnings(action="ignore"):  # about styles that we don't read
            values, formulas = _open(data, data_only=True), _open(data, data_only=False)
            return [
                Sheet(sheet.title, _sheet_rows(sheet, formulas[sheet.title]), padded=True)
                for sheet in values.worksheets
            ]
    except ProblemsFound:
        raise
    except Exception as error:  # openpyxl lets through whatever a broken file provokes
        raise ProblemsFound([Problem(None, "bad_xlsx")]) from error


def _check_unpacked_size(data: bytes) -> None:
    """Refuses what would unpack too large. Python never unpacks past the size declared here."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise ProblemsFound([Problem(None, "bad_xlsx")]) from error
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ProblemsFound([Problem(None, "too_large")])
    if "xl/workbook.xml" not in names:
        raise ProblemsFound([Problem(None, "not_a_table")])


def _open(data: bytes, *, data_only: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)


def _sheet_rows(values: Any, formulas: Any) -> tuple[Row, ...]:
    """The filled rows. A formula whose result was never saved is given as its own text."""
    rows: list[Row] = []
    for sheet in (values, formulas):
        sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
    both = zip(_raw_rows(values), _raw_rows(formulas), strict=True)
    for line, (shown, written) in enumerate(both, start=1):
        if not written:
            continue
        cells = (
            _clean(formula if value is None else value)
            for value, formula in zip(shown, written, strict=True)
        )
        row = Row(line, tuple(cells))
        if row.filled:
            rows.append(row)
        _check_count(rows)
    return tuple(rows)


def _raw_rows(sheet: Any) -> Iterator[tuple[object, ...]]:
    for cells in sheet.iter_rows(values_only=True):
        yield cells[:MAX_COLUMNS]


def _clean(value: object) -> Cell:
    """A number as it is; anything else as text without the signs that cannot be shown."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSHOWABLE.sub("", text).strip()
