"""Money, dates and lists as Danes and English readers write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from dialog.core import formats

TODAY = date(2027, 9, 9)
EVENING = datetime(2027, 9, 14, 17, 0, tzinfo=UTC)  # 19.00 in Copenhagen, summer time


def plain(text: str) -> str:
    return text.replace(formats.SPACE, " ")


@pytest.mark.parametrize(
    ("tkr", "danish", "english"),
    [
        (12_400, "12,4 mio. kr.", "DKK 12.4 million"),
        (250_000, "250 mio. kr.", "DKK 250 million"),
        (1_000, "1 mio. kr.", "DKK 1 million"),
        (778, "778.000 kr.", "DKK 778,000"),
        (999, "999.000 kr.", "DKK 999,000"),
        (0, "0 kr.", "DKK 0"),
        (-3_600, "−3,6 mio. kr.", "−DKK 3.6 million"),
        (1_250, "1,3 mio. kr.", "DKK 1.3 million"),
        (1_234_500, "1.234,5 mio. kr.", "DKK 1,234.5 million"),
    ],
)
def test_money_reads_as_a_municipality_writes_it(tkr: int, danish: str, english: str) -> None:
    assert plain(formats.money_tkr(tkr)) == danish
    assert plain(formats.money_tkr(tkr, "en")) == english


def test_money_never_breaks_between_number_and_unit() -> None:
    assert " " not in formats.money_tkr(12_400)


def test_a_saving_is_told_without_its_minus() -> None:
    assert plain(formats.saving_tkr(-3_600)) == "3,6 mio. kr."


def test_millions_in_a_column_always_have_one_decimal() -> None:
    assert [formats.mio(336_000), formats.mio(-1_440)] == ["336,0", "−1,4"]


def test_a_date_leaves_out_this_year() -> None:
    assert plain(formats.date_long(date(2027, 9, 14), today=TODAY)) == "tirsdag 14. september"


def test_a_date_says_another_year() -> None:
    assert plain(formats.date_short(date(2028, 3, 1), today=TODAY)) == "1. marts 2028"


def test_a_moment_is_told_in_danish_time() -> None:
    assert plain(formats.datetime_long(EVENING, today=TODAY)) == "tirsdag 14. september kl. 19"


def test_half_hours_have_a_full_stop() -> None:
    half_past = EVENING + timedelta(minutes=30)
    assert plain(formats.datetime_short(half_past, today=TODAY)) == "14. september kl. 19.30"


def test_a_moment_late_in_the_evening_belongs_to_the_danish_day() -> None:
    late = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)
    assert plain(formats.date_long(late, today=TODAY)) == "lørdag 1. januar 2028"


def test_a_moment_in_any_zone_is_told_in_danish_time() -> None:
    tokyo = EVENING.astimezone(timezone(timedelta(hours=9)))
    assert formats.time_short(tokyo) == "19"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formats.day_of(datetime.fromisoformat("2027-09-14T19:00"))


def test_english_dates_read_as_english() -> None:
    told = formats.datetime_long(EVENING, "en", today=TODAY)
    assert plain(told) == "Tuesday 14 September at 19:00"


def test_a_meeting_says_its_hours() -> None:
    told = formats.weekday_time(EVENING, EVENING + timedelta(hours=2))
    assert plain(told) == "Tirsdag kl. 19–21"


def test_a_meeting_without_an_end_says_its_beginning() -> None:
    assert plain(formats.weekday_time(EVENING)) == "Tirsdag kl. 19"


@pytest.mark.parametrize(
    ("day", "tile"),
    [(date(2027, 9, 14), ("14", "sept.")), (date(2027, 5, 3), ("3", "maj"))],
)
def test_a_tile_shows_day_and_month(day: date, tile: tuple[str, str]) -> None:
    assert formats.day_month_tile(day) == tile


@pytest.mark.parametrize(
    ("days", "danish", "english"),
    [
        (0, "i dag", "today"),
        (1, "i morgen", "tomorrow"),
        (26, "om 26 dage", "in 26 days"),
        (-1, "i går", "yesterday"),
        (-3, "for 3 dage siden", "3 days ago"),
    ],
)
def test_days_are_counted_from_today(days: int, danish: str, english: str) -> None:
    day = TODAY + timedelta(days=days)
    assert plain(formats.relative_days(day, today=TODAY)) == danish
    assert plain(formats.relative_days(day, "en", today=TODAY)) == english


def test_a_list_has_no_comma_before_its_last() -> None:
    assert formats.list_join(["a", "b", "c"]) == "a, b og c"
    assert formats.list_join(["a", "b", "c"], "en") == "a, b and c"
    assert formats.list_join(["a"]) == "a"


def test_numbers_have_danish_points_and_commas() -> None:
    assert [formats.number(1_400), formats.number(3.5), formats.number(-2)] == [
        "1.400",
        "3,5",
        "−2",
    ]


def test_small_counts_are_words() -> None:
    assert [formats.count_word(4), formats.count_word(13), formats.count_word(1_400)] == [
        "fire",
        "13",
        "1.400",
    ]


def test_a_share_is_told_in_whole_per_cent() -> None:
    assert plain(formats.percent(0.125)) == "13 %"
    assert formats.percent(0.12, "en") == "12%"
