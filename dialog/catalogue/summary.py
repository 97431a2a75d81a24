"""A proposal in short: its figure, its consequence, what it lacks, what excludes what.

Pure. Amounts are whole thousands of kroner, minus a saving, unless a name says `saving`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# A full stop after these ends no sentence.
_SHORT = r"(?<!\bkl)(?<!\bca)(?<!\bfx)(?<!\bnr)(?<!\bdr)(?<!\bjf)(?<!\bSct)(?<!\bSkt)(?<!\bf\.eks)"
_SENTENCE_END = re.compile(rf"{_SHORT}[.!?][\"”»)]?\s+(?=[A-ZÆØÅÄÖ\"“«])|\n")


@dataclass(frozen=True, slots=True)
class Headline:
    """The one figure that tells what a proposal is worth.

    `yearly`: worth that much every year from `year` on; else in `year` alone.
    """

    amount_tkr: int
    year: int
    yearly: bool

    @property
    def saves(self) -> bool:
        return self.amount_tkr < 0


def headline(amounts: Mapping[int, int]) -> Headline | None:
    """The lasting amount where there is one, else the first; None without any money."""
    years = sorted(amounts)
    if not any(amounts.values()):
        return None
    last = amounts[years[-1]]
    steady = [year for year in years if _is_steady_from(amounts, year)]
    if last and len(steady) > 1:
        return Headline(last, steady[0], yearly=True)
    first = next(year for year in years if amounts[year])
    return Headline(amounts[first], first, yearly=False)


def first_sentence(text: str) -> str:
    """The first sentence of `text`, with its full stop; empty for an empty text."""
    text = text.strip()
    end = _SENTENCE_END.search(text)
    return text[: end.end()].strip() if end else text


def rest_after_first_sentence(text: str) -> str:
    """What `first_sentence` leaves."""
    return text.strip()[len(first_sentence(text)) :].strip()


def net_tkr(priced: Iterable[tuple[str | None, int]]) -> int:
    """The sum of (exclusive group, amount), counting only the greatest saving of each group."""
    total, greatest = 0, dict[str, int]()
    for group, amount in priced:
        if group is None:
            total += amount
        else:
            greatest[group] = min(amount, greatest.get(group, amount))
    return total + sum(greatest.values())


def lacks(
    amounts: Mapping[int, int], service_impact: str, committee_id: int | None
) -> Sequence[str]:
    """What a proposal needs before it counts: "amounts", "consequences", "committee"."""
    there = {
        "amounts": bool(amounts),
        "consequences": bool(service_impact.strip()),
        "committee": committee_id is not None,
    }
    return [name for name, is_there in there.items() if not is_there]


def _is_steady_from(amounts: Mapping[int, int], year: int) -> bool:
    return len({amount for each, amount in amounts.items() if each >= year}) == 1
