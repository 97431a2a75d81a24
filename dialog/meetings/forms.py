"""The forms of a meeting. Times are those of the clock on the wall in the municipality."""

from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField, TextAreaField, TimeField, validators
from wtforms.widgets import HiddenInput

from dialog.core import clock, formats
from dialog.meetings.commands import MeetingContent
from dialog.meetings.models import Meeting

LINE = 200  # characters
MINUTES = 30_000  # characters: a long evening, written out


class NoSuchHour(ValueError):
    """The clocks are put forward past this hour, so it is on no wall."""


def moment(day: date, at: time) -> datetime:
    """The moment a wall shows `at` on `day`, in UTC; the first when it shows it twice.

    Raises: NoSuchHour.
    """
    wall = datetime.combine(day, at, clock.COPENHAGEN)
    utc = wall.astimezone(UTC)
    if utc.astimezone(clock.COPENHAGEN).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NoSuchHour(at)
    return utc


def comes_twice(day: date, at: time) -> bool:
    """Whether the clocks are put back, so that a wall shows `at` twice on `day`."""
    wall = datetime.combine(day, at, clock.COPENHAGEN)
    return wall.utcoffset() != wall.replace(fold=1).utcoffset() and _exists(day, at)


class MeetingForm(FlaskForm):
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
    ends = TimeField(
        _l("Slutter klokken"), [validators.InputRequired(_l("Skriv, hvornår mødet slutter."))]
    )
    place = StringField(_l("Sted"), [validators.Length(max=LINE)])
    address = StringField(_l("Adresse"), [validators.Length(max=LINE)])
    accessibility = TextAreaField(_l("Sådan kommer man ind"), [validators.Length(max=2000)])
    chair = StringField(_l("Hvem leder mødet?"), [validators.Length(max=LINE)])
    note_taker = StringField(_l("Hvem skriver referat?"), [validators.Length(max=LINE)])

    def validate_starts(self, field: TimeField) -> None:
        _check_hour(self.day.data, field.data)

    def validate_ends(self, field: TimeField) -> None:
        _check_hour(self.day.data, field.data)

    def content(self) -> MeetingContent:
        """What was filled in, once the form is valid. An end at midnight is the next day's."""
        day, starts, ends = self.day.data, self.starts.data, self.ends.data
        last_day = day + timedelta(days=1) if ends == time(0) else day
        lines = ("title", "place", "address", "accessibility", "chair", "note_taker")
        return MeetingContent(
            **{name: self[name].data or "" for name in lines},
            starts_at=moment(day, starts),
            ends_at=moment(last_day, ends),
        )

    def notes(self) -> list[str]:
        """What the chief should know of the times he chose."""
        return [
            _("Klokken %(at)s kommer to gange den nat. Vi har valgt den første.", at=_shown(at))
            for at in (self.starts.data, self.ends.data)
            if comes_twice(self.day.data, at)
        ]


def meeting_form(meeting: Meeting | None) -> MeetingForm:
    """The form with what is announced, or with what was just sent."""
    if meeting is None:
        return MeetingForm()
    starts, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    times = {"day": starts.date(), "starts": starts.time(), "ends": ends.time()}
    return MeetingForm(obj=meeting, data=times)


class CancelForm(FlaskForm):
    """Why a meeting is cancelled."""

    reason = StringField(
        _l("Hvorfor bliver mødet aflyst?"),
        [
            validators.InputRequired(_l("Skriv, hvorfor mødet bliver aflyst.")),
            validators.Length(max=500),
        ],
    )


class MinutesForm(FlaskForm):
    """The minutes, in a small Markdown."""

    version = IntegerField(widget=HiddenInput())
    source = TextAreaField(
        _l("Referat"),
        [
            validators.InputRequired(_l("Skriv referatet først.")),
            validators.Length(max=MINUTES, message=_l("Referatet er for langt. Kort det ned.")),
        ],
    )


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
