"""Reading the communication plan."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.strategy.models import Activity, KpiTarget, Phase, Strategy


def strategy_of(db: Session, consultation_id: int) -> Strategy | None:
    """The plan, or None before anyone wrote it."""
    return db.get(Strategy, consultation_id)


def activities(db: Session, consultation_id: int) -> list[Activity]:
    """Phase by phase, and inside each by date; what has no date comes last."""
    found = db.scalars(select(Activity).where(Activity.consultation_id == consultation_id))
    phases = list(Phase)
    return sorted(
        found,
        key=lambda each: (
            phases.index(each.phase),
            each.on_date is None,
            str(each.on_date),
            each.id,
        ),
    )


def kpi_targets(db: Session, consultation_id: int) -> list[KpiTarget]:
    """The targets, in the order they were set."""
    wanted = (
        select(KpiTarget).where(KpiTarget.consultation_id == consultation_id).order_by(KpiTarget.id)
    )
    return list(db.scalars(wanted))


def activity(db: Session, consultation_id: int, activity_id: int) -> Activity:
    """The activity of this consultation. Raises: NotFound."""
    found = db.get(Activity, activity_id)
    if found is None or found.consultation_id != consultation_id:
        raise NotFound("activity")
    return found


def kpi_target(db: Session, consultation_id: int, kpi_id: int) -> KpiTarget:
    """The target of this consultation. Raises: NotFound."""
    found = db.get(KpiTarget, kpi_id)
    if found is None or found.consultation_id != consultation_id:
        raise NotFound("kpi target")
    return found
