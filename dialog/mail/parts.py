"""What a mail is made of: headings, paragraphs, quotes and links.

One list of parts is told twice, as text and as HTML, so the two always say the same.
"""

import re
from dataclasses import dataclass
from typing import Literal

Shape = Literal["heading", "text", "item", "quote", "link", "small"]

BELOW = "\n-- \n"  # what a mail program takes for the beginning of the signature

_LINK = re.compile(r"https?://\S+")
_LABELLED = re.compile(r"(.+?):?\n(https?://\S+)")
_QUOTE = re.compile(r"“(.*)”", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """One piece of a mail; with `link` it leads somewhere.

    A part of the shape "link" is a button; its text is what stands on it.
    """

    shape: Shape
    text: str
    link: str = ""


def heading(text: str, link: str = "") -> Part:
    return Part("heading", text, link)


def text(words: str) -> Part:
    return Part("text", words)


def item(words: str, link: str) -> Part:
    return Part("item", words, link)


def quote(words: str) -> Part:
    return Part("quote", words)


def button(words: str, link: str) -> Part:
    return Part("link", words, link)


def small(words: str, link: str = "") -> Part:
    return Part("small", words, link)


def parts_of(body: str) -> list[Part]:
    """The parts of a plain text: its paragraphs, and small ones below the line `-- `.

    An address that stands alone is a link, and so is one below a line of words.
    """
    above, _line, below = body.partition(BELOW)
    return [*map(_part, _blocks(above)), *map(_small, _blocks(below))]


def as_text(parts: list[Part]) -> str:
    """The parts as plain text, a blank line between them, the small ones below a line."""
    above = [_plainly(part) for part in parts if part.shape != "small"]
    below = [_plainly(part) for part in parts if part.shape == "small"]
    return "\n\n".join(above) + "\n" + (BELOW + "\n\n".join(below) + "\n" if below else "")


def _blocks(words: str) -> list[str]:
    return [block.strip() for block in re.split(r"\n\s*\n", words) if block.strip()]


def _part(block: str) -> Part:
    if _LINK.fullmatch(block):
        return Part("link", "", block)
    if labelled := _LABELLED.fullmatch(block):
        return button(labelled[1], labelled[2])
    quoted = _QUOTE.fullmatch(block)
    return quote(quoted[1]) if quoted else text(block)


def _small(block: str) -> Part:
    labelled = _LABELLED.fullmatch(block)
    return small(labelled[1], labelled[2]) if labelled else small(block)


def _plainly(part: Part) -> str:
    words = {"quote": f"“{part.text}”", "heading": part.text.upper()}.get(part.shape, part.text)
    if not part.link:
        return words
    if not words:
        return part.link
    return f"{words}{'' if part.shape == 'heading' else ':'}\n{part.link}"
