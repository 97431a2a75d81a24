"""Rule 4: what is debated online is also talked about face to face."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dialog import rules
from dialog.rules import oral

# The meeting of the fixtures is on Tuesday 24 August 2027, so its minutes are due on 31 August.


def codes(facts: rules.Facts) -> list[str]:
    return [found.code for found in oral.judge(facts).findings]


def with_meeting(facts: rules.Facts, **changes: object) -> rules.Facts:
    return replace(facts, meetings=(replace(facts.meetings[0], **changes),))  # type: ignore[arg-type]


def at(facts: rules.Facts, month: int, day: int, hour: int = 8, minute: int = 0) -> rules.Facts:
    return replace(facts, now=datetime(2027, month, day, hour, minute, tzinfo=UTC))


def test_a_dialogue_without_a_meeting_is_not_ready(budget: rules.Facts) -> None:
    (found, *_) = oral.judge(replace(budget, meetings=(), threads=())).findings
    assert (found.code, found.target) == ("meeting_missing", ("meeting", None))
    assert found.params["latest_on"] == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("lack", "named"),
    [
        ({"place": ""}, ("place",)),
        ({"address": " "}, ("address",)),
        ({"chair": ""}, ("chair",)),
        ({"note_taker": ""}, ("note_taker",)),
        ({"starts_at": None, "ends_at": None, "chair": ""}, ("time", "chair")),
    ],
)
def test_a_meeting_counts_with_place_address_time_chair_and_note_taker(
    budget: rules.Facts, lack: dict[str, object], named: tuple[str, ...]
) -> None:
    (found,) = oral.judge(with_meeting(budget, **lack)).findings
    assert (found.code, found.target) == ("meeting_incomplete", ("meeting", 4))
    assert found.params["lacks"] == named


def test_one_complete_meeting_is_enough(budget: rules.Facts) -> None:
    sketch = rules.MeetingFact(id=5, title="Måske i Hallen")
    assert codes(replace(budget, meetings=(sketch, *budget.meetings))) == []


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        (datetime(2027, 9, 30, 17, tzinfo=UTC), []),  # 7 days before the decision
        (datetime(2027, 10, 1, 17, tzinfo=UTC), ["meeting_outside_window"]),
        (datetime(2027, 9, 30, 22, 30, tzinfo=UTC), ["meeting_outside_window"]),  # 1 Oct there
        (datetime(2027, 3, 15, 7, tzinfo=UTC), []),  # as it opens
        (datetime(2027, 3, 15, 6, 59, tzinfo=UTC), ["meeting_outside_window"]),
    ],
)
def test_the_meeting_lies_after_opening_and_7_days_before_the_decision(
    budget: rules.Facts, starts_at: datetime, expected: list[str]
) -> None:
    assert codes(with_meeting(budget, starts_at=starts_at, ends_at=None)) == expected


def test_a_municipality_sets_its_own_distance_to_the_decision(budget: rules.Facts) -> None:
    settings = rules.Settings(days_from_meeting_to_decision=60)
    assert codes(replace(budget, settings=settings)) == ["meeting_outside_window"]


@pytest.mark.parametrize("meeting_id", [None, 99])
def test_every_thread_is_tied_to_a_meeting(budget: rules.Facts, meeting_id: int | None) -> None:
    loose = replace(budget.threads[0], meeting_id=meeting_id)
    (found,) = oral.judge(replace(budget, threads=(loose,))).findings
    assert (found.code, found.target) == ("thread_without_meeting", ("thread", 7))


@pytest.mark.parametrize(
    ("month", "day", "state"), [(9, 1, "at_risk"), (9, 30, "at_risk"), (10, 1, "broken")]
)
def test_a_cancelled_meeting_leaves_its_threads_at_risk_while_there_is_time_for_another(
    open_budget: rules.Facts, month: int, day: int, state: str
) -> None:
    other = replace(open_budget.meetings[0], id=5, minutes_published_at=open_budget.now)
    cancelled = replace(open_budget.meetings[0], cancelled=True)
    verdict = oral.judge(at(replace(open_budget, meetings=(cancelled, other)), month, day))
    assert (verdict.state, verdict.findings[0].code) == (state, "thread_meeting_cancelled")


def test_a_draft_does_not_open_with_threads_on_a_cancelled_meeting(budget: rules.Facts) -> None:
    other = replace(budget.meetings[0], id=5)
    cancelled = replace(budget.meetings[0], cancelled=True)
    verdict = oral.judge(replace(budget, meetings=(cancelled, other)))
    assert verdict.state == "not_yet"
    assert [found.code for found in verdict.findings] == ["thread_meeting_cancelled"]


def test_a_cancelled_meeting_is_no_meeting(budget: rules.Facts) -> None:
    assert "meeting_missing" in codes(with_meeting(budget, cancelled=True))


@pytest.mark.parametrize(
    ("month", "day", "hour", "minute", "state", "code"),
    [
        (8, 24, 20, 0, "kept", None),
        (8, 27, 8, 0, "kept", None),  # Friday: two working days left
        (8, 30, 8, 0, "at_risk", "minutes_due_soon"),
        (8, 31, 21, 59, "at_risk", "minutes_due_soon"),  # 23:59 in Denmark
        (8, 31, 22, 0, "broken", "minutes_missing"),
        (9, 30, 8, 0, "broken", "minutes_missing"),
    ],
)
def test_minutes_come_within_5_working_days(
    open_budget: rules.Facts,
    month: int,
    day: int,
    hour: int,
    minute: int,
    state: str,
    code: str | None,
) -> None:
    verdict = oral.judge(at(open_budget, month, day, hour, minute))
    assert verdict.state == state
    assert [(f.code, f.target) for f in verdict.findings] == (
        [(code, ("meeting", 4))] if code else []
    )


def test_missing_minutes_tell_how_late_they_are(open_budget: rules.Facts) -> None:
    (found,) = oral.judge(at(open_budget, 9, 3)).findings
    assert found.params["days_late"] == 3


def test_minutes_in_time_keep_the_rule(open_budget: rules.Facts) -> None:
    published = datetime(2027, 8, 31, 21, 59, tzinfo=UTC)
    verdict = oral.judge(at(with_meeting(open_budget, minutes_published_at=published), 9, 15))
    assert verdict.state == "kept"
    assert "minutes_came_late" not in [found.code for found in verdict.evidence]


def test_late_minutes_mend_the_rule_and_the_delay_stays_in_sight(
    open_budget: rules.Facts,
) -> None:
    published = datetime(2027, 9, 2, 10, tzinfo=UTC)
    verdict = oral.judge(at(with_meeting(open_budget, minutes_published_at=published), 9, 15))
    assert verdict.state == "kept"
    (late,) = (found for found in verdict.evidence if found.code == "minutes_came_late")
    assert late.params["days_late"] == 2


def test_a_cancelled_meeting_and_one_before_opening_owe_no_minutes(
    open_budget: rules.Facts,
) -> None:
    before = replace(open_budget.meetings[0], id=8, starts_at=datetime(2027, 3, 1, 17, tzinfo=UTC))
    cancelled = replace(open_budget.meetings[0], id=9, cancelled=True)
    facts = replace(open_budget, meetings=(*open_budget.meetings, before, cancelled))
    assert [f.target for f in oral.judge(at(facts, 9, 15)).findings] == [("meeting", 4)]


def test_the_evidence_tells_of_the_next_meeting(budget: rules.Facts) -> None:
    told = {found.code: found.params for found in oral.judge(budget).evidence}
    assert told["meetings_counted"] == {"held": 0, "coming": 1}
    assert told["next_meeting"]["place"] == "Kulturhuset"
    assert told["threads_tied"] == {"tied": 1, "total": 1}
