"""The proposals of a table, read row by row; what is wrong is noted with its line."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from dialog.catalogue import amounts, kinds, layout
from dialog.catalogue.amounts import Amount, Cell, Unit
from dialog.catalogue.columns import YEAR, Heading
from dialog.catalogue.layout import Table
from dialog.catalogue.sheets import Row
from dialog.core.problems import Problem, excerpt

T = TypeVar("T")

LIMITS = {"code": 40, "title": 300, "committee": 200, "policy_area": 200, "kind": 200}
MAX_TEXT = 20_000
# No single proposal saves a billion kroner, so amounts from here on are not in thousands.
SURELY_KR = 1_000_000
_MONEY = ("one_off_cost_tkr", "area_total_tkr")
_SMALL_WORDS = frozenset({"og", "for", "i", "af", "av", "på", "til", "the", "and"})


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One proposal. Amounts are whole thousands of kroner with the file's own sign.

    `kind` is None when the file has no word for it; `kind_label` is the municipality's own.
    """

    line: int
    code: str
    title: str
    committee: str
    policy_area: str
    kind: str | None
    kind_label: str
    description: str
    service_impact: str
    assumptions: str
    fte_delta: float | None
    people_affected: int | None
    is_statutory: bool | None
    one_off_cost_tkr: int | None
    area_total_tkr: int | None
    amounts_tkr: Mapping[int, int]


class TableReader:
    """Reads a table's proposals. `problems` and `lines_ignored` fill up as it goes."""

    def __init__(self, table: Table, unit: Unit | None) -> None:
        self.table = table
        self.problems: list[Problem] = []
        self.lines_ignored: list[int] = []
        self._places = {h.field: h for h in table.headings.known if h.field != YEAR}
        self._money = [
            *table.headings.years,
            *(self._places[name] for name in _MONEY if name in self._places),
        ]
        self._headed = table.headed
        self._codes: dict[str, int] = {}
        self._made: dict[str, int] = {}
        self._sections = list(self._proposal_rows())
        cells = [_cell(row, place) for row, _ in self._sections for place in self._money]
        self._commas = amounts.parts_thousands_by_comma(cells)
        self._given = unit
        self.unit = unit or self._unit_found()

    def rows(self) -> list[CatalogueRow]:
        """Every proposal; an unreadable cell leaves a problem and an empty value."""
        return [self._proposal(row, section) for row, section in self._sections]

    def _note(self, row: Row, code: str, /, **params: str | int) -> None:
        self.problems.append(Problem(row.line, code, params))

    def _proposal_rows(self) -> Iterable[tuple[Row, str]]:
        """Each row that is a proposal, with the section heading that stands above it."""
        section = ""
        for row in self.table.rows:
            text = layout.lone_text(row)
            if layout.is_sum(row, self.table.headings) or layout.repeats_headings(row, self.table):
                self.lines_ignored.append(row.line)
            elif text is not None:
                section = section if layout.is_note(text) else text
                self.lines_ignored.append(row.line)
            elif self._shape_is_right(row):
                yield row, section

    def _shape_is_right(self, row: Row) -> bool:
        if not self.table.sheet.padded and len(row.cells) < self.table.width:
            self._note(row, "short_row", cells=len(row.cells), columns=self.table.width)
            return False
        stray = [
            cell for index, cell in enumerate(row.cells) if cell != "" and index not in self._headed
        ]
        if stray:
            self._note(row, "stray_cell", value=excerpt(stray[0]))
        return not stray

    def _unit_found(self) -> Unit | None:
        """The unit told in the file or plain from its size; None leaves a problem."""
        told = layout.unit_of(self.table)
        if told:
            return told
        found = [
            amount
            for row, _ in self._sections
            for place in self._money
            if place.unit is None and (amount := self._readable(_cell(row, place)))
        ]
        unsure = [amount for amount in found if amount.unit is None and amount.number]
        if any(a.currency or abs(a.number) >= SURELY_KR for a in unsure) or not unsure:
            return "kr"
        self.problems.append(Problem(None, "unknown_unit"))
        return None

    def _readable(self, cell: Cell) -> Amount | None:
        try:
            return amounts.parse_amount(cell, comma_thousands=self._commas)
        except amounts.AmountError:
            return None

    def _proposal(self, row: Row, section: str) -> CatalogueRow:
        title, kind = self._text(row, "title"), self._text(row, "kind")
        committee, area = self._text(row, "committee"), self._text(row, "policy_area")
        if "committee" not in self._places:
            committee = section
        if not title:
            self._note(row, "missing_title")
        return CatalogueRow(
            line=row.line,
            code=self._code(row, committee or area),
            title=title,
            committee=committee,
            policy_area=area,
            kind=kinds.kind_of(kind),
            kind_label=kind,
            description=self._text(row, "description"),
            service_impact=self._text(row, "service_impact"),
            assumptions=self._text(row, "assumptions"),
            fte_delta=self._parsed(row, "fte_delta", amounts.parse_fte),
            people_affected=self._parsed(row, "people_affected", amounts.parse_people),
            is_statutory=self._parsed(row, "is_statutory", amounts.parse_statutory),
            one_off_cost_tkr=self._optional_tkr(row, "one_off_cost_tkr"),
            area_total_tkr=self._optional_tkr(row, "area_total_tkr"),
            amounts_tkr={h.year: self._tkr(row, h) for h in self.table.headings.years if h.year},
        )

    def _text(self, row: Row, name: str) -> str:
        place = self._places.get(name)
        text = _written(_cell(row, place)) if place else ""
        limit = LIMITS.get(name, MAX_TEXT)
        if text.startswith("="):
            self._note(row, "formula", column=place.text if place else "")
        elif len(text) > limit:
            self._note(row, "too_long", column=place.text if place else "", limit=limit)
        return " ".join(text.split()) if name in LIMITS else text

    def _code(self, row: Row, area: str) -> str:
        if "code" not in self._places:
            return self._made_code(area)
        code = self._text(row, "code")
        if not code:
            self._note(row, "missing_code", column=self._places["code"].text)
            return ""
        first = self._codes.setdefault(code.casefold(), row.line)
        if first != row.line:
            self._note(row, "duplicate_code", code=excerpt(code), first_line=first)
        return code

    def _made_code(self, area: str) -> str:
        """As "BU-01" for the first proposal of Børne- og Uddannelsesudvalget, "F-01" without."""
        words = [word for word in re.findall(r"\w+", area) if word.lower() not in _SMALL_WORDS]
        initials = "".join(word[0] for word in words[:3]).upper() or "F"
        self._made[initials] = self._made.get(initials, 0) + 1
        return f"{initials}-{self._made[initials]:02}"

    def _parsed(self, row: Row, name: str, parse: Callable[[Cell], T]) -> T | None:
        place = self._places.get(name)
        cell = _cell(row, place) if place else ""
        if place is None or _is_blank(cell):
            return None
        try:
            return parse(cell)
        except amounts.AmountError as error:
            self._note_cell(row, place, error.code)
            return None

    def _optional_tkr(self, row: Row, name: str) -> int | None:
        place = self._places.get(name)
        if place is None or _is_blank(_cell(row, place)):
            return None
        return self._tkr(row, place)

    def _tkr(self, row: Row, place: Heading) -> int:
        unit = self._given or place.unit or self.unit
        try:
            amount = amounts.parse_amount(_cell(row, place), comma_thousands=self._commas)
            return amounts.in_tkr(amount, unit or "kr")
        except amounts.AmountError as error:
            self._note_cell(row, place, error.code)
            return 0

    def _note_cell(self, row: Row, place: Heading, code: str) -> None:
        if code == "formula":
            self._note(row, code, column=place.text)
        else:
            self._note(row, code, column=place.text, value=excerpt(_cell(row, place)))


def _cell(row: Row, place: Heading) -> Cell:
    return row.cells[place.index] if place.index < len(row.cells) else ""


def _written(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip(" -–—−\u00a0")
