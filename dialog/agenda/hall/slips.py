"""Slips: with the code on one a speaker keeps his words his own, without an account."""

import re
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.agenda.hall import note_queries as hall_note_queries
from dialog.agenda.hall import slip_queries as hall_slip_queries
from dialog.agenda.hall.models import HallNote, Slip
from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import confirming, oral
from dialog.debates import queries as debates
from dialog.debates.models import Origin, Post, PostKind, PostState
from dialog.debates.spoken import Said
from dialog.meetings import queries as meetings
from dialog.people import codes
from dialog.permissions import VISITOR, Action, Actor, Role, demand

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def make_slip(db: Session, actor: Actor, *, post_id: int, now: datetime) -> tuple[Slip, str]:
    """The slip and its code, which is stored nowhere. An older code for the post is void.

    Raises: NotFound, NotAllowed, TooLate for words that are gone.
    """
    post = access_oral(db, actor, post_id)
    if post.state is not PostState.VISIBLE:
        raise TooLate(_("Indlægget er ikke længere fremme."))
    code = codes.new_code()
    slip = hall_slip_queries.slip_of(db, post_id)
    if slip is None:
        slip = Slip(post_id=post_id)
        db.add(slip)
    slip.code_hash, slip.made_at, slip.made_by = codes.hash_of(code), now, actor.id
    db.flush()
    audit.append(db, actor, "slip_made", ("slips", slip.id), now=now)
    return slip, code


def access_oral(db: Session, actor: Actor, post_id: int) -> Post:
    """What a citizen said, for one who may enter such words: the comms chief and the meeting's
    staff. Raises: NotFound, NotAllowed.
    """
    demand(actor, Action.RUN_MEETING)
    post, _page = debates.access_post(db, actor, post_id)
    if post.origin is Origin.ONLINE or post.author_id is not None:
        raise NotFound("post")
    if actor.role is Role.COMMS_CHIEF:
        return post
    if post.meeting_id is None:
        raise NotFound("post")
    meetings.access_to_run(db, actor, post.meeting_id)
    return post


def enter_voice(
    db: Session,
    actor: Actor,
    *,
    parent_id: int,
    said: Said,
    is_question: bool,
    now: datetime,
) -> Post:
    """Words that somebody gave by phone, in the library or in a letter.

    Raises: NotFound, NotAllowed, TooLate, InvalidInput.
    """
    demand(actor, Action.ENTER_VOICES)
    parent, _page = debates.access_post(db, actor, parent_id)
    return oral.record_contribution(
        db,
        actor,
        thread_id=parent.thread_id,
        parent_id=parent.id,
        said=said,
        kind=PostKind.QUESTION if is_question else PostKind.COMMENT,
        now=now,
    )


def confirm(db: Session, *, slip_id: int, now: datetime) -> Post:
    """The words, which their speaker says are rightly put. Raises: NotFound, TooLate."""
    return confirming.confirm_words(db, post_id=access_slip(db, slip_id).post_id, now=now)


def correct(db: Session, *, slip_id: int, body: str, edition: int, now: datetime) -> Post:
    """The words as their speaker puts them now; the old ones can still be read.

    Raises: NotFound, TooLate, InvalidInput (body), AlreadyDone.
    """
    slip = access_slip(db, slip_id)
    return confirming.correct_words(db, post_id=slip.post_id, body=body, edition=edition, now=now)


def withdraw(db: Session, *, slip_id: int, now: datetime) -> Post:
    """The words, taken back. Raises: NotFound, TooLate."""
    slip = access_slip(db, slip_id)
    slip.email = None
    return confirming.withdraw_words(db, post_id=slip.post_id, now=now)


def leave_mail(db: Session, *, slip_id: int, email: str, locale: str, now: datetime) -> Slip:
    """The slip with the address to tell of an answer; an empty one forgets it.

    Raises: NotFound, InvalidInput (email).
    """
    slip = access_slip(db, slip_id)
    email = html.one_line(email)
    if email and (len(email) > 254 or not _MAIL.fullmatch(email)):
        raise InvalidInput({"email": _("Skriv en hel mailadresse, som navn@eksempel.dk.")})
    slip.email, slip.locale = email or None, locale
    slip.told_post_id = hall_slip_queries.newest_answer(db, slip.post_id)
    audit.append(db, VISITOR, "slip_mail_left", ("slips", slip.id), now=now)
    return slip


def access_slip(db: Session, slip_id: int) -> Slip:
    """The slip. The caller knows that its code was shown. Raises: NotFound."""
    found = db.get(Slip, slip_id)
    if found is None:
        raise NotFound("slip")
    return found


def note_of(db: Session, post_id: int) -> HallNote | None:
    """The note that a post came from, if it was taken at a meeting."""
    return hall_note_queries.note_of_post(db, post_id)
