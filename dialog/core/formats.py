"""Dates, money and numbers in words, the Danish way and the English.

Pure functions of their arguments; `register` lends them to the templates. Money is whole
thousands of kroner (tkr). Moments are aware, stored in UTC and told in Danish time.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from babel.dates import get_day_names, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal
from flask import Flask

from dialog.core import clock, languages

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
TKR_PER_MIO = 1_000

Day = date | datetime

WORDS = {
    "da": ("nul", "ét", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve",
           "tolv"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve"),
}  # fmt: skip


def local(moment: datetime) -> datetime:
    """The moment as the clock on a Danish wall shows it.

    Raises: ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return clock.local(moment)


def day_of(when: Day) -> date:
    """The Danish calendar day of a moment, or the day itself."""
    return local(when).date() if isinstance(when, datetime) else when


def number(value: int | float | Decimal, locale: str = "da") -> str:
    """As "1.400" or "3,5"; English "1,400" or "3.5". A true minus sign."""
    # Through str: a float's own decimals, not the binary ones behind them.
    return str(format_decimal(Decimal(str(value)), locale=_family(locale))).replace("-", MINUS)


def percent(share: float, locale: str = "da") -> str:
    """A share of 1 in whole per cent: "12 %"; English "12%"."""
    whole = int((Decimal(str(share)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return number(whole, locale) + ("%" if _family(locale) == "en" else f"{SPACE}%")


def mio(tkr: int, locale: str = "da") -> str:
    """Thousands as millions with one decimal and no unit, for columns: "104,2"."""
    value = _in_mio(tkr)
    text = format_decimal(value, format="#,##0.0", locale=_family(locale))
    return str(text).replace("-", MINUS)


def money_tkr(tkr: int, locale: str = "da") -> str:
    """As "12,4 mio. kr.", below a million "778.000 kr."; English "DKK 12.4 million"."""
    amount = abs(tkr)
    sign = MINUS if tkr < 0 else ""
    if amount < TKR_PER_MIO:
        return sign + _kroner(number(amount * 1_000, locale), locale)
    return sign + _millions(number(_in_mio(amount), locale), locale)


def saving_tkr(tkr: int, locale: str = "da") -> str:
    """The amount without its sign, for sentences that already say "sparer" or "koster"."""
    return money_tkr(abs(tkr), locale)


def date_long(when: Day, locale: str = "da", *, today: date) -> str:
    """As "torsdag 14. september", with the year when it is not this year's."""
    day = day_of(when)
    weekday = get_day_names("wide", locale=_family(locale))[day.weekday()]
    return f"{weekday} {date_short(day, locale, today=today)}"


def date_short(when: Day, locale: str = "da", *, today: date) -> str:
    """As "14. september", with the year when it is not this year's."""
    day = day_of(when)
    month = get_month_names("wide", locale=_family(locale))[day.month]
    dot = "" if _family(locale) == "en" else "."
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day.day}{dot}{SPACE}{month}{year}"


def time_short(moment: datetime, locale: str = "da") -> str:
    """As "19" or "19.30"; English "19:00"."""
    at = local(moment)
    if _family(locale) == "en":
        return f"{at.hour}:{at.minute:02}"
    return f"{at.hour}.{at.minute:02}" if at.minute else str(at.hour)


def datetime_long(moment: datetime, locale: str = "da", *, today: date) -> str:
    """As "torsdag 14. september kl. 19"; English "Thursday 14 September at 19:00"."""
    return f"{date_long(moment, locale, today=today)} {_at(locale)}{time_short(moment, locale)}"


def datetime_short(moment: datetime, locale: str = "da", *, today: date) -> str:
    """As "14. september kl. 19.30", where the weekday says nothing."""
    return f"{date_short(moment, locale, today=today)} {_at(locale)}{time_short(moment, locale)}"


def weekday_time(starts_at: datetime, ends_at: datetime | None = None, locale: str = "da") -> str:
    """As "Torsdag kl. 19–21", beside a tile that shows the date."""
    weekday = get_day_names("wide", locale=_family(locale))[local(starts_at).weekday()]
    until = f"{DASH}{time_short(ends_at, locale)}" if ends_at else ""
    start = time_short(starts_at, locale)
    return f"{weekday[0].upper()}{weekday[1:]} {_at(locale)}{start}{until}"


def day_month_tile(when: Day, locale: str = "da") -> tuple[str, str]:
    """The leaf of a calendar: ("14", "sept.")."""
    day = day_of(when)
    month = get_month_names("abbreviated", locale=_family(locale))[day.month]
    # "sept." is how Danish and British readers know it; CLDR's "sep." looks cut off.
    return str(day.day), {"sep.": "sept.", "Sep": "Sept"}.get(month, month)


def relative_days(when: Day, locale: str = "da", *, today: date) -> str:
    """As "i dag", "i morgen", "om 26 dage", "i går", "for 3 dage siden"."""
    days = (day_of(when) - today).days
    count = number(abs(days), locale)
    if _family(locale) == "en":
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}
        far = f"in {count}{SPACE}days" if days > 0 else f"{count}{SPACE}days ago"
    else:
        near = {0: "i dag", 1: "i morgen", -1: "i går"}
        far = f"om {count}{SPACE}dage" if days > 0 else f"for {count}{SPACE}dage siden"
    return near.get(days, far)


def list_join(items: Sequence[str], locale: str = "da") -> str:
    """As "a, b og c"; English "a, b and c"."""
    # British English, which like Danish has no comma before the last one.
    return str(format_list(list(items), locale="en_GB" if _family(locale) == "en" else "da"))


def count_word(count: int, locale: str = "da") -> str:
    """As "fire" up to twelve, then "13". One is neuter: "ét spørgsmål", "ét svar"."""
    words = WORDS[_family(locale)]
    return words[count] if 0 <= count < len(words) else number(count, locale)


def register(app: Flask, now: Callable[[], datetime] = clock.now) -> None:
    """Lends the formats to the templates as filters in the reader's language.

    now: the clock that tells which year needs no saying and what "om 3 dage" counts from.
    """
    plain: dict[str, Callable[..., Any]] = {
        "money": money_tkr, "saving": saving_tkr, "mio": mio, "number": number,
        "percent": percent, "time_short": time_short, "weekday_time": weekday_time,
        "day_month_tile": day_month_tile, "list_join": list_join, "count_word": count_word,
    }  # fmt: skip
    dated: dict[str, Callable[..., Any]] = {
        "date_long": date_long, "date_short": date_short, "datetime_long": datetime_long,
        "datetime_short": datetime_short, "relative_days": relative_days,
    }  # fmt: skip
    app.add_template_filter(day_of, "danish_day")
    for name, function in plain.items():
        app.add_template_filter(partial(_in_readers_language, function), name)
    for name, function in dated.items():
        app.add_template_filter(partial(_as_of_today, function, now), name)


def _in_readers_language(function: Callable[..., Any], *values: Any) -> Any:
    return function(*values, locale=languages.spoken())


def _as_of_today(function: Callable[..., Any], now: Callable[[], datetime], value: Day) -> Any:
    return function(value, locale=languages.spoken(), today=day_of(now()))


def _family(locale: str) -> str:
    return "en" if locale.lower().startswith("en") else "da"


def _in_mio(tkr: int) -> Decimal:
    return (Decimal(tkr) / TKR_PER_MIO).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _kroner(amount: str, locale: str) -> str:
    return f"DKK{SPACE}{amount}" if _family(locale) == "en" else f"{amount}{SPACE}kr."


def _millions(amount: str, locale: str) -> str:
    if _family(locale) == "en":
        return f"DKK{SPACE}{amount}{SPACE}million"
    return f"{amount}{SPACE}mio.{SPACE}kr."


def _at(locale: str) -> str:
    return f"at{SPACE}" if _family(locale) == "en" else f"kl.{SPACE}"
