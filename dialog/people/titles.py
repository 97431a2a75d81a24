"""What an office is called. It is stored in Danish, with what was said from it, and shown in the
reader's language."""

from collections.abc import Callable

from flask_babel import gettext as _

COUNCILLOR = "medlem af byrådet"

_ALONE: dict[str, Callable[[], str]] = {
    "borgmester": lambda: _("borgmester"),
    COUNCILLOR: lambda: _("medlem af byrådet"),
}
_OF_COMMITTEE: dict[str, Callable[[str], str]] = {
    "formand for ": lambda name: _("formand for %(committee)s", committee=name),
    "næstformand for ": lambda name: _("næstformand for %(committee)s", committee=name),
    "medlem af ": lambda name: _("medlem af %(committee)s", committee=name),
}


def spoken(title: str | None) -> str:
    """The title as the page's language says it; one that is nobody's standard office stays."""
    title = title or ""
    if title in _ALONE:
        return _ALONE[title]()
    for begins, say in _OF_COMMITTEE.items():
        if title.startswith(begins):
            return say(title.removeprefix(begins))
    return title
