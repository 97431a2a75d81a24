"""Mending what one has written. A quarter of an hour is free; after that every text is kept."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.core import html
from dialog.core.errors import AlreadyDone, NotFound, TooLate
from dialog.debates import commands, counters, live, queries, telling, writing_queries
from dialog.debates.models import Origin, Post, PostState, PostVersion
from dialog.permissions import Action, Actor, demand

# Long enough for a slip, too short for a text to mean something else once it is answered.
FREE_FOR = timedelta(minutes=15)


def is_free(post: Post, now: datetime) -> bool:
    """Whether an edit still replaces the text without keeping the old one."""
    return now - post.created_at <= FREE_FOR


def demand_editable(actor: Actor, post: Post, page: queries.ThreadPage, now: datetime) -> None:
    """Nothing, if `actor` may change the words of `post` now.

    An answer that was owed may be mended in its free time after the debate has closed, too.

    Raises: NotFound for a post of someone else, TooLate.
    """
    if actor.id is None or post.author_id != actor.id or post.depth == 0:
        raise NotFound("post")
    if post.state is not PostState.VISIBLE:
        raise TooLate(_("Indlægget er væk, så det kan ikke rettes."))
    if post.origin is not Origin.ONLINE:
        raise TooLate(_("Det blev sagt højt, så det står. Uddyb det fra dit skrivebord."))
    is_fresh_answer = post.is_answer and is_free(post, now)
    if is_fresh_answer and consultations.is_public(page.consultation):
        return
    if not consultations.speech_is_open(page.consultation, now):
        raise TooLate(_("Debatten er lukket, så indlæg kan ikke rettes længere."))


def edit_post(
    db: Session, actor: Actor, *, post_id: int, body: str, edition: int | None, now: datetime
) -> Post:
    """The author's own post with its new words; the same words again change nothing.

    edition: the number of the text that was being mended.

    Raises: NotFound, NotAllowed, TooLate, InvalidInput (body), AlreadyDone when another
    browser was first.
    """
    post, page = queries.access_post(db, actor, post_id, to_change=True)
    demand(actor, Action.WRITE)
    demand_editable(actor, post, page, now)
    source, _topic = commands.checked_words(body, "")
    if source == post.source:
        return post
    if edition != post.edition:
        raise AlreadyDone(_("Du har rettet indlægget et andet sted imens. Intet er overskrevet."))
    replace_words(db, page, post, source, keep=not is_free(post, now), now=now)
    audit.append(db, actor, "post_edited", ("posts", post.id), now=now, content=source)
    live.announce_changed(db, page, post)
    return post


def replace_words(
    db: Session, page: queries.ThreadPage, post: Post, source: str, *, keep: bool, now: datetime
) -> None:
    """Gives the post its new words; with `keep` the old ones can still be read."""
    rendered = html.render(source)
    if keep:
        _keep_versions(db, post, source, rendered, now)
    post.source, post.html = source, rendered
    post.edited_at, post.edition = now, post.edition + 1
    post.rev = counters.next_rev(db, page.thread)
    db.flush()
    telling.renew(db, post)


def _keep_versions(db: Session, post: Post, source: str, rendered: str, now: datetime) -> None:
    number = writing_queries.version_count(db, post.id)
    if number == 0:
        number = 1
        since = post.edited_at or post.created_at
        db.add(_version(post.id, number, post.source, post.html, since))
    db.add(_version(post.id, number + 1, source, rendered, now))


def _version(post_id: int, number: int, source: str, rendered: str, at: datetime) -> PostVersion:
    return PostVersion(post_id=post_id, number=number, source=source, html=rendered, created_at=at)
