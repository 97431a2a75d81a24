"""The gate: opens a dialogue that keeps the rules, and closes one that has answered."""

import json
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from dialog import permissions, rules
from dialog.audit import commands as audit
from dialog.consultations import numbers
from dialog.consultations import queries as consultations
from dialog.consultations.models import BasisVersion, Consultation, State
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, NotAllowed, NotFound, NotReady, TooLate
from dialog.duties import queries as duties
from dialog.gate import basis, queries
from dialog.gate.models import Override
from dialog.notifications import commands as notifications
from dialog.permissions import Action, Actor
from dialog.rules import promise

REASON = 2000  # characters


def open_consultation(db: Session, actor: Actor, *, slug: str, now: datetime) -> Consultation:
    """The consultation, open to everyone, with its basis frozen.

    Raises: NotReady with every finding while a rule is not kept; AlreadyDone when it is open.
    """
    consultation = _locked(db, actor, slug)
    if consultation.state is not State.DRAFT:
        raise AlreadyDone(_("Dialogen er allerede åbnet."))
    verdicts = queries.verdicts(db, consultation, now)
    if not rules.may_open(verdicts):
        raise NotReady([finding for verdict in verdicts for finding in verdict.findings])
    version = _freeze(db, actor, consultation, now=now)
    numbers.settle_promise(db, consultation)
    consultation.state, consultation.opened_at = State.OPEN, now
    consultation.version += 1
    _tell_politicians(db, consultation, now)
    _record(db, actor, "consultation_opened", consultation, now, content=version.sha256)
    return consultation


def publish_basis_version(
    db: Session, actor: Actor, *, consultation_id: int, reason: str, now: datetime
) -> BasisVersion:
    """The basis as it now stands, frozen anew under the next number, with the reason for all.

    Raises: NotReady before the dialogue has opened; TooLate after the decision.
    """
    slug = consultations.access_consultation_by_id(db, actor, consultation_id).slug
    consultation = _locked(db, actor, slug)
    if consultation.state is State.DRAFT:
        raise NotReady([])
    if consultation.state is State.DECIDED:
        raise TooLate(_("Byrådet har besluttet, så grundlaget kan ikke længere ændres."))
    version = _freeze(db, actor, consultation, now=now, reason=reason)
    consultation.version += 1
    _record(db, actor, "basis_changed", consultation, now, reason=reason, content=version.sha256)
    return version


def request_override(
    db: Session, actor: Actor, *, slug: str, rule: str, reason: str, now: datetime
) -> Override:
    """The wish to set a rule aside. It counts once somebody else has approved it.

    Raises: InvalidInput without a reason; AlreadyDone when it is approved; TooLate.
    """
    consultation = _locked(db, actor, slug)
    if consultation.state is State.DECIDED:
        raise TooLate(_("Byrådet har besluttet, så rådene kan ikke længere fraviges."))
    if rule not in {each.NAME for each in rules.RULES}:
        raise NotFound("rule")
    reason = html.tidy(reason)
    if not reason or len(reason) > REASON:
        raise InvalidInput({"reason": _("Skriv en begrundelse på højst 2.000 tegn.")})
    asked = _asked(db, actor, consultation, rule)
    asked.reason, asked.requested_at = reason, now
    db.add(asked)
    db.flush()
    _record(db, actor, "override_requested", consultation, now, reason=reason, content=rule)
    return asked


def approve_override(db: Session, actor: Actor, *, slug: str, rule: str, now: datetime) -> Override:
    """The override, which counts from now on.

    Raises: NotFound when nobody asked; InvalidInput when it was the actor who asked;
    AlreadyDone when it is approved.
    """
    permissions.demand(actor, Action.APPROVE_OVERRIDE)
    consultation = _locked(db, actor, slug)
    asked = queries.override_of(db, consultation.id, rule)
    if asked is None:
        raise NotFound("override")
    if asked.approved_by is not None:
        raise AlreadyDone(_("Fravigelsen er allerede godkendt."))
    if actor.id is None:
        raise NotAllowed("a person answers for setting a rule aside")
    if asked.requested_by == actor.id:
        raise InvalidInput({"approve": _("En anden end den, der beder om det, skal godkende.")})
    asked.approved_by, asked.approved_at = actor.id, now
    reason = asked.reason
    _record(db, actor, "override_approved", consultation, now, reason=reason, content=rule)
    return asked


def decide_consultation(
    db: Session, actor: Actor, *, slug: str, summary: str, now: datetime
) -> Consultation:
    """The consultation with what the council decided.

    Raises: NotReady while answers are owed; InvalidInput without a summary; TooLate unless open.
    """
    consultation = _locked(db, actor, slug)
    if consultation.state not in (State.OPEN, State.CLOSED):
        raise TooLate(_("Kun en dialog, der har været åben, kan afsluttes."))
    summary = html.tidy(summary)
    if not summary:
        raise InvalidInput({"summary": _("Skriv, hvad byrådet besluttede.")})
    owed = promise.may_decide(duties.open_count(db, consultation.id))
    if owed is not None:
        raise NotReady([owed])
    consultation.state, consultation.decided_at = State.DECIDED, now
    consultation.decision_summary = summary
    consultation.version += 1
    _record(db, actor, "consultation_decided", consultation, now, content=summary)
    return consultation


def _locked(db: Session, actor: Actor, slug: str) -> Consultation:
    """The consultation, with its row locked until the transaction ends."""
    permissions.demand(actor, Action.SET_UP)
    consultation = consultations.access_consultation(db, actor, slug)
    db.refresh(consultation, with_for_update=True)
    return consultation


def _freeze(
    db: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    now: datetime,
    reason: str | None = None,
) -> BasisVersion:
    content = basis.basis_content(db, consultation)
    version = BasisVersion(
        consultation_id=consultation.id,
        number=len(consultations.basis_versions(db, consultation.id)) + 1,
        content=content,
        sha256=basis.sha256(content),
        frozen_at=now,
        frozen_by=actor.id,
        reason=reason,
    )
    db.add(version)
    db.flush()
    return version


def _asked(db: Session, actor: Actor, consultation: Consultation, rule: str) -> Override:
    """The row of this wish: a new one, or the one that nobody has approved yet."""
    if actor.id is None:
        raise NotAllowed("a person answers for setting a rule aside")
    asked = queries.override_of(db, consultation.id, rule)
    if asked is None:
        return Override(consultation_id=consultation.id, rule=rule, requested_by=actor.id)
    if asked.approved_by is not None:
        raise AlreadyDone(_("Rådet er allerede fraveget."))
    asked.requested_by = actor.id
    return asked


def _tell_politicians(db: Session, consultation: Consultation, now: datetime) -> None:
    for user_id, count in queries.responsible_politicians(db, consultation.id).items():
        notifications.notify(
            db,
            user_id,
            "opened",
            title=_("Dialogen om %(title)s er åbnet", title=consultation.title),
            excerpt=ngettext(
                "Du svarer på spørgsmål i 1 tråd.",
                "Du svarer på spørgsmål i %(num)s tråde.",
                count,
            ),
            link=f"/consultations/{consultation.slug}/threads",
            now=now,
        )


def _record(
    db: Session,
    actor: Actor,
    action: str,
    consultation: Consultation,
    now: datetime,
    *,
    content: str,
    reason: str | None = None,
) -> None:
    thing = ("consultations", consultation.id)
    told = json.dumps({"content": content}, ensure_ascii=False)
    audit.append(db, actor, action, thing, now=now, content=told, reason=reason)
