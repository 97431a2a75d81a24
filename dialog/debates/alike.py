"""Whether a question was asked before, by the words the two share. Pure, and cheap.

It only suggests. So it had rather miss one than name five that have little to do with it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

ENOUGH_SHARED = 3  # stems; two questions about "cleaning" alone are not the same question
SAME_SHARE = 0.4  # of all the stems of both
COVERED_SHARE = 0.6  # of the stems of the shorter one
COMPARED = 600  # signs of each text; what a question asks stands near its beginning
SHORTEST_WORD = 3

_WORD = re.compile(r"[^\W\d_]+")
# Endings of Danish words, the longest first. Cutting the same from both matters, not grammar.
_ENDINGS = (
    "erernes", "ernes", "erne", "erens", "ingen", "inger", "enes", "eres", "eren", "ende",
    "erer", "ens", "ets", "ene", "ere", "ers", "ing", "est", "en", "et", "er", "es", "te", "de",
    "e", "s", "t",
)  # fmt: skip
_STEM = 3  # signs that stay whatever the ending
# Words that every question has: they say nothing about what it asks.
_COMMON_WORDS = """
    alle alt altid andet andre bare blev blive bliver burde både da de dem den denne der deres
    derfor det dette dig din disse dit dog du efter eller en er et find for fordi fra får før gør
    ham han har have havde hej helt hen hende her hos hun hvad hvem hver hvilke hvilken hvis hvor
    hvordan hvorfor hvornår ikke ind ingen intet jeg jer jeres kan kom kommer kommune kommunen
    kunne lige man mange med meget men mener mere mig min mit mod må måske ned nej noget nogen
    nogle nok nu når også om op os over på samme selv ser siden sig sin sit skal skulle som så
    tror til ud uden under var ved vel vi vil ville vores være været
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@lru_cache(maxsize=8_192)
def stems(text: str) -> frozenset[str]:
    """The words of `text` that say what it is about, without their endings."""
    words = _WORD.findall(text[:COMPARED].casefold())
    return frozenset(
        _stem(word) for word in words if len(word) >= SHORTEST_WORD and word not in _COMMON
    )


def likeness(one: str, other: str) -> float:
    """0 for texts that are not about the same, else up to 1 for the same words."""
    a, b = stems(one), stems(other)
    shared = len(a & b)
    if shared < min(ENOUGH_SHARED, max(len(a), len(b))) or not shared:
        return 0.0
    same, covered = shared / len(a | b), shared / min(len(a), len(b))
    if same >= SAME_SHARE or (covered >= COVERED_SHARE and shared >= ENOUGH_SHARED):
        return (same + covered) / 2
    return 0.0


def most_alike(text: str, candidates: Iterable[tuple[int, str]], limit: int) -> list[int]:
    """The ids of the `limit` candidates most like `text`, the closest first."""
    scored = [(likeness(text, other), id_) for id_, other in candidates]
    scored.sort(key=lambda found: (-found[0], found[1]))
    return [id_ for score, id_ in scored[:limit] if score > 0]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word
