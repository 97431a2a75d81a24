"""The program that sets one page as PDF: an order in JSON comes in, the document goes out.

It knows nothing of the product, reads no file but our own styles and fonts, asks no network,
and is bounded in time and memory by itself.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SECONDS = 60  # of the processor
MEMORY = 2 * 1024**3  # bytes of address space
POLITE = 5  # the server goes first


def main() -> None:
    """Reads the order, sets the page, writes the document."""
    os.nice(POLITE)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    order = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(document(order["page"], Path(order["style"])))


def document(page: str, style: Path) -> bytes:
    """The page as a tagged PDF with bookmarks."""
    from weasyprint import CSS, HTML  # seconds of import, and Pango: only here
    from weasyprint.text.fonts import FontConfiguration

    fetcher, fonts = _only_below(style.parent.parent), FontConfiguration()
    sheet = CSS(filename=str(style), url_fetcher=fetcher, font_config=fonts)
    made = HTML(string=page, url_fetcher=fetcher).write_pdf(
        stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    assert made is not None
    return bytes(made)


def _only_below(folder: Path) -> Any:
    """A fetcher of pictures that the page itself holds, and of the files of our own folder."""
    from weasyprint.urls import URLFetcher

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # it ships no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            path = os.path.normpath(unquote(urlsplit(url).path))
            is_ours = url.startswith("file:///") and Path(path).is_relative_to(folder)
            if not is_ours and not url.startswith("data:image/"):
                raise ValueError("not ours to fetch")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols={"file", "data"}, allow_redirects=False)


if __name__ == "__main__":
    main()
