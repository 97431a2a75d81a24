"""What is wrong with a file that somebody hands us: every problem, with its line.

A reader collects problems instead of stopping at the first, so that a person mends the file
once. The words live beside each reader in a table `SENTENCES`, keyed by the problem's code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PROBLEMS_SHOWN = 50
EXCERPT_LENGTH = 60


def N_(message: str) -> str:  # noqa: N802  (the name that message extraction looks for)
    """The message itself, marked as one to translate later."""
    return message


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `line` is None when it concerns the file as a whole."""

    line: int | None
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


class ProblemsFound(Exception):
    """Raised with every problem of a file; at most 50 are kept, then one that counts the rest."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = _first_problems(problems)
        super().__init__("; ".join(f"{p.line}: {p.code}" for p in self.problems))


def excerpt(text: object) -> str:
    """The text on one line, short enough to quote in a sentence."""
    flat = " ".join(str(text).split())
    return flat if len(flat) <= EXCERPT_LENGTH else flat[: EXCERPT_LENGTH - 1] + "…"


def _first_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    ordered = sorted(problems, key=lambda p: p.line or 0)
    shown, rest = ordered[:PROBLEMS_SHOWN], len(ordered) - PROBLEMS_SHOWN
    if rest > 0:
        shown.append(Problem(None, "more", {"count": rest}))
    return tuple(shown)
