"""Rows as a CSV file that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The file, with a mark at its beginning that tells Excel it is UTF-8."""
    out = io.StringIO()
    out.write("\N{BYTE ORDER MARK}")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def cell(value: object) -> str:
    """What stands in the cell: numbers as they are, moments in UTC, text that is no formula."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(_STARTS_A_FORMULA) else text
