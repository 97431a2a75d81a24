"""The forms of an agenda. Times are those of the clock on the wall in the municipality."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    StringField,
    TextAreaField,
    TimeField,
    validators,
)
from wtforms.widgets import HiddenInput

from dialog.agenda import choosing, commands
from dialog.agenda.models import SelectionRule
from dialog.core import clock
from dialog.meetings import forms as meetings
from dialog.meetings.models import Meeting

BY_SUPPORT, BY_CHAIR = 5, 3  # what a first rule proposes
BEFORE = timedelta(days=1)  # … and how long before the meeting the choice is made


class WholeField(IntegerField):
    """A whole number that a person types."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Skriv et helt tal.")) from None


class RuleForm(FlaskForm):
    """How the questions of a meeting are chosen."""

    number = IntegerField(validators=[validators.Optional()], widget=HiddenInput())
    by_support = WholeField(
        _l("Så mange af dem, flest støtter"),
        [validators.InputRequired(_l("Skriv et tal fra 0 til 30."))],
    )
    by_chair = WholeField(
        _l("Så mange vælger mødelederen selv"),
        [validators.InputRequired(_l("Skriv et tal fra 0 til 30."))],
    )
    overdue_first = BooleanField(_l("Tag dem, der er langt over fristen, først på mødet"))
    selects_on = DateField(_l("Dag"), [validators.InputRequired(_l("Vælg en dag."))])
    selects_time = TimeField(_l("Klokken"), [validators.InputRequired(_l("Vælg et klokkeslæt."))])
    text = TextAreaField(
        _l("Med jeres egne ord"),
        [validators.Length(max=choosing.LONGEST_TEXT, message=_l("Kort teksten ned."))],
    )
    reason = StringField(_l("Hvorfor bliver reglen ændret?"))

    def validate_selects_time(self, field: TimeField) -> None:
        if self.selects_on.data and field.data:
            try:
                meetings.moment(self.selects_on.data, field.data)
            except meetings.NoSuchHour:
                raise validators.ValidationError(
                    _("Det klokkeslæt findes ikke den dag. Urene bliver stillet frem.")
                ) from None

    def content(self) -> choosing.RuleContent:
        """What was filled in."""
        return choosing.RuleContent(
            by_support=self.by_support.data,
            by_chair=self.by_chair.data,
            overdue_first=bool(self.overdue_first.data),
            selects_at=meetings.moment(self.selects_on.data, self.selects_time.data),
            text=self.text.data or "",
        )


def rule_form(meeting: Meeting, rule: SelectionRule | None, now: datetime) -> RuleForm:
    """The form with the rule that counts, or with one to begin from, or with what was sent."""
    at = clock.local(rule.selects_at if rule else max(meeting.starts_at - BEFORE, now))
    return RuleForm(
        data={
            "number": rule.number if rule else 0,
            "by_support": rule.by_support if rule else BY_SUPPORT,
            "by_chair": rule.by_chair if rule else BY_CHAIR,
            "overdue_first": rule.overdue_first if rule else True,
            "selects_on": at.date(),
            "selects_time": at.time().replace(second=0, microsecond=0),
            "text": rule.text if rule else "",
        }
    )


class TitleForm(FlaskForm):
    """A point of the meeting's own."""

    title = StringField(
        _l("Punkt"), [validators.Length(max=commands.LONGEST_TITLE, message=_l("Kort det ned."))]
    )
    minutes = WholeField(_l("Minutter"), default=commands.MINUTES)


class OffForm(FlaskForm):
    """Why a point is taken off."""

    version = IntegerField(validators=[validators.Optional()], widget=HiddenInput())
    reason = StringField(_l("Hvorfor bliver det taget af?"))
