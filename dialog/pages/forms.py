"""What is decided at a desk, read without trusting it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Request
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectChoice, SelectField, StringField
from wtforms import TextAreaField as TextField
from wtforms.validators import DataRequired, InputRequired, Optional

from dialog.core.errors import InvalidInput
from dialog.core.forms import Form
from dialog.debates.forms import PostForm, number
from dialog.duties.handling import Decline
from dialog.duties.models import DeclineCode, PauseCause, PromiseKind
from dialog.duties.promising import Pledge

MOST_TOGETHER = 20  # questions that one answer is given to at once

DECLINES = {
    DeclineCode.ANSWERED_HERE: _l("Der er svaret på det her et andet sted"),
    DeclineCode.NOT_MUNICIPAL: _l("Det er ikke kommunens sag"),
    DeclineCode.PERSONAL_CASE: _l("Det er en personsag"),
    DeclineCode.OTHER: _l("Noget andet"),
}
PROMISES = {
    PromiseKind.INVESTIGATING: _l("Jeg undersøger det"),
    PromiseKind.AMENDMENT: _l("Jeg stiller ændringsforslag"),
    PromiseKind.CHANGING: _l("Vi ændrer det"),
    PromiseKind.STANDING_BY: _l("Jeg fastholder"),
}
_REASON = InputRequired(_l("Skriv en grund, som alle kan læse."))
_DAY = InputRequired(_l("Vælg en dag."))
_SOMEONE = DataRequired(_l("Vælg en person."))


@dataclass
class AnswerForm:
    """An answer as it was sent, or an empty one. `errors` are sentences by field."""

    post: PostForm = field(default_factory=PostForm)
    others: list[int] = field(default_factory=list)  # questions that it answers as well
    promise_kind: str = ""
    promise_text: str = ""
    promise_day: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, request: Request) -> "AnswerForm":
        """What the request carries; numbers that are none are passed over."""
        sent = request.form
        others = (number(each) for each in sent.getlist("others")[:MOST_TOGETHER])
        return cls(
            post=PostForm.sent(request),
            others=[each for each in others if each],
            promise_kind=sent.get("promise_kind", ""),
            promise_text=sent.get("promise_text", "")[:2_000],
            promise_day=sent.get("promise_day", "")[:10],
        )

    @property
    def pledge(self) -> Pledge | None:
        """What is promised, or None. Raises: InvalidInput (promise_day)."""
        if self.promise_kind not in set(PromiseKind):
            return None
        return Pledge(
            kind=PromiseKind(self.promise_kind), text=self.promise_text, day=_day(self.promise_day)
        )


class HandOnForm(Form):
    to = SelectField(_l("Giv spørgsmålet videre til"), [_SOMEONE], coerce=int)
    reason = StringField(_l("Hvorfor?"), [_REASON])

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Fills in whom one can choose."""
        self.to.choices = _someone_of(people)


class DeclineForm(Form):
    code = RadioField(
        _l("Hvorfor bliver der ikke svaret her?"),
        [InputRequired(_l("Vælg en grund."))],
        choices=[SelectChoice(code.value, words) for code, words in DECLINES.items()],
    )
    see = StringField(_l("Link til svaret"), [Optional()])
    reason = TextField(_l("Forklar det for den, der spurgte"), [Optional()])

    @property
    def why(self) -> Decline:
        """What was chosen and written; a link counts only for what is answered elsewhere."""
        code = DeclineCode(self.code.data)
        see = self._see_id if code is DeclineCode.ANSWERED_HERE else None
        return Decline(code=code, reason=self.reason.data or "", see_answer_id=see)

    @property
    def _see_id(self) -> int | None:
        """The post that the link leads to."""
        words = (self.see.data or "").rstrip("/").partition("#")[0]
        return number(words.rpartition("/")[2])


class GiveUpForm(Form):
    reason = TextField(
        _l("Hvorfor kan det ikke lade sig gøre?"),
        [InputRequired(_l("Skriv, hvorfor det ikke kan lade sig gøre."))],
    )


class FactsForm(Form):
    reason = TextField(
        _l("Hvad mangler du at vide?"), [InputRequired(_l("Skriv, hvad du mangler at vide."))]
    )
    until = DateField(_l("Senest"), [_DAY])


class PauseForm(Form):
    cause = RadioField(
        _l("Hvorfor står uret stille?"),
        choices=[
            SelectChoice(PauseCause.ILLNESS.value, _l("Sygdom")),
            SelectChoice(PauseCause.FACTS.value, _l("Der bliver fundet fakta")),
        ],
        default=PauseCause.ILLNESS.value,
    )
    reason = StringField(_l("Grunden, som alle kan læse"), [_REASON])
    until = DateField(_l("Sidste dag på pause"), [_DAY])


class PostponeForm(Form):
    day = DateField(_l("Ny frist"), [_DAY])
    reason = StringField(_l("Grunden, som alle kan læse"), [_REASON])


class RecessForm(Form):
    name = StringField(
        _l("Navn"), [InputRequired(_l("Skriv, hvad pausen hedder, for eksempel sommerferie."))]
    )
    first_day = DateField(_l("Første dag"), [_DAY])
    last_day = DateField(_l("Sidste dag"), [_DAY])


class LeaveForm(Form):
    first_day = DateField(_l("Første dag"), [_DAY])
    leave_until = DateField(_l("Sidste dag"), [Optional()])
    substitute_id = SelectField(_l("Den, der svarer imens"), [_SOMEONE], coerce=int)

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Fills in who can stand in."""
        self.substitute_id.choices = _someone_of(people)


class MergeForm(Form):
    into = StringField(_l("Læg sammen med"), [InputRequired(_l("Vælg det spørgsmål, det ligner."))])

    @property
    def into_id(self) -> int | None:
        """The question that was chosen, by its number or by a link to it."""
        words = (self.into.data or "").rstrip("/").partition("#")[0]
        return number(words.rpartition("/")[2])


class CloseAccountForm(Form):
    posts = RadioField(
        _l("Hvad skal der ske med dine indlæg?"),
        [InputRequired(_l("Vælg, hvad der skal ske med dine indlæg."))],
        choices=[
            SelectChoice("keep", _l("Lad dem stå uden mit navn")),
            SelectChoice("withdraw", _l("Træk dem alle tilbage")),
        ],
    )


def _someone_of(people: Sequence[tuple[int, str]]) -> list[SelectChoice]:
    """Nobody first, so that nobody is chosen by a slip."""
    someone = [SelectChoice(str(id_), name) for id_, name in people]
    return [SelectChoice("0", _l("Vælg en person")), *someone]


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError as not_a_day:
        raise InvalidInput({"promise_day": str(_l("Skriv en dag, der findes."))}) from not_a_day


def typed(form: Form) -> dict[str, Any]:
    """What was filled in, by field."""
    return {name: value for name, value in form.data.items() if name != "csrf_token"}
