"""Whether a mail about a meeting may leave: asked by the mail room."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialog.consultations.models import Consultation, State
from dialog.mail import standing
from dialog.meetings.models import Meeting


def meeting_can_be_read(db: Session, meeting_id: int) -> bool:
    """Whether everyone can read of the meeting; a cancelled one is told of as well."""
    wanted = (
        select(Meeting.id)
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .where(Meeting.id == meeting_id, Consultation.state != State.DRAFT)
    )
    return db.scalar(wanted) is not None


standing.declare("meeting", meeting_can_be_read)
