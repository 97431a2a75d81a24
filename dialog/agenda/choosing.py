"""The selection rule of a meeting: published beforehand, carried out by the clock.

What is long overdue comes on of itself, then the most supported, then what the chair chooses.
What is not chosen stays owed: nothing here touches a duty.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda import candidates, commands, due_queries, live, ordering, queries, suggesting
from dialog.agenda.models import AgendaItem, ChosenBy, SelectionRule
from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, TooLate
from dialog.debates import owing
from dialog.debates import queries as debates
from dialog.meetings.models import Meeting
from dialog.permissions import SYSTEM, Actor

MOST = 30  # questions by one way: no evening has time for more
LONGEST_TEXT = 1_000


@dataclass(frozen=True, kw_only=True)
class RuleContent:
    """What a selection rule says. Moments are aware."""

    by_support: int
    by_chair: int
    overdue_first: bool = True
    selects_at: datetime
    text: str = ""


def publish_rule(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    content: RuleContent,
    reason: str = "",
    number: int | None = None,
    now: datetime,
) -> SelectionRule:
    """The rule that counts from now on. The one before it stays public, with why it was changed.

    number: of the rule that the form was filled from; None when there was no form.
    Raises: NotFound, TooLate, InvalidInput, AlreadyDone for a stale form.
    """
    meeting = queries.access_to_run(db, actor, meeting_id, to_change=True)
    _demand_ahead(meeting, now)
    before = next(iter(queries.rules(db, meeting_id)), None)
    if number is not None and number != (before.number if before else 0):
        raise AlreadyDone(_("En anden har ændret reglen imens. Se den igen, og ret derfra."))
    if before is not None and before.selected_at is not None:
        raise TooLate(_("Spørgsmålene er valgt efter reglen, så den ligger fast."))
    reason, text = html.one_line(reason), html.tidy(content.text)
    _check(meeting, content, text, reason, is_change=before is not None, now=now)
    rule = SelectionRule(
        meeting_id=meeting_id,
        number=before.number + 1 if before else 1,
        by_support=content.by_support,
        by_chair=content.by_chair,
        overdue_first=content.overdue_first,
        selects_at=content.selects_at,
        text=text,
        published_at=now,
        published_by=actor.name,
        reason=reason or None,
    )
    db.add(rule)
    db.flush()
    told = f"{rule.by_support} {rule.by_chair} {rule.overdue_first} {rule.selects_at} {text}"
    thing = ("selection_rules", meeting_id)
    audit.append(
        db, actor, "selection_rule_published", thing, now=now, content=told, reason=reason or None
    )
    live.announce_changed(db, meeting_id)
    return rule


def choose_as_chair(
    db: Session,
    actor: Actor,
    *,
    meeting_id: int,
    question_id: int,
    minutes: int = commands.MINUTES,
    now: datetime,
) -> AgendaItem:
    """The question that whoever runs the meeting takes up, as far as the rule lets him.

    Raises: as `commands.put_question_on`; InvalidInput without a rule, and when it is used up.
    """
    queries.access_to_run(db, actor, meeting_id, to_change=True)
    rule = next(iter(queries.rules(db, meeting_id)), None)
    if rule is None:
        raise InvalidInput({"question_id": _("Læg først reglen for valget ud.")})
    if queries.chosen_count(db, meeting_id, ChosenBy.CHAIR) >= rule.by_chair:
        sentence = _(
            "Reglen giver dig %(n)s spørgsmål, og de er valgt. Tag et af, eller ret reglen først.",
            n=rule.by_chair,
        )
        raise InvalidInput({"question_id": sentence})
    return commands.put_question_on(
        db, actor, meeting_id=meeting_id, question_id=question_id, minutes=minutes, now=now
    )


def choose(db: Session, *, meeting_id: int, now: datetime) -> list[AgendaItem]:
    """The most supported questions, put on as the rule says; nothing the second time."""
    meeting = queries.access_to_run(db, SYSTEM, meeting_id, to_change=True)
    rule = next(iter(queries.rules(db, meeting_id)), None)
    if rule is None or rule.selected_at is not None or meeting.cancelled_at is not None:
        return []
    rule.selected_at = now
    wanted = candidates.most_supported(db, meeting, now, rule.by_support)
    owing.lock(db, *wanted)  # all their threads at once: the first change goes into the chain
    chosen = [
        commands.put_question_on(
            db,
            SYSTEM,
            meeting_id=meeting_id,
            question_id=question_id,
            chosen_by=ChosenBy.SUPPORT,
            now=now,
        )
        for question_id in wanted
    ]
    audit.append(db, SYSTEM, "selection_done", ("selection_rules", meeting_id), now=now)
    live.announce_changed(db, meeting_id)
    return chosen


def put_overdue_on(db: Session, *, question_id: int, now: datetime) -> AgendaItem | None:
    """The point that an answer long overdue becomes at the next meeting of its thread.

    None while no meeting is planned, and for what came onto an agenda in the meantime.
    """
    _post, page = debates.access_post(db, SYSTEM, question_id)
    meeting = suggesting.meeting_for(db, page, now)
    if meeting is None:
        return None
    queries.lock_agenda(db, meeting.id)
    if question_id not in due_queries.escalated(db):
        return None
    item = commands.put_question_on(
        db,
        SYSTEM,
        meeting_id=meeting.id,
        question_id=question_id,
        chosen_by=ChosenBy.OVERDUE,
        now=now,
    )
    rule = next(iter(queries.rules(db, meeting.id)), None)
    if rule is None or rule.overdue_first:
        ordering.put_before_the_rest(db, item)
    return item


def _demand_ahead(meeting: Meeting, now: datetime) -> None:
    if meeting.cancelled_at is not None:
        raise TooLate(_("Mødet er aflyst, så der er intet at vælge."))
    if meeting.starts_at <= now:
        raise TooLate(_("Mødet er begyndt, så reglen ligger fast."))


def _check(
    meeting: Meeting,
    content: RuleContent,
    text: str,
    reason: str,
    *,
    is_change: bool,
    now: datetime,
) -> None:
    wrong = {}
    for name in ("by_support", "by_chair"):
        if not 0 <= getattr(content, name) <= MOST:
            wrong[name] = _("Skriv et tal fra 0 til 30.")
    if not now < content.selects_at <= meeting.starts_at:
        wrong["selects_on"] = _("Vælg et tidspunkt mellem nu og mødets begyndelse.")
    if len(text) > LONGEST_TEXT:
        wrong["text"] = _("Kort teksten ned til 1.000 tegn.")
    if is_change and not reason:
        wrong["reason"] = _("Skriv, hvorfor reglen bliver ændret. Alle kan læse det.")
    if len(reason) > commands.LONGEST_REASON:
        wrong["reason"] = _("Kort begrundelsen ned til 500 tegn.")
    if wrong:
        raise InvalidInput(wrong)
