"""How long one must wait after wrong passwords: 1, 2, 4 … 60 seconds from the fifth on.

Counted beside the other limits and by address, whether anyone has it or not: an unknown
address answers exactly like a known one, and a flood of wrong passwords writes nothing.
"""

import hmac
import math
import time

from flask import current_app

from dialog.core import limits
from dialog.core.errors import TooMany

FREE = 5  # wrong passwords before the first wait (promises C.3)
LONGEST = 60  # seconds
FORGOTTEN = 15 * 60  # seconds after which the count starts again


def begin(email: str) -> None:
    """Counts an attempt as failed until `succeeded` says otherwise, so that none run abreast.

    Raises: TooMany while this address has to wait.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    store, waiting = limits.limiter.storage, _key("wait", email)
    if store.get(waiting):
        raise TooMany(max(1, math.ceil(store.get_expiry(waiting) - time.time())))
    count = store.incr(_key("fail", email), FORGOTTEN)
    if count >= FREE:
        store.incr(waiting, min(2 ** (count - FREE), LONGEST))


def succeeded(email: str) -> None:
    """Forgets the wrong passwords of this address."""
    if current_app.config["RATELIMIT_ENABLED"]:
        limits.limiter.storage.clear(_key("fail", email))
        limits.limiter.storage.clear(_key("wait", email))


def _key(kind: str, email: str) -> str:
    # The address itself is nobody's business, not even the limiter's.
    secret = current_app.config["SECRET_KEY"].encode()
    return f"sign-in-{kind}/{hmac.new(secret, email.encode(), 'sha256').hexdigest()}"
