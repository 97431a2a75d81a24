"""The phases of a course, in words."""

from flask_babel import lazy_gettext as _l

from dialog.strategy.models import Phase

PHASES = {
    Phase.ANNOUNCE: _l("Før dialogen åbner"),
    Phase.DIALOGUE: _l("Mens dialogen er åben"),
    Phase.MEETING: _l("Omkring borgermøderne"),
    Phase.DECISION: _l("Når byrådet beslutter"),
    Phase.AFTER: _l("Efter beslutningen"),
}
