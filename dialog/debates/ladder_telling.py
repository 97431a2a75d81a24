"""What the clock tells of a duty: a reminder, that the time is over, and who hears of it then.

The same step reads differently for the one who owes it, for a secretary who helps, and for those
above; and a promise is no question.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.core import html
from dialog.debates import duty_telling, owing
from dialog.duties.models import Desk, Duty, Origin, Step
from dialog.notifications import kinds
from dialog.notifications.models import Topic

Words = Mapping[str, str]


Title = Callable[[Words], str]


def _to(lead: Title, why: Title) -> Callable[[Title], kinds.Kind]:
    """How a kind of news is made for one kind of reader: what leads on, and why he gets it."""
    return lambda title: kinds.Kind(Topic.DUTIES, title, lead=lead, why=why, waits_for_morning=True)


_own = _to(
    lead=lambda _words: _("Læs spørgsmålet, og svar"),
    why=lambda _words: _(
        "Dit svar bliver vist i debatten, hvor alle kan læse det. "
        "Kan du ikke nå det inden fristen, kan alle også se det."
    ),
)
_own_promise = _to(
    lead=lambda _words: _("Fortæl, hvad der blev af det"),
    why=lambda _words: _("Du får denne mail, fordi du har lovet noget i et svar."),
)
_helps = _to(  # a secretary
    lead=lambda _words: _("Se, hvad det handler om"),
    why=lambda _words: _("Du får denne mail, fordi du hjælper politikerne med deres svar."),
)
_above = _to(  # the chair of the committee, and then the mayor
    lead=lambda _words: _("Se, hvad det handler om"),
    why=lambda _words: _("Du får denne mail, fordi fristen for et svar er gået."),
)

_KINDS = {
    "duty_reminder": _own(
        lambda words: _("Husk, at %(name)s skal have svar senest %(due)s.", **words)
    ),
    "duty_reminder_help": _helps(
        lambda words: _("%(holder)s skal svare %(name)s senest %(due)s.", **words)
    ),
    "duty_overdue": _above(
        lambda words: _("%(holder)s har ikke svaret %(name)s inden fristen.", **words)
    ),
    "duty_overdue_own": _own(
        lambda words: _("Fristen er gået. %(name)s venter på dit svar.", **words)
    ),
    "duty_escalated": _above(
        lambda words: _(
            "%(name)s venter stadig på svar fra %(holder)s. "
            "Spørgsmålet kommer med på det næste borgermøde.",
            **words,
        ),
    ),
    "duty_escalated_own": _own(
        lambda words: _(
            "%(name)s venter stadig på dit svar. Spørgsmålet kommer med på det næste borgermøde.",
            **words,
        ),
    ),
    "promise_reminder": _own_promise(
        lambda words: _("Husk dit løfte. Fortæl senest %(due)s, hvad der blev af det.", **words)
    ),
    "promise_reminder_help": _helps(
        lambda words: _("%(holder)s skal følge op på sit løfte senest %(due)s.", **words),
    ),
    "promise_overdue": _above(
        lambda words: _("%(holder)s har ikke fulgt op på sit løfte inden fristen.", **words),
    ),
    "promise_overdue_own": _own_promise(
        lambda _words: _("Fristen for dit løfte er gået. Fortæl, hvad der blev af det.")
    ),
    "promise_escalated": _above(
        lambda words: _("%(holder)s har stadig ikke fulgt op på sit løfte.", **words),
    ),
    "promise_escalated_own": _own_promise(
        lambda _words: _("Du har stadig ikke fulgt op på dit løfte.")
    ),
}
for _name, _kind in _KINDS.items():
    kinds.declare(_name, _kind)

_STEPS = {Step.REMINDED: "reminder", Step.OVERDUE: "overdue", Step.ESCALATED: "escalated"}


def tell_of_step(
    db: Session, owed: owing.Owed, step: Step, listeners: Iterable[int], now: datetime
) -> None:
    """Tells those whom this step of the ladder reaches."""
    duty = owed.duty
    words = duty.promise_text or html.excerpt(owed.post.source)
    for one in listeners:
        kind, link = _kind_of(duty, step, one), _link_of(duty, step, one)
        duty_telling.tell(db, one, kind, owed, f"{link}{owed.post.id}", words, now)


def _kind_of(duty: Duty, step: Step, listener: int) -> str:
    thing = "promise" if duty.origin is Origin.PROMISE else "duty"
    if listener == duty.holder_id:
        part = "" if step is Step.REMINDED else "_own"
    else:
        part = "_help" if step is Step.REMINDED else ""
    return f"{thing}_{_STEPS[step]}{part}"


def _link_of(duty: Duty, step: Step, listener: int) -> str:
    """To the desk for who owes it, and for the secretary who can draft the answer there."""
    is_help = step is Step.REMINDED and listener != duty.holder_id
    can_draft = duty.desk is Desk.POLITICIAN and duty.origin is not Origin.PROMISE
    on_desk = can_draft if is_help else listener == duty.holder_id
    return "/desk/" if on_desk else "/posts/"
