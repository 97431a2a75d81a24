"""How often a person may do a thing. One table, shown on a public page.

Sources: promises to citizens in `docs/limits.md`; a new account is one under a day old.
"""

import time
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse_many

from dialog.core import web
from dialog.core.errors import TooMany

limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=False)


@dataclass(frozen=True)
class Limit:
    """`rule` in the notation of the limits library, such as "1 per 10 seconds; 30 per hour"."""

    rule: str

    def items(self) -> list[RateLimitItem]:
        return list(parse_many(self.rule))


LIMITS: dict[str, Limit] = {
    "read": Limit("300 per 5 minutes"),  # a visitor's address, pages that are not cached
    "read_signed_in": Limit("1200 per 5 minutes"),
    "post": Limit("1 per 10 seconds; 30 per hour; 100 per day"),
    "post_new_account": Limit("1 per 30 seconds; 10 per day"),
    "draft": Limit("30 per 5 minutes"),
    "read_together": Limit("6000 per 5 minutes"),  # pages that a hall full of phones reads
    "document": Limit("20 per 5 minutes"),  # a visitor's address; setting a PDF takes seconds
    "preview": Limit("60 per 5 minutes"),  # looking first, and "was it asked before?"
    "edit": Limit("10 per day"),  # after the free time, when every text is kept
    "edit_free": Limit("30 per hour"),
    "sign_in_address": Limit("20 per 10 minutes"),
    "sign_up_address": Limit("5 per hour"),
    "mail_link": Limit("3 per hour"),  # confirmation and reset, for one mail address
    "mail_link_address": Limit("10 per hour"),
    "seat": Limit("20 per hour; 60 per day"),  # sign-ups for meetings, from one address
    "seat_mail": Limit("3 per hour"),  # those that send a code to one mail address
    "wrong_code": Limit("10 per 10 minutes; 40 per day"),  # codes of seats and slips
    "wrong_room_code": Limit("100 per 10 minutes; 600 per day"),  # one address for a whole hall
    "hand": Limit("10 per 10 minutes"),  # raised or taken down, by one phone
}


_NOT_COUNTED = frozenset({"static", "web.brand_css"})  # kept by the browser
_together: set[str] = set()


def read_together(*endpoints: str) -> None:
    """Has a crowd behind one address, such as a hall's network, read these pages at once."""
    _together.update(endpoints)


def hit(name: str, key: str) -> None:
    """Counts one use of `name` by `key`.

    Raises: TooMany, with the seconds until the next is allowed.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    check(name, key)
    for item in LIMITS[name].items():
        limiter.limiter.hit(item, name, key)


def check(name: str, key: str) -> None:
    """Counts nothing: for what is limited by its failures alone, asked before each try.

    Raises: TooMany, with the seconds until the next is allowed.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    for item in LIMITS[name].items():
        if not limiter.limiter.test(item, name, key):
            raise TooMany(_wait(item, name, key))


def address() -> str:
    """The reader's address, as far as the configured proxies can be trusted.

    Of an IPv6 address only the half that names the household: it may choose the rest at will.
    """
    remote = get_remote_address()
    try:
        number = ip_address(remote)
    except ValueError:  # a socket of the file system has no address
        return remote
    if isinstance(number, IPv4Address):
        return remote
    return str(number.ipv4_mapped or ip_network((number, 64), strict=False).network_address)


def register(app: Flask) -> None:
    """Readies the limiter and counts ordinary reading."""
    limiter.init_app(app)
    app.before_request(_count_reading)


def _count_reading() -> None:
    # The machine itself is its own proxy or a developer; it is not held back.
    if request.method != "GET" or request.endpoint in _NOT_COUNTED or address() == "127.0.0.1":
        return
    actor = web.actor()
    if actor.signed_in:
        hit("read_signed_in", f"u{actor.id}")
    else:
        hit("read_together" if request.endpoint in _together else "read", address())


def _wait(item: RateLimitItem, name: str, key: str) -> int:
    reset, _left = limiter.limiter.get_window_stats(item, name, key)
    return max(1, round(reset - time.time()))
