"""What the inbox sends."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice

from dialog.core.forms import Form
from dialog.notifications import wishes
from dialog.notifications.models import Topic, When

MOST_DIGITS = 15  # what every store can compare with a line's number

TOPICS = {
    Topic.OWN: _l("Svar til dig"),
    Topic.ANSWERS: _l("Svar på spørgsmål, du har stillet eller følger"),
    Topic.MEETINGS: _l("Ændringer af møder"),
    Topic.DUTIES: _l("Det, du selv skal svare på"),
    Topic.THREADS: _l("Nyt i tråde, du følger"),
    Topic.DIALOGUES: _l("Dialoger, der åbner og bliver afgjort"),
}
WHENS = {
    When.AT_ONCE: _l("Med det samme"),
    When.DAILY: _l("I den daglige mail"),
    When.NEVER: _l("Aldrig"),
}


def line_number(text: str) -> int:
    """The number of a line as a link or a form gives it. Raises: ValueError."""
    if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
        raise ValueError("not the number of a line")
    return int(text)


class MarkReadForm(Form):
    """The newest line the reader had before him when he pressed the button."""

    up_to = HiddenField()

    def up_to_id(self) -> int:
        """The number of that line, or 0 when what came is no number."""
        try:
            return line_number(self.up_to.data or "")
        except ValueError:
            return 0


class WishesForm(Form):
    """How soon a person wants mail about each topic."""

    def wanted(self) -> dict[Topic, When]:
        """What was chosen, of the topics that were asked about."""
        return {topic: When(self[topic.value].data) for topic in TOPICS if topic.value in self}


def _question(topic: Topic) -> RadioField:
    return RadioField(
        TOPICS[topic],
        choices=[SelectChoice(when.value, WHENS[when]) for when in wishes.CHOICES[topic].allowed],
        invalid_choice_message=_l("Vælg en af mulighederne."),
    )


for _topic in TOPICS:
    setattr(WishesForm, _topic.value, _question(_topic))


def wishes_form(chosen: dict[Topic, When], *, with_duties: bool) -> WishesForm:
    """The form with what holds now; only who can owe an answer is asked about duties."""
    data: dict[str, Any] = {topic.value: when.value for topic, when in chosen.items()}
    form = WishesForm(data=data)
    if not with_duties:
        del form["duties"]
    return form
