"""User text to HTML: what is kept, what is taken out, and how long it takes."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.core import html

QUICK = 0.5  # seconds of work for the worst post that fits


class Seen(HTMLParser):
    """Everything a browser would find: tags, attributes, words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.events: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.events.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self.events.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self.events.append(words)


def shown(text: str) -> str:
    return html.render(html.tidy(text))


# --- What people write ----------------------------------------------------------------------------


def test_plain_text_is_paragraphs_and_line_breaks() -> None:
    assert shown("En linje\nen til\n\nNyt afsnit") == (
        "<p>En linje<br>\nen til</p>\n<p>Nyt afsnit</p>"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*ikke* **nu**", "<p><em>ikke</em> <strong>nu</strong></p>"),
        ("> citat", "<blockquote>\n<p>citat</p>\n</blockquote>"),
        ("- et\n- to", "<ul>\n<li>et</li>\n<li>to</li>\n</ul>"),
        ("3. tre\n4. fire", '<ol start="3">\n<li>tre</li>\n<li>fire</li>\n</ol>'),
        ("Skat & velfærd < alt", "<p>Skat &amp; velfærd &lt; alt</p>"),
        ("# ikke en overskrift", "<p># ikke en overskrift</p>"),
        ("2+2=4, ikke 5", "<p>2+2=4, ikke 5</p>"),
    ],
)
def test_the_small_markdown(source: str, expected: str) -> None:
    assert shown(source) == expected


def test_a_link_leads_out_without_a_recommendation() -> None:
    assert shown("[kilde](https://dst.dk/tal)") == (
        '<p><a rel="nofollow ugc noopener" href="https://dst.dk/tal">kilde</a></p>'
    )


def test_pictures_and_headings_are_not_made() -> None:
    seen = Seen(shown("![x](https://example.dk/a.png)\n\nTitel\n=====\n\n    kode\n\n`kode`"))
    assert set(seen.tags) <= {"p", "br", "a"}


# --- What is taken out ----------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](//evil.example/%0Ajavascript:alert(1))",
    "<javascript:alert(1)>",
    "[x](<javascript:alert(1)>)",
    '[x](https://a.dk "onmouseover=alert(1)")',
    '[x](https://a.dk" onmouseover="alert(1))',
    "<style>*{display:none}</style>",
    "<iframe src=https://evil.example></iframe>",
    "<math><mtext></p><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=/sign-out method=post><button>x",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href=https://a.dk target=_blank style=position:fixed>x</a>",
    "<<script>script>alert(1)<</script>/script>",
    "\\<script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "<!--<img src=x onerror=alert(1)>-->",
    "<p id=p1 class=post--politician>Anders Toft</p>",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text_becomes_harmless(source: str) -> None:
    seen = Seen(shown(source))
    assert set(seen.tags) <= {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a"}
    assert {name for name, _value in seen.attributes} <= {"href", "rel", "start"}
    for name, value in seen.attributes:
        if name == "href":
            scheme = re.match(r"[a-z][a-z0-9+.-]*(?=:)", (value or "").lower())
            assert scheme is None or scheme[0] in {"http", "https", "mailto"}


@given(st.text(alphabet="<>&\"'`*_[]()\\/!#-=:;jsascript \n\u202e\u0301", max_size=80))
def test_no_text_makes_a_tag_of_its_own(source: str) -> None:
    seen = Seen(shown(source))
    assert set(seen.tags) <= {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a"}
    assert {name for name, _value in seen.attributes} <= {"href", "rel", "start"}


@pytest.mark.parametrize(
    "sign", "\u202a\u202e\u2066\u2069\u200b\u200e\u200f\u2060\ufeff\u061c\x00\x1b\x85"
)
def test_unseen_signs_are_taken_out(sign: str) -> None:
    assert html.tidy(f"a{sign}b") == "ab"


@pytest.mark.parametrize("entity", ["&#8238;", "&#x202e;", "&rlm;", "&#x2066;", "&ZeroWidthSpace;"])
def test_unseen_signs_cannot_be_spelled_either(entity: str) -> None:
    assert html.render(f"a{entity}b") == "<p>ab</p>"


def test_signs_of_living_scripts_and_joined_pictures_stay() -> None:
    text = "Việt Nam · می‌خواهم · 👩‍👧 · å"
    assert html.tidy(text) == text


def test_an_accent_on_a_letter_becomes_one_sign() -> None:
    assert html.tidy("A\u030a") == "Å"


def test_towers_of_accents_are_cut() -> None:
    assert len(html.tidy("a" + "\u0353" * 4_999)) == 5


def test_towers_cannot_be_spelled_either() -> None:
    assert len(html.render("a" + "&#x353;" * 600)) < 20


def test_windows_line_ends_are_plain_ones() -> None:
    assert html.tidy("a\r\nb\rc\n") == "a\nb\nc"


# --- How long it takes ----------------------------------------------------------------------------

SLOW = {
    "nested quotes": ">" * 300 + " dybt",
    "a post of quotes": "> " * 2_500,
    "nested lists": "".join("  " * n + "- x\n" for n in range(60)),
    "open brackets": "[" * 5_000,
    "open links": "[a](" * 1_250,
    "stars": "*a _b " * 833,
    "lone stars": "*" * 5_000,
    "backticks": "`" * 5_000,
    "open tags": "<a" * 2_500,
    "open angles": "<" * 5_000,
    "entities": "&amp;" * 1_000,
    "backslashes": "\\" * 5_000,
    "combining marks": "a" + "\u0301" * 4_999,
    "blank lines": "a\n\n" * 1_666,
    "spaces": "a" + " " * 4_998 + "b",
    "lines of one list": "1. a\n" * 1_000,
}


@pytest.mark.parametrize("source", SLOW.values(), ids=SLOW.keys())
def test_no_post_takes_long(source: str) -> None:
    def takes() -> float:
        start = time.process_time()
        shown(source[:5_000])
        return time.process_time() - start

    # What is slow is so each time; what the collector does in between is not.
    assert min(takes() for _ in range(3)) < QUICK


def test_deep_quotes_stop_at_a_depth_a_page_can_show() -> None:
    assert shown(">" * 300 + " dybt").count("<blockquote>") <= 20


# --- The short way and the long way ---------------------------------------------------------------

# A bullet that ends the text makes an empty list the long way: the short way is the better one.
LONE_BULLET = re.compile(r"^\s*(?:[-+]|\d{1,9}[.)])\Z", re.MULTILINE)


def is_ordinary(text: str) -> bool:
    tidied = html.tidy(text)
    return not html._MARKUP.search(tidied) and not LONE_BULLET.search(tidied)


ORDINARY = st.text(
    alphabet="abcæøåÆØÅ ,.!?\"'()/%-+0123456789:;é§€–\n", min_size=1, max_size=120
).filter(is_ordinary)


@given(ORDINARY)
def test_ordinary_text_looks_the_same_by_the_short_way(source: str) -> None:
    tidied = html.tidy(source)
    short, long = html._paragraphs(tidied), html._markdown.render(tidied)
    assert Seen(short).events == Seen(long).events


# --- Excerpts -------------------------------------------------------------------------------------


def test_a_short_text_is_its_own_excerpt() -> None:
    assert html.excerpt("Kort *og* godt") == "Kort og godt"


def test_an_excerpt_ends_at_a_word() -> None:
    found = html.excerpt("Hvem hjælper dem, der ikke selv kan?", 20)
    assert found == "Hvem hjælper dem…"


def test_an_excerpt_leaves_the_quote_out() -> None:
    assert html.excerpt("> det sagde du\n\nNej") == "Nej"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("- lys\n- varme", "lys · varme"),
        ("Vi mangler:\n\n* lys\n* varme", "Vi mangler: lys · varme"),
        ("1. behandling er tirsdag", "1. behandling er tirsdag"),
        ("Se [tallene](/proposals/4) først", "Se tallene først"),
    ],
)
def test_an_excerpt_shows_words_and_no_marks(source: str, words: str) -> None:
    assert html.excerpt(source) == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("**Velkomst**\nEt *lille* ord", "Velkomst\nEt lille ord"),
        ("2 * 3 = 6", "2 * 3 = 6"),
        ("Det er \\*ikke\\* fed skrift", "Det er *ikke* fed skrift"),
        ("[Tal videre](/threads/3).", "Tal videre (/threads/3)."),
        ("[ikke et link] (her)", "[ikke et link] (her)"),
        ("- et\n- to", "- et\n- to"),
        ("> Det sagde du\n> > og jeg\n\nNej > ja", "Det sagde du\nog jeg\n\nNej > ja"),
        ("_Lille_ og __stort__ med et_ord_i_midten", "Lille og stort med et_ord_i_midten"),
    ],
)
def test_plain_words_have_no_marks_and_hide_no_address(source: str, words: str) -> None:
    assert html.plain(source) == words


def test_plain_takes_no_longer_for_hostile_text() -> None:
    started = time.monotonic()
    for bad in (
        "[" * 50_000,
        "[a](" * 12_000,
        "*" * 50_000,
        "_" * 50_000,
        "\\*" * 25_000,
        " >" * 25_000,
    ):
        html.plain(bad)
    assert time.monotonic() - started < 2


def test_one_line_is_one_line() -> None:
    assert html.one_line("  to\n linjer\t her ") == "to linjer her"
