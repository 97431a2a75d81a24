"""The reason for a decision that everybody can read."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from dialog.core.forms import Form


class ReasonForm(Form):
    reason = TextAreaField(_l("Grunden, som alle kan læse"))
