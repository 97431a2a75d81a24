"""The kind of a proposal, understood from the word a municipality uses for it.

The answers are the values of the catalogue's own kinds; plain text, so that reading a file
needs no database.
"""

# In order: the first word found inside the text decides. Danish and bokmål.
_WORDS: tuple[tuple[str, str], ...] = (
    ("anlæg", "capital"), ("anlegg", "capital"), ("invester", "capital"),
    ("udskyd", "capital"), ("utsett", "capital"),
    ("rammebesparelse", "frame_cut"), ("ramme", "frame_cut"), ("grønthøst", "frame_cut"),
    ("ostehøvel", "frame_cut"),
    ("effektiv", "efficiency"), ("gevinst", "efficiency"), ("digitaliser", "efficiency"),
    ("takst", "fee"), ("gebyr", "fee"), ("indtægt", "fee"), ("inntekt", "fee"),
    ("brukerbetaling", "fee"), ("brugerbetaling", "fee"), ("egenbetaling", "fee"),
    ("struktur", "structure"), ("organis", "structure"), ("sammenlægning", "structure"),
    ("sammenslå", "structure"), ("lukning", "structure"), ("nedlegg", "structure"),
    ("servicereduktion", "service_reduction"), ("serviceforringelse", "service_reduction"),
    ("servicetilpas", "service_reduction"), ("tjenestereduksjon", "service_reduction"),
    ("reduktion", "service_reduction"), ("reduksjon", "service_reduction"),
    ("forringelse", "service_reduction"), ("serviceniveau", "service_reduction"),
    ("kutt", "service_reduction"), ("bortfald", "service_reduction"),
    ("udvid", "expansion"), ("utvid", "expansion"), ("nyt tiltag", "expansion"),
    ("nye tiltag", "expansion"), ("nytt tiltak", "expansion"), ("nye tiltak", "expansion"),
    ("tiltak nytt", "expansion"), ("styrkelse", "expansion"), ("satsing", "expansion"),
)  # fmt: skip


def kind_of(label: str) -> str | None:
    """The kind that the words mean, "other" for words we don't know, None when blank."""
    text = " ".join(label.lower().split())
    if not text:
        return None
    return next((kind for word, kind in _WORDS if word in text), "other")
