"""Amounts of money as municipalities write them, read exactly or refused.

Danish and Norwegian usage comes first: a dot or a space parts thousands, a comma the decimals.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Unit = Literal["kr", "tkr", "mio"]
Cell = str | int | float

TKR: dict[Unit, Decimal] = {"kr": Decimal("0.001"), "tkr": Decimal(1), "mio": Decimal(1000)}
MAX_TKR = 1_000_000_000  # a thousand billion kroner: more than every municipality spends

_UNIT_WORDS = r"""
    (?P<mio>  (?:mio|mill)\b\.? | million(?:er)?\b )
  | (?P<tkr>  1[. ]?000(?=\s*(?:kr|dkk|nok|$)) | t\.?\s?kr\b\.? | kkr\b\.? | tusind\b | tusen\b )
  | (?P<kr>)
"""
_AMOUNT = re.compile(
    rf"""(?P<open>\()?\s* (?P<sign>[-+])?\s* (?P<currency>kr\.?|dkk|nok)?\s* (?P<sign2>[-+])?\s*
    (?P<number>[0-9](?:[0-9.,' ]*[0-9])?)? (?P<dash>,--?)? (?P<sign3>\s*-)? \s*(?P<close>\))?\s*
    (?:{_UNIT_WORDS})\s* (?P<currency2>(?:kr\b\.?|dkk|nok|kroner))? \s*(?P<sign4>-)?
    \s*(?P<close2>\))?""",
    re.VERBOSE,
)
_DOT_GROUPS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
_COMMA_GROUPS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_SPACE_GROUPS = re.compile(r"[0-9]{1,3}([ '][0-9]{3})+([.,][0-9]{1,2})?")
_PLAIN = re.compile(r"[0-9]+([.,][0-9]+)?")
_SURELY_COMMA_GROUPS = re.compile(
    r"(?<![0-9,.])[1-9][0-9]{0,2}((,[0-9]{3}){2,}|(,[0-9]{3})+\.[0-9]+)(?![0-9,.])"
)
_SURELY_DOT_GROUPS = re.compile(
    r"(?<![0-9,.])[1-9][0-9]{0,2}((\.[0-9]{3}){2,}|(\.[0-9]{3})+,[0-9]+)(?![0-9,.])"
)
_PEOPLE = re.compile(
    r"(?:ca\.? ?|cirka |omkring |op til |over )?([0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+)[^0-9]*"
)
_FTE = re.compile(r"(?:ca\.? ?)?([-+]? ?[0-9]{1,5}(?:[.,][0-9]+)?) ?[^0-9]*")
_STATUTORY = {"skal": True, "ja": True, "x": True, "kan": False, "nej": False, "nei": False}
MAX_PEOPLE = 10_000_000
MAX_LENGTH = 60  # signs in an amount; longer text is something else


class AmountError(ValueError):
    """The text cannot be read; `code` names the sentence that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the unit its own cell gives it.

    `unit` is None when the cell gives none. A plain "kr." is only `currency`: sheets in whole
    thousands write that too, so it does not outrank a heading.
    """

    number: Decimal
    unit: Unit | None = None
    currency: bool = False


def parts_thousands_by_comma(cells: Iterable[Cell]) -> bool:
    """Whether the sheet writes 1,362,250: some cell surely does and none surely does not."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    commas = any(_SURELY_COMMA_GROUPS.search(text) for text in texts)
    return commas and not any(_SURELY_DOT_GROUPS.search(text) for text in texts)


def parse_amount(cell: Cell, *, comma_thousands: bool = False) -> Amount:
    """The amount in a cell; blank and a lone dash are zero.

    Raises: AmountError.
    """
    if not isinstance(cell, str):
        return Amount(Decimal(str(cell)))  # through str: the decimals a person sees
    text = _plain_signs(cell)
    if text.startswith("="):
        raise AmountError("formula")
    match = _AMOUNT.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if match is None or _signs_clash(match):
        raise AmountError("bad_amount")
    unit: Unit | None = "mio" if match["mio"] else "tkr" if match["tkr"] else None
    number = _number(match["number"] or "0", comma_thousands, scaled=unit == "mio")
    negative = match["open"] or "-" in _signs(match)
    currency = bool(match["currency"] or match["currency2"])
    return Amount(-number if negative else number, unit, currency)


def in_tkr(amount: Amount, unit: Unit) -> int:
    """The amount in whole thousands, half a thousand rounded away from zero.

    Raises: AmountError when it is beyond any municipality.
    """
    exact = amount.number * TKR[amount.unit or unit]
    if abs(exact) > MAX_TKR:
        raise AmountError("bad_amount")
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def parse_people(cell: Cell) -> int:
    """How many people a cell counts: 5000, "ca. 5.000 borgere".

    Raises: AmountError.
    """
    match = _PEOPLE.fullmatch(_plain_signs(str(_whole(cell))))
    if match is None:
        raise AmountError("bad_people")
    people = int(re.sub("[. ]", "", match[1]))
    if people > MAX_PEOPLE:
        raise AmountError("bad_people")
    return people


def parse_fte(cell: Cell) -> float:
    """Full-time posts, minus for fewer: -2.5, "−2,5 årsværk".

    Raises: AmountError.
    """
    match = _FTE.fullmatch(_plain_signs(str(cell)))
    if match is None:
        raise AmountError("bad_fte")
    return float(match[1].replace(",", ".").replace(" ", ""))


def parse_statutory(cell: Cell) -> bool:
    """True for a task the law demands ("skal"), False for one it allows ("kan").

    Raises: AmountError.
    """
    word = re.sub(r"[-\s]*op[pg]+ave$", "", _plain_signs(str(cell)))
    if word not in _STATUTORY:
        raise AmountError("bad_statutory")
    return _STATUTORY[word]


def _whole(cell: Cell) -> Cell:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _plain_signs(text: str) -> str:
    """The text in lower case with one kind of minus and one kind of space."""
    plain = "".join(
        "-" if unicodedata.category(char) == "Pd" or char == "\N{MINUS SIGN}" else char
        for char in text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    return " ".join(plain.lower().split())


def _signs(match: re.Match[str]) -> str:
    return "".join((match[name] or "").strip() for name in ("sign", "sign2", "sign3", "sign4"))


def _signs_clash(match: re.Match[str]) -> bool:
    closes = sum(bool(match[name]) for name in ("close", "close2"))
    twice = len(_signs(match)) > 1 or (bool(match["open"]) and _signs(match) != "")
    return int(bool(match["open"])) != closes or twice


def _number(text: str, comma_thousands: bool, *, scaled: bool) -> Decimal:
    by_dot, by_comma = _DOT_GROUPS.fullmatch(text), _COMMA_GROUPS.fullmatch(text)
    if _SPACE_GROUPS.fullmatch(text):
        return Decimal(re.sub("[ ']", "", text).replace(",", "."))
    if by_comma and (comma_thousands or _SURELY_COMMA_GROUPS.fullmatch(text)):
        return Decimal(text.replace(",", ""))
    if by_dot and (comma_thousands or scaled) and not _SURELY_DOT_GROUPS.fullmatch(text):
        raise AmountError("ambiguous_amount")
    if by_comma and not scaled:
        raise AmountError("ambiguous_amount")
    if by_dot:
        return Decimal(text.replace(".", "").replace(",", "."))
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise AmountError("bad_amount")
