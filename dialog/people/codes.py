"""Codes that a person can read aloud, write down and type in: 58 bits, stored as a hash.

A code is looked up by its hash in a unique index, so the time an answer takes says nothing of
how nearly a guess was right.
"""

import hmac
import re
import secrets

from dialog.people import tokens

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without those that look like another
_BETWEEN = re.compile(r"[\s\-–]+")
LENGTH, GROUP = 12, 4


def new_code() -> str:
    """A code nobody can guess, such as "K7QF-9M2X-4RTB"."""
    return _grouped("".join(secrets.choice(_SIGNS) for _each in range(LENGTH)))


def code_from(secret: str, seed: str) -> str:
    """The code that belongs to `seed`, the same each time; without `secret` nobody can tell it."""
    number = int.from_bytes(hmac.digest(secret.encode(), seed.encode(), "sha256"), "big")
    signs = ""
    for _each in range(LENGTH):
        number, index = divmod(number, len(_SIGNS))
        signs += _SIGNS[index]
    return _grouped(signs)


def hash_of(typed: str) -> str:
    """What is stored of a code, however it was typed: small letters, spaces, without hyphens."""
    return tokens.hash_of(_BETWEEN.sub("", typed).upper())


def _grouped(signs: str) -> str:
    return "-".join(signs[n : n + GROUP] for n in range(0, LENGTH, GROUP))
