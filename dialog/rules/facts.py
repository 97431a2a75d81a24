"""What a rule is told: everything any of the five rules asks, as plain frozen values.

Every field but `now` and `kind` has an empty default, and empty means missing: facts that were
forgotten never keep a rule. Moments are aware datetimes; dates are Danish calendar days.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Literal

from dialog.rules.workdays import local_date

Kind = Literal["budget", "school_structure"]

DRAFT = "draft"


@dataclass(frozen=True, kw_only=True)
class ActivityFact:
    """An activity in the communication plan."""

    id: int
    phase: str
    title: str = ""
    on_date: date | None = None
    channel: str = ""
    owner: str = ""


@dataclass(frozen=True, kw_only=True)
class KpiFact:
    """Something the plan measures; only one with a target counts."""

    id: int
    title: str = ""
    has_target: bool = False


@dataclass(frozen=True, kw_only=True)
class ProposalFact:
    """A savings proposal or a school scenario."""

    id: int
    code: str = ""
    title: str = ""
    has_amounts: bool = False
    has_consequences: bool = False
    committee: str = ""
    thread_count: int = 0


@dataclass(frozen=True, kw_only=True)
class MeetingFact:
    """A borgermøde; without an end it is taken to be over when it starts."""

    id: int
    title: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    address: str = ""
    chair: str = ""
    note_taker: str = ""
    cancelled: bool = False
    minutes_published_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ThreadFact:
    """A thread, the meeting it is tied to, and how many politicians answer for it."""

    id: int
    title: str = ""
    meeting_id: int | None = None
    responsible_count: int = 0


@dataclass(frozen=True, kw_only=True)
class OverrideFact:
    """A rule set aside: who asked for it, who else approved it, and why.

    `rule` is the rule's code name; `requested_by` and `approved_by` are user ids; `decided_by` is
    how the public page names the two ("borgmesteren og kommunaldirektøren").
    """

    rule: str
    reason: str
    requested_by: int
    approved_by: int | None = None
    approved_on: date | None = None
    decided_by: str = ""

    def holds(self, today: date) -> bool:
        """True with a reason and the approval of a second person, given by today."""
        return (
            bool(self.reason.strip())
            and self.approved_by not in (None, self.requested_by)
            and self.approved_on is not None
            and self.approved_on <= today
        )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The numbers a consultation sets for itself; None leaves the rule's own constant.

    A number below a legal minimum counts as the minimum. Raises: ValueError below 1.
    """

    days_before_first_reading: int | None = None
    objection_weeks: int | None = None
    weeks_from_objections_to_decision: int | None = None
    kpi_targets: int | None = None
    days_from_meeting_to_decision: int | None = None
    minutes_working_days: int | None = None

    def __post_init__(self) -> None:
        """Refuse a number that would switch a rule off."""
        for number in (getattr(self, each.name) for each in fields(self)):
            if number is not None and number < 1:
                raise ValueError("a setting of the rules is at least 1")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One consultation as the rules see it at the moment `now`."""

    now: datetime
    kind: Kind
    state: str = DRAFT
    settings: Settings = Settings()
    overrides: tuple[OverrideFact, ...] = ()

    # 1 start early
    opens_at: datetime | None = None  # as planned
    opened_at: datetime | None = None  # as it happened
    first_reading_on: date | None = None
    objection_deadline: datetime | date | None = None
    decision_on: date | None = None  # the council's final decision
    closes_a_school: bool = False  # a closure, or a merger where a school loses board and leader
    takes_effect_on: date | None = None  # None: the first school year after the decision
    school_holidays: tuple[tuple[date, date], ...] = ()  # first and last day

    # 2 strategy
    purpose: str = ""
    audiences: tuple[str, ...] = ()
    strategy_owner: str = ""
    activities: tuple[ActivityFact, ...] = ()
    kpis: tuple[KpiFact, ...] = ()

    # 3 basis
    target_tkr: int | None = None
    question: str = ""
    decides_who: str = ""
    already_decided: str = ""
    open_to_change: str = ""
    impossible: str = ""
    use_of_contributions: str = ""
    plain_summary: str = ""
    sources_count: int = 0
    basis_frozen: str | None = None  # hash of the version frozen at opening
    basis_now: str | None = None  # hash of what the public reads today

    # 3 and 5
    proposals: tuple[ProposalFact, ...] = ()

    # 4 oral, 5 threads
    meetings: tuple[MeetingFact, ...] = ()
    threads: tuple[ThreadFact, ...] = ()
    default_order: str = ""
    vanished_posts: int = 0  # posts that are gone without a tombstone

    @property
    def today(self) -> date:
        """The Danish calendar day it is."""
        return local_date(self.now)

    @property
    def has_opened(self) -> bool:
        """True from the moment the dialogue opened, and for ever after."""
        return self.opened_at is not None or self.state != DRAFT

    @property
    def opens(self) -> datetime | None:
        """When the dialogue opened, or when it can open at the earliest; None without a date."""
        if self.has_opened:
            return self.opened_at or self.opens_at
        return max(self.opens_at, self.now) if self.opens_at else None

    def override_of(self, rule: str) -> OverrideFact | None:
        """The newest override of the rule that holds, or None."""
        holding = [o for o in self.overrides if o.rule == rule and o.holds(self.today)]
        return max(holding, key=lambda o: o.approved_on or date.min, default=None)
