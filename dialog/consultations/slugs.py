"""The address of a consultation: lower case, a to z, digits and single hyphens."""

import re
import unicodedata

MAX_LENGTH = 60
RESERVED = frozenset({"new"})  # /set-up/new is the page that creates one
_SHAPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Danes spell their letters out in an address; the rest only lose their accents.
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def slug_of(title: str) -> str:
    """An address made of the title; empty when nothing in it can be used."""
    text = unicodedata.normalize("NFC", title).lower().translate(_DANISH)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:MAX_LENGTH].rstrip("-")


def is_slug(text: str) -> bool:
    """Whether the text can be an address."""
    return len(text) <= MAX_LENGTH and text not in RESERVED and bool(_SHAPE.fullmatch(text))
