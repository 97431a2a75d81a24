"""The forms of a meeting. Times are those of the clock on the wall in the municipality."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
    TimeField,
    validators,
)
from wtforms.widgets import HiddenInput

from dialog.core import clock, formats
from dialog.core.forms import Form
from dialog.meetings.models import Meeting
from dialog.meetings.planning import MeetingContent

LINE = 200  # characters
MINUTES = 30_000  # characters: a long evening, written out
_LINES = (
    "title",
    "place",
    "room",
    "address",
    "accessibility",
    "wheelchair",
    "interpreter",
    "chair",
    "note_taker",
)


class NoSuchHour(ValueError):
    """The clocks are put forward past this hour, so it is on no wall."""


def moment(day: date, at: time) -> datetime:
    """The moment a wall shows `at` on `day`, in UTC.

    When it shows it twice, `at.fold` tells which is meant: 0 the first, 1 the second.

    Raises: NoSuchHour.
    """
    wall = datetime.combine(day, at, clock.COPENHAGEN)
    utc = wall.astimezone(UTC)
    if utc.astimezone(clock.COPENHAGEN).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NoSuchHour(at)
    return utc


def comes_twice(day: date, at: time) -> bool:
    """Whether the clocks are put back, so that a wall shows `at` twice on `day`."""
    wall = datetime.combine(day, at.replace(fold=0), clock.COPENHAGEN)
    return wall.utcoffset() != wall.replace(fold=1).utcoffset() and _exists(day, at)


def _turn() -> RadioField:
    """Which of the two is meant, of an hour that comes twice."""
    sentence = _l("Vælg første eller anden gang.")
    return RadioField(
        _l("Er det første eller anden gang?"),
        [validators.Optional()],
        choices=[
            SelectChoice("0", _l("Første gang, før urene stilles tilbage")),
            SelectChoice("1", _l("Anden gang, bagefter")),
        ],
        invalid_choice_message=sentence,
        invalid_value_message=sentence,
    )


class MeetingForm(Form):
    """What is announced of a meeting."""

    version = IntegerField(validators=[validators.Optional()], widget=HiddenInput())
    title = StringField(
        _l("Hvad skal mødet handle om?"),
        [validators.InputRequired(_l("Skriv, hvad mødet hedder.")), validators.Length(max=LINE)],
    )
    day = DateField(_l("Dag"), [validators.InputRequired(_l("Skriv, hvilken dag mødet er."))])
    starts = TimeField(
        _l("Begynder klokken"), [validators.InputRequired(_l("Skriv, hvornår mødet begynder."))]
    )
    starts_turn = _turn()
    ends = TimeField(
        _l("Slutter klokken"), [validators.InputRequired(_l("Skriv, hvornår mødet slutter."))]
    )
    ends_turn = _turn()
    place = StringField(_l("Sted"), [validators.Length(max=LINE)])
    room = StringField(_l("Lokale"), [validators.Length(max=LINE)])
    address = StringField(_l("Adresse"), [validators.Length(max=LINE)])
    capacity = IntegerField(
        _l("Pladser"),
        [validators.Optional()],
        invalid_value_message=_l("Skriv antallet af pladser som et tal fra 1 til 20.000."),
    )
    wheelchair = StringField(_l("Adgang med kørestol"), [validators.Length(max=LINE)])
    hearing_loop = BooleanField(_l("Der er teleslynge i salen"))
    interpreter = StringField(_l("Tolk"), [validators.Length(max=LINE)])
    accessibility = TextAreaField(_l("Sådan kommer man ind"), [validators.Length(max=2000)])
    stream_url = StringField(_l("Link til udsendelsen"), [validators.Length(max=500)])
    chair = StringField(_l("Hvem leder mødet?"), [validators.Length(max=LINE)])
    note_taker = StringField(_l("Hvem skriver referat?"), [validators.Length(max=LINE)])

    def validate_starts(self, field: TimeField) -> None:
        _check_hour(self.day.data, field.data)

    def validate_ends(self, field: TimeField) -> None:
        _check_hour(self.day.data, field.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also asks which of the two is meant, of an hour that comes twice."""
        is_valid = bool(super().validate(extra_validators))
        for at, turn in ((self.starts, self.starts_turn), (self.ends, self.ends_turn)):
            if self._is_asked(at) and turn.data not in ("0", "1"):
                sentence = _("Klokken %(at)s kommer to gange den nat.", at=_shown(at.data))
                turn.errors = [*turn.errors, sentence]
                is_valid = False
        return is_valid

    def asks_turn(self) -> list[RadioField]:
        """The questions about hours that come twice that night; nearly always none."""
        pairs = ((self.starts, self.starts_turn), (self.ends, self.ends_turn))
        return [turn for at, turn in pairs if self._is_asked(at)]

    def content(self) -> MeetingContent:
        """What was filled in, once the form is valid. An end at midnight is the next day's."""
        day, starts, ends = self.day.data, self.starts.data, self.ends.data
        last_day = day + timedelta(days=1) if ends == time(0) else day
        return MeetingContent(
            **{name: self[name].data or "" for name in _LINES},
            hearing_loop=bool(self.hearing_loop.data),
            capacity=self.capacity.data,
            stream_url=(self.stream_url.data or "").strip() or None,
            starts_at=moment(day, _turned(starts, self.starts_turn)),
            ends_at=moment(last_day, _turned(ends, self.ends_turn)),
        )

    def _is_asked(self, at: TimeField) -> bool:
        return bool(self.day.data and at.data and comes_twice(self.day.data, at.data))


def meeting_form(meeting: Meeting | None) -> MeetingForm:
    """The form with what is announced, or with what was just sent."""
    if meeting is None:
        return MeetingForm()
    starts, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    times: dict[str, Any] = {"day": starts.date(), "starts": starts.time(), "ends": ends.time()}
    for name, at in (("starts", starts), ("ends", ends)):
        if comes_twice(at.date(), at.time()):
            times[f"{name}_turn"] = str(at.fold)
    return MeetingForm(obj=meeting, data=times)


class CancelForm(Form):
    """Why a meeting is cancelled."""

    reason = StringField(
        _l("Hvorfor bliver mødet aflyst?"),
        [
            validators.InputRequired(_l("Skriv, hvorfor mødet bliver aflyst.")),
            validators.Length(max=500),
        ],
    )


class MinutesForm(Form):
    """The minutes, in a small Markdown."""

    version = IntegerField(widget=HiddenInput())
    source = TextAreaField(
        _l("Referat"),
        [
            validators.InputRequired(_l("Skriv referatet først.")),
            validators.Length(max=MINUTES, message=_l("Referatet er for langt. Kort det ned.")),
        ],
    )
    reason = StringField(_l("Hvad er ændret, og hvorfor?"), [validators.Length(max=300)])


def _turned(at: time, turn: RadioField) -> time:
    """The time, of the two the one that was meant."""
    return at.replace(fold=1 if turn.data == "1" else 0)


def _exists(day: date, at: time) -> bool:
    try:
        moment(day, at)
    except NoSuchHour:
        return False
    return True


def _check_hour(day: date | None, at: time | None) -> None:
    if day and at and not _exists(day, at):
        raise validators.ValidationError(
            _("Klokken %(at)s findes ikke den dag. Urene bliver stillet en time frem.",
              at=_shown(at))
        )  # fmt: skip


def _shown(at: time) -> str:
    return formats.time_short(datetime.combine(date(2000, 1, 1), at, clock.COPENHAGEN))
