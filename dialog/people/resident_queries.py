"""Reading the slips that verify residents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.core.errors import NotFound
from dialog.people import codes
from dialog.people.models import CodeBatch, ResidentCode

MOST_SHOWN = 100  # batches


@dataclass(frozen=True)
class LivingCode:
    """A code that works, and the batch it is of."""

    code_id: int
    batch: CodeBatch


def living_code(db: Session, code: str, now: datetime) -> LivingCode | None:
    """What the code stands for; None for one that never was, is used, withdrawn or too old."""
    wanted = (
        select(ResidentCode.id, CodeBatch)
        .join(CodeBatch, CodeBatch.id == ResidentCode.batch_id)
        .where(ResidentCode.code_hash == codes.hash_of(code))
        .where(CodeBatch.expires_at > now, CodeBatch.withdrawn_at.is_(None))
    )
    found = db.execute(wanted).first()
    return LivingCode(found[0], found[1]) if found else None


def batches(db: Session) -> Sequence[CodeBatch]:
    """The batches, the newest first."""
    return db.scalars(select(CodeBatch).order_by(CodeBatch.id.desc()).limit(MOST_SHOWN)).all()


def access_batch(db: Session, batch_id: int) -> CodeBatch:
    """The batch. Raises: NotFound."""
    found = db.get(CodeBatch, batch_id)
    if found is None:
        raise NotFound("batch")
    return found
