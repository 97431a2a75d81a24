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
