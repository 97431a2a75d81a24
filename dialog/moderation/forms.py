"""The reason for a decision that everybody can read."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import Optional

from dialog.core.forms import Form


class ReasonForm(Form):
    what = RadioField(
        _l("Hvad skal skjules?"),
        choices=[
            SelectChoice("post", _l("Hele spørgsmålet")),
            SelectChoice("contest", _l("Kun det, spørgeren skrev om svaret")),
        ],
        default="post",
        validators=[Optional()],
    )
    reason = TextAreaField(_l("Grunden, som alle kan læse"))
