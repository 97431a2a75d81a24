"""The demo passes its own gate on whatever day it is loaded."""

from datetime import date

import pytest
from flask import Flask

from dialog import rules
from dialog.consultations import queries as consultations
from dialog.core import db as store
from dialog.demo import calendar, load
from dialog.demo.calendar import Calendar
from dialog.gate import queries as gate
from dialog.permissions import SYSTEM
from dialog.rules import workdays
from tests.cli.conftest import noon

CHRISTMAS = date(2026, 12, 25)
EASTER = date(2027, 4, 1)
SUMMER = date(2027, 7, 15)


@pytest.mark.parametrize("today", [CHRISTMAS, date(2027, 1, 4), EASTER, SUMMER], ids=str)
def test_it_passes_its_own_gate(app: Flask, today: date) -> None:
    load.load_demo(app, today=today, now=noon(today))
    with app.test_request_context():
        db = store.session()
        for slug in ("budget-2028", "ny-skolestruktur"):
            found = consultations.access_consultation(db, SYSTEM, slug)
            verdicts = gate.verdicts(db, found, noon(today))
            assert {verdict.state for verdict in verdicts} <= rules.STATES_THAT_MAY_OPEN


def test_past_days_move_back_and_coming_ones_forward() -> None:
    days = Calendar(CHRISTMAS)
    assert days.day(-1) == date(2026, 12, 23)
    assert days.day(1) == date(2026, 12, 28)


def test_posts_never_move() -> None:
    assert Calendar(CHRISTMAS).spoken(-5, "21:30").date() == date(2026, 12, 20)


def test_the_second_reading_keeps_its_distance_to_a_first_one_that_moved() -> None:
    first = date(2027, 3, 30)
    assert calendar.second_reading(date(2027, 4, 15), first) == date(2027, 4, 20)


def test_schools_are_decided_on_the_first_lawful_tuesday() -> None:
    assert calendar.school_decision(date(2026, 12, 21)) == date(2027, 1, 19)
    assert calendar.takes_effect_in(date(2027, 1, 19)) == 2027


def test_what_misses_the_first_of_march_waits_for_the_next_school_year() -> None:
    decision = calendar.school_decision(date(2027, 2, 3))
    assert decision == date(2027, 8, 17)
    assert calendar.takes_effect_in(decision) == 2028


def test_minutes_never_come_before_their_meeting() -> None:
    meeting = date(2026, 12, 23)
    assert calendar.minutes_day(date(2026, 12, 23), meeting) == date(2026, 12, 28)
    assert workdays.is_working_day(calendar.minutes_day(meeting, meeting))
