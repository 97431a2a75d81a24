"""The course of a consultation as a line of dates with today on it."""

from datetime import date

from flask import Flask

from dialog.consultations.models import Consultation
from dialog.pages import consultation as pages
from dialog.strategy.models import Activity, Phase

BUDGET = Consultation(
    opens_on=date(2027, 5, 3), first_reading_on=date(2027, 9, 7), decision_on=date(2027, 10, 5)
)


def test_today_stands_between_what_was_and_what_comes(app: Flask) -> None:
    with app.test_request_context():
        line = pages.milestones(BUDGET, [], None, date(2027, 9, 9))
    assert [state for _day, _label, state in line] == ["past", "past", "today", ""]


def test_what_happens_today_is_said_on_today(app: Flask) -> None:
    with app.test_request_context():
        line = pages.milestones(BUDGET, [], None, date(2027, 9, 7))
    assert line[1] == (date(2027, 9, 7), "1. behandling i byrådet", "today")


def test_after_the_course_today_is_left_out(app: Flask) -> None:
    with app.test_request_context():
        line = pages.milestones(BUDGET, [], None, date(2028, 1, 1))
    assert "today" not in [state for _day, _label, state in line]


def test_the_answer_to_the_citizens_ends_the_line(app: Flask) -> None:
    after = Activity(phase=Phase.AFTER, title="Svar", on_date=date(2027, 11, 1))
    with app.test_request_context():
        line = pages.milestones(BUDGET, [], after, date(2027, 9, 9))
    assert line[-1][0] == date(2027, 11, 1)


def test_without_dates_there_is_no_line(app: Flask) -> None:
    with app.test_request_context():
        assert pages.milestones(Consultation(), [], None, date(2027, 9, 9)) == []
