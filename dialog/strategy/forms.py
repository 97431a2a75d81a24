"""What the chief fills in to plan the whole course."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)

from dialog.core.forms import Form
from dialog.strategy.commands import Kpi, Plan, Step
from dialog.strategy.models import Phase
from dialog.strategy.words import PHASES


class StrategyForm(Form):
    """Purpose, audiences and owner."""

    version = IntegerField(widget=widgets.HiddenInput())
    purpose = TextAreaField(_l("Hvad vil I opnå?"), [validators.Length(max=4000)])
    audiences = TextAreaField(_l("Hvem skal være med?"), [validators.Length(max=2000)])
    owner = StringField(_l("Hvem har ansvaret for planen?"), [validators.Length(max=200)])

    def plan(self) -> Plan:
        """What was filled in."""
        return Plan(
            purpose=self.purpose.data or "",
            audiences=self.audiences.data or "",
            owner=self.owner.data or "",
        )


class ActivityForm(Form):
    """One thing that happens."""

    phase = SelectField(
        _l("Hvornår i forløbet?"),
        choices=[SelectChoice(phase.value, words) for phase, words in PHASES.items()],
    )
    title = StringField(
        _l("Hvad skal der ske?"),
        [validators.InputRequired(_l("Skriv, hvad der skal ske.")), validators.Length(max=200)],
    )
    on_date = DateField(_l("Hvilken dag?"), [validators.Optional()])
    channel = StringField(_l("Hvor når I folk?"), [validators.Length(max=200)])
    owner = StringField(_l("Hvem gør det?"), [validators.Length(max=200)])
    is_done = BooleanField(_l("Det er gjort"))

    def step(self) -> Step:
        """What was filled in."""
        return Step(
            phase=Phase(self.phase.data),
            title=self.title.data or "",
            on_date=self.on_date.data,
            channel=self.channel.data or "",
            owner=self.owner.data or "",
            is_done=bool(self.is_done.data),
        )


class KpiForm(Form):
    """One number to reach."""

    name = StringField(
        _l("Hvad måler I?"),
        [validators.InputRequired(_l("Skriv, hvad I måler.")), validators.Length(max=200)],
    )
    target = IntegerField(
        _l("Hvor meget vil I nå?"),
        [
            validators.InputRequired(_l("Skriv et tal over nul.")),
            validators.NumberRange(1, 10**9, _l("Skriv et tal over nul.")),
        ],
    )
    unit = StringField(_l("Enhed"), [validators.Length(max=60)])

    def kpi(self) -> Kpi:
        """What was filled in."""
        return Kpi(
            name=self.name.data or "", target=self.target.data or 0, unit=self.unit.data or ""
        )
