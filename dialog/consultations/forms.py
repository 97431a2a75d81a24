"""What the chief fills in: a name, the course, the basis and its sources."""

from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
    TimeField,
    validators,
    widgets,
)

from dialog.consultations.commands import Basis
from dialog.consultations.course import Course
from dialog.consultations.models import Consultation, Kind
from dialog.core import clock
from dialog.core.forms import Form

TEXT = 4000  # characters in a text of the basis
TEXTS = {each.name for each in fields(Basis) if each.type is str}


class MioField(DecimalField):
    """Millions of kroner with at most three decimals, written with a comma or a point."""

    def __init__(self, label: Any, checks: Any = None, **more: Any) -> None:
        super().__init__(label, checks, places=None, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads "12,5" and "12.5" alike."""
        super().process_formdata([value.strip().replace(",", ".") for value in valuelist])

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}".replace(".", ",")

    def tkr(self) -> int | None:
        """The amount in whole thousands; None when the field is empty."""
        return None if self.data is None else round(self.data * 1000)


class NewForm(Form):
    """A name and a kind are enough to begin."""

    title = StringField(
        _l("Hvad hedder dialogen?"),
        [validators.InputRequired(_l("Skriv, hvad dialogen hedder.")), validators.Length(max=120)],
    )
    kind = RadioField(
        _l("Hvad handler den om?"),
        [validators.InputRequired(_l("Vælg, hvad dialogen handler om."))],
        choices=[
            SelectChoice(Kind.BUDGET.value, _l("Budget")),
            SelectChoice(Kind.SCHOOL_STRUCTURE.value, _l("Skolestruktur")),
        ],
    )
    slug = StringField(_l("Adresse"), [validators.Optional(), validators.Length(max=60)])


class CourseForm(Form):
    """The dates, from opening to decision."""

    version = IntegerField(widget=widgets.HiddenInput())
    title = StringField(
        _l("Titel"),
        [validators.InputRequired(_l("Skriv, hvad dialogen hedder.")), validators.Length(max=120)],
    )
    slug = StringField(
        _l("Adresse"),
        [validators.InputRequired(_l("Skriv en adresse.")), validators.Length(max=60)],
    )
    opens_on = DateField(_l("Dialogen åbner"), [validators.Optional()])
    first_reading_on = DateField(_l("1. behandling i byrådet"), [validators.Optional()])
    closes_on = DateField(_l("Sidste dag for svar"), [validators.Optional()])
    closes_time = TimeField(_l("Klokken"), [validators.Optional()])
    decision_on = DateField(_l("Byrådet beslutter"), [validators.Optional()])
    closes_a_school = BooleanField(
        _l("Forslagene kan betyde, at en skole lukker eller slås sammen")
    )
    effective_year = IntegerField(
        _l("Hvilket år begynder ændringen?"),
        [validators.Optional(), validators.NumberRange(2000, 2100, _l("Skriv et årstal."))],
    )

    def course(self) -> Course:
        """What was filled in. A deadline without a time lasts the day out."""
        day, time = self.closes_on.data, self.closes_time.data
        closes_at = None
        if day is not None:
            at = time or datetime.max.time().replace(second=0, microsecond=0)
            closes_at = datetime.combine(day, at, clock.COPENHAGEN)
        return Course(
            title=self.title.data or "",
            slug=(self.slug.data or "").strip(),
            opens_on=self.opens_on.data,
            first_reading_on=self.first_reading_on.data,
            closes_at=closes_at,
            decision_on=self.decision_on.data,
            closes_a_school=bool(self.closes_a_school.data),
            effective_year=self.effective_year.data,
        )


def course_form(consultation: Consultation) -> CourseForm:
    """The form with what is known, or with what was just sent."""
    closes = consultation.closes_at and clock.local(consultation.closes_at)
    return CourseForm(
        obj=consultation,
        data={
            "closes_on": closes.date() if closes else None,
            "closes_time": closes.time() if closes else None,
        },
    )


def _text(label: LazyString) -> TextAreaField:
    return TextAreaField(label, [validators.Length(max=TEXT)])


class BasisForm(Form):
    """Everything a citizen must know before he can have an opinion."""

    version = IntegerField(widget=widgets.HiddenInput())
    summary = _text(_l("Kort og i hverdagssprog: Hvad handler det om?"))
    question = _text(_l("Hvad spørger vi om?"))
    target_mio = MioField(_l("Hvor meget skal findes?"), [validators.Optional()])
    budget_year = IntegerField(
        _l("I hvilket budgetår?"),
        [validators.Optional(), validators.NumberRange(2000, 2100, _l("Skriv et årstal."))],
    )
    decided_by = StringField(_l("Hvem beslutter?"), [validators.Length(max=200)])
    already_decided = _text(_l("Det er besluttet"))
    still_open = _text(_l("Det er åbent"))
    impossible = _text(_l("Det kan ikke lade sig gøre"))
    use_of_contributions = _text(_l("Sådan bruger vi det, I skriver"))

    def basis(self) -> Basis:
        """What was filled in."""
        texts = {
            name: field.data or ""
            for name, field in self._fields.items()
            if isinstance(field, StringField) and name in TEXTS
        }
        return Basis(target_tkr=self.target_mio.tkr(), budget_year=self.budget_year.data, **texts)


def basis_form(consultation: Consultation, *, sent: bool) -> BasisForm:
    """The form with what was just sent, else with what is known."""
    tkr = consultation.target_tkr
    target = None if tkr is None else Decimal(tkr) / 1000
    return BasisForm(request.form if sent else None, obj=consultation, target_mio=target)


class SourceForm(Form):
    """A figure or a document that the basis rests on."""

    source_title = StringField(
        _l("Hvad hedder kilden?"),
        [validators.InputRequired(_l("Skriv, hvad kilden hedder.")), validators.Length(max=200)],
    )
    publisher = StringField(_l("Hvem har lavet den?"), [validators.Length(max=200)])
    source_url = StringField(_l("Hvor ligger den?"), [validators.Length(max=500)])

    def source(self) -> tuple[str, str, str]:
        """Title, publisher and address, as `commands.add_source` takes them."""
        filled = (self.source_title.data, self.publisher.data, self.source_url.data)
        title, publisher, url = (text or "" for text in filled)
        return title, publisher, url


def source_form(*, sent: bool) -> SourceForm:
    """The form with what was just sent, else empty."""
    return SourceForm(request.form if sent else None)
