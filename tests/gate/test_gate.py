"""The gate refuses until the rules are kept, and lets nobody pass alone."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog import rules
from dialog.audit.models import AuditEvent
from dialog.catalogue.models import ProposalAmount
from dialog.consultations import queries as consultations
from dialog.consultations.models import BasisVersion, Consultation, State
from dialog.core.errors import AlreadyDone, InvalidInput, NotReady, TooLate
from dialog.debates.models import Post, Thread
from dialog.duties.models import Duty, DutyState
from dialog.gate import basis, commands, queries
from dialog.notifications.models import Notification
from dialog.permissions import Actor, NotAllowed, Role
from tests.gate import kept
from tests.gate.kept import NOW, SLUG


def states(db: Session, consultation: Consultation) -> dict[str, str]:
    return {each.rule: each.state.value for each in queries.verdicts(db, consultation, NOW)}


def waiting(db: Session, draft: Consultation) -> set[str]:
    """The rules that are not kept yet."""
    return {rule for rule, state in states(db, draft).items() if state != rules.State.KEPT}


def missing(db: Session, chief: Actor) -> set[str]:
    with pytest.raises(NotReady) as refused:
        commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    return {finding.code for finding in refused.value.findings}  # type: ignore[attr-defined]


def owe_an_answer(db: Session, consultation: Consultation, politician_id: int) -> Duty:
    thread = db.scalars(select(Thread)).one()
    opening = db.scalars(select(Post).where(Post.path == "")).one()
    question = Post(
        thread_id=thread.id,
        parent_id=opening.id,
        path="0000",
        depth=1,
        ordinal=1,
        author_name="Bo",
        source="Hvorfor?",
        html="<p>Hvorfor?</p>",
        created_at=NOW,
        rev=2,
    )
    db.add(question)
    db.flush()
    thread.post_count += 1
    duty = Duty(
        question_id=question.id,
        consultation_id=consultation.id,
        holder_id=politician_id,
        opened_at=NOW,
        due_at=NOW + timedelta(days=7),
    )
    db.add(duty)
    db.flush()
    return duty


def test_an_empty_draft_walks_to_green_rule_by_rule(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_draft(db, chief)
    assert waiting(db, draft) == {"start_early", "strategy", "basis", "oral", "threads"}
    kept.plan_course(db, chief)
    assert waiting(db, draft) == {"strategy", "basis", "oral", "threads"}
    kept.plan_strategy(db, chief)
    assert waiting(db, draft) == {"basis", "oral", "threads"}
    kept.write_basis(db, chief)
    proposal_id = kept.put_proposal(db, chief, draft.id)
    assert waiting(db, draft) == {"oral", "threads"}
    meeting = kept.schedule(db, chief, draft.id)
    assert waiting(db, draft) == {"threads"}
    anders = kept.make_person(db, "Anders Toft", Role.POLITICIAN)
    kept.put_thread(db, chief, meeting, proposal_id, anders)
    assert waiting(db, draft) == set()
    opened = commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    assert opened.state is State.OPEN
    assert opened.opened_at == NOW


def test_a_refusal_names_what_every_rule_lacks(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    assert missing(db, chief) >= {
        "opening_date_missing",
        "purpose_missing",
        "target_amount_missing",
        "meeting_missing",
        "thread_missing",
    }


def test_a_refused_opening_changes_nothing(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_draft(db, chief)
    missing(db, chief)
    assert draft.state is State.DRAFT
    assert consultations.basis_versions(db, draft.id) == []


def test_opening_freezes_the_basis_by_its_hash(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_ready(db, chief)
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    version = db.scalars(select(BasisVersion)).one()
    assert version.sha256 == basis.sha256(version.content)
    assert json.loads(version.content)["proposals"][0]["amounts_tkr"] == {
        "2028": -3600,
        "2029": -3600,
    }
    assert states(db, draft)["basis"] == "kept"


def test_a_figure_changed_behind_the_gate_breaks_the_rule_of_the_basis(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_ready(db, chief)
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    db.scalars(select(ProposalAmount)).first().amount_tkr = -9000  # type: ignore[union-attr]
    db.flush()
    assert states(db, draft)["basis"] == "broken"


def test_a_post_deleted_without_a_tombstone_breaks_the_rule_of_threads(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_ready(db, chief)
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    db.scalars(select(Thread)).one().post_count = 1
    db.flush()
    assert states(db, draft)["threads"] == "broken"


def test_the_verdicts_stay_the_same_when_the_dialogue_opens(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_ready(db, chief)
    before = states(db, draft)
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    assert states(db, draft) == before


def test_opening_settles_the_numbers_of_the_promise(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_ready(db, chief)
    assert consultations.rule_settings(db, draft.id) is None
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    db.flush()
    settled = consultations.rule_settings(db, draft.id)
    assert settled is not None
    assert (settled.answer_working_days, settled.kpi_targets) == (5, None)


def test_a_dialogue_opens_once(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_ready(db, chief)
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    with pytest.raises(AlreadyDone):
        commands.open_consultation(db, chief, slug=SLUG, now=NOW)


def test_the_politicians_of_the_threads_are_told(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_ready(db, chief)
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    told = db.scalars(select(Notification)).one()
    assert told.link == "/consultations/budget-2028/threads"


def test_the_opening_stands_in_the_audit(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_ready(db, chief)
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    last = db.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert last is not None
    assert (last.action, last.actor_id) == ("consultation_opened", chief.id)


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.POLITICIAN, Role.MODERATOR])
def test_only_those_who_set_up_may_open(db: Session, role: Role) -> None:
    kept.make_ready(db, kept.make_chief(db))
    with pytest.raises(NotAllowed):
        commands.open_consultation(db, Actor(99, role), slug=SLUG, now=NOW)


def test_an_override_takes_two_people(db: Session) -> None:
    chief, other = kept.make_chief(db), kept.make_chief(db, "Per Dahl")
    draft = kept.make_draft(db, chief)
    commands.request_override(db, chief, slug=SLUG, rule="oral", reason="Storm", now=NOW)
    assert states(db, draft)["oral"] == "not_yet"
    with pytest.raises(InvalidInput):
        commands.approve_override(db, chief, slug=SLUG, rule="oral", now=NOW)
    commands.approve_override(db, other, slug=SLUG, rule="oral", now=NOW)
    assert states(db, draft)["oral"] == "overridden"


def test_an_override_needs_a_reason(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    with pytest.raises(InvalidInput):
        commands.request_override(db, chief, slug=SLUG, rule="oral", reason="  ", now=NOW)


def test_an_approved_override_cannot_be_rewritten(db: Session) -> None:
    chief, other = kept.make_chief(db), kept.make_chief(db, "Per Dahl")
    kept.make_draft(db, chief)
    commands.request_override(db, chief, slug=SLUG, rule="oral", reason="Storm", now=NOW)
    commands.approve_override(db, other, slug=SLUG, rule="oral", now=NOW)
    with pytest.raises(AlreadyDone):
        commands.request_override(db, other, slug=SLUG, rule="oral", reason="Ro", now=NOW)


def test_whoever_rewrites_a_wish_is_the_one_who_cannot_approve_it(db: Session) -> None:
    chief, other = kept.make_chief(db), kept.make_chief(db, "Per Dahl")
    kept.make_draft(db, chief)
    commands.request_override(db, chief, slug=SLUG, rule="oral", reason="Storm", now=NOW)
    commands.request_override(db, other, slug=SLUG, rule="oral", reason="Hallen brændte", now=NOW)
    with pytest.raises(InvalidInput):
        commands.approve_override(db, other, slug=SLUG, rule="oral", now=NOW)


def test_a_dialogue_cannot_be_decided_while_answers_are_owed(db: Session) -> None:
    chief = kept.make_chief(db)
    draft = kept.make_ready(db, chief)
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    duty = owe_an_answer(db, draft, kept.make_person(db, "Ida", Role.POLITICIAN).id or 0)
    with pytest.raises(NotReady):
        commands.decide_consultation(db, chief, slug=SLUG, summary="Vedtaget.", now=NOW)
    duty.answered_at = NOW
    duty.state = DutyState.ANSWERED
    db.flush()
    done = commands.decide_consultation(db, chief, slug=SLUG, summary="Vedtaget.", now=NOW)
    assert (done.state, done.decision_summary) == (State.DECIDED, "Vedtaget.")


def test_a_decision_is_told_in_words(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_ready(db, chief)
    commands.open_consultation(db, chief, slug=SLUG, now=NOW)
    with pytest.raises(InvalidInput):
        commands.decide_consultation(db, chief, slug=SLUG, summary=" ", now=NOW)


def test_a_draft_cannot_be_decided(db: Session) -> None:
    chief = kept.make_chief(db)
    kept.make_draft(db, chief)
    with pytest.raises(TooLate):
        commands.decide_consultation(db, chief, slug=SLUG, summary="Vedtaget.", now=NOW)
