"""User text to safe HTML. The only file that knows bleach and the Markdown parser.

Ordinary text, which is most of it, needs neither: it is escaped and put into paragraphs.
"""

import re
import unicodedata
from html import escape

import bleach
from markdown_it import MarkdownIt
from markupsafe import Markup

# What `plain` takes out; bounded, so that nothing makes it look twice at a long text.
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\(([^()\s]{1,2000})\)")
_EMPHASIS = re.compile(
    r"(?<!\\)\*{1,2}(?=\S)|(?<=[^\s\\])\*{1,2}"
    r"|(?<![\w\\])_{1,2}(?=\S)|(?<=[^\s\\])_{1,2}(?!\w)"
)
_BULLET = re.compile(r"^[ \t]*[-+*][ \t]+", re.MULTILINE)
_QUOTES = re.compile(r"^(?: {0,3}>)+ ?", re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# Signs that Markdown might read as more than text.
_MARKUP = re.compile(r"[*_\[\]<>&\\`#]|^\s*(?:[-+]|\d{1,9}[.)])\s", re.MULTILINE)
# Bidirectional controls, zero-width signs and C0/C1 controls but newline and tab.
_UNSEEN = re.compile(
    "[\u061c\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2060\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
_FIRST_COMBINING = "\u0300"  # every sign before it stands alone
MAX_COMBINING = 4  # marks on one sign: enough for any living script, too few for "zalgo"

_TAGS = frozenset({"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a"})
_ATTRIBUTES = {"a": ["href", "rel"], "ol": ["start"]}

_markdown = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 20}).enable(
    ["emphasis", "list", "blockquote", "link", "autolink", "newline", "escape", "entity"]
)


def tidy(text: str) -> str:
    """`text` in NFC with plain newlines, without unseen controls or towers of accents."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _seen(unicodedata.normalize("NFC", text)).strip()


def one_line(text: str) -> str:
    """`text` tidied, with every run of white space as one space."""
    return " ".join(tidy(text).split())


def render(source: str) -> str:
    """Safe HTML for tidied `source`: paragraphs, emphasis, lists, quotes and links."""
    if not _MARKUP.search(source):
        return _paragraphs(source)
    raw = _seen(_markdown.render(source))  # an entity can spell what `tidy` took out
    raw = raw.replace("<a href=", '<a rel="nofollow ugc noopener" href=')
    return str(
        bleach.clean(raw, tags=_TAGS, attributes=_ATTRIBUTES, protocols={"http", "https", "mailto"})
    ).strip()


def excerpt(source: str, length: int = 140) -> str:
    """The first words of `source`, on one line, at most `length` signs with an ellipsis.

    Without what was quoted; the items of a list have a dot between them.
    """
    text = re.sub(r"^\s*>.*$", "", source, flags=re.MULTILINE)
    text = re.sub(r"[*_]", "", _LINK.sub(r"\1", _BULLET.sub("· ", text)))
    text = " ".join(text.split()).removeprefix("· ").replace(": · ", ": ")
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def plain(source: str) -> str:
    """The words of `source` line by line without marks of emphasis or quoting.

    A link has its address after it.
    """
    text = _LINK.sub(r"\1 (\2)", _QUOTES.sub("", source))
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub("", text))


def _paragraphs(source: str) -> str:
    blocks = re.split(r"\n\s*\n", source)
    return "".join(
        "<p>" + escape(block.strip(), quote=False).replace("\n", "<br>\n") + "</p>\n"
        for block in blocks
        if block.strip()
    ).strip()


def _seen(text: str) -> str:
    return _cap_combining(_UNSEEN.sub("", text))


def _cap_combining(text: str) -> str:
    if max(text, default="") < _FIRST_COMBINING:
        return text
    kept, run = [], 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        if run <= MAX_COMBINING:
            kept.append(sign)
    return "".join(kept)


def trusted(rendered: str) -> Markup:
    """Stored HTML that `render` made, ready for a template. The only way past escaping."""
    return Markup(rendered)  # noqa: S704
