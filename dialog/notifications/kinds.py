"""What a person can be told: one entry for each kind of news.

A room above declares its own kinds where it tells of them (`kinds.declare`). Sentences are
functions, called in the receiver's language; what they name comes as `params`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from dialog.notifications.models import Topic, When

Words = Mapping[str, str]
Sentence = Callable[[Words], str]


@dataclass(frozen=True)
class Kind:
    """A kind of news.

    topic: what the receiver chooses about; his wish can only make a mail later than `when`.
    when: AT_ONCE (ten minutes after), DAILY (in the one daily mail) or NEVER (inbox alone).
    lead: what stands on the button that leads there.
    why: the sentence at the foot that says why he gets it.
    waits_for_morning: whether its mail leaves no sooner than the daily one: the clock wakes nobody.
    quotes: whether the excerpt is somebody's words, taken back when those are.
    """

    topic: Topic
    title: Sentence
    when: When = When.AT_ONCE
    lead: Sentence = lambda _words: _("Læs mere")
    why: Sentence | None = None
    waits_for_morning: bool = False
    quotes: bool = True


_kinds: dict[str, Kind] = {}


def declare(name: str, kind: Kind) -> None:
    """Makes `tell(…, name, …)` known."""
    _kinds[name] = kind


def of(name: str) -> Kind:
    """The kind of this name. Raises: KeyError."""
    return _kinds[name]


def named(name: str) -> Kind | None:
    """The kind of this name, or None for one from before it had an entry."""
    return _kinds.get(name)


def quoting() -> list[str]:
    """The kinds whose excerpt is somebody's words."""
    return [name for name, kind in _kinds.items() if kind.quotes]


def capped() -> list[str]:
    """The kinds that mail at once only so often a day."""
    return [name for name, kind in _kinds.items() if kind.topic in CAPPED]


# Answers to questions one follows and changes of meetings can be many on a day; replies to what
# one wrote, and what one owes, always come.
CAPPED = frozenset({Topic.ANSWERS, Topic.MEETINGS, Topic.THREADS, Topic.DIALOGUES})

declare(
    "reply",
    Kind(
        Topic.OWN,
        lambda words: _("%(name)s har svaret dig", name=words["name"]),
        lead=lambda _words: _("Læs og svar"),
        why=lambda _words: _("Du får denne mail, fordi nogen har svaret på det, du skrev."),
    ),
)
declare(
    "answer",
    Kind(
        Topic.ANSWERS,
        lambda words: _("%(name)s har svaret på dit spørgsmål", name=words["name"]),
        lead=lambda _words: _("Læs hele svaret"),
        why=lambda _words: _("Du får denne mail, fordi du stillede et spørgsmål."),
    ),
)
declare(
    "followed_answer",
    Kind(
        Topic.ANSWERS,
        lambda words: _("%(name)s har svaret på et spørgsmål, du følger", name=words["name"]),
        lead=lambda _words: _("Læs hele svaret"),
        why=lambda _words: _("Du får denne mail, fordi du følger spørgsmålet."),
    ),
)
declare(
    "duty",
    Kind(
        Topic.DUTIES,
        lambda words: _(
            "Du har fået et spørgsmål fra %(name)s. Svar senest %(due)s.",
            name=words["name"],
            due=words["due"],
        ),
        lead=lambda _words: _("Læs spørgsmålet, og svar"),
        why=lambda _words: _(
            "Dit svar bliver vist i debatten, hvor alle kan læse det. "
            "Kan du ikke nå det inden fristen, kan alle også se det."
        ),
    ),
)
declare(
    "meeting_changed",
    Kind(
        Topic.MEETINGS,
        lambda words: _("%(meeting)s er ændret", meeting=words["meeting"]),
        lead=lambda _words: _("Se, hvad der gælder nu"),
        why=lambda _words: _(
            "Du får denne mail, fordi du er tilmeldt mødet eller deltager i debatten."
        ),
        quotes=False,
    ),
)
declare(
    "hidden",
    Kind(
        Topic.OWN,
        lambda words: _("Dit indlæg i “%(thread)s” er skjult", thread=words["thread"]),
        when=When.DAILY,
        lead=lambda _words: _("Se grunden i tråden"),
        quotes=False,
    ),
)
declare(
    "contest_hidden",
    Kind(
        Topic.OWN,
        lambda words: _("Det, du skrev om svaret i “%(thread)s”, er skjult", **words),
        when=When.DAILY,
        lead=lambda _words: _("Se grunden i tråden"),
        quotes=False,
    ),
)
declare(
    "restored",
    Kind(
        Topic.OWN,
        lambda words: _("Dit indlæg i “%(thread)s” vises igen", thread=words["thread"]),
        when=When.DAILY,
        quotes=False,
    ),
)
