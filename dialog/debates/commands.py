"""Writing in the tree. An answer is a reply: there is one way in, for everyone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.core import html
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import (
    answered,
    asked_of,
    counters,
    drafting,
    heat,
    lineage_queries,
    live,
    owing,
    queries,
    telling,
    tree,
    voices,
    writing_queries,
)
from dialog.debates.models import (
    Origin,
    Placed,
    Post,
    PostKind,
    PostState,
    Voice,
)
from dialog.duties import queries as duty_queries
from dialog.permissions import Action, Actor, Role, demand

LONGEST_POST = 5_000  # signs; promises C.3
LONGEST_TOPIC = 140
SAME_WORDS_FOR = timedelta(hours=24)  # the same text sent again is the same post


def post_reply(
    db: Session,
    actor: Actor,
    *,
    thread_id: int,
    parent_id: int | None,
    body: str,
    kind: PostKind = PostKind.COMMENT,
    topic: str = "",
    addressee_id: int | None = None,
    to_everyone: bool = False,
    as_office: bool = True,
    is_owed: bool = False,
    idempotency_key: str | None = None,
    now: datetime,
) -> Post:
    """The post, in the tree. Without a parent it answers the opening post.

    A politician's reply to a question that awaits an answer fulfils the duty. The same
    submission sent twice is the same post.

    to_everyone: a question that nobody is asked directly; enough support makes it owed.
    is_owed: the reply tells what came of a promise, so it is taken after the last day, too.

    Raises: NotFound, NotAllowed, TooLate, InvalidInput (fields body, kind, topic, key),
    heat.Heated.
    """
    may_answer = parent_id is not None and actor.role is not Role.CITIZEN
    if may_answer and parent_id is not None:
        owing.lock(db, parent_id)  # and wherever its duplicates are
    queries.lock_threads(db, thread_id)
    page = queries.access_thread(db, actor, thread_id)
    demand(actor, Action.WRITE)
    parent = parent_in(db, page, parent_id)
    source, topic = checked_words(body, topic)
    seen = _seen_before(db, actor, parent, source, idempotency_key, now)
    if seen is not None:
        return seen
    demand_answerable(parent)
    voice = voices.voice_of(db, actor, page, as_office=as_office)
    owed = duty_queries.duty_of(db, parent.id) if may_answer else None
    answers = answered.is_answer(db, actor, voice, parent, owed)
    is_owed_answer = answers and parent.awaits_answer
    _demand_open(page, is_owed_answer=is_owed_answer or is_owed, now=now)
    above = lineage_queries.above(db, page, parent)
    if not is_owed_answer:
        _demand_cool(actor, [*above, parent], now)
    asked = asked_of.asked_of(
        db, page, voice, kind, addressee_id=addressee_id, to_everyone=to_everyone, now=now
    )
    twin = answered.said_before(db, page, parent, source) if is_owed_answer else None
    rendered = html.render(source)  # before the lock
    post = counters.place(
        db,
        page.thread,
        parent,
        Post(
            kind=kind if voice.kind is Voice.CITIZEN else PostKind.COMMENT,
            voice=voice.kind,
            author_id=actor.id,
            author_name=voice.name,
            author_title=voice.title,
            author_party=voice.party,
            author_party_name=voice.party_name,
            author_area=voice.area,
            verified=voice.verified,
            addressee_id=asked.addressee_id if asked else None,
            addressee_name=asked.addressee_name if asked else None,
            topic=topic or None if parent.depth == 0 else None,
            source=source,
            html=rendered,
            created_at=now,
            awaits_answer=asked is not None,
            is_answer=answers and twin is None,
            idempotency_key=idempotency_key,
        ),
        above,
    )
    counters.take_part(db, page.thread, post, f"u{actor.id}", [*above, parent])
    duty = asked_of.open_duty(db, actor, page, post, asked, now) if asked else None
    if may_answer:
        answered.take_effect(db, actor, parent, post, owed=owed, twin=twin, now=now)
    drafting.forget_draft(db, actor, parent.id)
    telling.tell_of_post(db, page, parent, post, duty, now)
    audit.append(db, actor, "post_created", ("posts", post.id), now=now, content=source)
    if not may_answer:  # an answer settles more than it counts
        post.placed = Placed(page.thread, [*above, parent])
    live.announce_posted(db, page, post)
    return post


def withdraw_post(db: Session, actor: Actor, *, post_id: int, now: datetime) -> Post:
    """The author's own post as a tombstone; its replies stay.

    Raises: NotFound, also for a post of someone else.
    """
    post, page = queries.access_post(db, actor, post_id, to_change=True)
    demand(actor, Action.WRITE)
    if post.author_id != actor.id or post.depth == 0:
        raise NotFound("post")
    if post.state is not PostState.VISIBLE:
        raise TooLate(_("Indlægget er allerede væk."))
    if post.origin is not Origin.ONLINE:
        raise TooLate(_("Det blev sagt højt, så det står. Uddyb det fra dit skrivebord."))
    change_state(db, actor, page, post, PostState.WITHDRAWN, reason=None, now=now)
    audit.append(db, actor, "post_withdrawn", ("posts", post.id), now=now)
    return post


def change_state(
    db: Session,
    actor: Actor,
    page: queries.ThreadPage,
    post: Post,
    state: PostState,
    *,
    reason: str | None,
    now: datetime,
) -> None:
    """Turns a post into a tombstone or back, and what it owed with it. Audited by the caller."""
    post.state, post.state_reason, post.state_at = state, reason, now
    rev = counters.next_rev(db, page.thread)
    db.flush()
    if post.is_answer:
        stands = state is PostState.VISIBLE
        above = tree.ancestor_paths(post.path)
        counters.add_along(db, page.thread, above, answers=1 if stands else -1)
    answered.settle(db, actor, post, now)
    tell = telling.renew if state is PostState.VISIBLE else telling.take_back
    tell(db, post)
    post.rev = rev
    db.flush()
    live.announce_changed(db, page, post)


def parent_in(db: Session, page: queries.ThreadPage, parent_id: int | None) -> Post:
    """The post that is replied to; the opening post without a number. Raises: NotFound."""
    parent = page.opening if parent_id is None else db.get(Post, parent_id)
    if parent is None or parent.thread_id != page.thread.id:
        raise NotFound("parent")
    return parent


def demand_answerable(parent: Post) -> None:
    """Nothing, if a reply can stand under the post. Raises: TooLate."""
    if parent.state is not PostState.VISIBLE:
        raise TooLate(
            _("Indlægget, du ville svare på, er ikke længere fremme. Svar et andet sted i tråden.")
        )
    if parent.depth >= tree.DEEPEST:
        raise TooLate(
            _("Grenen er nået ned på niveau 50. Svar højere oppe, eller start en ny gren.")
        )


def checked_words(body: str, topic: str) -> tuple[str, str]:
    """Text and heading, tidied.

    Raises: InvalidInput (fields body, topic).
    """
    source, topic = html.tidy(body), html.one_line(topic)
    if not source:
        raise InvalidInput({"body": _("Skriv noget, før du sender.")})
    if len(source) > LONGEST_POST:
        too_many = len(source) - LONGEST_POST
        raise InvalidInput(
            {"body": _("Teksten er %(n)s tegn for lang. Der er plads til 5.000.", n=too_many)}
        )
    if len(topic) > LONGEST_TOPIC:
        raise InvalidInput({"topic": _("Overskriften er for lang. Der er plads til 140 tegn.")})
    return source, topic


def _seen_before(
    db: Session, actor: Actor, parent: Post, source: str, key: str | None, now: datetime
) -> Post | None:
    if actor.id is None:
        return None
    if key:
        seen = writing_queries.post_with_key(db, actor.id, key)
        if seen is not None and (seen.parent_id, seen.source) != (parent.id, source):
            raise InvalidInput({"key": _("Den tekst er allerede sendt. Hent siden igen.")})
        if seen is not None:
            return seen
    return writing_queries.same_words(db, actor.id, parent.id, source, now - SAME_WORDS_FOR)


def _demand_open(page: queries.ThreadPage, *, is_owed_answer: bool, now: datetime) -> None:
    if consultations.speech_is_open(page.consultation, now):
        return
    if is_owed_answer and consultations.is_public(page.consultation):
        return  # what was asked in time is answered, also after the last day
    raise TooLate(_("Debatten er lukket for nye indlæg. Du kan stadig læse det hele."))


def _demand_cool(actor: Actor, line: Sequence[Post], now: datetime) -> None:
    if actor.id is None:
        return
    between = heat.between(heat.said_in(line), actor.id)
    if between.holds(now):
        raise heat.Heated(between, now)
