"""What every measure is given, and how a citizen speaks to it."""

import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import load
from bench.ground import Citizen, Ground
from bench.processes import Running


@dataclass(frozen=True)
class Site:
    """The servers under measurement and what they serve. `is_quick` asks for a short measure."""

    folder: Path
    ground: Ground
    hello: Running
    dialog: Running
    is_quick: bool


class Poster:
    """A citizen who posts as fast as the answers come: every other time under his last post."""

    def __init__(self, citizen: Citizen, thread_id: int, name: str) -> None:
        self._citizen, self._thread_id, self._name = citizen, thread_id, name
        self._sent = 0
        self._last: int | None = None
        self.answers: list[dict[str, Any]] = []

    def request(self) -> bytes:
        self._sent += 1
        parent = self._last if self._sent % 2 else None
        words = (
            f"Indlæg {self._sent} fra {self._name}: jeg vil gerne se regnestykket bag forslaget."
        )
        return new_post(self._citizen, self._thread_id, words, parent)

    def answered(self, answer: load.Answer) -> float:
        made = created(answer)
        self.answers.append(made)
        self._last = made["id"] if made["depth"] == 1 else None
        return 0.0


def new_post(citizen: Citizen, thread_id: int, words: str, parent_id: int | None = None) -> bytes:
    """The request with which the page's own script sends a post."""
    form = {"csrf_token": citizen.csrf_token, "body": words, "kind": "comment"}
    form |= {"parent_id": str(parent_id)} if parent_id else {}
    return load.post(
        f"/threads/{thread_id}/posts",
        urlencode(form).encode(),
        Cookie=citizen.cookie,
        Accept="application/json",
    )


def created(answer: load.Answer) -> dict[str, Any]:
    """What a new post is answered with. Raises: RuntimeError for any other answer."""
    if answer.status != 201:
        raise RuntimeError(f"a post was answered with {answer.status}: {answer.body[:200]!r}")
    made: dict[str, Any] = json.loads(answer.body)
    return made


def middle(values: Iterator[float] | list[float]) -> float:
    """The median."""
    return statistics.median(values)
