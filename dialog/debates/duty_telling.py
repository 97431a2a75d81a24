"""Who hears about a duty: the one who asked, and the one who owes it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.core import html
from dialog.debates import owing
from dialog.debates.models import Post
from dialog.duties.models import Duty
from dialog.mail.standing import About
from dialog.notifications import commands as notifications
from dialog.notifications import kinds
from dialog.notifications.models import Topic, When
from dialog.people import queries as people

Words = Mapping[str, str]

_OWES = {
    "topic": Topic.DUTIES,
    "lead": lambda _words: _("Læs spørgsmålet, og svar"),
    "why": lambda _words: _(
        "Dit svar bliver vist i debatten, hvor alle kan læse det. "
        "Kan du ikke nå det inden fristen, kan alle også se det."
    ),
}
_ASKED = {
    "topic": Topic.ANSWERS,
    "when": When.DAILY,
    "lead": lambda _words: _("Se dit spørgsmål"),
    "why": lambda _words: _("Du får denne mail, fordi du stillede et spørgsmål."),
    "quotes": False,
}

_KINDS: dict[str, tuple[dict[str, Any], Callable[[Words], str]]] = {
    "duty_supported": (
        _OWES,
        lambda words: _(
            "Mange vil have svar på et spørgsmål fra %(name)s. Det er dit at svare senest %(due)s.",
            **words,
        ),
    ),
    "duty_handed_on": (
        _OWES,
        lambda words: _(
            "Et spørgsmål fra %(name)s er givet videre til dig. Svar senest %(due)s.", **words
        ),
    ),
    "promise_handed_on": (
        _OWES
        | {
            "lead": lambda _words: _("Fortæl, hvad der blev af det"),
            "why": lambda _words: _("Du får denne mail, fordi et løfte følger hvervet."),
        },
        lambda words: _(
            "Et løfte, %(name)s gav, ligger nu hos dig. Følg op senest %(due)s.", **words
        ),
    ),
    "duty_acknowledged": (
        _ASKED,
        lambda words: _("%(holder)s har set dit spørgsmål. Du har svar senest %(due)s.", **words),
    ),
    "duty_moved": (
        _ASKED,
        lambda words: _("Fristen for svaret på dit spørgsmål er flyttet til %(due)s.", **words),
    ),
    "duty_declined": (
        _ASKED,
        lambda words: _("Dit spørgsmål bliver ikke besvaret. Se hvorfor.", **words),
    ),
    "duty_answered_here": (
        _ASKED,
        lambda words: _("Dit spørgsmål er allerede besvaret et andet sted. Se svaret.", **words),
    ),
    "duty_merged": (
        _ASKED,
        lambda words: _("Dit spørgsmål bliver besvaret sammen med et, der ligner.", **words),
    ),
    "duty_contested": (
        _OWES,
        lambda words: _(
            "%(name)s mener ikke, at spørgsmålet er besvaret. Svar senest %(due)s.", **words
        ),
    ),
    "duty_accepted": (_ASKED, lambda words: _("%(name)s siger tak for dit svar.", **words)),
    "duty_facts_asked": (
        _OWES,
        lambda words: _(
            "%(holder)s beder forvaltningen om tal til et spørgsmål fra %(name)s.", **words
        ),
    ),
    "duty_facts_given": (
        _OWES,
        lambda words: _(
            "Spørgsmålet fra %(name)s ligger hos dig igen. Svar senest %(due)s.", **words
        ),
    ),
    "promise_kept": (
        _ASKED,
        lambda words: _("Se, hvad der blev af det, %(holder)s lovede dig.", **words),
    ),
    "promise_given_up": (
        _ASKED,
        lambda words: _("%(holder)s kan ikke holde det, du fik lovet. Se hvorfor.", **words),
    ),
}
for _name, (_about, _title) in _KINDS.items():
    kinds.declare(_name, kinds.Kind(title=_title, **_about))


def tell_asker(db: Session, owed: owing.Owed, kind: str, now: datetime, *, words: str = "") -> None:
    """Tells the one who asked, if the account still is there. `words` stand under the line."""
    if owed.post.author_id is not None and owed.post.author_id != owed.duty.holder_id:
        tell(db, owed.post.author_id, kind, owed, f"/posts/{owed.post.id}", words, now)


def tell_holder(
    db: Session, owed: owing.Owed, kind: str, now: datetime, *, words: str = ""
) -> None:
    """Tells the one who owes the answer now."""
    link = f"/desk/{owed.post.id}"
    words = words or owed.duty.promise_text or html.excerpt(owed.post.source)
    tell(db, owed.duty.holder_id, kind, owed, link, words, now)


def tell_answerer(db: Session, owed: owing.Owed, kind: str, now: datetime) -> None:
    """Tells the one who gave the answer."""
    if owed.duty.answered_by is not None:
        tell(db, owed.duty.answered_by, kind, owed, f"/posts/{owed.post.id}", "", now)


def tell_of_answer(db: Session, duty: Duty, question: Post, answer: Post, now: datetime) -> None:
    """Tells someone whose question was answered together with another's."""
    if question.author_id is None or question.author_id == answer.author_id:
        return
    notifications.tell(
        db,
        question.author_id,
        "answer",
        params={"name": answer.author_name},
        link=f"/posts/{duty.answer_id}",
        excerpt=html.excerpt(answer.source),
        now=now,
        about=About("post", answer.id),
        thread_id=question.thread_id,
    )


def tell(
    db: Session,
    user_id: int,
    kind: str,
    owed: owing.Owed,
    link: str,
    excerpt: str,
    now: datetime,
) -> None:
    """Tells somebody of what is owed, in the words of this kind."""
    user = people.user_by_id(db, user_id)
    # Who asked the administration for facts is still the one who is to answer.
    holder = people.user_by_id(db, owed.duty.returns_to_id or owed.duty.holder_id)
    if user is None:
        return
    notifications.tell(
        db,
        user_id,
        kind,
        params={
            "name": owed.post.author_name,
            "thread": owed.page.thread.title,
            "holder": holder.name if holder else "",
            "due": owed.duty.due_at.isoformat(),
        },
        link=link,
        excerpt=excerpt,
        now=now,
        about=About("post", owed.post.id),
        thread_id=owed.page.thread.id,
    )
