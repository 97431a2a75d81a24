"""Keeping passwords: argon2id, worked out in gevent's thread pool, never inside a transaction.

The measure is OWASP's second choice (19 MiB, two passes, one lane): about 30 ms here, and the
hub goes on serving others meanwhile.
"""

import secrets
import unicodedata

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

SHORTEST, LONGEST = 8, 128  # characters; promises C.4: no rules of composition, length counts

DEMO_PASSWORD = "demo-fjordby"  # noqa: S105  known to all, and refused outside the demo

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# What an unknown address is checked against, so that its answer takes as long.
_nobodys = _hasher.hash(secrets.token_urlsafe(16))

# The roots of what people pick first (digits and signs round them are ignored).
_COMMON = frozenset(
    """
    password passw0rd adgangskode kodeord hemmelig hemmeligt secret letmein welcome velkommen
    admin administrator login logind test tester testtest qwerty qwertyu qwertyui qwertyuiop
    qwertz asdf asdfgh asdfghjk asdfghjkl zxcvbnm abc abcd abcdef abcdefg abcdefgh abcabc iloveyou
    jegelskerdig elskerdig skat skatter skattepige mormor farmor morfar farfar sommer sommerferie
    vinter efterår forår januar februar marts april maj juni juli august september oktober
    november december mandag tirsdag onsdag torsdag fredag lørdag søndag danmark denmark københavn
    kobenhavn aarhus århus odense aalborg fodbold football brøndby brondby liverpool manchester
    arsenal barcelona chelsea superman batman pokemon pikachu starwars dragon monkey princess
    sunshine shadow master mustang michael jennifer jordan charlie daniel thomas mathias frederik
    frederikke christian emil emma ida sofie sofia clara anna freja william oliver noah lucas
    victor oscar mikkel camilla louise computer internet google facebook samsung iphone hello
    hejhej hejmeddig hejsa goddag trustno whatever freedom cookie cheese chokolade kaffe guldfisk
    hest hunden katten borger borgere kommune kommunen byråd byraad dialog borgerdialog borgermøde
    borgermoede politiker
    """.split()  # noqa: SIM905  a list of words reads best as words
)
_ROWS = ("abcdefghijklmnopqrstuvwxyzæøå", "01234567890123456789", "qwertyuiopå", "asdfghjklæø")


def hash_password(password: str) -> str:
    """The hash to store, with its salt and its measure."""
    return str(_in_pool(_hasher.hash, _plain(password)))


def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; None takes just as long and is never right."""
    right = _in_pool(_matches, stored or _nobodys, _plain(password))
    return bool(right) and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made by a weaker measure than today's."""
    return _hasher.check_needs_rehash(stored)


def too_easy(password: str, *names: str) -> bool:
    """Whether the password is among the first that somebody would try.

    names: words that lie near, such as the municipality's name or the person's own.
    """
    folded = _plain(password).casefold()
    root = "".join(sign for sign in folded if sign.isalpha())
    near = {word for name in names for word in _words(name)}
    parts = {word for word in _words(folded) if word not in near | _COMMON}
    return (
        root in _COMMON | near
        or not parts
        or len(set(folded)) < 4
        or any(folded in row or folded in row[::-1] for row in _ROWS)
    )


def _words(text: str) -> list[str]:
    """The words of `text` that are longer than a syllable or two letters."""
    spaced = "".join(sign if sign.isalpha() else " " for sign in text.casefold())
    return [word for word in spaced.split() if len(word) > 2]


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def _plain(password: str) -> str:
    # An å typed as one sign or as two is the same å.
    return unicodedata.normalize("NFC", password)


def _in_pool(work: object, *args: str) -> object:
    return gevent.get_hub().threadpool.apply(work, args)
