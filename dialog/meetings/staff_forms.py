"""The form in which a meeting's staff and panel are chosen."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SelectChoice, SelectField, validators

from dialog.core.forms import Form
from dialog.meetings.models import StaffPart
from dialog.people.models import User
from dialog.people.office_queries import Politician

EACH = 2  # one may fall ill, and two write faster than one
_LABELS = {
    StaffPart.CHAIR: (_l("Mødeleder"), _l("Mødeleder nummer to")),
    StaffPart.NOTE_TAKER: (_l("Referent"), _l("Referent nummer to")),
}


class StaffForm(Form):
    """Who runs it. The fields of the panel depend on who is elected: see `staff_form`."""

    def chosen(self, part: str) -> list[int]:
        """Those who were chosen for this part."""
        return [field.data for field in self.fields_of(part) if field.data]

    def panel(self) -> list[int]:
        """The panel in the order of its chairs."""
        fields = [field for field in self.fields_of("panel") if field.data]
        ordered = sorted(fields, key=lambda field: field.data)
        return [int(field.name.removeprefix("panel_")) for field in ordered]

    def fields_of(self, part: str) -> list[Field]:
        """The fields of one part."""
        return [field for name, field in self._fields.items() if name.startswith(f"{part}_")]


def staff_form(
    running: Sequence[tuple[StaffPart, User]],
    sitting: Sequence[User],
    officials: Sequence[User],
    politicians: Sequence[Politician],
) -> StaffForm:
    """The form with those who are chosen now, and everyone who can be."""
    known = {user.id: _told(user) for user in (*officials, *(user for _part, user in running))}
    by_name = sorted(known.items(), key=lambda one: one[1].casefold())
    choices = [SelectChoice(value, told) for value, told in [(0, _l("Ingen")), *by_name]]
    fields: dict[str, Any] = {}
    for part, labels in _LABELS.items():
        now = [user.id for each, user in running if each is part] + [0] * EACH
        for number, label in enumerate(labels):
            fields[f"{part}_{number}"] = SelectField(
                label,
                choices=choices,
                coerce=int,
                default=now[number],
                invalid_choice_message=_l("Vælg en af mulighederne."),
                invalid_value_message=_l("Vælg en af mulighederne."),
            )
    chairs = {user.id: number for number, user in enumerate(sitting, 1)}
    for one in politicians:
        fields[f"panel_{one.id}"] = IntegerField(
            f"{one.name} ({one.party})" if one.party else one.name,
            [validators.Optional(), validators.NumberRange(1, 99, _l("Skriv et tal fra 1."))],
            default=chairs.get(one.id),
            invalid_value_message=_l("Skriv et tal fra 1."),
        )
    form: StaffForm = type("StaffFormOfMeeting", (StaffForm,), fields)()
    return form


def _told(user: User) -> str:
    return f"{user.name}, {user.title}" if user.title else user.name
