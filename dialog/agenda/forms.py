"""The forms of an agenda. Times are those of the clock on the wall in the municipality."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    validators,
)
from wtforms.widgets import HiddenInput

from dialog.agenda import choosing, commands
from dialog.agenda.models import SelectionRule
from dialog.catalogue.models import Proposal
from dialog.core import clock
from dialog.core.forms import Form
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


class RuleForm(Form):
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


class TitleForm(Form):
    """A point of the meeting's own."""

    title = StringField(
        _l("Punkt"), [validators.Length(max=commands.LONGEST_TITLE, message=_l("Kort det ned."))]
    )
    minutes = WholeField(_l("Minutter"), default=commands.MINUTES)


def _id(sent: object) -> int:
    """The number that was chosen; 0 for anything else."""
    typed = str(sent)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class ProposalForm(Form):
    """A proposal that the meeting talks about."""

    proposal_id = SelectField(_l("Forslag"), coerce=_id, validate_choice=False)
    proposal_minutes = WholeField(_l("Minutter"), default=commands.MINUTES_FOR_PROPOSAL)


def proposal_form(proposals: Iterable[tuple[Proposal, bool]], **more: Any) -> ProposalForm:
    """The form with what can be chosen, those that the meeting's threads debate on top."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for proposal, is_debated in proposals:
        label = _("I mødets tråde") if is_debated else _("Andre forslag")
        groups.setdefault(label, []).append((proposal.id, f"{proposal.code} {proposal.title}"))
    form = ProposalForm(**more)
    form.proposal_id.choices = {_("Vælg"): [(0, _("Vælg et forslag"))], **groups}
    return form


class OffForm(Form):
    """Why a point is taken off."""

    version = IntegerField(validators=[validators.Optional()], widget=HiddenInput())
    reason = StringField(_l("Hvorfor bliver det taget af?"))
