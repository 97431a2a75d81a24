"""Help with an answer: a secretary drafts it, the politician alone publishes it."""

from datetime import datetime

from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core.errors import NotFound
from dialog.debates import alike, drafting, owing
from dialog.debates.models import Draft, PostKind
from dialog.duties import handling, machine
from dialog.duties.models import Desk, Duty, Origin
from dialog.permissions import Action, Actor, demand

SHORTEST_TAKEN = 12  # signs of a draft; "Ja, det gør" has anybody in his answer


def prepare_answer(
    db: Session, actor: Actor, *, question_id: int, body: str, now: datetime
) -> Draft | None:
    """The secretary's draft, which the politician who owes the answer finds on his desk.

    Empty text takes it away (None). Raises: NotFound, TooLate when nothing is owed any more.
    """
    demand(actor, Action.PREPARE)
    owed = owing.access(db, actor, question_id)
    if owed.duty.desk is not Desk.POLITICIAN or owed.duty.origin is Origin.PROMISE:
        raise NotFound("duty")
    machine.demand_open(owed.duty)
    draft = drafting.keep_draft(db, actor, question_id, body, PostKind.COMMENT, now)
    audit.append(db, actor, "answer_drafted", ("duties", owed.duty.id), now=now, content=body)
    return draft


def is_built_on(body: str, draft: str) -> bool:
    """Whether an answer has its words from the draft: the whole of it, or the greater part."""
    whole = _in_one_line(draft)
    is_taken_in = len(whole) >= SHORTEST_TAKEN and whole in _in_one_line(body)
    return is_taken_in or alike.likeness(body, draft) > 0


def _in_one_line(words: str) -> str:
    return " ".join(words.casefold().split())


def note_help(
    db: Session, actor: Actor, *, question_id: int, prepared_by: int, now: datetime
) -> Duty:
    """The answered duty, on which everyone can read that the answer was prepared with help.

    The chain holds both: who published, and as the reason who prepared.
    """
    owed = owing.access(db, actor, question_id)
    if not handling.may_answer(owed.duty, actor.id) and owed.duty.answered_by != actor.id:
        raise NotFound("duty")
    owed.duty.prepared_by = prepared_by
    audit.append(
        db, actor, "answer_prepared", ("duties", owed.duty.id), now=now,
        reason=f"users/{prepared_by}",
    )  # fmt: skip
    drafting.forget_drafts_of(db, prepared_by, question_id)
    owing.show(db, actor, [owed.duty])
    return owed.duty
