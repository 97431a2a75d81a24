"""What the inbox sends."""

from flask_wtf import FlaskForm
from wtforms import HiddenField

MOST_DIGITS = 15  # what every store can compare with a line's number


def line_number(text: str) -> int:
    """The number of a line as a link or a form gives it. Raises: ValueError."""
    if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
        raise ValueError("not the number of a line")
    return int(text)


class MarkReadForm(FlaskForm):
    """The newest line the reader had before him when he pressed the button."""

    up_to = HiddenField()

    def up_to_id(self) -> int:
        """The number of that line, or 0 when what came is no number."""
        try:
            return line_number(self.up_to.data or "")
        except ValueError:
            return 0
