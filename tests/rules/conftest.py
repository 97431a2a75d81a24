"""Two consultations that keep all five rules, both still drafts: break one thing at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dialog import rules
from dialog.rules import strategy, workdays

MARCH_1 = datetime(2027, 3, 1, 8, tzinfo=UTC)
OCTOBER_1 = datetime(2026, 10, 1, 8, tzinfo=UTC)


def make_activities(on_date: date) -> tuple[rules.ActivityFact, ...]:
    return tuple(
        rules.ActivityFact(
            id=number,
            phase=phase,
            title=f"Aktivitet {number}",
            on_date=on_date,
            channel="Lokalavisen",
            owner="Kommunikationschefen",
        )
        for number, phase in enumerate(strategy.PHASES, 1)
    )


def make_meeting(starts_at: datetime) -> rules.MeetingFact:
    return rules.MeetingFact(
        id=4,
        title="Borgermøde i Kulturhuset",
        starts_at=starts_at,
        ends_at=starts_at.replace(hour=starts_at.hour + 2),
        place="Kulturhuset",
        address="Havnegade 3",
        chair="Anna Holm",
        note_taker="Per Lund",
    )


@pytest.fixture
def budget() -> rules.Facts:
    return rules.Facts(
        now=MARCH_1,
        kind="budget",
        opens_at=datetime(2027, 3, 15, 7, tzinfo=UTC),
        first_reading_on=date(2027, 9, 9),
        decision_on=date(2027, 10, 7),
        school_holidays=workdays.school_holidays_between(date(2027, 3, 15), date(2027, 10, 7)),
        purpose="Byrådet vil høre, hvor det gør mindst ondt.",
        audiences=("Forældre", "Ældre"),
        strategy_owner="Kommunikationschefen",
        activities=make_activities(date(2027, 5, 3)),
        kpis=tuple(rules.KpiFact(id=n, has_target=True) for n in (1, 2, 3)),
        target_tkr=250_000,
        decides_who="Byrådet",
        already_decided="Skatten stiger ikke.",
        open_to_change="Alle 40 forslag.",
        impossible="Vi kan ikke låne til driften.",
        use_of_contributions="Hvert indlæg læses, og udvalget svarer.",
        plain_summary="Vi mangler 250 mio. kr.",
        sources_count=1,
        proposals=(
            rules.ProposalFact(
                id=3,
                code="B12",
                title="Biblioteket lukker om søndagen",
                has_amounts=True,
                has_consequences=True,
                committee="Kulturudvalget",
                thread_count=1,
            ),
        ),
        meetings=(make_meeting(datetime(2027, 8, 24, 17, tzinfo=UTC)),),
        threads=(rules.ThreadFact(id=7, title="Søndage", meeting_id=4, responsible_count=1),),
        default_order="tree",
    )


@pytest.fixture
def schools(budget: rules.Facts) -> rules.Facts:
    return replace(
        budget,
        now=OCTOBER_1,
        kind="school_structure",
        closes_a_school=True,
        opens_at=datetime(2026, 10, 5, 7, tzinfo=UTC),
        first_reading_on=None,
        objection_deadline=date(2026, 12, 4),
        decision_on=date(2027, 1, 21),
        school_holidays=workdays.school_holidays_between(date(2026, 10, 5), date(2027, 1, 21)),
        target_tkr=None,
        question="Hvilke skoler skal vi have om ti år?",
        meetings=(make_meeting(datetime(2026, 11, 10, 18, tzinfo=UTC)),),
    )


@pytest.fixture
def open_budget(budget: rules.Facts) -> rules.Facts:
    return replace(
        budget,
        state="open",
        now=datetime(2027, 4, 6, 8, tzinfo=UTC),
        opened_at=budget.opens_at,
        basis_frozen="a1",
        basis_now="a1",
    )
