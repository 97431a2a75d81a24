"""What happens to agendas of itself: by the selection rule, and when a meeting is over."""

from datetime import datetime, timedelta

from dialog.agenda import choosing, due_queries, handing_out, running
from dialog.core import db as store
from dialog.core import jobs
from dialog.permissions import SYSTEM

AFTERWARDS = timedelta(hours=12)  # so long the staff may still say what was reached


@jobs.job("choose questions for the agenda", every=timedelta(minutes=1))
def choose_questions(now: datetime) -> None:
    """Chooses the most supported questions of every meeting whose hour has come."""
    for meeting_id in due_queries.rules_due(store.session(), now):
        with store.transaction() as db:
            choosing.choose(db, meeting_id=meeting_id, now=now)


@jobs.job("put what is overdue on the agenda", every=timedelta(minutes=1))
def put_overdue_on(now: datetime) -> None:
    """Puts each answer at the top of the ladder on the next meeting of its thread, once."""
    for question_id in due_queries.escalated(store.session()):
        with store.transaction() as db:
            choosing.put_overdue_on(db, question_id=question_id, now=now)


@jobs.job("close agendas", every=timedelta(minutes=10))
def close_agendas(now: datetime) -> None:
    """Says of what nobody spoke of that it was not reached."""
    for meeting_id in due_queries.left_open(store.session(), now - AFTERWARDS):
        with store.transaction() as db:
            running.close_agenda(db, SYSTEM, meeting_id=meeting_id, now=now)


@jobs.job("hand out meeting packs", every=timedelta(minutes=1))
def hand_out_packs(now: datetime) -> None:
    """Sends the pack of each meeting to those who sit on its panel or run it."""
    for meeting_id in due_queries.packs_due(store.session(), now, now + handing_out.BEFORE):
        with store.transaction() as db:
            handing_out.hand_out(db, meeting_id=meeting_id, now=now)
