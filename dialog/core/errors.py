"""One family of refusals. `core.web` turns each into its answer over HTTP."""

from collections.abc import Mapping, Sequence

from dialog.permissions import NotAllowed

__all__ = [
    "AlreadyDone",
    "DialogError",
    "InvalidInput",
    "NotAllowed",
    "NotFound",
    "NotReady",
    "TooLate",
    "TooMany",
]


class DialogError(Exception):
    """What the reader did cannot be done; the message says what to do instead."""


class NotFound(DialogError):
    """There is no such thing, or not for this reader: the two look the same."""


class InvalidInput(DialogError):
    """Fields that cannot be accepted, each with a sentence in the reader's language."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(fields.values()))
        self.fields = dict(fields)


class TooLate(DialogError):
    """The thing was open for this once, and is no longer."""


class AlreadyDone(DialogError):
    """Someone changed the thing first; nothing was overwritten."""


class NotReady(DialogError):
    """A step that the rules refuse for now; `findings` say what is missing."""

    def __init__(self, findings: Sequence[object]) -> None:
        super().__init__("not ready")
        self.findings = tuple(findings)


class TooMany(DialogError):
    """A limit was reached; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many")
        self.retry_after = retry_after
