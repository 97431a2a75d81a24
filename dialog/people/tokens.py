"""Secrets that open something: 256 bits, and only their hash is ever stored."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """A secret that nobody can guess, fit for an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of a token (SHA-256, hex). It needs no salt: no token comes twice."""
    return sha256(token.encode()).hexdigest()
