"""Writing the catalogue."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.audit.models import AuditEvent
from dialog.catalogue import commands, queries
from dialog.catalogue.commands import ProposalContent, SchoolContent
from dialog.catalogue.models import Proposal
from dialog.consultations.models import Consultation, State
from dialog.core.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, TooLate
from tests import make
from tests.make import NOW

CONTENT = ProposalContent(code="BS-04", title="Skal skolen lukke?", amounts={2028: -1_400})
SCHOOL = SchoolContent(
    name="Kær Skole",
    pupils_now=128,
    pupils_forecast=104,
    forecast_year=2033,
    capacity=200,
    class_average=16,
)


@pytest.fixture
def draft(db: Session) -> Consultation:
    """A dialogue that is being set up."""
    return make.make_consultation(db, state=State.DRAFT)


def create(db: Session, consultation: Consultation, **changes: Any) -> Proposal:
    return commands.create_proposal(
        db,
        make.make_chief(db),
        consultation_id=consultation.id,
        content=replace(CONTENT, **changes),
        now=NOW,
    )


def edit(db: Session, proposal: Proposal, *, version: int | None = None, **changes: Any) -> None:
    commands.edit_proposal(
        db,
        make.make_chief(db),
        proposal_id=proposal.id,
        content=replace(CONTENT, **changes),
        version=version,
        now=NOW,
    )


def test_a_proposal_is_kept_with_its_amounts(db: Session, draft: Consultation) -> None:
    proposal = create(db, draft, amounts={2028: -1_400, 2029: -3_600, 2030: None})
    assert queries.amounts_of(db, proposal.id) == {2028: -1_400, 2029: -3_600}


def test_proposals_stand_in_the_order_they_were_written(db: Session, draft: Consultation) -> None:
    create(db, draft, code="B")
    create(db, draft, code="A")
    rows = queries.priced_proposals(db, draft.id)
    assert [row.proposal.code for row in rows] == ["B", "A"]


def test_every_change_is_in_the_audit(db: Session, draft: Consultation) -> None:
    edit(db, create(db, draft), title="Nyt")
    actions = db.scalars(select(AuditEvent.action).where(AuditEvent.object_type == "proposals"))
    assert list(actions) == ["proposal_created", "proposal_edited"]


def test_a_number_is_used_once_whatever_its_case(db: Session, draft: Consultation) -> None:
    create(db, draft)
    with pytest.raises(InvalidInput, match="BS-04 er allerede brugt"):
        create(db, draft, code="bs-04")


@pytest.mark.parametrize("field", ["code", "title"])
def test_number_and_title_are_needed(db: Session, draft: Consultation, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        create(db, draft, **{field: " "})
    assert list(refused.value.fields) == [field]


def test_an_edit_removes_the_amount_of_an_emptied_year(db: Session, draft: Consultation) -> None:
    proposal = create(db, draft, amounts={2028: -1_400, 2029: -3_600})
    edit(db, proposal, amounts={2028: None})
    assert queries.amounts_of(db, proposal.id) == {2029: -3_600}


def test_a_stale_form_overwrites_nothing(db: Session, draft: Consultation) -> None:
    proposal = create(db, draft)
    seen = proposal.version
    edit(db, proposal, version=seen, title="Først")
    with pytest.raises(AlreadyDone):
        edit(db, proposal, version=seen, title="Sidst")
    assert proposal.title == "Først"


def test_an_opened_dialogue_has_its_proposals_fixed(db: Session) -> None:
    consultation = make.make_consultation(db)
    proposal = make.make_proposal(db, consultation)
    with pytest.raises(TooLate):
        create(db, consultation)
    with pytest.raises(TooLate):
        edit(db, proposal)


def test_the_gate_can_amend_what_is_frozen(db: Session) -> None:
    consultation = make.make_consultation(db)
    chief = make.make_chief(db)
    made = commands.create_proposal(
        db, chief, consultation_id=consultation.id, content=CONTENT, amends_frozen=True, now=NOW
    )
    assert made.id


def test_a_citizen_writes_no_proposals(db: Session, draft: Consultation) -> None:
    with pytest.raises(NotAllowed):
        commands.create_proposal(
            db, make.make_citizen(db), consultation_id=draft.id, content=CONTENT, now=NOW
        )


def test_a_proposal_of_a_draft_is_not_found_by_others(db: Session, draft: Consultation) -> None:
    proposal = create(db, draft)
    with pytest.raises(NotFound):
        queries.access_proposal(db, make.make_citizen(db), proposal.id)
    assert queries.access_proposal(db, make.make_chief(db), proposal.id) is proposal


def test_what_excludes_each_other_is_known_from_both_sides(
    db: Session, draft: Consultation
) -> None:
    one = create(db, draft, code="A", exclusive_group="model")
    other = create(db, draft, code="B", exclusive_group="model")
    alone = create(db, draft, code="C")
    chief = make.make_chief(db)
    assert queries.access_shown(db, chief, one.id).excluded == [other]
    assert queries.access_shown(db, chief, other.id).excluded == [one]
    assert queries.access_shown(db, chief, alone.id).excluded == []


def test_the_sum_is_of_the_budget_year_and_counts_one_of_each_choice(db: Session) -> None:
    consultation = make.make_consultation(db, budget_year=2028)
    make.make_proposal(db, consultation, "A", amounts={2028: -100, 2029: -900})
    make.make_proposal(db, consultation, "B", amounts={2028: -30}, exclusive_group="x")
    make.make_proposal(db, consultation, "C", amounts={2028: -50}, exclusive_group="x")
    assert queries.total_saving_tkr(db, consultation) == 150


def test_a_sheet_of_other_years_is_summed_in_its_own_first_year(db: Session) -> None:
    consultation = make.make_consultation(db, budget_year=2028)
    make.make_proposal(db, consultation, "A", amounts={2013: -100, 2014: -900})
    rows = queries.priced_proposals(db, consultation.id)
    assert queries.first_year(consultation, rows) == 2013


def save(db: Session, draft: Consultation, content: SchoolContent, **more: Any) -> int:
    return commands.save_school(
        db, make.make_chief(db), consultation_id=draft.id, content=content, now=NOW, **more
    ).id


def test_a_school_is_saved_and_changed(db: Session, draft: Consultation) -> None:
    school_id = save(db, draft, SCHOOL)
    save(db, draft, replace(SCHOOL, pupils_now=130), school_id=school_id)
    assert [school.pupils_now for school in queries.schools(db, draft.id)] == [130]


def test_two_schools_do_not_share_a_name(db: Session, draft: Consultation) -> None:
    save(db, draft, SCHOOL)
    with pytest.raises(InvalidInput):
        save(db, draft, replace(SCHOOL, name="KÆR skole"))


def test_a_school_can_be_taken_off_the_basis(db: Session, draft: Consultation) -> None:
    school_id = save(db, draft, SCHOOL)
    commands.remove_school(
        db, make.make_chief(db), consultation_id=draft.id, school_id=school_id, now=NOW
    )
    assert queries.schools(db, draft.id) == []


def test_a_school_of_another_dialogue_is_not_found(db: Session, draft: Consultation) -> None:
    school_id = save(db, draft, SCHOOL)
    other = make.make_consultation(db, "skoler", state=State.DRAFT)
    with pytest.raises(NotFound):
        save(db, other, SCHOOL, school_id=school_id)
