"""Gathers the facts from every room and asks the rules. Nobody else asks them."""

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from dialog import rules
from dialog.catalogue import queries as catalogue
from dialog.consultations import course
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, Kind
from dialog.core import clock
from dialog.debates import reading_queries
from dialog.debates.models import Post, Thread, ThreadPolitician, ThreadProposal
from dialog.gate import basis
from dialog.gate.models import Override
from dialog.meetings.models import Meeting
from dialog.people.models import User
from dialog.permissions import Role
from dialog.rules import workdays
from dialog.strategy import queries as strategy


@dataclass(frozen=True, slots=True)
class OverrideShown:
    """A rule set aside, and the roles of the one who asked and the one who approved, if any."""

    override: Override
    asked_by: Role
    approved_by: Role | None


def verdicts(db: Session, consultation: Consultation, now: datetime) -> tuple[rules.Verdict, ...]:
    """How the consultation stands with each of the five rules at this moment."""
    return rules.evaluate(facts(db, consultation, now))


def facts(db: Session, consultation: Consultation, now: datetime) -> rules.Facts:
    """Everything the rules ask about."""
    return rules.Facts(
        now=now,
        kind="budget" if consultation.kind is Kind.BUDGET else "school_structure",
        state=consultation.state.value,
        overrides=_overrides(db, consultation.id),
        settings=_settings(db, consultation.id),
        **_course(consultation),
        **_plan(db, consultation.id),
        **_basis(db, consultation),
        **_debate(db, consultation.id),
    )


def _settings(db: Session, consultation_id: int) -> rules.Settings:
    own = consultations.rule_settings(db, consultation_id)
    return rules.Settings(
        **{each.name: getattr(own, each.name, None) for each in dataclasses.fields(rules.Settings)}
    )


def overrides_of(db: Session, consultation_id: int) -> dict[str, OverrideShown]:
    """The overrides asked for and approved, by the name of their rule."""
    asker, approver = aliased(User), aliased(User)
    wanted = (
        select(Override, asker.role, approver.role)
        .join(asker, asker.id == Override.requested_by)
        .outerjoin(approver, approver.id == Override.approved_by)
        .where(Override.consultation_id == consultation_id)
    )
    return {row.rule: OverrideShown(row, asked, seen) for row, asked, seen in db.execute(wanted)}


def override_of(db: Session, consultation_id: int, rule: str) -> Override | None:
    """The override of the rule, whether it is approved or not."""
    wanted = select(Override).where(
        Override.consultation_id == consultation_id, Override.rule == rule
    )
    return db.scalars(wanted).first()


def responsible_politicians(db: Session, consultation_id: int) -> dict[int, int]:
    """User id → the number of threads he answers for."""
    wanted = (
        select(ThreadPolitician.user_id, func.count())
        .join(Thread, Thread.id == ThreadPolitician.thread_id)
        .where(Thread.consultation_id == consultation_id)
        .group_by(ThreadPolitician.user_id)
    )
    return dict(db.execute(wanted).all())


def _overrides(db: Session, consultation_id: int) -> tuple[rules.OverrideFact, ...]:
    wanted = select(Override).where(Override.consultation_id == consultation_id)
    return tuple(
        rules.OverrideFact(
            rule=row.rule,
            reason=row.reason,
            requested_by=row.requested_by,
            approved_by=row.approved_by,
            approved_on=clock.local(row.approved_at).date() if row.approved_at else None,
        )
        for row in db.scalars(wanted)
    )


def _course(consultation: Consultation) -> dict[str, Any]:
    opens_at = _midnight(consultation.opens_on)
    first = consultation.opened_at or opens_at
    last = consultation.first_reading_on or consultation.decision_on
    if consultation.closes_a_school and consultation.closes_at:
        last = clock.local(consultation.closes_at).date()
    return {
        "opens_at": opens_at,
        "opened_at": consultation.opened_at,
        "first_reading_on": consultation.first_reading_on,
        "objection_deadline": consultation.closes_at,
        "decision_on": consultation.decision_on,
        "closes_a_school": consultation.closes_a_school,
        "takes_effect_on": course.takes_effect_on(consultation),
        "school_holidays": (
            workdays.school_holidays_between(clock.local(first).date(), last)
            if first and last
            else ()
        ),
    }


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, clock.COPENHAGEN) if day else None


def _plan(db: Session, consultation_id: int) -> dict[str, Any]:
    plan = strategy.strategy_of(db, consultation_id)
    return {
        "purpose": plan.purpose if plan else "",
        "audiences": tuple(plan.audiences.splitlines()) if plan else (),
        "strategy_owner": plan.owner if plan else "",
        "activities": tuple(
            rules.ActivityFact(
                id=activity.id,
                phase=activity.phase.value,
                title=activity.title,
                on_date=activity.on_date,
                channel=activity.channel,
                owner=activity.owner,
            )
            for activity in strategy.activities(db, consultation_id)
        ),
        "kpis": tuple(
            rules.KpiFact(id=kpi.id, title=kpi.name, has_target=kpi.target > 0)
            for kpi in strategy.kpi_targets(db, consultation_id)
        ),
    }


def _basis(db: Session, consultation: Consultation) -> dict[str, Any]:
    versions = consultations.basis_versions(db, consultation.id)
    return {
        "target_tkr": consultation.target_tkr,
        "question": consultation.question,
        "decides_who": consultation.decided_by,
        "already_decided": consultation.already_decided,
        "open_to_change": consultation.still_open,
        "impossible": consultation.impossible,
        "use_of_contributions": consultation.use_of_contributions,
        "plain_summary": consultation.summary,
        "sources_count": len(consultations.sources(db, consultation.id)),
        "basis_frozen": versions[0].sha256 if versions else None,
        "basis_now": basis.sha256(basis.basis_content(db, consultation)),
    }


def _debate(db: Session, consultation_id: int) -> dict[str, Any]:
    threads = list(db.scalars(select(Thread).where(Thread.consultation_id == consultation_id)))
    responsible = _counts(db, ThreadPolitician.thread_id, consultation_id)
    debated = _counts(db, ThreadProposal.proposal_id, consultation_id)
    return {
        "meetings": _meetings(db, consultation_id),
        "proposals": tuple(
            rules.ProposalFact(
                id=row.proposal.id,
                code=row.proposal.code,
                title=row.proposal.title,
                has_amounts=bool(row.amounts),
                has_consequences=bool(row.proposal.service_impact.strip()),
                committee=row.committee,
                thread_count=debated.get(row.proposal.id, 0),
            )
            for row in catalogue.priced_proposals(db, consultation_id)
        ),
        "threads": tuple(
            rules.ThreadFact(
                id=thread.id,
                title=thread.title,
                meeting_id=thread.meeting_id,
                responsible_count=responsible.get(thread.id, 0),
            )
            for thread in threads
        ),
        "default_order": reading_queries.DEFAULT_ORDER.value,
        "vanished_posts": _vanished(db, threads),
    }


def _meetings(db: Session, consultation_id: int) -> tuple[rules.MeetingFact, ...]:
    wanted = select(Meeting).where(Meeting.consultation_id == consultation_id)
    return tuple(
        rules.MeetingFact(
            id=meeting.id,
            title=meeting.title,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            address=meeting.address,
            chair=meeting.chair,
            note_taker=meeting.note_taker,
            cancelled=meeting.cancelled_at is not None,
            minutes_published_at=meeting.minutes_published_at,
        )
        for meeting in db.scalars(wanted.order_by(Meeting.starts_at, Meeting.id))
    )


def _counts(db: Session, column: Any, consultation_id: int) -> dict[int, int]:
    """How often each value of the column stands beside a thread of the consultation."""
    wanted = (
        select(column, func.count())
        .join(Thread, Thread.id == column.class_.thread_id)
        .where(Thread.consultation_id == consultation_id)
        .group_by(column)
    )
    return dict(db.execute(wanted).all())


def _vanished(db: Session, threads: list[Thread]) -> int:
    """How many replies were counted when they were written and are no longer stored."""
    ids = [thread.id for thread in threads]
    stored = db.scalar(
        select(func.count()).select_from(Post).where(Post.thread_id.in_(ids), Post.depth > 0)
    )
    return max(0, sum(thread.post_count for thread in threads) - (stored or 0))
