"""What passing the gate asks for: a reason, or what was decided."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField, validators

from dialog.core.forms import Form
from dialog.gate.commands import REASON


class OverrideForm(Form):
    """Why a rule is set aside."""

    reason = TextAreaField(
        _l("Hvorfor fraviger vi rådet?"),
        [
            validators.InputRequired(_l("Skriv, hvorfor vi fraviger rådet.")),
            validators.Length(max=REASON),
        ],
    )


class DecisionForm(Form):
    """What the council decided."""

    summary = TextAreaField(
        _l("Hvad besluttede byrådet?"),
        [
            validators.InputRequired(_l("Skriv, hvad byrådet besluttede.")),
            validators.Length(max=4000),
        ],
    )
