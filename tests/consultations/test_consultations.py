"""Creating a consultation, and filling in its course and basis."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dialog.consultations import commands, course, queries, slugs
from dialog.consultations.commands import Basis
from dialog.consultations.course import Course
from dialog.consultations.models import Consultation, Kind, State
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.permissions import VISITOR, NotAllowed, Role
from tests import make
from tests.gate import kept
from tests.gate.kept import NOW, SLUG

COURSE = Course(title="Budget 2028", slug=SLUG)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Budget 2028", "budget-2028"),
        ("Ny skolestruktur: Ørsted & Ålsø", "ny-skolestruktur-oersted-aalsoe"),
        ("Café", "cafe"),
        ("!!!", ""),
    ],
)
def test_an_address_is_made_of_the_title(title: str, slug: str) -> None:
    assert slugs.slug_of(title) == slug


@pytest.mark.parametrize("slug", ["new", "", "a--b", "-a", "Æ", "a/b", "a" * 61])
def test_some_texts_are_no_address(slug: str) -> None:
    assert not slugs.is_slug(slug)


def test_the_second_of_a_name_gets_a_number(db: Session) -> None:
    chief = kept.make_chief(db)
    assert [kept.make_draft(db, chief).slug for _each in range(2)] == [SLUG, f"{SLUG}-2"]


def test_a_taken_address_is_refused(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    with pytest.raises(InvalidInput) as refused:
        commands.create_consultation(db, chief, title="Andet", kind=Kind.BUDGET, slug=SLUG, now=NOW)
    assert list(refused.value.fields) == ["slug"]


def test_a_politician_cannot_create(db: Session) -> None:
    politician = kept.make_person(db, "Anders", Role.POLITICIAN)
    with pytest.raises(NotAllowed):
        kept.make_draft(db, politician)


def test_a_draft_is_not_found_by_others(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    with pytest.raises(NotFound):
        queries.access_consultation(db, VISITOR, SLUG)
    assert queries.access_consultation(db, chief, SLUG).slug == SLUG


def test_dates_that_contradict_each_other_are_refused(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    wrong = replace(
        COURSE,
        opens_on=date(2027, 10, 6),
        first_reading_on=date(2027, 10, 5),
        closes_at=datetime(2027, 10, 6, 12, tzinfo=UTC),
        decision_on=date(2027, 10, 5),
    )
    with pytest.raises(InvalidInput) as refused:
        commands.edit_course(db, chief, slug=SLUG, course=wrong, now=NOW)
    assert set(refused.value.fields) == {"opens_on", "first_reading_on", "closes_at"}


def test_a_stale_form_overwrites_nothing(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_draft(db, chief)
    read = draft.version
    commands.edit_course(db, chief, slug=SLUG, course=COURSE, version=read, now=NOW)
    with pytest.raises(AlreadyDone):
        commands.edit_basis(db, chief, slug=SLUG, basis=Basis(), version=read, now=NOW)


def test_course_and_basis_lie_still_once_the_dialogue_is_open(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief).state = State.OPEN
    with pytest.raises(TooLate):
        commands.edit_course(db, chief, slug=SLUG, course=COURSE, now=NOW)
    with pytest.raises(TooLate):
        commands.edit_basis(db, chief, slug=SLUG, basis=Basis(), now=NOW)
    with pytest.raises(TooLate):
        commands.add_source(db, chief, slug=SLUG, source=("Tal", "", ""), now=NOW)


def test_a_source_is_added_and_removed(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_draft(db, chief)
    added = commands.add_source(db, chief, slug=SLUG, source=("Tal", "KL", ""), now=NOW)
    assert [each.title for each in queries.sources(db, draft.id)] == ["Tal"]
    commands.remove_source(db, chief, slug=SLUG, source_id=added.id, now=NOW)
    assert queries.sources(db, draft.id) == []


def test_a_source_with_a_script_for_an_address_is_refused(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    with pytest.raises(InvalidInput):
        commands.add_source(
            db, chief, slug=SLUG, source=("Tal", "", "javascript:alert(1)"), now=NOW
        )


def test_speech_is_open_until_the_deadline() -> None:
    consultation = Consultation(state=State.OPEN, closes_at=NOW)
    assert queries.speech_is_open(consultation, NOW - timedelta(seconds=1))
    assert not queries.speech_is_open(consultation, NOW)


@pytest.mark.parametrize("state", [State.DRAFT, State.CLOSED, State.DECIDED])
def test_speech_is_closed_in_every_other_state(state: State) -> None:
    assert not queries.speech_is_open(Consultation(state=state), NOW)


def test_a_budget_is_counted_back_from_its_decision() -> None:
    budget = Consultation(kind=Kind.BUDGET, decision_on=date(2027, 10, 5))
    latest = course.latest_days(budget)
    assert latest.first_reading_on == date(2027, 9, 14)
    assert latest.opens_on == date(2027, 8, 3)
    assert latest.meeting_on == date(2027, 9, 28)


def test_the_closing_of_a_school_is_counted_back_by_law() -> None:
    schools = Consultation(
        kind=Kind.SCHOOL_STRUCTURE, decision_on=date(2028, 2, 24), closes_a_school=True
    )
    latest = course.latest_days(schools)
    assert latest.decision_on == date(2028, 3, 1)
    assert latest.closes_on == date(2028, 1, 27)
    assert latest.opens_on == date(2027, 12, 2)


def test_a_closing_decided_in_spring_is_counted_back_for_the_school_year_that_was_said() -> None:
    schools = Consultation(
        kind=Kind.SCHOOL_STRUCTURE,
        decision_on=date(2027, 4, 20),
        closes_a_school=True,
        effective_year=2028,
    )
    assert course.latest_days(schools).decision_on == date(2028, 3, 1)


def open_until(db: Session, closes_at: datetime) -> Consultation:
    return make.make_consultation(db, SLUG, closes_at=closes_at)


STORM = "Stormfloden lukkede hallen."


def move(db: Session, closes_at: datetime, now: datetime, reason: str = STORM) -> None:
    commands.postpone_deadline(
        db, make.make_chief(db), slug=SLUG, closes_at=closes_at, reason=reason, now=now
    )


def test_the_deadline_of_the_course_moves_forward_with_notice_and_reason(db: Session) -> None:
    closes = make.NOW + timedelta(days=5)
    consultation = open_until(db, closes)
    move(db, closes + timedelta(days=7), closes - timedelta(hours=48))
    assert consultation.closes_at == closes + timedelta(days=7)
    (told,) = queries.deadline_moves(db, consultation.id)
    assert (told.old_closes_at, told.reason) == (closes, STORM)


def test_it_never_moves_back_past_the_decision_or_without_a_reason(db: Session) -> None:
    closes = make.NOW + timedelta(days=5)
    open_until(db, closes)
    for wrong in (closes, closes - timedelta(days=1), make.NOW + timedelta(days=60)):
        with pytest.raises(InvalidInput) as refused:
            move(db, wrong, make.NOW)
        assert "closes_at" in refused.value.fields
    with pytest.raises(InvalidInput) as refused:
        move(db, closes + timedelta(days=1), make.NOW, reason="Nå.")
    assert "reason" in refused.value.fields


def test_in_the_last_two_days_it_lies_fast(db: Session) -> None:
    closes = make.NOW + timedelta(days=5)
    open_until(db, closes)
    with pytest.raises(TooLate):
        move(db, closes + timedelta(days=7), closes - timedelta(hours=47, minutes=59))


def test_a_draft_and_a_course_without_a_deadline_have_none_to_move(db: Session) -> None:
    make.make_consultation(db, SLUG)
    with pytest.raises(TooLate):
        move(db, make.NOW + timedelta(days=7), make.NOW)
