"""A consultation that keeps the five rules, made step by step through the commands."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from dialog.catalogue import commands as catalogue
from dialog.catalogue.commands import ProposalContent
from dialog.consultations import commands as consultations
from dialog.consultations.commands import Basis
from dialog.consultations.course import Course
from dialog.consultations.models import Consultation, Kind
from dialog.debates import setting_up
from dialog.debates.models import Thread
from dialog.meetings import commands as meetings
from dialog.meetings.models import Meeting
from dialog.meetings.planning import MeetingContent
from dialog.people.models import Committee, User
from dialog.permissions import Actor, Role
from dialog.strategy import commands as strategy
from dialog.strategy.commands import Kpi, Plan, Step
from dialog.strategy.models import Phase

NOW = datetime(2027, 5, 3, 7, 0, tzinfo=UTC)  # a Monday
OPENS, FIRST_READING, DECISION = date(2027, 5, 3), date(2027, 9, 7), date(2027, 10, 5)
SLUG = "budget-2028"


def make_person(db: Session, name: str, role: Role) -> Actor:
    """Someone who may act, with an account."""
    mail = f"{name.lower().replace(' ', '.')}@fjordby.example"
    user = User(email=mail, name=name, role=role, created_at=NOW, confirmed_at=NOW)
    db.add(user)
    db.flush()
    return Actor(user.id, role, name)


def make_chief(db: Session, name: str = "Karen Holm") -> Actor:
    """A comms chief."""
    return make_person(db, name, Role.COMMS_CHIEF)


def make_draft(db: Session, chief: Actor, kind: Kind = Kind.BUDGET) -> Consultation:
    """A draft with nothing but its name."""
    return consultations.create_consultation(db, chief, title="Budget 2028", kind=kind, now=NOW)


def plan_course(db: Session, chief: Actor) -> None:
    """Rule 1."""
    course = Course(
        title="Budget 2028",
        slug=SLUG,
        opens_on=OPENS,
        first_reading_on=FIRST_READING,
        decision_on=DECISION,
        closes_at=datetime(2027, 9, 20, 10, 0, tzinfo=UTC),
    )
    consultations.edit_course(db, chief, slug=SLUG, course=course, now=NOW)


def plan_strategy(db: Session, chief: Actor) -> None:
    """Rule 2."""
    plan = Plan(purpose="At flere tager del.", audiences="Forældre\nÆldre", owner="Karen Holm")
    strategy.edit_strategy(db, chief, slug=SLUG, plan=plan, now=NOW)
    for number, phase in enumerate(Phase):
        step = Step(
            phase=phase,
            title=f"Opslag {number}",
            on_date=OPENS + timedelta(days=30 * number),
            channel="Aula",
            owner="Karen Holm",
        )
        strategy.save_activity(db, chief, slug=SLUG, step=step, now=NOW)
    for name in ("Deltagere", "Indlæg", "Svar i tide"):
        strategy.save_kpi(db, chief, slug=SLUG, kpi=Kpi(name=name, target=100), now=NOW)


def write_basis(db: Session, chief: Actor) -> None:
    """Rule 3, but for its proposal."""
    basis = Basis(
        summary="Pengene rækker ikke i 2028.",
        target_tkr=250_000,
        budget_year=2028,
        decided_by="Byrådet",
        already_decided="Vi skal finde 250 mio. kr.\nSkatten stiger ikke.",
        still_open="Hvilke forslag vi vælger.",
        impossible="At låne til daglig drift.",
        use_of_contributions="Byrådet læser det hele før 1. behandling.",
    )
    consultations.edit_basis(db, chief, slug=SLUG, basis=basis, now=NOW)
    source = ("Budgetoversigt", "Økonomiafdelingen", "https://fjordby.example/budget.pdf")
    consultations.add_source(db, chief, slug=SLUG, source=source, now=NOW)


def put_proposal(db: Session, chief: Actor, consultation_id: int) -> int:
    """The rest of rule 3: the proposal's id."""
    committee = Committee(name="Børne- og Skoleudvalget")
    db.add(committee)
    db.flush()
    content = ProposalContent(
        code="BS-01",
        title="Færre timer i SFO",
        committee_id=committee.id,
        service_impact="SFO lukker en time før.",
        amounts={2028: -3600, 2029: -3600},
    )
    made = catalogue.create_proposal(
        db, chief, consultation_id=consultation_id, content=content, now=NOW
    )
    return made.id


def schedule(db: Session, chief: Actor, consultation_id: int) -> Meeting:
    """The meeting of rule 4."""
    content = MeetingContent(
        title="Skoler og dagtilbud",
        place="Fjordbyhallen",
        address="Hallen 1, Fjordby",
        starts_at=datetime(2027, 8, 24, 17, 0, tzinfo=UTC),
        ends_at=datetime(2027, 8, 24, 19, 0, tzinfo=UTC),
        chair="Mette Lund",
        note_taker="Ole Friis",
    )
    return meetings.schedule_meeting(
        db, chief, consultation_id=consultation_id, content=content, now=NOW
    )


def put_thread(
    db: Session, chief: Actor, meeting: Meeting, proposal_id: int, politician: Actor
) -> Thread:
    """The rest of rules 4 and 5."""
    assert politician.id is not None
    return setting_up.create_thread(
        db,
        chief,
        consultation_id=meeting.consultation_id,
        title="Kortere åbningstid i SFO",
        intro="Skal SFO lukke en time før?",
        meeting_id=meeting.id,
        proposal_ids=[proposal_id],
        politician_ids=[politician.id],
        now=NOW,
    )


def make_ready(db: Session, chief: Actor) -> Consultation:
    """A draft that keeps all five rules."""
    draft = make_draft(db, chief)
    plan_course(db, chief)
    plan_strategy(db, chief)
    write_basis(db, chief)
    proposal_id = put_proposal(db, chief, draft.id)
    meeting = schedule(db, chief, draft.id)
    put_thread(db, chief, meeting, proposal_id, make_person(db, "Anders Toft", Role.POLITICIAN))
    return draft
