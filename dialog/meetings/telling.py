"""What those who come to a meeting are told: by mail, and in the inbox of those with an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.mail import letters
from dialog.mail.standing import About
from dialog.meetings import queries, seat_queries
from dialog.meetings.models import Meeting, Place, SignUp
from dialog.meetings.planning import Change, where
from dialog.notifications import commands as notifications
from dialog.notifications.models import Notification, Topic
from dialog.permissions import Actor


@dataclass(frozen=True)
class Receiver:
    """Somebody to tell. email: None for one who has none."""

    user_id: int | None
    email: str | None
    locale: str
    key: str  # names him in what must be told only once


def tell_of_sign_up(
    db: Session, meeting: Meeting, seat: SignUp, code: str, *, now: datetime
) -> None:
    """Sends the code, and what it opens."""
    if seat.email is None:
        return
    _mail(
        db,
        _holder(seat),
        "seat",
        f"seat:{seat.code_hash[:24]}",
        meeting,
        now,
        seat=seat,
        code=code,
        number=seat_queries.place_in_line(db, seat),
        seat_url=letters.address_of(f"/seat/{code}"),
    )


def tell_of_seat(db: Session, meeting: Meeting, seat: SignUp, *, now: datetime) -> None:
    """Tells one who waited that he can come."""
    holder = _holder(seat)
    with force_locale(seat.locale):
        title = _("Du har fået plads: %(meeting)s", meeting=meeting.title)
        words = ngettext("Du har fået 1 plads.", "Du har fået %(num)s pladser.", seat.seats)
    _note(db, holder, "seat_given", title, words, meeting, now)
    _mail(db, holder, "seat_given", f"seat-given:{seat.code_hash[:24]}", meeting, now, seat=seat)


def tell_of_change(
    db: Session, actor: Actor, meeting: Meeting, change: Change, *, now: datetime
) -> None:
    """Tells everyone who comes, the staff and the panel where and when it is now."""
    more = {"change": change, "moved": change.is_move}
    for one in _everyone(db, actor, meeting):
        with force_locale(one.locale):
            sentence = _("%(meeting)s er flyttet") if change.is_move else _("%(meeting)s er ændret")
            title = sentence % {"meeting": meeting.title}
        line = _note(db, one, "meeting_changed", title, where(meeting), meeting, now)
        _mail_change(db, one, "meeting_moved", meeting, line, now, **more)


def tell_of_cancellation(db: Session, actor: Actor, meeting: Meeting, *, now: datetime) -> None:
    """Tells everyone who would have come, the staff and the panel, and why."""
    for one in _everyone(db, actor, meeting):
        with force_locale(one.locale):
            title = _("%(meeting)s er aflyst", meeting=meeting.title)
        reason = meeting.cancelled_reason or ""
        line = _note(db, one, "meeting_changed", title, reason, meeting, now)
        _mail_change(db, one, "meeting_cancelled", meeting, line, now)


def _everyone(db: Session, actor: Actor, meeting: Meeting) -> Iterable[Receiver]:
    """Each person once: one on the panel may have signed up as well. Not the one who did it."""
    told = {actor.id}
    for seat in seat_queries.everyone(db, meeting.id):
        if seat.user_id is None or seat.user_id not in told:
            told.add(seat.user_id)
            yield _holder(seat)
    running = [user for _part, user in queries.staff(db, meeting.id)]
    for user in (*running, *queries.panel(db, meeting.id)):
        if user.id not in told:
            told.add(user.id)
            email = user.email if user.confirmed_at else None
            yield Receiver(user.id, email, user.locale, f"u{user.id}")


def _holder(seat: SignUp) -> Receiver:
    return Receiver(seat.user_id, seat.email, seat.locale, seat.code_hash[:24])


def _key(meeting: Meeting, one: Receiver) -> str:
    return f"meeting:{meeting.id}:{meeting.version}:{one.key}"


def _note(
    db: Session,
    one: Receiver,
    kind: str,
    title: str,
    excerpt: str,
    meeting: Meeting,
    now: datetime,
) -> Notification | None:
    if one.user_id is None:
        return None
    link = f"/meetings/{meeting.id}"
    return notifications.notify(
        db, one.user_id, kind, title=title, excerpt=excerpt, link=link, now=now
    )


def _mail_change(
    db: Session,
    one: Receiver,
    template: str,
    meeting: Meeting,
    line: Notification | None,
    now: datetime,
    **more: Any,
) -> None:
    """What has changed, for whoever wants that at once; it can be ended by one click."""
    if one.email is None:
        return
    notifications.mail_words(
        db,
        notifications.Receiver(one.email, one.locale, one.user_id),
        _words(one, template, meeting, **more),
        topic=Topic.MEETINGS,
        about=About("meeting", meeting.id),
        dedupe_key=_key(meeting, one),
        now=now,
        line=line,
    )


def _mail(
    db: Session,
    one: Receiver,
    template: str,
    key: str,
    meeting: Meeting,
    now: datetime,
    **more: Any,
) -> None:
    """What somebody waits for, having just signed up: it leaves at once."""
    if one.email is None:
        return
    words = _words(one, template, meeting, **more)
    notifications.post_mail(db, one.email, **words._asdict(), dedupe_key=key, now=now)


def _words(one: Receiver, template: str, meeting: Meeting, **more: Any) -> letters.Words:
    return letters.write(
        template,
        one.locale,
        meeting=meeting,
        where=where(meeting),
        link=letters.address_of(f"/meetings/{meeting.id}"),
        waits=bool(more.get("seat") and more["seat"].place is Place.WAITING),
        **more,
    )
