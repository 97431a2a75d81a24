"""Names that a person could have, and that nobody can take for someone else's."""

import unicodedata

from flask_babel import gettext as _

from dialog.core import html
from dialog.core.errors import InvalidInput

SHORTEST, LONGEST = 2, 80  # characters
FORMER = "Tidligere deltager"  # whoever has closed his account, in all that he has written
_BETWEEN = frozenset(" -.'’ʼ")
# Japanese is written with three scripts in one word.
_ONE_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK"}

# Words that claim an office. Whole words, so that nobody's surname is caught by accident.
_CLAIMS = frozenset(
    [
        "kommune",
        "kommunen",
        "borgmester",
        "borgmesteren",
        "rådmand",
        "rådmanden",
        "byråd",
        "byrådet",
        "forvaltning",
        "forvaltningen",
        "moderator",
        "administrator",
        "admin",
        "dialog",
        "borgerservice",
    ]
)

# Signs that look alike, folded into one, after Unicode's table of confusables (UTS 39), for the
# letters of the Latin, Greek and Cyrillic scripts that a Danish name could be forged with.
_LOOKALIKES = str.maketrans(
    {
        # Cyrillic
        "а": "a", "в": "b", "г": "r", "е": "e", "ѕ": "s", "і": "l", "ј": "j", "к": "k", "м": "rn",
        "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y", "х": "x", "ԁ": "d", "ԛ": "q",
        "ԝ": "w", "ѵ": "v", "һ": "h", "ӏ": "l", "п": "n", "ь": "b", "є": "e", "ѡ": "w", "ԍ": "g",
        "ӕ": "ae", "ө": "o", "ұ": "y", "ғ": "f", "ё": "e",
        # Greek
        "α": "a", "β": "b", "γ": "y", "ε": "e", "ζ": "z", "η": "n", "ι": "l", "κ": "k", "μ": "rn",
        "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "ς": "c", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
        "ϲ": "c", "ϳ": "j",
        # Latin
        "ı": "l", "i": "l", "ł": "l", "m": "rn", "w": "vv", "ø": "o", "œ": "ce", "æ": "ae",
        "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "þ": "p", "ŋ": "n", "ɑ": "a", "ɡ": "g", "ʟ": "l",
        "ⅼ": "l", "ɩ": "l", "ƅ": "b", "ɵ": "o", "ꞵ": "b", "ʋ": "v", "ɯ": "vv", "ʀ": "r", "ɴ": "n",
    }
)  # fmt: skip


def checked_name(text: str) -> str:
    """`text` as a name: one line, NFC, 2–80 letters, one script a word, no signs or emoji.

    Raises: InvalidInput for the field `name`.
    """
    name = html.one_line(text)
    if not SHORTEST <= len(name) <= LONGEST:
        raise InvalidInput({"name": _("Skriv dit navn. Det skal være på mellem 2 og 80 tegn.")})
    # A full stop only ends a word, so that no mail program makes a link of a name.
    dotted = any("." in word.rstrip(".") for word in name.split())
    if dotted or not all(_may_be_in_a_name(sign) for sign in name) or not name[0].isalpha():
        raise InvalidInput({"name": _("Skriv dit navn med bogstaver alene.")})
    if any(len(_scripts(word)) > 1 for word in name.split()):
        raise InvalidInput({"name": _("Skriv hvert navn med ét alfabet.")})
    return name


def looks_official(name: str, officials: list[str]) -> bool:
    """Whether a reader could take `name` for one of the officials, or for an office."""
    claims = {skeleton(word) for word in _CLAIMS}
    if claims & {skeleton(word) for word in name.split()}:
        return True
    return skeleton(name) in {skeleton(taken) for taken in (FORMER, *officials)}


def known_as(name: str) -> str:
    """The name as pages say it: who has none of his own left is told in the reader's language."""
    return _("Tidligere deltager") if name == FORMER else name


def skeleton(name: str) -> str:
    """What is left of a name for the eye: names with the same skeleton can be mistaken."""
    # A capital I looks like an l, so both sides fold i and l into one.
    bare = unicodedata.normalize("NFKD", name.casefold()).casefold()
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    folded = letters.translate(_LOOKALIKES)
    return "".join(sign for sign in folded if sign.isalpha())


def _may_be_in_a_name(sign: str) -> bool:
    if sign in _BETWEEN:
        return True
    # Bold, double-width and other dressed-up letters have a plain form: that one is wanted.
    plain = unicodedata.normalize("NFKC", sign) == sign
    return plain and unicodedata.category(sign) in {"Lu", "Ll", "Lo", "Lt", "Mn", "Mc"}


def _scripts(word: str) -> set[str]:
    names = (
        unicodedata.name(sign, "?") for sign in word if sign.isalpha() and sign not in _BETWEEN
    )
    first_words = (name.split()[0] for name in names)
    return {_ONE_SCRIPT.get(script, script) for script in first_words}
