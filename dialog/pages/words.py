"""The limits of `core.limits` in words, so that the public page never says another number."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext
from limits import RateLimitItem

from dialog.core import formats, languages, limits

_PERIODS: dict[str, Callable[[int], str]] = {
    "second": lambda n: ngettext("i sekundet", "på %(num)s sekunder", n),
    "minute": lambda n: ngettext("i minuttet", "på %(num)s minutter", n),
    "hour": lambda n: ngettext("i timen", "på %(num)s timer", n),
    "day": lambda n: ngettext("om dagen", "på %(num)s dage", n),
}


def limit_in_words(name: str) -> str:
    """As "1 gang på 10 sekunder, 30 gange i timen og 100 gange om dagen"."""
    items = limits.LIMITS[name].items()
    return formats.list_join([_once(item) for item in items], languages.locale())


def _once(item: RateLimitItem) -> str:
    count = formats.number(item.amount, languages.locale())
    times = ngettext("%(count)s gang", "%(count)s gange", item.amount, count=count)
    period = _PERIODS[item.GRANULARITY.name](item.multiples)
    return _("%(times)s %(period)s", times=times, period=period)
