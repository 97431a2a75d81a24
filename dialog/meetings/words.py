"""How one says where a meeting is: "i Kulturhuset", but "på Østre Skole"."""

import re

# Where Danes are "på" a place rather than "i" it. At the end of its first part: "Rådhuset, sal 2".
_ON = re.compile(
    r"(?:skole|bibliotek|rådhus|gymnasi(?:um|et)|plejecent(?:er|ret)|plejehjem|museum|museet"
    r"|hotel|kro|bådelav|havn|torv|plads|stadion|slot|gård|sygehus|hospital|værk|vej|uni\w*)"
    r"(?:en|et|n|t)?$"
)
_HAS_ONE = re.compile(r"(?:i|på|hos|ved|under)\s", re.IGNORECASE)


def at_place(place: str, locale: str) -> str:
    """The place with the word before it; empty where no place is known yet."""
    if not place or _HAS_ONE.match(place):
        return place
    if locale == "en":
        return f"at {place}"
    is_on = _ON.search(place.partition(",")[0].strip().lower())
    return f"på {place}" if is_on else f"i {place}"
