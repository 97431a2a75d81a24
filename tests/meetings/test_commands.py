"""Planning meetings, cancelling them, and publishing their minutes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.audit.models import AuditEvent
from dialog.consultations.models import Consultation, State
from dialog.core.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, TooLate
from dialog.meetings import commands, queries
from dialog.meetings.models import Meeting
from dialog.meetings.planning import MeetingContent
from tests import make
from tests.make import NOW

CONTENT = MeetingContent(
    title="Skoler og dagtilbud",
    place="Fjordbyhallen",
    starts_at=NOW + timedelta(days=7),
    ends_at=NOW + timedelta(days=7, hours=2),
)


@pytest.fixture
def dialogue(db: Session) -> Consultation:
    """A dialogue that is open."""
    return make.make_consultation(db)


def schedule(db: Session, dialogue: Consultation, **changes: Any) -> Meeting:
    return commands.schedule_meeting(
        db,
        make.make_chief(db),
        consultation_id=dialogue.id,
        content=replace(CONTENT, **changes),
        now=NOW,
    )


def edit(db: Session, meeting: Meeting, *, version: int | None = None, **changes: Any) -> Meeting:
    return commands.edit_meeting(
        db,
        make.make_chief(db),
        meeting_id=meeting.id,
        content=replace(CONTENT, **changes),
        version=version,
        now=NOW,
    )


def cancel(db: Session, meeting: Meeting, reason: str = "Salen er oversvømmet.") -> Meeting:
    return commands.cancel_meeting(
        db, make.make_chief(db), meeting_id=meeting.id, reason=reason, now=NOW
    )


def publish(db: Session, meeting: Meeting, source: str = "**Alle** kom.", **more: Any) -> Meeting:
    return commands.publish_minutes(
        db, make.make_chief(db), meeting_id=meeting.id, source=source, **{"now": NOW, **more}
    )


def held(db: Session, dialogue: Consultation) -> Meeting:
    """A meeting of yesterday."""
    return make.make_meeting(db, dialogue, starts_at=NOW - timedelta(days=1))


def test_a_meeting_is_planned_also_while_the_dialogue_is_open(
    db: Session, dialogue: Consultation
) -> None:
    meeting = schedule(db, dialogue)
    assert queries.next_meeting(db, dialogue.id, NOW) is meeting


def test_a_meeting_ends_after_it_begins(db: Session, dialogue: Consultation) -> None:
    with pytest.raises(InvalidInput) as refused:
        schedule(db, dialogue, ends_at=CONTENT.starts_at)
    assert list(refused.value.fields) == ["ends"]


def test_a_meeting_does_not_last_a_day(db: Session, dialogue: Consultation) -> None:
    with pytest.raises(InvalidInput):
        schedule(db, dialogue, ends_at=CONTENT.starts_at + timedelta(hours=13))


def test_a_meeting_has_a_name(db: Session, dialogue: Consultation) -> None:
    with pytest.raises(InvalidInput):
        schedule(db, dialogue, title=" ")


def test_after_the_decision_there_are_no_more_meetings(db: Session) -> None:
    decided = make.make_consultation(db, state=State.DECIDED)
    with pytest.raises(TooLate):
        schedule(db, decided)


def test_a_politician_plans_no_meetings(db: Session, dialogue: Consultation) -> None:
    with pytest.raises(NotAllowed):
        commands.schedule_meeting(
            db, make.make_politician(db), consultation_id=dialogue.id, content=CONTENT, now=NOW
        )


def test_every_step_is_in_the_audit(db: Session, dialogue: Consultation) -> None:
    schedule(db, dialogue)
    cancel(db, edit(db, schedule(db, dialogue, place="Rådhuset"), place="Kulturhuset"))
    publish(db, held(db, dialogue))
    wanted = select(AuditEvent.action).where(AuditEvent.object_type == "meetings")
    assert list(db.scalars(wanted.order_by(AuditEvent.seq))) == [
        "meeting_scheduled",
        "meeting_scheduled",
        "meeting_edited",
        "meeting_cancelled",
        "minutes_published",
    ]


def test_a_stale_form_overwrites_nothing(db: Session, dialogue: Consultation) -> None:
    meeting = schedule(db, dialogue)
    seen = meeting.version
    edit(db, meeting, version=seen, title="Først")
    with pytest.raises(AlreadyDone):
        edit(db, meeting, version=seen, title="Sidst")
    assert meeting.title == "Først"


def test_a_meeting_that_was_held_stays_where_it_was_in_time(
    db: Session, dialogue: Consultation
) -> None:
    meeting = held(db, dialogue)
    with pytest.raises(TooLate):
        edit(db, meeting)
    same: dict[str, Any] = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    assert edit(db, meeting, place="Rådhuset", **same).place == "Rådhuset"


def test_a_cancelled_meeting_keeps_its_reason_and_is_left_out(
    db: Session, dialogue: Consultation
) -> None:
    make.make_meeting(db, dialogue, starts_at=NOW + timedelta(days=20))
    meeting = cancel(db, schedule(db, dialogue))
    assert meeting.cancelled_reason == "Salen er oversvømmet."
    assert queries.next_meeting(db, dialogue.id, NOW) is not meeting
    with pytest.raises(AlreadyDone):
        cancel(db, meeting)
    with pytest.raises(TooLate):
        edit(db, meeting)


def test_the_only_meeting_of_an_open_dialogue_is_not_cancelled(
    db: Session, dialogue: Consultation
) -> None:
    meeting = schedule(db, dialogue)
    with pytest.raises(InvalidInput, match="eneste borgermøde"):
        cancel(db, meeting)
    assert meeting.cancelled_at is None


def test_the_only_meeting_of_a_draft_can_be_cancelled(db: Session) -> None:
    draft = make.make_consultation(db, state=State.DRAFT)
    assert cancel(db, schedule(db, draft)).cancelled_at == NOW


def test_a_cancellation_has_a_reason(db: Session, dialogue: Consultation) -> None:
    make.make_meeting(db, dialogue)
    with pytest.raises(InvalidInput):
        cancel(db, schedule(db, dialogue), reason=" ")


def test_a_meeting_that_was_held_is_not_cancelled(db: Session, dialogue: Consultation) -> None:
    schedule(db, dialogue)
    with pytest.raises(TooLate):
        cancel(db, held(db, dialogue))


def test_minutes_are_rendered_and_safe(db: Session, dialogue: Consultation) -> None:
    meeting = publish(db, held(db, dialogue), "**Alle** kom. <script>x</script>")
    assert meeting.minutes_html is not None
    assert "<strong>Alle</strong>" in meeting.minutes_html
    assert "<script" not in meeting.minutes_html


def test_corrected_minutes_keep_the_day_they_were_published(
    db: Session, dialogue: Consultation
) -> None:
    meeting = publish(db, held(db, dialogue))
    publish(db, meeting, "Rettet.", now=NOW + timedelta(days=9))
    assert meeting.minutes_published_at == NOW
    assert meeting.minutes_source == "Rettet."


@pytest.mark.parametrize("source", ["", "  \n "])
def test_empty_minutes_are_none(db: Session, dialogue: Consultation, source: str) -> None:
    with pytest.raises(InvalidInput):
        publish(db, held(db, dialogue), source)


def test_there_are_no_minutes_before_the_meeting_or_of_a_cancelled_one(
    db: Session, dialogue: Consultation
) -> None:
    make.make_meeting(db, dialogue)
    meeting = schedule(db, dialogue)
    with pytest.raises(TooLate):
        publish(db, meeting)
    with pytest.raises(TooLate):
        publish(db, cancel(db, meeting), now=NOW + timedelta(days=30))


def test_a_meeting_of_a_draft_is_not_found_by_others(db: Session) -> None:
    draft = make.make_consultation(db, state=State.DRAFT)
    meeting = schedule(db, draft)
    with pytest.raises(NotFound):
        queries.access_meeting(db, make.make_citizen(db), meeting.id)
    assert queries.public_meetings(db) == []


def test_those_to_come_stand_nearest_first_and_the_past_latest_first(
    db: Session, dialogue: Consultation
) -> None:
    days = (-9, -2, 3, 12)
    made = [make.make_meeting(db, dialogue, starts_at=NOW + timedelta(days=each)) for each in days]
    coming, past = queries.coming_and_past(queries.meetings(db, dialogue.id), NOW)
    assert coming == [made[2], made[3]]
    assert past == [made[1], made[0]]
