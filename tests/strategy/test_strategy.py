"""Writing the communication plan."""

import pytest
from sqlalchemy.orm import Session

from dialog.core.errors import AlreadyDone, InvalidInput, NotFound
from dialog.permissions import NotAllowed, Role
from dialog.strategy import commands, queries
from dialog.strategy.commands import Kpi, Plan, Step
from dialog.strategy.models import Phase
from tests.gate import kept
from tests.gate.kept import NOW, OPENS, SLUG


def test_a_plan_is_written_and_rewritten(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_draft(db, chief)
    commands.edit_strategy(db, chief, slug=SLUG, plan=Plan(purpose="A"), version=0, now=NOW)
    commands.edit_strategy(db, chief, slug=SLUG, plan=Plan(purpose="B"), version=1, now=NOW)
    saved = queries.strategy_of(db, draft.id)
    assert saved is not None
    assert (saved.purpose, saved.version) == ("B", 2)


def test_a_stale_plan_overwrites_nothing(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    commands.edit_strategy(db, chief, slug=SLUG, plan=Plan(purpose="A"), version=0, now=NOW)
    with pytest.raises(AlreadyDone):
        commands.edit_strategy(db, chief, slug=SLUG, plan=Plan(purpose="B"), version=0, now=NOW)


def test_activities_stand_by_phase_and_date(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_draft(db, chief)
    for step in (
        Step(phase=Phase.AFTER, title="Sidst"),
        Step(phase=Phase.ANNOUNCE, title="Uden dato"),
        Step(phase=Phase.ANNOUNCE, title="Med dato", on_date=OPENS),
    ):
        commands.save_activity(db, chief, slug=SLUG, step=step, now=NOW)
    titles = [each.title for each in queries.activities(db, draft.id)]
    assert titles == ["Med dato", "Uden dato", "Sidst"]


def test_an_activity_is_mended_and_deleted(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_draft(db, chief)
    step = Step(phase=Phase.DIALOGUE, title="Opslag")
    made = commands.save_activity(db, chief, slug=SLUG, step=step, now=NOW)
    mended = Step(phase=Phase.DIALOGUE, title="Plakat", is_done=True)
    commands.save_activity(db, chief, slug=SLUG, step=mended, activity_id=made.id, now=NOW)
    assert [each.title for each in queries.activities(db, draft.id)] == ["Plakat"]
    commands.delete_activity(db, chief, slug=SLUG, activity_id=made.id, now=NOW)
    assert queries.activities(db, draft.id) == []


def test_an_activity_of_another_consultation_is_not_found(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    other = kept.make_draft(db, chief)
    step = Step(phase=Phase.DIALOGUE, title="Opslag")
    theirs = commands.save_activity(db, chief, slug=other.slug, step=step, now=NOW)
    with pytest.raises(NotFound):
        commands.delete_activity(db, chief, slug=SLUG, activity_id=theirs.id, now=NOW)


@pytest.mark.parametrize("kpi", [Kpi(name=" ", target=1), Kpi(name="Svar", target=0)])
def test_a_target_has_a_name_and_a_number(db: Session, kpi: Kpi) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    with pytest.raises(InvalidInput):
        commands.save_kpi(db, chief, slug=SLUG, kpi=kpi, now=NOW)


def test_a_target_is_mended_and_deleted(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_draft(db, chief)
    made = commands.save_kpi(db, chief, slug=SLUG, kpi=Kpi(name="Svar", target=10), now=NOW)
    kpi = Kpi(name="Svar", target=20)
    commands.save_kpi(db, chief, slug=SLUG, kpi=kpi, kpi_id=made.id, now=NOW)
    assert [each.target for each in queries.kpi_targets(db, draft.id)] == [20]
    commands.delete_kpi(db, chief, slug=SLUG, kpi_id=made.id, now=NOW)
    assert queries.kpi_targets(db, draft.id) == []


def test_a_citizen_writes_no_plan(db: Session) -> None:
    kept.make_draft(db, kept.make_chief(db))
    citizen = kept.make_person(db, "Bo", Role.CITIZEN)
    with pytest.raises(NotAllowed):
        commands.edit_strategy(db, citizen, slug=SLUG, plan=Plan(), now=NOW)
