"""The form that all others are: Danish where WTForms has none, and refusals in their place."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

_CHOOSE = _l("Vælg en af mulighederne.")
# By the message that WTForms has for it. What is not here is never said to anyone who types.
_WORDS = {
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "Not a valid date value.": _l("Skriv en dag, der findes."),
    "Not a valid time value.": _l("Skriv et klokkeslæt, for eksempel 19.30."),
    "Not a valid integer value.": _l("Skriv et helt tal."),
    "Not a valid decimal value.": _l("Skriv et tal."),
    "This field is required.": _l("Feltet må ikke være tomt."),
}


class _Translations:
    """What WTForms asks for its own sentences."""

    def gettext(self, string: str) -> str:
        """The sentence in the reader's language."""
        return str(_WORDS.get(string, string))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Of several choices some are none: the one sentence that WTForms has in two forms."""
        del singular, plural, number
        return str(_CHOOSE)


class Form(FlaskForm):
    """A form of the house."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: FlaskForm) -> Any:
            """Ours, instead of the catalogues that WTForms brings along."""
            del form
            return _Translations()

    def refuse(self, fields: Mapping[str, str]) -> None:
        """Puts what a command refused beside its field, or at the top if there is none."""
        for name, sentence in fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, sentence]
            else:
                self.form_errors.append(sentence)
