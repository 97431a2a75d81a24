"""Offices are stored in Danish and told in the reader's language."""

import pytest
from flask import Flask
from flask_babel import force_locale

from dialog.people import titles


@pytest.mark.parametrize(
    "title",
    ["borgmester", "formand for Ældreudvalget", "medlem af byrådet", "skolechef", "formand"],
)
def test_in_danish_a_title_is_told_as_it_is_stored(app: Flask, title: str) -> None:
    with app.test_request_context(), force_locale("da"):
        assert titles.spoken(title) == title


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("borgmester", "mayor"),
        ("formand for Ældreudvalget", "chair of Ældreudvalget"),
        ("næstformand for Ældreudvalget", "vice-chair of Ældreudvalget"),
        ("medlem af Ældreudvalget", "member of Ældreudvalget"),
        ("medlem af byrådet", "member of the council"),
        ("skolechef", "skolechef"),
        (None, ""),
    ],
)
def test_in_english_a_standard_office_is_told_in_english(
    app: Flask, title: str | None, told: str
) -> None:
    with app.test_request_context(), force_locale("en"):
        assert titles.spoken(title) == told
