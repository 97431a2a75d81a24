"""Who runs a meeting and who sits on its panel."""

import pytest
from sqlalchemy.orm import Session

from dialog.core.errors import InvalidInput, NotAllowed, NotFound
from dialog.meetings import queries, staffing
from dialog.meetings.models import Meeting, StaffPart
from tests import make
from tests.make import NOW


@pytest.fixture
def meeting(db: Session) -> Meeting:
    """A meeting of an open dialogue."""
    return make.make_meeting(db, make.make_consultation(db))


def name_staff(db: Session, meeting: Meeting, **parts: list[int | None]) -> None:
    staffing.name_staff(
        db,
        make.make_chief(db),
        meeting_id=meeting.id,
        now=NOW,
        **{part: [one for one in ids if one] for part, ids in parts.items()},
    )


def test_a_person_runs_the_meeting_he_is_named_for_and_no_other(
    db: Session, meeting: Meeting
) -> None:
    other = make.make_meeting(db, make.make_consultation(db, "skoler"))
    karen, bent = make.make_citizen(db), make.make_other_citizen(db)
    name_staff(db, meeting, chairs=[karen.id], note_takers=[bent.id])
    assert queries.is_chair(db, karen, meeting)
    assert not queries.is_note_taker(db, karen, meeting)
    assert queries.is_note_taker(db, bent, meeting)
    assert queries.access_with_consultation(db, karen, meeting.id).may_run
    assert not queries.access_with_consultation(db, karen, other.id).may_run
    assert not queries.is_chair(db, karen, other)


def test_a_comms_chief_may_run_every_meeting_and_leads_none(db: Session, meeting: Meeting) -> None:
    line = make.make_chief(db)
    assert queries.access_with_consultation(db, line, meeting.id).may_run
    assert not queries.is_chair(db, line, meeting)


def test_others_do_not_even_learn_that_there_is_something_to_run(
    db: Session, meeting: Meeting
) -> None:
    for actor in (make.make_citizen(db), make.make_politician(db), make.make_moderator(db)):
        with pytest.raises(NotFound):
            queries.access_to_run(db, actor, meeting.id)


def test_naming_anew_replaces_those_who_were_named(db: Session, meeting: Meeting) -> None:
    karen, bent = make.make_citizen(db), make.make_other_citizen(db)
    name_staff(db, meeting, chairs=[karen.id], note_takers=[karen.id])
    name_staff(db, meeting, chairs=[bent.id])
    assert [(part, user.name) for part, user in queries.staff(db, meeting.id)] == [
        (StaffPart.CHAIR, "Bent Juhl")
    ]
    assert not queries.access_with_consultation(db, karen, meeting.id).may_run


def test_the_panel_sits_in_the_order_it_was_named(db: Session, meeting: Meeting) -> None:
    anders = make.make_politician(db)
    birthe = make.make_politician(db, "Birthe Krog", committee=None)
    name_staff(db, meeting, panel=[birthe.id, anders.id, birthe.id])
    assert [user.name for user in queries.panel(db, meeting.id)] == ["Birthe Krog", "Anders Toft"]


def test_only_politicians_sit_on_the_panel(db: Session, meeting: Meeting) -> None:
    with pytest.raises(InvalidInput) as refused:
        name_staff(db, meeting, panel=[make.make_citizen(db).id])
    assert refused.value.fields == {"panel": "I panelet sidder politikerne. Vælg blandt dem."}


def test_one_without_an_account_cannot_be_named(db: Session, meeting: Meeting) -> None:
    with pytest.raises(InvalidInput) as refused:
        name_staff(db, meeting, chairs=[987_654], panel=[987_654])
    assert set(refused.value.fields) == {"chairs", "panel"}


def test_only_a_comms_chief_names_the_staff(db: Session, meeting: Meeting) -> None:
    with pytest.raises(NotAllowed):
        staffing.name_staff(db, make.make_politician(db), meeting_id=meeting.id, chairs=[], now=NOW)
