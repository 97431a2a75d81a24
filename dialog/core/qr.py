"""QR codes as pictures that a page can hold itself."""

from functools import lru_cache

import segno


@lru_cache(maxsize=64)
def picture(text: str) -> str:
    """A `data:` address of the code as SVG, for the `src` of an image: dark on light."""
    # M mends what a crease or a raindrop hides; the white margin is what scanners look for.
    return str(
        segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=4, light="#fff")
    )
