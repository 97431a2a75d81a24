"""English says everything that Danish says, and pages come out in it.

The words are gathered from the code here and now, by the same `babel.cfg` that `make
translations` reads, so a sentence that nobody has translated fails at once.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext, ngettext

from config import ROOT
from dialog.core import languages

ENGLISH = ROOT / "dialog" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
OUR_KEYWORDS = ("lazy_gettext", "lazy_ngettext:1,2", "_l", "N_")
EXTRACTED = ("dialog", "templates")
HOLE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|</?\w+[^>]*>|&#?\w+;")
DANISH = re.compile(r"\w*[æøåÆØÅ]\w*")
# Headings that a spreadsheet must have in Danish, and words of a Danish law or place.
NAMES = {"Politikområde", "Forudsætninger", "Berørte", "Årsværk", "Områdets", "Bemærkninger"}

Words = str | tuple[str, ...]  # a message, or its singular and plural


@cache
def extracted() -> set[Words]:
    """Every message in the code: a string, or (singular, plural)."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as lines:
        methods, options = parse_mapping_cfg(lines)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=DEFAULT_KEYWORDS | parse_keywords(OUR_KEYWORDS),
        directory_filter=_is_ours,
    )
    return {words for _file, _line, words, _comments, _context in found if words}


def _is_ours(folder: str) -> bool:
    """Whether words are looked for in this folder."""
    return Path(folder).relative_to(ROOT).parts[0] in EXTRACTED


@cache
def english() -> Catalog:
    """The English catalogue as it is written, not as it was last compiled."""
    with ENGLISH.open("rb") as lines:
        return read_po(lines, locale="en", abort_invalid=True)


def messages() -> list[Message]:
    """Its messages, without the header."""
    return [message for message in english() if message.id]


def forms(words: str | Sequence[str] | None) -> tuple[str, ...]:
    """A string or its forms, as forms."""
    return (words,) if isinstance(words, str) else tuple(words or ())


def key(words: str | Sequence[str]) -> str:
    """What a catalogue finds a message by: the string or its singular."""
    return forms(words)[0]


def pairs() -> list[tuple[str, str]]:
    """Each Danish form with its English."""
    return [
        pair
        for message in messages()
        for pair in zip(forms(message.id), forms(message.string), strict=True)
    ]


def test_every_word_of_the_code_is_in_the_english_catalogue() -> None:
    wanted, known = {key(words) for words in extracted()}, {key(m.id) for m in messages()}
    assert len(wanted) > 1000, "the words were not found"
    assert sorted(wanted - known) == [], "run `make translations`, then translate"
    assert sorted(known - wanted) == [], "these words are gone: run `make translations`"
    assert not english().obsolete


def test_a_singular_has_one_plural() -> None:
    plural: dict[str, set[str]] = {}
    for words in extracted():
        if not isinstance(words, str):
            plural.setdefault(words[0], set()).add(words[1])
    assert {one: many for one, many in plural.items() if len(many) > 1} == {}, (
        "a catalogue knows a message by its singular, so the second plural is never said"
    )


def test_nothing_is_left_empty_or_unsure() -> None:
    assert [danish for danish, said in pairs() if not said.strip()] == []
    assert [message.id for message in messages() if message.fuzzy] == []


def test_english_has_the_same_holes_to_fill() -> None:
    different = [
        (danish, said)
        for danish, said in pairs()
        if sorted(HOLE.findall(danish)) != sorted(HOLE.findall(said))
    ]
    assert different == []


def test_a_sentence_ends_as_the_danish_does() -> None:
    uneven = [
        (danish, said)
        for danish, said in pairs()
        if danish.endswith((":", "?", "…")) and said[-1] != danish[-1]
    ]
    assert uneven == []


def test_no_danish_letters_are_left() -> None:
    left = {word for _danish, said in pairs() for word in DANISH.findall(said)}
    assert left - NAMES == set()


@pytest.mark.parametrize(("count", "said"), [(0, "0 replies"), (1, "1 reply"), (2, "2 replies")])
def test_english_counts_as_english_does(app: Flask, count: int, said: str) -> None:
    with app.test_request_context(headers={"Cookie": f"{languages.COOKIE}=en"}):
        assert ngettext("%(num)s svar", "%(num)s svar", count) == said


def test_what_is_compiled_is_what_is_written(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": f"{languages.COOKIE}=en"}):
        stale = [
            message.id
            for message in messages()
            if isinstance(message.id, str)
            and gettext(message.id).replace("%%", "%") != str(message.string).replace("%%", "%")
        ]
    assert stale == [], "run `make setup`"


def test_the_front_page_is_english_for_who_asks_for_it(client: FlaskClient) -> None:
    client.set_cookie(languages.COOKIE, "en")
    html = client.get("/").text
    assert '<html lang="en"' in html
    for said in ("Sign in", "The five rules", "How we talk to each other"):
        assert said in html
    for danish in ("Log ind", "De fem råd", "Sådan taler vi sammen"):
        assert danish not in html


def test_danish_stays_danish_for_everyone_else(client: FlaskClient) -> None:
    html = client.get("/").text
    assert '<html lang="da"' in html
    assert "Log ind" in html
