"""E-mail addresses that a mail can be sent to."""

import re

from flask_babel import gettext as _

from dialog.core.errors import InvalidInput

LONGEST = 254  # characters, RFC 5321
# ASCII, one @, a dot in the domain, and nothing that means something in a mail's header.
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9-]+\.)+[a-z0-9-]{2,63}")


def checked_email(text: str) -> str:
    """`text` as it is stored: bare and in lower case.

    Raises: InvalidInput for the field `email`.
    """
    email = text.strip().lower()
    local = email.partition("@")[0]
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if len(email) > LONGEST or dots or not _ADDRESS.fullmatch(email):
        raise InvalidInput({"email": _("Skriv din mailadresse, for eksempel navn@eksempel.dk.")})
    return email
