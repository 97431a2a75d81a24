"""Where the table of proposals lies in a sheet: its headings, its rows, and what surrounds them.

Above the headings come titles and notes; between the rows come sums and section headings;
the headings themselves may take two lines, the years standing above or below the words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialog.catalogue import columns
from dialog.catalogue.amounts import Cell, Unit
from dialog.catalogue.columns import Headings
from dialog.catalogue.sheets import Row, Sheet

MAX_LINES_ABOVE = 50
_SUM = re.compile(
    r"(i ?alt|sum|total|totalt|subtotal|delsum|hovedtotal)\b.*|.*\bi alt:?"
    r"|samlet( sum| besparelse| effekt| beløb)?:?"
)
_SURELY_SUM = re.compile(
    r"(i ?alt|sum|total|totalt|subtotal|delsum|hovedtotal|samlet sum)[ :.]*|(i alt|sum for) .*"
    r"|.*udvalget i alt:?"
)
_NOTE = re.compile(r"(\*|note|anm|kilde|alle (tal|beløb)|beløb|beløp|tal i|tall i|\().*")


@dataclass(frozen=True, slots=True)
class Table:
    """The proposals' rows under their headings. `first` is the line of the headings."""

    sheet: Sheet
    headings: Headings
    first: int
    last: int
    rows: tuple[Row, ...]

    @property
    def headed(self) -> frozenset[int]:
        """The columns that have a heading."""
        headings = self.headings
        clashing = (second for _, second in headings.clashing)
        found = (*headings.known, *headings.ignored, *headings.unknown, *clashing)
        return frozenset(heading.index for heading in found)

    @property
    def width(self) -> int:
        """How many cells a row has up to the last that has a heading."""
        return max(self.headed, default=-1) + 1

    def notes(self) -> Iterator[str]:
        """The texts that stand around the proposals, where a unit may be told."""
        yield self.sheet.name
        for row in self.sheet.rows:
            if row.line < self.first or (row.line > self.last and len(row.filled) == 1):
                yield from (cell for cell in row.cells if isinstance(cell, str))


def find_table(sheets: Sequence[Sheet]) -> Table | None:
    """The first sheet with titles and years, else the one best understood, else None."""
    tables = [table for table in map(_table_in, sheets) if table is not None]
    return max(tables, key=_rank, default=None)


def unit_of(table: Table) -> Unit | None:
    """The one unit that the headings name, or else the notes; None when none or several."""
    named = {year.unit for year in table.headings.years if year.unit}
    if not named:
        named = {unit for note in table.notes() if (unit := columns.unit_noted(note))}
    return named.pop() if len(named) == 1 else None


def is_sum(row: Row, headings: Headings) -> bool:
    """Whether the row adds up others: it says so where a proposal has its code or title."""
    places = {h.field: h.index for h in headings.known if h.field in ("code", "title")}
    code = str(_at(row, places.get("code"))).lower()
    first = next((str(cell) for cell in row.filled if isinstance(cell, str)), "").lower()
    if code:
        return bool(_SURELY_SUM.fullmatch(" ".join(code.split())))
    pattern = _SUM if "code" in places else _SURELY_SUM
    return bool(pattern.fullmatch(" ".join(first.split())))


def lone_text(row: Row) -> str | None:
    """The text of a row that holds nothing but a note or a section heading, else None."""
    filled = row.filled
    if len(filled) != 1 or not isinstance(filled[0], str) or row.cells[0] == "":
        return None
    text = filled[0].strip()
    is_text = len(text) > 2 and not re.search(r"\d", text)
    return text if is_text or _NOTE.fullmatch(text.lower()) else None


def is_note(text: str) -> bool:
    return bool(_NOTE.fullmatch(text.lower()))


def repeats_headings(row: Row, table: Table) -> bool:
    """Whether the row is the headings once more, as after a page break."""
    texts = {h.index: h.text for h in (*table.headings.known, *table.headings.ignored)}
    title = next(h for h in table.headings.known if h.field == "title")
    if columns.key_of(str(_at(row, title.index))) != columns.key_of(title.text):
        return False
    return all(
        columns.key_of(str(_at(row, index))) in ("", columns.key_of(text))
        or str(_at(row, index)) in text
        for index, text in texts.items()
    )


def _at(row: Row, index: int | None) -> Cell:
    return "" if index is None or index >= len(row.cells) else row.cells[index]


def _rank(table: Table) -> tuple[bool, int]:
    # A CSV has one right delimiter: the one that makes most columns. In a workbook the
    # first table wins (max keeps the first of equals).
    return bool(table.headings.years), 1 if table.sheet.padded else table.headings.score


def _table_in(sheet: Sheet) -> Table | None:
    best: tuple[int, Headings, int, int] | None = None
    for index in range(min(len(sheet.rows), MAX_LINES_ABOVE)):
        headings, first, last = _headings_at(sheet.rows, index)
        rank = headings.score + 100 * bool(headings.years)
        if headings.score >= 2 and (best is None or rank > best[0]):
            best = (rank, headings, first, last)
    if best is None:
        return None
    _, headings, first, last = best
    lines = sheet.rows[first].line, sheet.rows[last].line
    return Table(sheet, headings, *lines, tuple(sheet.rows[last + 1 :]))


def _headings_at(rows: Sequence[Row], index: int) -> tuple[Headings, int, int]:
    """The headings of a row and the first and last row they take."""
    alone = columns.headings_in(rows[index].cells)
    if alone.score == 0 or alone.years:
        return alone, index, index
    for other in (index + 1, index - 1):
        if 0 <= other < len(rows):
            first, last = sorted((index, other))
            joined = columns.headings_in(_joined(rows[first].cells, rows[last].cells))
            if joined.years and not joined.clashing and joined.score > alone.score:
                return joined, first, last
    return alone, index, index


def _joined(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Cell]:
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    return [_words(a, b) for a, b in zip(above, below, strict=True)]


def _words(upper: Cell, lower: Cell) -> str:
    return f"{_text(upper)} {_text(lower)}".strip()


def _text(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
