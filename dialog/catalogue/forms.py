"""The forms of the catalogue. Amounts are read as municipalities write them."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.widgets import HiddenInput

from dialog.catalogue import amounts
from dialog.catalogue.commands import ProposalContent, SchoolContent
from dialog.catalogue.models import ProposalKind
from dialog.catalogue.queries import PricedProposal
from dialog.core import formats
from dialog.core.forms import Form

YEARS = 4  # the budget year and the three that follow it
TEXT = 20_000  # characters, as in an imported file

KINDS = {
    ProposalKind.EFFICIENCY: _l("Effektivisering"),
    ProposalKind.SERVICE_REDUCTION: _l("Mindre service"),
    ProposalKind.FRAME_CUT: _l("Samme procent fra alle"),
    ProposalKind.FEE: _l("Takst eller gebyr"),
    ProposalKind.STRUCTURE: _l("Struktur"),
    ProposalKind.EXPANSION: _l("Udvidelse"),
    ProposalKind.CAPITAL: _l("Anlæg"),
    ProposalKind.OTHER: _l("Andet"),
}


class NumberField(StringField):
    """A number in one line of text; None when the line is empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = self._parsed(text) if text else None

    def _parsed(self, text: str) -> Any:
        number = _amount(text)
        if number.unit or number.currency:
            raise ValueError(_("“%(value)s” er ikke et tal.", value=text))
        return number.number

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else formats.number(self.data)


class WholeNumberField(NumberField):
    """A whole number, not below zero."""

    def _parsed(self, text: str) -> int:
        number: Decimal = super()._parsed(text)
        if number != int(number) or number < 0:
            raise ValueError(_("Skriv et helt tal, for eksempel 1.400."))
        return int(number)


class DecimalField(NumberField):
    """A number with decimals, as "−4,5"."""

    def _parsed(self, text: str) -> float:
        return float(super()._parsed(text))


class MoneyField(NumberField):
    """Whole thousands of kroner: "-3.600", "-3.600.000 kr." and "-3,6 mio. kr." are the same."""

    def _parsed(self, text: str) -> int:
        amount = _amount(text)
        if amount.unit is None and not amount.currency and amount.number % 1:
            raise ValueError(_("Er det millioner? Skriv “%(value)s mio. kr.”", value=text))
        try:
            return amounts.in_tkr(amount, "kr" if amount.currency else "tkr")
        except amounts.AmountError as error:
            raise ValueError(_("Det er mere, end en kommune har.")) from error


def _amount(text: str) -> amounts.Amount:
    try:
        return amounts.parse_amount(text)
    except amounts.AmountError as error:
        raise ValueError(
            _("“%(value)s” kan vi ikke læse. Skriv for eksempel -3.600 eller -3,6 mio. kr.",
              value=text)
        ) from error  # fmt: skip


class ProposalForm(Form):
    """Everything that is written in a proposal. `amounts` are of `first_year` and on."""

    version = IntegerField(validators=[validators.Optional()], widget=HiddenInput())
    code = StringField(
        _l("Nummer"),
        [validators.InputRequired(_l("Giv forslaget et nummer.")), validators.Length(max=40)],
    )
    title = StringField(
        _l("Titel"),
        [validators.InputRequired(_l("Giv forslaget en titel.")), validators.Length(max=300)],
    )
    committee_id = SelectField(_l("Udvalg"), coerce=int)
    policy_area = StringField(_l("Område"), [validators.Length(max=200)])
    kind = SelectField(
        _l("Slags"), choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()]
    )
    service_impact = TextAreaField(_l("Hvad mærker borgerne?"), [validators.Length(max=TEXT)])
    description = TextAreaField(_l("Hvad går forslaget ud på?"), [validators.Length(max=TEXT)])
    assumptions = TextAreaField(_l("Hvad bygger tallene på?"), [validators.Length(max=TEXT)])
    amount_0 = MoneyField()
    amount_1 = MoneyField()
    amount_2 = MoneyField()
    amount_3 = MoneyField()
    one_off_cost_tkr = MoneyField(_l("Engangsudgift"))
    area_total_tkr = MoneyField(_l("Områdets samlede budget"))
    people_affected = WholeNumberField(_l("Hvor mange borgere mærker det?"))
    fte_delta = DecimalField(_l("Ændring i årsværk"))
    is_statutory = RadioField(
        _l("Er opgaven lovpligtig?"),
        choices=[
            SelectChoice("yes", _l("Ja")),
            SelectChoice("no", _l("Nej")),
            SelectChoice("", _l("Ved ikke")),
        ],
        default="",
    )
    special_procedure = BooleanField(_l("Forslaget kræver sin egen høring"))
    exclusive_group = StringField(_l("Model"), [validators.Length(max=40)])

    def offer(self, committees: list[tuple[int, str]], first_year: int) -> None:
        """Puts the committees to choose from, and the years, into the form."""
        self.committee_id.choices = [
            SelectChoice("0", _("Vælg udvalg")),
            *(SelectChoice(str(committee_id), name) for committee_id, name in committees),
        ]
        for year, amount in enumerate(self.amount_fields, start=first_year):
            amount.label.text = str(year)

    @property
    def amount_fields(self) -> list[MoneyField]:
        return [self.amount_0, self.amount_1, self.amount_2, self.amount_3]

    def content(self) -> ProposalContent:
        """What was filled in, once the form is valid."""
        own = ("csrf_token", "version", "committee_id", "kind", "is_statutory")
        values: dict[str, Any] = {
            name: field.data if isinstance(field, (NumberField, BooleanField)) else field.data or ""
            for name, field in self._fields.items()
            if name not in own and not name.startswith("amount_")
        }
        return ProposalContent(
            **values,
            committee_id=self.committee_id.data or None,
            kind=ProposalKind(self.kind.data),
            is_statutory={"yes": True, "no": False}.get(self.is_statutory.data),
            amounts={int(each.label.text): each.data for each in self.amount_fields},
        )


def proposal_form(found: PricedProposal | None, first_year: int) -> ProposalForm:
    """The form with what is known of the proposal, or with what was just sent."""
    if found is None:
        return ProposalForm(kind=ProposalKind.OTHER.value, committee_id=0)
    known = {True: "yes", False: "no", None: ""}[found.proposal.is_statutory]
    known_amounts = {f"amount_{i}": found.amounts.get(first_year + i) for i in range(YEARS)}
    committee_id = found.proposal.committee_id or 0
    data = {"is_statutory": known, "committee_id": committee_id, **known_amounts}
    plain = {name: value for name, value in vars(found.proposal).items() if name not in data}
    return ProposalForm(data=plain | data)


class ImportForm(Form):
    """A spreadsheet from the municipality's own budget department."""

    file = FileField(_l("Regneark"), [FileRequired(_l("Vælg den fil, der skal læses ind."))])
    unit = RadioField(
        _l("Hvad er beløbene i?"),
        choices=[
            SelectChoice("", _l("Det står i filen")),
            SelectChoice("kr", _l("Kroner")),
            SelectChoice("tkr", _l("1.000 kr.")),
        ],
        default="",
    )  # fmt: skip


class SchoolForm(Form):
    """A school that the structure is about."""

    name = StringField(
        _l("Skolens navn"),
        [validators.InputRequired(_l("Skriv, hvad skolen hedder.")), validators.Length(max=120)],
    )
    area = StringField(_l("Hvor ligger den?"), [validators.Length(max=120)])
    pupils_now = WholeNumberField(
        _l("Elever i dag"), [validators.InputRequired(_l("Skriv, hvor mange elever der er i dag."))]
    )
    pupils_forecast = WholeNumberField(
        _l("Elever ifølge prognosen"),
        [validators.InputRequired(_l("Skriv, hvor mange elever prognosen siger."))],
    )
    forecast_year = WholeNumberField(
        _l("Prognosens år"),
        [
            validators.InputRequired(_l("Skriv, hvilket år prognosen gælder.")),
            validators.NumberRange(2000, 2100, _l("Skriv et årstal.")),
        ],
    )
    capacity = WholeNumberField(
        _l("Plads til"),
        [validators.InputRequired(_l("Skriv, hvor mange elever der er plads til."))],
    )
    class_average = DecimalField(
        _l("Elever i en klasse i gennemsnit"),
        [validators.InputRequired(_l("Skriv, hvor mange elever der er i en klasse."))],
    )

    def content(self) -> SchoolContent:
        """What was filled in, once the form is valid."""
        return SchoolContent(
            **{name: each.data for name, each in self._fields.items() if name != "csrf_token"}
        )
