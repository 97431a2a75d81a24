"""The forms of those who come to a meeting."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    validators,
)

from dialog.core.forms import Form
from dialog.meetings import seats
from dialog.meetings.seats import Wish

_CHOICES = [SelectChoice(number, str(number)) for number in range(1, seats.MOST_SEATS + 1)]


def _seats(label: Any) -> RadioField:
    sentence = _l("Vælg, hvor mange I er.")
    return RadioField(
        label,
        [validators.InputRequired(sentence)],
        coerce=int,
        choices=_CHOICES,
        default=1,
        invalid_choice_message=sentence,
        invalid_value_message=sentence,
    )


class SignUpForm(Form):
    """Who comes. One who is signed in is asked for the number alone."""

    draw = HiddenField()  # the same each time this form is sent, so nobody is counted twice
    name = StringField(_l("Navn"))
    email = EmailField(_l("Mailadresse"))
    homepage = StringField(_l("Lad feltet stå tomt"))  # no person sees it; programs fill it in
    seats = _seats(_l("Hvor mange pladser?"))

    def wish(self, locale: str) -> Wish:
        """What was asked for."""
        return Wish(
            name=self.name.data or "",
            email=(self.email.data or "").strip() or None,
            seats=self.seats.data,
            locale=locale,
        )


class CodeForm(Form):
    """The code of a seat."""

    code = StringField(_l("Kode"), [validators.InputRequired(_l("Skriv koden fra mailen."))])


class SeatForm(Form):
    """Another number of seats."""

    seats = _seats(_l("Hvor mange pladser?"))


class DoorForm(Form):
    """One whom the staff signs up at the door; a mail address is not needed."""

    draw = HiddenField()
    name = StringField(_l("Navn"), [validators.InputRequired(_l("Skriv navnet."))])
    email = EmailField(_l("Mailadresse"))
    seats = IntegerField(
        _l("Pladser"),
        [validators.InputRequired(_l("Skriv, hvor mange de er."))],
        default=1,
        invalid_value_message=_l("Skriv, hvor mange de er."),
    )

    def wish(self) -> Wish:
        """What was asked for."""
        return Wish(
            name=self.name.data or "",
            email=(self.email.data or "").strip() or None,
            seats=self.seats.data,
        )


class CountForm(Form):
    """How many are in the room."""

    attendance = IntegerField(
        _l("Hvor mange er her i alt?"),
        [validators.InputRequired(_l("Skriv antallet, for eksempel 84."))],
        invalid_value_message=_l("Skriv antallet, for eksempel 84."),
    )
