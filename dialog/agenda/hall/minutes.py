"""The minutes: drafted from what was written down, published, and back into every tied thread."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda import queries
from dialog.agenda.hall import note_queries as hall_note_queries
from dialog.agenda.hall import queries as hall_queries
from dialog.agenda.hall import slip_queries as hall_slip_queries
from dialog.agenda.hall import slips as hall_slips
from dialog.agenda.hall import thread_queries as hall_thread_queries
from dialog.agenda.hall.models import Dissent, NoteKind, Slip
from dialog.agenda.hall.note_queries import Noted
from dialog.agenda.point_queries import Point
from dialog.audit import commands as audit
from dialog.core import clock, formats
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import minutes as debate_minutes
from dialog.debates import queries as debates
from dialog.debates.models import AtMeeting, Post, Thread
from dialog.meetings import commands as meetings_commands
from dialog.meetings import minutes
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.permissions import VISITOR, Action, Actor, demand

DISSENT_FOR = timedelta(days=14)  # promises 13


def publish(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    source: str,
    version: int | None = None,
    reason: str = "",
    now: datetime,
) -> Meeting:
    """The meeting with its minutes, which now stand in every tied thread as well.

    Raises: NotFound, NotAllowed, InvalidInput, AlreadyDone for a stale form, TooLate.
    """
    queries.lock_agenda(db, meeting_id)
    threads = hall_thread_queries.threads_at(db, meeting_id)
    debates.lock_threads(db, *(thread.id for thread in threads))
    meeting = meetings_commands.publish_minutes(
        db, actor, meeting_id=meeting_id, source=source, version=version, reason=reason, now=now
    )
    newest = minutes.newest_version(db, meeting.id)
    number = newest.number if newest else 1
    points = hall_thread_queries.points_by_thread(db, meeting.id)
    for thread in threads:
        words = _words_back(meeting, number, points.get(thread.id, []))
        debate_minutes.post_minutes(
            db,
            actor,
            thread_id=thread.id,
            meeting_id=meeting.id,
            topic=_("Referat fra borgermødet %(day)s", day=_day_of(meeting)),
            body=words,
            now=now,
        )
    return meeting


def draft_of(db: Session, meeting: Meeting) -> str:
    """Minutes as far as the meeting's own entries tell them, ready to be mended by a person."""
    standing = hall_queries.standing(db, meeting)
    written = hall_note_queries.notes(db, meeting.id)
    parts = [_opening(meeting)]
    taken = [one for one in standing.points if one.item.started_at is not None]
    taken.sort(key=lambda one: (one.item.started_at or meeting.starts_at, one.item.position))
    for point in taken:
        lines = [_line(one) for one in written if one.note.item_id == point.item.id and one.words]
        parts.append(_section(point, lines))
    known = {point.item.id for point in taken}
    loose = [one for one in written if one.note.item_id not in known and one.words]
    parts.extend(_loose(db, loose))
    unreached = [one for one in standing.points if one.item.state is AtMeeting.NOT_REACHED]
    left = [one for one in unreached if one.question]  # a break that fell away is owed to nobody
    if left:
        parts.append(
            "\n".join(
                [f"**{_('Ikke besvaret på mødet')}**", ""]
                + [f"- {_plain(one.heading)} ({one.item.code})" for one in left if one.heading]
                + ["", _("Svarene kommer i trådene inden fem arbejdsdage.")]
            )
        )
    return "\n\n".join(part for part in parts if part)


def dissent_by_account(
    db: Session, actor: Actor, *, meeting_id: int, body: str, now: datetime
) -> Post:
    """What somebody who spoke or sat on the panel finds wrong in the minutes.

    Raises: NotFound, NotAllowed, TooLate, InvalidInput (body).
    """
    demand(actor, Action.WRITE)
    meeting = _open_for_dissent(db, actor, meeting_id, now)
    if not may_dissent(db, actor, meeting):
        raise InvalidInput({"body": _("Vi kan ikke se, at du talte på mødet.")})
    thread = _first_thread(db, meeting)
    post = debate_minutes.post_dissent(
        db, actor, thread_id=thread.id, meeting_id=meeting.id, body=body, name=None, now=now
    )
    return _kept(db, actor, meeting, post, None, now)


def dissent_by_slip(db: Session, *, slip_id: int, body: str, now: datetime) -> Post:
    """The same by one without an account, whose slip was shown.

    Raises: NotFound, TooLate, InvalidInput (body).
    """
    slip = hall_slips.access_slip(db, slip_id)
    spoken = db.get_one(Post, slip.post_id)
    if spoken.meeting_id is None:
        raise NotFound("meeting")
    meeting = _open_for_dissent(db, VISITOR, spoken.meeting_id, now)
    post = debate_minutes.post_dissent(
        db,
        VISITOR,
        thread_id=spoken.thread_id,
        meeting_id=meeting.id,
        body=body,
        name=spoken.author_name,
        now=now,
    )
    return _kept(db, VISITOR, meeting, post, slip, now)


def may_dissent(db: Session, actor: Actor, meeting: Meeting) -> bool:
    """Whether this person has a word to say about these minutes: he spoke, or sat on the panel."""
    if actor.id is None:
        return False
    seated = {one.user_id for one in hall_queries.panel(db, meeting.id)}
    return actor.id in seated or hall_slip_queries.has_spoken(db, meeting.id, actor.id)


def dissent_until(meeting: Meeting) -> datetime | None:
    """The last moment for a dissent; None while there are no minutes."""
    published = meeting.minutes_published_at
    return published + DISSENT_FOR if published else None


def _open_for_dissent(db: Session, actor: Actor, meeting_id: int, now: datetime) -> Meeting:
    meeting = meetings.access_meeting(db, actor, meeting_id)
    until = dissent_until(meeting)
    if until is None:
        raise TooLate(_("Referatet er ikke lagt ud endnu."))
    if now > until:
        raise TooLate(_("De 14 dage er gået. Skriv det i tråden i stedet."))
    return meeting


def _kept(
    db: Session, actor: Actor, meeting: Meeting, post: Post, slip: Slip | None, now: datetime
) -> Post:
    db.add(Dissent(post_id=post.id, meeting_id=meeting.id, slip_id=slip.id if slip else None))
    db.flush()
    audit.append(db, actor, "dissent_attached", ("meetings", meeting.id), now=now)
    return post


def _first_thread(db: Session, meeting: Meeting) -> Thread:
    threads = hall_thread_queries.threads_at(db, meeting.id)
    if not threads:
        raise TooLate(_("Mødet har ingen tråd, så dissensen kan ikke lægges ud."))
    return threads[0]


def _words_back(meeting: Meeting, number: int, points: list[Point]) -> str:
    told = [f"[{_('Læs referatet')}](/meetings/{meeting.id}#referat)"]
    if number > 1:
        told.append(
            f"[{_('Det er version %(n)s. Se, hvad der er ændret', n=number)}]"
            f"(/meetings/{meeting.id}/minutes)"
        )
    answered = sum(one.item.state is AtMeeting.ANSWERED for one in points)
    if points:
        told.append(
            _(
                "Mødet tog %(n)s spørgsmål op fra denne tråd og svarede på %(m)s.",
                n=len(points),
                m=answered,
            )
        )
    if answered < len(points):
        told.append(_("Resten får svar her i tråden inden fem arbejdsdage."))
    return "\n\n".join(told)


def _day_of(meeting: Meeting) -> str:
    return formats.date_long(meeting.starts_at, "da", today=clock.local(meeting.starts_at).date())


def _opening(meeting: Meeting) -> str:
    day = _day_of(meeting)
    told = _("Borgermøde %(day)s i %(place)s.", day=day, place=meeting.place or "–")
    if meeting.chair:
        told += " " + _("Mødeleder: %(name)s.", name=_plain(meeting.chair))
    if meeting.attendance:
        told += " " + _("%(n)s mødte op.", n=meeting.attendance)
    return told


def _section(point: Point, lines: list[str]) -> str:
    about = point.heading or _("Spørgsmålet er ikke længere fremme")
    head = f"**{_plain(about)}** ({point.item.code})"
    if point.question is not None and not point.words_are_gone:
        head += "\n" + _("Spurgt af %(name)s.", name=_plain(point.question.author_name))
    return "\n\n".join([head, "\n".join(lines)] if lines else [head])


def _loose(db: Session, notes: list[Noted]) -> list[str]:
    by_thread: dict[int, list[Noted]] = {}
    for one in notes:
        by_thread.setdefault(one.post.thread_id if one.post else 0, []).append(one)
    found = []
    for thread_id, of_thread in by_thread.items():
        thread = db.get(Thread, thread_id) if thread_id else None
        head = f"**{_plain(thread.title)}**" if thread else f"**{_('I øvrigt')}**"
        found.append("\n\n".join([head, "\n".join(_line(one) for one in of_thread)]))
    return found


def _line(one: Noted) -> str:
    words = _plain(one.words)
    if one.post is None:
        return f"- {words}"
    name = _plain(one.post.author_name)
    if one.note.kind is NoteKind.ANSWER:
        party = f" ({one.post.author_party})" if one.post.author_party else ""
        return "- " + _("**%(name)s** svarede: %(words)s", name=name + party, words=words)
    if one.note.kind is NoteKind.QUESTION:
        return "- " + _("%(name)s spurgte: %(words)s", name=name, words=words)
    many = one.post.speaks_for
    who = f"{name} ({_('taler for %(n)s', n=many)})" if many > 1 else name
    return "- " + _("%(name)s sagde: %(words)s", name=who, words=words)


def _plain(words: str) -> str:
    """The words on one line, with nothing that the small Markdown would read as more."""
    return " ".join(words.split()).replace("*", "\\*").replace("[", "\\[")
