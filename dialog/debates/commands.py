"""Writing in the tree. An answer is a reply: there is one way in, for everyone."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.core import html
from dialog.core.errors import InvalidInput, NotFound, TooLate
from dialog.debates import (
    counters,
    drafting,
    heat,
    live,
    queries,
    telling,
    tree,
    voices,
    writing_queries,
)
from dialog.debates.models import (
    Origin,
    Post,
    PostKind,
    PostState,
    Thread,
    Voice,
)
from dialog.duties import commands as duties
from dialog.duties.models import Duty
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
    as_office: bool = True,
    idempotency_key: str | None = None,
    now: datetime,
) -> Post:
    """The post, in the tree. Without a parent it answers the opening post.

    A politician's reply to a question that awaits an answer fulfils the duty. The same
    submission sent twice is the same post.

    Raises: NotFound, NotAllowed, TooLate, InvalidInput (fields body, kind, topic, key),
    heat.Heated.
    """
    queries.lock_thread(db, thread_id)
    page = queries.access_thread(db, actor, thread_id)
    demand(actor, Action.WRITE)
    parent = parent_in(db, page, parent_id)
    source, topic = checked_words(body, topic)
    seen = _seen_before(db, actor, parent, source, idempotency_key, now)
    if seen is not None:
        return seen
    demand_answerable(parent)
    may_need_them = kind is PostKind.QUESTION or actor.role is Role.POLITICIAN
    responsible = queries.politicians_of(db, thread_id) if may_need_them else []
    voice = voices.voice_of(db, actor, page, as_office=as_office)
    answers = _is_answer(actor, voice, parent, responsible)
    is_owed_answer = answers and parent.awaits_answer
    _demand_open(page, is_owed_answer=is_owed_answer, now=now)
    if not is_owed_answer:
        _demand_cool(db, actor, parent, now)
    addressee = addressee_among(responsible, kind, voice, addressee_id)
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
            addressee_id=addressee.user_id if addressee else None,
            addressee_name=addressee.label if addressee else None,
            topic=topic or None if parent.depth == 0 else None,
            source=source,
            html=rendered,
            created_at=now,
            awaits_answer=addressee is not None,
            is_answer=answers,
            idempotency_key=idempotency_key,
        ),
    )
    counters.take_part(db, page.thread, post, f"u{actor.id}")
    duty = owe_answer(db, actor, page, post, now)
    if post.is_answer:
        answer_question(db, actor, page.thread, parent, post, now)
    drafting.forget_draft(db, actor, parent.id)
    telling.tell_of_post(db, page, parent, post, duty, now)
    audit.append(db, actor, "post_created", ("posts", post.id), now=now, content=source)
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
    if post.kind is PostKind.QUESTION:
        _settle(db, actor, page.thread, post, now)
    if post.is_answer:
        stands = state is PostState.VISIBLE
        above = tree.ancestor_paths(post.path)
        counters.add_along(db, page.thread, above, answers=1 if stands else -1)
        _settle(db, actor, page.thread, queries.post_by_id(db, post.parent_id or 0), now)
    if state is not PostState.VISIBLE:
        telling.take_back(db, post)
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


def _is_answer(
    actor: Actor, voice: voices.VoiceOf, parent: Post, responsible: list[queries.Responsible]
) -> bool:
    """Whether this is a politician's answer: his who was asked, or who answers for the thread."""
    if voice.kind is not Voice.POLITICIAN or parent.kind is not PostKind.QUESTION:
        return False
    return actor.id in {parent.addressee_id, *(one.user_id for one in responsible)}


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


def _demand_cool(db: Session, actor: Actor, parent: Post, now: datetime) -> None:
    if actor.id is None or parent.depth <= heat.FROM_TURNS:
        return  # so few posts hold no quarrel, and most posts need not ask
    between = heat.between(writing_queries.branch_down_to(db, parent), actor.id)
    if between.holds(now):
        raise heat.Heated(between, now)


def addressee_among(
    responsible: list[queries.Responsible],
    kind: PostKind,
    voice: voices.VoiceOf,
    addressee_id: int | None,
) -> queries.Responsible | None:
    """Who owes the answer to a citizen's question; None for anything else.

    Raises: InvalidInput (fields to, kind).
    """
    if kind is not PostKind.QUESTION or voice.kind is not Voice.CITIZEN:
        return None
    if addressee_id is not None:
        chosen = [one for one in responsible if one.user_id == addressee_id]
        if not chosen:
            raise InvalidInput({"to": _("Vælg en af de politikere, der svarer for tråden.")})
        return chosen[0]
    if not responsible:
        raise InvalidInput(
            {"kind": _("Ingen politiker svarer for tråden endnu. Send det som en kommentar.")}
        )
    return responsible[0]


def owe_answer(
    db: Session, actor: Actor, page: queries.ThreadPage, question: Post, now: datetime
) -> Duty | None:
    """The new duty of the one who was asked; None if nobody was."""
    if question.addressee_id is None:
        return None
    return duties.open_duty(
        db,
        actor,
        question_id=question.id,
        consultation_id=page.consultation.id,
        holder_id=question.addressee_id,
        working_days=consultations.answer_working_days(db, page.consultation.id),
        now=now,
    )


def answer_question(
    db: Session, actor: Actor, thread: Thread, question: Post, answer: Post, now: datetime
) -> None:
    """Lets `answer` fulfil what the question was owed."""
    duties.fulfil_duty(db, actor, question_id=question.id, answer_id=answer.id, now=now)
    counters.set_awaits(db, thread, question, awaits=False)


def _settle(db: Session, actor: Actor, thread: Thread, question: Post, now: datetime) -> None:
    """Puts the question's duty right after it, or an answer to it, went or came back."""
    answer = writing_queries.standing_answer(db, question.id)
    duty = duties.settle_duty(
        db,
        actor,
        question_id=question.id,
        answer=duties.StandingAnswer(answer.id, answer.author_id, answer.created_at)
        if answer
        else None,
        gone=None if question.state is PostState.VISIBLE else question.state.value,
        now=now,
    )
    is_owed = duty is not None and not duty.answer_id and not duty.closed_reason
    counters.set_awaits(db, thread, question, awaits=is_owed)
