"""Rule 4, oral: what is debated online is also talked about face to face.

- A borgermøde is held after the opening and at least 7 days before the decision, with place,
  address, time, chair and note-taker.
- Every thread is tied to one. When a meeting is cancelled, its threads are at risk for as long as
  there is time for another.
- Its minutes are published within 5 working days, or the rule is broken, publicly.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dialog.rules.facts import Facts, MeetingFact
from dialog.rules.promise import answer_due_at, working_days_late
from dialog.rules.verdict import Finding, Target, Verdict, finding, settle
from dialog.rules.workdays import local_date, working_days_between

NUMBER = 4
NAME = "oral"

DAYS_FROM_MEETING_TO_DECISION = 7
"""Days from the meeting to the decision, so that what is said can still count. Source: the paper's
rule 4; no law sets it."""

MINUTES_WORKING_DAYS = 5
"""Working days from a meeting to its minutes. Source: the promise of an answer, which the minutes
are; no law sets it."""

MINUTES_DUE_SOON = 1
"""Working days left when the minutes put the rule at risk."""

NEW_MEETING: Target = ("meeting", None)


def judge(facts: Facts) -> Verdict:
    """The verdict on rule 4."""
    return settle(
        NUMBER,
        NAME,
        facts,
        missing=_missing(facts),
        risks=_risks(facts),
        evidence=_evidence(facts),
    )


def minutes_due_at(facts: Facts, meeting: MeetingFact) -> datetime | None:
    """When the meeting's minutes are due, in UTC; None while it has no time."""
    ended_at = meeting.ends_at or meeting.starts_at
    days = facts.settings.minutes_working_days or MINUTES_WORKING_DAYS
    return answer_due_at(ended_at, days) if ended_at else None


def _missing(facts: Facts) -> Iterator[Finding]:
    yield from _no_meeting(facts)
    for thread in facts.threads:
        if not any(meeting.id == thread.meeting_id for meeting in facts.meetings):
            yield finding("thread_without_meeting", ("thread", thread.id), title=thread.title)
    if not _another_meeting_can_be_held(facts):
        yield from _threads_of_cancelled_meetings(facts)
    for meeting, due_at in _minutes_owed(facts):
        if facts.now > due_at:
            yield _minutes("minutes_missing", facts, meeting, due_at)


def _risks(facts: Facts) -> Iterator[Finding]:
    if _another_meeting_can_be_held(facts):
        yield from _threads_of_cancelled_meetings(facts)
    for meeting, due_at in _minutes_owed(facts):
        left = working_days_between(facts.today, local_date(due_at))
        if facts.now <= due_at and left <= MINUTES_DUE_SOON:
            yield _minutes("minutes_due_soon", facts, meeting, due_at)


def _evidence(facts: Facts) -> Iterator[Finding]:
    held, coming = _held(facts), _coming(facts)
    if held or coming:
        yield finding("meetings_counted", NEW_MEETING, held=len(held), coming=len(coming))
    if coming:
        yield _next_meeting(coming[0])
    if held:
        published = sum(meeting.minutes_published_at is not None for meeting in held)
        yield finding("minutes_published", NEW_MEETING, count=published, held=len(held))
    yield from _minutes_that_came_late(facts)
    if facts.threads:
        live = {meeting.id for meeting in _not_cancelled(facts)}
        tied = sum(thread.meeting_id in live for thread in facts.threads)
        yield finding("threads_tied", ("thread", None), tied=tied, total=len(facts.threads))


def _no_meeting(facts: Facts) -> Iterator[Finding]:
    """What to mend when no meeting in time has all it needs; one that does is enough."""
    meetings = _not_cancelled(facts)
    in_time = [meeting for meeting in meetings if _is_in_time(facts, meeting)]
    if not meetings:
        yield finding("meeting_missing", NEW_MEETING, latest_on=_latest(facts))
    elif not in_time:
        window = {"earliest_on": _earliest(facts), "latest_on": _latest(facts)}
        yield finding("meeting_outside_window", NEW_MEETING, **window)
    elif all(map(_lacks, in_time)):
        for meeting in in_time:
            lacks = _lacks(meeting)
            yield finding("meeting_incomplete", _at(meeting), title=meeting.title, lacks=lacks)


def _lacks(meeting: MeetingFact) -> tuple[str, ...]:
    texts = {
        "place": meeting.place,
        "address": meeting.address,
        "chair": meeting.chair,
        "note_taker": meeting.note_taker,
    }
    empty = tuple(name for name, text in texts.items() if not text.strip())
    return empty if meeting.starts_at else ("time", *empty)


def _is_in_time(facts: Facts, meeting: MeetingFact) -> bool:
    """True after the opening and in time before the decision; a meeting may lack its time yet."""
    if meeting.starts_at is None:
        return True
    latest = _latest(facts) or date.max
    return _is_after_opening(facts, meeting) and local_date(meeting.starts_at) <= latest


def _is_after_opening(facts: Facts, meeting: MeetingFact) -> bool:
    return meeting.starts_at is not None and meeting.starts_at >= (facts.opens or facts.now)


def _earliest(facts: Facts) -> date:
    return local_date(facts.opens or facts.now)


def _latest(facts: Facts) -> date | None:
    """The last day a meeting can count; None while no decision is dated."""
    days = facts.settings.days_from_meeting_to_decision or DAYS_FROM_MEETING_TO_DECISION
    return facts.decision_on - timedelta(days=days) if facts.decision_on else None


def _another_meeting_can_be_held(facts: Facts) -> bool:
    return facts.has_opened and facts.today <= (_latest(facts) or date.max)


def _threads_of_cancelled_meetings(facts: Facts) -> Iterator[Finding]:
    cancelled = {meeting.id for meeting in facts.meetings if meeting.cancelled}
    for thread in facts.threads:
        if thread.meeting_id in cancelled:
            shown = {"title": thread.title, "latest_on": _latest(facts)}
            yield finding("thread_meeting_cancelled", ("thread", thread.id), **shown)


def _not_cancelled(facts: Facts) -> list[MeetingFact]:
    return [meeting for meeting in facts.meetings if not meeting.cancelled]


def _held(facts: Facts) -> list[MeetingFact]:
    """The meetings of the open dialogue that are over; one before it opened owes nothing."""
    after_opening = (m for m in _not_cancelled(facts) if _is_after_opening(facts, m))
    return [m for m in after_opening if (m.ends_at or m.starts_at or facts.now) < facts.now]


def _coming(facts: Facts) -> list[MeetingFact]:
    ahead = [m for m in _not_cancelled(facts) if m.starts_at and m.starts_at >= facts.now]
    return sorted(ahead, key=lambda meeting: meeting.starts_at or facts.now)


def _minutes_owed(facts: Facts) -> Iterator[tuple[MeetingFact, datetime]]:
    for meeting in _held(facts):
        due_at = minutes_due_at(facts, meeting)
        if due_at and meeting.minutes_published_at is None:
            yield meeting, due_at


def _minutes(code: str, facts: Facts, meeting: MeetingFact, due_at: datetime) -> Finding:
    late = working_days_late(due_at, facts.now)
    return finding(code, _at(meeting), title=meeting.title, due_at=due_at, days_late=late)


def _minutes_that_came_late(facts: Facts) -> Iterator[Finding]:
    """Late minutes mend the rule, and the delay stays in sight."""
    for meeting in _held(facts):
        due_at, published_at = minutes_due_at(facts, meeting), meeting.minutes_published_at
        if due_at and published_at and published_at > due_at:
            late = working_days_late(due_at, published_at)
            yield finding("minutes_came_late", _at(meeting), title=meeting.title, days_late=late)


def _next_meeting(meeting: MeetingFact) -> Finding:
    shown = {"title": meeting.title, "starts_at": meeting.starts_at, "place": meeting.place}
    return finding("next_meeting", _at(meeting), **shown)


def _at(meeting: MeetingFact) -> Target:
    return ("meeting", meeting.id)
