"""Loading the demo now, with its progress on the screen."""

import sys
from typing import TextIO

from flask import Flask

from dialog.core import clock
from dialog.demo import load


def load_now(app: Flask, words: str) -> bool:
    """Whether the demo was loaded, told under these words; False where a consultation exists."""
    now = clock.now()
    return load.load_demo(app, today=clock.local(now).date(), now=now, progress=Shown(words))


class Shown:
    """Progress as one line: it counts up on a terminal, and stands still in a file."""

    def __init__(self, words: str, stream: TextIO | None = None) -> None:
        self.words = words
        self.stream = stream or sys.stdout

    def __call__(self, done: int, total: int) -> None:
        """Shows how far it has come."""
        if self.stream.isatty():
            self._write(f"\r{self.words} … {done * 100 // total} %")
        elif done == 0:
            self._write(f"{self.words} …")
        if done == total:
            self._write("\n")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
