"""One line of a debate file read into a draft post, or the reasons why it cannot be.

A line is one JSON object: `id`, `parent_id` (null for the opening post), `author`,
`created_at` (ISO 8601 with offset), `text`, `removed`, and `title` on the opening post.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dialog.core.problems import Problem, excerpt

MAX_TEXT = 5_000  # the limit of a post in the product itself
MAX_TITLE = 300
MAX_ID = 100
MAX_AUTHOR = 100
REMOVED_TEXTS = frozenset({"[removed]", "[deleted]"})  # what the platform shows in their place
UNKNOWN = ""  # stands for a parent that could not be read
_BAD_DATE = datetime(1970, 1, 1, tzinfo=UTC)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as its line tells it; its place in the tree is not yet checked."""

    line: int
    id: str
    parent_id: str | None
    title: str | None
    author: str
    created_at: datetime
    text: str
    removed: bool


def drafts(source: Path | Iterable[bytes | str], problems: list[Problem]) -> Iterator[Draft]:
    """Every post whose id can be read; what is wrong is added to `problems`."""
    for line, text in _numbered_lines(source, problems):
        record = _record(line, text, problems)
        if record is not None:
            draft = _LineReader(line, record, problems).draft()
            if draft is not None:
                yield draft


def _numbered_lines(
    source: Path | Iterable[bytes | str], problems: list[Problem]
) -> Iterator[tuple[int, str]]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield from _numbered_lines(file, problems)
        return
    for line, raw in enumerate(source, start=1):
        if line == 1 and isinstance(raw, bytes) and raw.startswith(_UTF16_MARKS):
            problems.append(Problem(line, "not_utf8"))
            return
        text = _decoded(line, raw, problems)
        if text.strip():
            yield line, text


def _decoded(line: int, raw: bytes | str, problems: list[Problem]) -> str:
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff") if line == 1 else raw
    try:
        return raw.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError:
        problems.append(Problem(line, "not_utf8"))
        return ""


def _record(line: int, text: str, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        problems.append(Problem(line, "bad_json", {"column": error.pos + 1}))
        return None
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets without end
        problems.append(Problem(line, "bad_json", {"column": 1}))
        return None
    if not isinstance(value, dict):
        problems.append(Problem(line, "not_an_object"))
        return None
    return value


class _LineReader:
    """Reads the fields of one record and notes what is wrong with each."""

    def __init__(self, line: int, record: dict[str, Any], problems: list[Problem]) -> None:
        self.line, self.record, self.problems = line, record, problems

    def draft(self) -> Draft | None:
        post_id = self._id("id")
        parent_id = self._parent_id()
        opens = parent_id is None
        title = self._title() if opens else None
        text, removed = self._text_and_removed(fallback=title)
        created_at, author = self._created_at(), self._author(removed)
        if post_id == UNKNOWN:
            return None
        return Draft(self.line, post_id, parent_id, title, author, created_at, text, removed)

    def _note(self, code: str, /, **params: str | int) -> None:
        self.problems.append(Problem(self.line, code, params))

    def _id(self, field: str) -> str:
        value = self.record.get(field)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if field not in self.record:
            self._note("missing_field", field=field)
            return UNKNOWN
        return self._checked(field, value, MAX_ID)

    def _parent_id(self) -> str | None:
        if "parent_id" in self.record:
            return None if self.record["parent_id"] is None else self._id("parent_id")
        if self.record.get("title"):
            return None
        return self._id("parent_id")

    def _title(self) -> str | None:
        value = self.record.get("title")
        if value is None or value == "":
            return None
        return self._checked("title", value, MAX_TITLE).strip() or None

    def _text_and_removed(self, fallback: str | None) -> tuple[str, bool]:
        removed = self.record.get("removed", False)
        if not isinstance(removed, bool):
            self._note("wrong_type", field="removed", value=excerpt(removed))
            removed = False
        text = self.record.get("text")
        if removed or (isinstance(text, str) and text.strip() in REMOVED_TEXTS):
            return "", True  # what was taken down elsewhere does not come up again here
        if fallback and isinstance(text, str | None) and not (text or "").strip():
            return fallback, False  # a bare link or headline opens with its title alone
        if "text" not in self.record:
            self._note("missing_field", field="text")
            return "", False
        return self._checked("text", text, MAX_TEXT), False

    def _author(self, removed: bool) -> str:
        if removed and self.record.get("author") is None:
            return ""
        if "author" not in self.record:
            self._note("missing_field", field="author")
            return ""
        return self._checked("author", self.record["author"], MAX_AUTHOR).strip()

    def _created_at(self) -> datetime:
        value = self.record.get("created_at")
        if value is None:
            self._note("missing_field", field="created_at")
            return _BAD_DATE
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            self._note("bad_date", value=excerpt(value))
            return _BAD_DATE
        self._note("naive_date", value=excerpt(value))
        return _BAD_DATE

    def _checked(self, field: str, value: object, limit: int) -> str:
        """The value as text, or "" with a problem noted."""
        if not isinstance(value, str):
            shown = "null" if value is None else excerpt(value)
            self._note("wrong_type", field=field, value=shown)
        elif not value.strip():
            self._note("empty_field", field=field)
        elif len(value) > limit:
            self._note("too_long", field=field, length=len(value), limit=limit)
        elif not _storable(value):
            self._note("bad_characters", field=field)
        else:
            return value
        return ""


def _storable(text: str) -> bool:
    """No zero byte (PostgreSQL refuses it) and no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
