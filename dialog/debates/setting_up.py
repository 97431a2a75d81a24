"""Making threads. Every one is tied to a meeting and has politicians who answer for it."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.catalogue.models import Proposal
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound
from dialog.debates import live, queries
from dialog.debates.models import (
    Post,
    PostKind,
    PostState,
    Thread,
    ThreadPolitician,
    ThreadProposal,
    Voice,
)
from dialog.meetings.models import Meeting
from dialog.people import office_queries as offices
from dialog.people.models import User
from dialog.permissions import Action, Actor, Role, demand

LONGEST_TITLE = 140  # signs; promises C.3


def create_thread(
    db: Session,
    actor: Actor,
    *,
    consultation_id: int,
    title: str,
    intro: str,
    meeting_id: int | None,
    proposal_ids: Sequence[int] = (),
    politician_ids: Sequence[int] = (),
    now: datetime,
) -> Thread:
    """The new thread with its opening post, which the administration writes.

    Without politicians, those who answer for the first proposal's committee do.

    Raises: NotAllowed, NotFound, InvalidInput (fields title, intro, meeting_id, proposals,
    politicians).
    """
    demand(actor, Action.SET_UP)
    consultation = consultations.access_consultation_by_id(db, actor, consultation_id)
    title, intro = _checked_words(title, intro)
    meeting = _meeting(db, consultation, meeting_id)
    proposals = _proposals(db, consultation, proposal_ids)
    thread = Thread(
        consultation_id=consultation.id,
        meeting_id=meeting.id,
        title=title,
        position=next_position(db, consultation.id),
        created_at=now,
        rev=1,
        post_count=0,
        participant_count=0,
    )
    db.add(thread)
    db.flush()
    db.add(_opening(db, actor, thread, intro or title, now))
    _set_proposals(db, thread, proposals)
    set_politicians(db, thread, politician_ids or _answerable(db, proposals))
    audit.append(db, actor, "thread_created", ("threads", thread.id), now=now, content=title)
    return thread


def edit_thread(
    db: Session,
    actor: Actor,
    *,
    thread_id: int,
    title: str,
    intro: str,
    meeting_id: int | None,
    proposal_ids: Sequence[int],
    politician_ids: Sequence[int],
    version: int,
    now: datetime,
) -> Thread:
    """The thread with its new words and ties.

    Raises: as `create_thread`, and AlreadyDone when someone else saved it first.
    """
    demand(actor, Action.SET_UP)
    page = queries.access_thread(db, actor, thread_id)
    thread = page.thread
    if thread.version != version:
        raise AlreadyDone(_("En anden har rettet tråden imens. Hent siden igen, og se efter."))
    title, intro = _checked_words(title, intro)
    meeting = _meeting(db, page.consultation, meeting_id)
    is_elsewhere = meeting.id != thread.meeting_id
    thread.title, thread.meeting_id = title, meeting.id
    thread.version, thread.rev = thread.version + 1, thread.rev + 1
    if page.opening.voice is Voice.ADMINISTRATION:
        page.opening.source, page.opening.html = intro or title, html.render(intro or title)
        page.opening.rev = thread.rev
    _set_proposals(db, thread, _proposals(db, page.consultation, proposal_ids))
    set_politicians(db, thread, politician_ids)
    if is_elsewhere:
        live.announce_meeting(db, thread, meeting.id)
    audit.append(db, actor, "thread_edited", ("threads", thread.id), now=now, content=title)
    return thread


def create_missing_threads(
    db: Session, actor: Actor, *, consultation_id: int, meeting_id: int | None, now: datetime
) -> list[Thread]:
    """A thread for each proposal that has none, all tied to one meeting."""
    demand(actor, Action.SET_UP)
    return [
        create_thread(
            db,
            actor,
            consultation_id=consultation_id,
            title=proposal.title[:LONGEST_TITLE],
            intro=proposal.service_impact or proposal.description,
            meeting_id=meeting_id,
            proposal_ids=[proposal.id],
            now=now,
        )
        for proposal in proposals_without_thread(db, consultation_id)
    ]


def proposals_without_thread(db: Session, consultation_id: int) -> list[Proposal]:
    """The proposals that nobody can debate yet."""
    debated = select(ThreadProposal.proposal_id)
    wanted = select(Proposal).where(
        Proposal.consultation_id == consultation_id, Proposal.id.not_in(debated)
    )
    return list(db.scalars(wanted.order_by(Proposal.position, Proposal.id)))


def proposals(db: Session, consultation_id: int) -> list[Proposal]:
    """What the threads of a consultation can be about."""
    wanted = select(Proposal).where(Proposal.consultation_id == consultation_id)
    return list(db.scalars(wanted.order_by(Proposal.position, Proposal.id)))


def _checked_words(title: str, intro: str) -> tuple[str, str]:
    title, intro = html.one_line(title), html.tidy(intro)
    if not title:
        raise InvalidInput({"title": _("Giv tråden en overskrift.")})
    if len(title) > LONGEST_TITLE:
        raise InvalidInput({"title": _("Overskriften er for lang. Der er plads til 140 tegn.")})
    if len(intro) > 5_000:
        raise InvalidInput({"intro": _("Teksten er for lang. Der er plads til 5.000 tegn.")})
    return title, intro


def _meeting(db: Session, consultation: Consultation, meeting_id: int | None) -> Meeting:
    meeting = db.get(Meeting, meeting_id) if meeting_id is not None else None
    if meeting is None or meeting.consultation_id != consultation.id:
        raise InvalidInput({"meeting_id": _("Vælg det borgermøde, hvor tråden bliver taget op.")})
    return meeting


def _proposals(db: Session, consultation: Consultation, ids: Sequence[int]) -> list[Proposal]:
    wanted = select(Proposal).where(
        Proposal.id.in_(ids), Proposal.consultation_id == consultation.id
    )
    found = {proposal.id: proposal for proposal in db.scalars(wanted)}
    if len(found) != len(set(ids)):
        raise InvalidInput({"proposals": _("Et af forslagene hører ikke til her. Vælg igen.")})
    return [found[one] for one in dict.fromkeys(ids)]


def _opening(db: Session, actor: Actor, thread: Thread, words: str, now: datetime) -> Post:
    user = db.get(User, actor.id) if actor.id is not None else None
    return Post(
        thread_id=thread.id,
        path="",
        depth=0,
        ordinal=0,
        kind=PostKind.COMMENT,
        voice=Voice.ADMINISTRATION,
        state=PostState.VISIBLE,
        author_id=user.id if user else None,
        author_name=user.name if user else actor.name,
        author_title=user.title if user else None,
        source=words,
        html=html.render(words),
        created_at=now,
        rev=1,
    )


def next_position(db: Session, consultation_id: int) -> int:
    """The place after a consultation's last thread."""
    wanted = select(func.count()).where(Thread.consultation_id == consultation_id)
    return db.scalar(wanted) or 0


def _set_proposals(db: Session, thread: Thread, proposals: Sequence[Proposal]) -> None:
    db.execute(delete(ThreadProposal).where(ThreadProposal.thread_id == thread.id))
    db.add_all(ThreadProposal(thread_id=thread.id, proposal_id=one.id) for one in proposals)


def set_politicians(db: Session, thread: Thread, ids: Sequence[int]) -> None:
    """Makes these the ones who answer for the thread, the first of them first.

    Raises: InvalidInput (field politicians).
    """
    wanted = select(User.id).where(User.id.in_(ids), User.role == Role.POLITICIAN)
    if len(set(db.scalars(wanted))) != len(set(ids)):
        raise InvalidInput({"politicians": _("Kun politikere kan svare for en tråd. Vælg igen.")})
    db.execute(delete(ThreadPolitician).where(ThreadPolitician.thread_id == thread.id))
    db.add_all(
        ThreadPolitician(thread_id=thread.id, user_id=one, position=position)
        for position, one in enumerate(dict.fromkeys(ids))
    )
    db.flush()


def _answerable(db: Session, proposals: Sequence[Proposal]) -> list[int]:
    for proposal in proposals:
        if proposal.committee_id is not None:
            return [one.id for one in offices.responsible_for(db, proposal.committee_id)]
    return []


def access_thread_of(db: Session, actor: Actor, slug: str, thread_id: int) -> queries.ThreadPage:
    """The thread, if it belongs to the consultation at `slug`.

    Raises: NotFound.
    """
    page = queries.access_thread(db, actor, thread_id)
    if page.consultation.slug != slug:
        raise NotFound("thread")
    return page
