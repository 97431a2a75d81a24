"""What a writer sends, read without trusting it."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from flask import Request
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from dialog.core.forms import Form
from dialog.debates import tree
from dialog.debates.models import PostKind
from dialog.debates.queries import ThreadPage

_PATH = re.compile(r"[0-9A-Za-z]*\Z", re.ASCII)


LARGEST = 2**31 - 1  # what an integer of the store holds, on every engine

EVERYONE = "everyone"  # what is chosen instead of somebody to ask


@dataclass
class PostForm:
    """A post as it was sent, or an empty one. `errors` are sentences by field."""

    body: str = ""
    topic: str = ""
    kind: str = PostKind.COMMENT
    parent_id: str = ""
    to: str = ""
    as_office: bool = True
    idempotency_key: str = field(default_factory=lambda: uuid.uuid4().hex)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, request: Request) -> "PostForm":
        """What the request carries; unknown kinds are comments."""
        sent = request.form
        return cls(
            body=sent.get("body", ""),
            topic=sent.get("topic", ""),
            kind=kind_of(sent.get("kind")),
            parent_id=sent.get("parent_id", ""),
            to=sent.get("to", ""),
            as_office=sent.get("as", "office") != "member",
            idempotency_key=sent.get("idempotency_key", "")[:64],
        )


class ContestForm(Form):
    """What is missing in an answer."""

    reason = TextAreaField(_l("Hvad mangler du svar på?"))


def number(text: str) -> int | None:
    """The whole number that was sent, or None; one too big for the store is none either."""
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else None
    return found if found is not None and found <= LARGEST else None


def kind_of(text: str | None) -> PostKind:
    """The kind that was sent; an unknown one is a comment."""
    return PostKind(text) if text in set(PostKind) else PostKind.COMMENT


def path(text: str) -> str:
    """The path of a post that was sent as a cursor, or the empty one."""
    return text if len(text) <= tree.DEEPEST * tree.LEVEL and _PATH.match(text) else ""


class _Checkboxes(SelectMultipleField):
    """Several of several, each with a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ThreadForm(Form):
    """A thread's words and ties."""

    version = HiddenField(default="1")
    title = StringField(
        _l("Overskrift"),
        [
            DataRequired(_l("Giv tråden en overskrift.")),
            Length(max=140, message=_l("Overskriften er for lang. Der er plads til 140 tegn.")),
        ],
    )
    intro = TextAreaField(
        _l("Indledning"),
        [Length(max=5000, message=_l("Teksten er for lang. Der er plads til 5.000 tegn."))],
    )
    meeting_id = SelectField(
        _l("Borgermøde"),
        coerce=int,
        validate_choice=False,  # the command knows the meetings
    )
    proposals = _Checkboxes(_l("Forslag, som tråden handler om"), coerce=int, validate_choice=False)
    politicians = _Checkboxes(_l("Politikere, der svarer"), coerce=int, validate_choice=False)

    def words(self) -> dict[str, Any]:
        """What the commands take."""
        return {
            "title": self.title.data or "",
            "intro": self.intro.data or "",
            "meeting_id": self.meeting_id.data,
            "proposal_ids": self.proposals.data or [],
            "politician_ids": self.politicians.data or [],
        }

    def sent_version(self) -> int:
        """The version that was on the screen."""
        return number(self.version.data or "") or 0

    def show(self, page: ThreadPage, *, proposals: list[int], politicians: list[int]) -> None:
        """Fills the form with the thread as it stands."""
        self.version.data = str(page.thread.version)
        self.title.data, self.intro.data = page.thread.title, page.opening.source
        self.meeting_id.data = page.meeting.id
        self.proposals.data, self.politicians.data = proposals, politicians


class MissingThreadsForm(Form):
    """One meeting for all the threads that are still missing."""

    meeting_id = SelectField(_l("Borgermøde"), coerce=int)
