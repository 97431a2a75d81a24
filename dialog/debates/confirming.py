"""Those who spoke take a stand on what was written down: politicians in time, citizens by slip."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.core import html
from dialog.core.errors import AlreadyDone, NotFound, TooLate
from dialog.debates import commands, counters, live, queries, spoken, voices, writing_queries
from dialog.debates.models import Confirmation, Post, PostState
from dialog.mail.standing import About
from dialog.notifications import commands as notifications
from dialog.notifications import kinds
from dialog.notifications.models import Topic
from dialog.permissions import SYSTEM, VISITOR, Action, Actor, demand

CONFIRM_WITHIN = timedelta(hours=48)  # a politician's time to confirm what was written down

kinds.declare(
    "oral_answer",
    kinds.Kind(
        Topic.DUTIES,
        lambda words: _(
            "Dit svar på borgermødet er skrevet ned. Bekræft det senest %(due)s.", due=words["due"]
        ),
        lead=lambda _words: _("Læs det, og bekræft eller uddyb"),
        why=lambda _words: _(
            "Uddyber du dit svar, står begge dele. Siger du ingenting, står svaret, som referenten "
            "skrev det ned, og det kan alle se."
        ),
    ),
)


def confirm_answer(db: Session, actor: Actor, *, post_id: int, now: datetime) -> Post:
    """The oral answer, which its speaker says is rightly put.

    Raises: NotAllowed, NotFound for an answer of somebody else, TooLate.
    """
    post, page = _to_confirm(db, actor, post_id, now)
    _settle(db, page, post, Confirmation.CONFIRMED, now)
    audit.append(db, actor, "oral_answer_confirmed", ("posts", post.id), now=now)
    return post


def amend_answer(db: Session, actor: Actor, *, post_id: int, body: str, now: datetime) -> Post:
    """The speaker's own words under the oral answer; both stand.

    Raises: NotAllowed, NotFound for an answer of somebody else, TooLate, InvalidInput (body).
    """
    post, page = _to_confirm(db, actor, post_id, now)
    source, _topic = commands.checked_words(body, "")
    voice = voices.voice_of(db, actor, page)
    own = spoken.in_writing(voice, source, actor, now)
    counters.place(db, page.thread, post, own)
    counters.take_part(db, page.thread, own, f"u{actor.id}")
    post.amended_by = own.id
    _settle(db, page, post, Confirmation.AMENDED, now)
    audit.append(db, actor, "oral_answer_amended", ("posts", post.id), now=now, content=source)
    live.announce_posted(db, page, own)
    return own


def let_lapse(db: Session, *, now: datetime) -> list[int]:
    """The answers that nobody confirmed in time; they stand as they were written down."""
    lapsed = writing_queries.unconfirmed_answers(db, now)
    for post_id in lapsed:
        post, page = queries.access_post(db, SYSTEM, post_id, to_change=True)
        _settle(db, page, post, Confirmation.LAPSED, now)
        audit.append(db, SYSTEM, "oral_answer_lapsed", ("posts", post_id), now=now)
    return lapsed


def confirm_words(db: Session, *, post_id: int, now: datetime) -> Post:
    """The citizen's words, which he says are rightly put. The caller has seen his slip.

    Raises: NotFound, TooLate.
    """
    post, page = spoken.access_spoken(db, VISITOR, post_id)
    if post.confirmation is not Confirmation.CONFIRMED:
        _settle(db, page, post, Confirmation.CONFIRMED, now)
        audit.append(db, VISITOR, "oral_confirmed", ("posts", post.id), now=now)
    return post


def correct_words(db: Session, *, post_id: int, body: str, edition: int, now: datetime) -> Post:
    """The citizen's words as he now puts them; the old text stays readable.

    Raises: NotFound, TooLate, InvalidInput (body), AlreadyDone for a stale form.
    """
    post, page = spoken.access_spoken(db, VISITOR, post_id)
    if post.edition != edition:
        raise AlreadyDone(_("Teksten er rettet et andet sted imens. Intet er overskrevet."))
    spoken.demand_open(page, now)
    spoken.change_words(db, VISITOR, page, post, body, now)
    post.confirmation, post.confirmed_at = Confirmation.CONFIRMED, now
    return post


def withdraw_words(db: Session, *, post_id: int, now: datetime) -> Post:
    """The citizen's words as a tombstone; what was answered stays.

    Raises: NotFound, TooLate.
    """
    post, page = spoken.access_spoken(db, VISITOR, post_id)
    commands.change_state(db, VISITOR, page, post, PostState.WITHDRAWN, reason=None, now=now)
    audit.append(db, VISITOR, "oral_withdrawn", ("posts", post.id), now=now)
    return post


def tell_speaker(
    db: Session, page: queries.ThreadPage, post: Post, kind: str, now: datetime
) -> None:
    """Tells the politician whose answer waits for him to confirm it."""
    if post.author_id is None or post.confirm_by is None:
        return
    notifications.tell(
        db,
        post.author_id,
        kind,
        params={"thread": page.thread.title, "due": post.confirm_by.isoformat()},
        link=f"/posts/{post.id}/confirm",
        excerpt=html.excerpt(post.source),
        now=now,
        about=About("post", post.id),
        thread_id=page.thread.id,
    )


def _to_confirm(
    db: Session, actor: Actor, post_id: int, now: datetime
) -> tuple[Post, queries.ThreadPage]:
    demand(actor, Action.WRITE)
    post, page = spoken.access_spoken(db, actor, post_id)
    if actor.id is None or post.author_id != actor.id:
        raise NotFound("post")
    if post.confirmation is not Confirmation.WAITING or post.confirm_by is None:
        raise TooLate(_("Du har allerede taget stilling til referatet af dit svar."))
    if post.confirm_by <= now:
        raise TooLate(_("De 48 timer er gået. Svaret står, som referenten skrev det ned."))
    return post, page


def _settle(
    db: Session, page: queries.ThreadPage, post: Post, to: Confirmation, now: datetime
) -> None:
    post.confirmation = to
    post.confirmed_at = None if to is Confirmation.LAPSED else now
    post.rev = counters.next_rev(db, page.thread)
    db.flush()
    live.announce_changed(db, page, post)
