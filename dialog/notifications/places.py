"""The names of what a mail tells of. Rooms above know them, and say so here."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

Namer = Callable[[Session, Iterable[int]], dict[int, str]]

_namers: list[Namer] = []


def name_threads_by(titles_of: Namer) -> None:
    """Says who knows the titles of threads."""
    _namers.append(titles_of)


def thread_titles(db: Session, thread_ids: Iterable[int]) -> dict[int, str]:
    """The titles of those threads that everyone can read."""
    ids = list(thread_ids)
    return {number: title for titles_of in _namers for number, title in titles_of(db, ids).items()}
