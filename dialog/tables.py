"""Every table of every room, for migrations and for tests."""

from dialog.agenda import models as _agenda  # noqa: F401
from dialog.agenda.hall import models as _hall  # noqa: F401
from dialog.audit import models as _audit  # noqa: F401
from dialog.catalogue import models as _catalogue  # noqa: F401
from dialog.consultations import models as _consultations  # noqa: F401
from dialog.core.db import Base
from dialog.debates import models as _debates  # noqa: F401
from dialog.duties import models as _duties  # noqa: F401
from dialog.gate import models as _gate  # noqa: F401
from dialog.mail import models as _mail  # noqa: F401
from dialog.meetings import models as _meetings  # noqa: F401
from dialog.moderation import models as _moderation  # noqa: F401
from dialog.notifications import models as _notifications  # noqa: F401
from dialog.people import models as _people  # noqa: F401
from dialog.strategy import models as _strategy  # noqa: F401

metadata = Base.metadata
