"""What people type about themselves, and what admins decide about people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired

from dialog.core.forms import Form
from dialog.people.models import Committee, OfficeTitle, Party
from dialog.permissions import Role

ROLES = {
    Role.CITIZEN: _l("Borger"),
    Role.POLITICIAN: _l("Politiker"),
    Role.SECRETARY: _l("Politikernes sekretariat"),
    Role.COMMS_CHIEF: _l("Kommunikationschef"),
    Role.MODERATOR: _l("Moderator"),
    Role.ADMIN: _l("Administrator"),
}
OFFICES = {
    OfficeTitle.MEMBER: _l("Medlem"),
    OfficeTitle.VICE_CHAIR: _l("Næstformand"),
    OfficeTitle.CHAIR: _l("Formand"),
    OfficeTitle.MAYOR: _l("Borgmester og formand"),
}
LANGUAGES = {"da": "Dansk", "en": "English"}

_EMAIL = InputRequired(_l("Skriv din mailadresse."))
_PASSWORD = InputRequired(_l("Skriv din adgangskode."))


def _choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """One choice for each entry: value and words."""
    return [SelectChoice(str(value), told) for value, told in words.items()]


def _select(label: Any, words: Mapping[Any, Any], **more: Any) -> SelectField:
    """A field that takes one of these and says so in our own words."""
    sentence = _l("Vælg en af mulighederne.")
    return SelectField(
        label,
        choices=_choices(words),
        invalid_choice_message=sentence,
        invalid_value_message=sentence,
        **more,
    )


class SignInForm(Form):
    email = EmailField(_l("Mailadresse"), [_EMAIL])
    password = PasswordField(_l("Adgangskode"), [_PASSWORD])
    next = HiddenField()


class AgainForm(Form):
    password = PasswordField(_l("Adgangskode"), [_PASSWORD])
    next = HiddenField()


class SignUpForm(Form):
    name = StringField(_l("Navn"), [InputRequired(_l("Skriv dit navn."))])
    email = EmailField(_l("Mailadresse"), [_EMAIL])
    password = PasswordField(_l("Adgangskode"), [InputRequired(_l("Vælg en adgangskode."))])
    area = StringField(_l("By eller bydel"))
    homepage = StringField(_l("Lad feltet stå tomt"))  # no person sees it; programs fill it in
    next = HiddenField()


class ForgotPasswordForm(Form):
    email = EmailField(_l("Mailadresse"), [_EMAIL])


class NewPasswordForm(Form):
    password = PasswordField(_l("Ny adgangskode"), [InputRequired(_l("Vælg en adgangskode."))])


class ChangePasswordForm(Form):
    current = PasswordField(_l("Din nuværende adgangskode"), [_PASSWORD])
    password = PasswordField(_l("Ny adgangskode"), [InputRequired(_l("Vælg en ny adgangskode."))])


class AccountForm(Form):
    name = StringField(_l("Navn"))
    area = StringField(_l("By eller bydel"))
    locale = _select(_l("Sprog"), LANGUAGES)


class VerifyForm(Form):
    code = StringField(_l("Koden på sedlen"), [InputRequired(_l("Skriv koden fra sedlen."))])
    area = StringField(_l("By eller bydel, hvor du bor"))


class SlipsForm(Form):
    place = StringField(
        _l("Hvor bliver de delt ud?"), [InputRequired(_l("Skriv, hvor sedlerne bliver delt ud."))]
    )
    area = StringField(_l("By eller bydel"))
    count = IntegerField(
        _l("Hvor mange sedler?"),
        [InputRequired(_l("Skriv, hvor mange sedler du skal bruge."))],
        default=50,
        invalid_value_message=_l("Skriv, hvor mange sedler du skal bruge."),
    )
    days = IntegerField(
        _l("Hvor længe gælder de?"),
        [InputRequired(_l("Skriv, hvor mange dage de gælder."))],
        default=30,
        invalid_value_message=_l("Skriv, hvor mange dage de gælder."),
    )


class InviteForm(Form):
    name = StringField(_l("Navn"), [InputRequired(_l("Skriv personens navn."))])
    email = EmailField(_l("Mailadresse"), [InputRequired(_l("Skriv personens mailadresse."))])
    role = _select(_l("Rolle"), {role: told for role, told in ROLES.items() if role != "citizen"})
    title = StringField(_l("Stilling"))

    def person(self) -> dict[str, Any]:
        """What was typed, as the command takes it."""
        return {
            "name": self.name.data,
            "email": self.email.data,
            "role": Role(self.role.data),
            "title": self.title.data or "",
        }


class CommitteeForm(Form):
    name = StringField(_l("Navn"), [InputRequired(_l("Skriv udvalgets navn."))])


class PartyForm(Form):
    letter = StringField(_l("Bogstav"), [InputRequired(_l("Skriv partiets bogstav."))])
    name = StringField(_l("Navn"), [InputRequired(_l("Skriv partiets navn."))])


CouncilForm = CommitteeForm | PartyForm


class PersonForm(Form):
    """Without the offices, which depend on the committees there are: see `person_form`."""

    name = StringField(_l("Navn"), [InputRequired(_l("Skriv personens navn."))])
    title = StringField(_l("Stilling"))
    role = _select(_l("Rolle"), ROLES)
    party_id = _select(_l("Parti"), {}, coerce=int)
    edition = HiddenField()

    def offices(self) -> list[tuple[int, OfficeTitle]]:
        """What was chosen: (committee id, title)."""
        return [
            (int(name.removeprefix("office_")), OfficeTitle(field.data))
            for name, field in self._fields.items()
            if name.startswith("office_") and field.data
        ]

    def office_fields(self) -> list[Field]:
        """One field for each committee."""
        return [field for name, field in self._fields.items() if name.startswith("office_")]


def person_form(
    parties: Sequence[Party], committees: Iterable[Committee], **shown: Any
) -> PersonForm:
    """The form of one person, with a choice of office for every committee."""
    offices: dict[Any, Any] = {"": _l("Ikke medlem"), **OFFICES}
    fields = {
        f"office_{committee.id}": _select(committee.name, offices) for committee in committees
    }
    form: PersonForm = type("PersonFormWithOffices", (PersonForm,), fields)(**shown)
    named: dict[int, Any] = {one.id: f"{one.name} ({one.letter})" for one in parties}
    form.party_id.choices = _choices({0: _l("Intet parti"), **named})
    return form
