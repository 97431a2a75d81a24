"""What every form says when something cannot be right."""

from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TimeField,
)

from dialog.core.forms import Form


class Everything(Form):
    class Meta(Form.Meta):
        csrf = False

    day = DateField()
    hour = TimeField()
    count = IntegerField()
    share = DecimalField()
    one = SelectField(choices=[SelectChoice("1", "Et")], coerce=int)
    other = RadioField(choices=[SelectChoice("1", "Et")])
    several = SelectMultipleField(choices=[SelectChoice("1", "Et")])
    numbers = SelectMultipleField(choices=[SelectChoice("1", "Et")], coerce=int)


def test_what_cannot_be_right_is_told_in_danish(app: Flask) -> None:
    names = [name for name in vars(Everything) if not name.startswith("_") and name != "Meta"]
    with app.test_request_context():
        form = Everything(MultiDict((name, "%(x)s sludder") for name in names))
        assert not form.validate()
        assert {name: form[name].errors[0] for name in names} == {
            "day": "Skriv en dag, der findes.",
            "hour": "Skriv et klokkeslæt, for eksempel 19.30.",
            "count": "Skriv et helt tal.",
            "share": "Skriv et tal.",
            "one": "Vælg en af mulighederne.",
            "other": "Vælg en af mulighederne.",
            "several": "Vælg en af mulighederne.",
            "numbers": "Vælg en af mulighederne.",
        }


def test_a_refusal_stands_by_its_field_or_at_the_top(app: Flask) -> None:
    with app.test_request_context():
        form = Everything(MultiDict())
        form.refuse({"day": "Den dag er forbi.", "nothing": "Prøv igen."})
        assert form.day.errors == ["Den dag er forbi."]
        assert form.form_errors == ["Prøv igen."]
