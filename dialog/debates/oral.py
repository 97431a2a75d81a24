"""What was said aloud, entered by the administration: the one way such words get into the tree.

Who may enter them is the caller's to know: the agenda knows who runs a meeting.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.core import html
from dialog.core.errors import AlreadyDone, InvalidInput, NotFound, TooLate
from dialog.debates import (
    answered,
    asked_of,
    commands,
    counters,
    editing,
    live,
    owing,
    queries,
    telling,
    voices,
    writing_queries,
)
from dialog.debates.models import Confirmation, Origin, Post, PostKind, PostState, Voice
from dialog.duties import queries as duty_queries
from dialog.duties.models import Duty
from dialog.duties.models import Origin as DutyOrigin
from dialog.mail.standing import About
from dialog.notifications import commands as notifications
from dialog.notifications import kinds
from dialog.notifications.models import Topic
from dialog.permissions import SYSTEM, VISITOR, Action, Actor, Role, demand

CONFIRM_WITHIN = timedelta(hours=48)  # a politician's time to confirm what was written down
MOST_SPOKEN_FOR = 10_000
LONGEST_NAME = 80
AFTER_HOURS = timedelta(hours=2)  # an evening that runs over

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


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody said, and where. Without a name he is "En borger"."""

    body: str
    speaker: str = ""
    area: str = ""
    origin: Origin = Origin.MEETING
    meeting_id: int | None = None
    speaks_for: int = 1
    said_at: datetime


def record_contribution(
    db: Session,
    recorder: Actor,
    *,
    thread_id: int,
    parent_id: int | None,
    said: Said,
    kind: PostKind = PostKind.COMMENT,
    addressee_id: int | None = None,
    now: datetime,
) -> Post:
    """The citizen's words as a post; a question is owed an answer like any other.

    Raises: NotFound, TooLate, InvalidInput (fields body, speaker, speaks_for, kind, to).
    """
    queries.lock_thread(db, thread_id)
    page = queries.access_thread(db, recorder, thread_id)
    parent = commands.parent_in(db, page, parent_id)
    source, name = _checked(said)
    commands.demand_answerable(parent)
    _demand_open(page, said.said_at)
    voice = voices.VoiceOf(Voice.CITIZEN, name, area=html.one_line(said.area) or None)
    asked = asked_of.asked_of(
        db,
        page,
        voice,
        kind,
        addressee_id=addressee_id,
        origin=DutyOrigin.MEETING if said.meeting_id else DutyOrigin.ADDRESSED,
        now=now,
    )
    post = _written(voice, said, source, recorder)
    post.kind = kind
    if asked is not None:
        post.addressee_id, post.addressee_name = asked.addressee_id, asked.addressee_name
        post.awaits_answer = True
    counters.place(db, page.thread, parent, post)
    counters.take_part(db, page.thread, post, f"o:{name.casefold()}")
    duty = asked_of.open_duty(db, recorder, page, post, asked, now) if asked else None
    telling.tell_of_post(db, page, parent, post, duty, now)
    audit.append(db, recorder, "oral_recorded", ("posts", post.id), now=now, content=source)
    live.announce_posted(db, page, post)
    return post


def record_answer(
    db: Session,
    recorder: Actor,
    *,
    question_id: int,
    politician_id: int,
    said: Said,
    now: datetime,
) -> Post:
    """The politician's answer under the question. What was owed is answered by it.

    He has 48 hours to confirm or amend the words that were written down.
    Raises: NotFound, TooLate, InvalidInput (body).
    """
    owing.lock(db, question_id)  # and wherever its duplicates are
    question, page = queries.access_post(db, recorder, question_id, to_change=True)
    if question.depth == 0:
        raise NotFound("question")
    commands.demand_answerable(question)
    if not consultations.is_public(page.consultation):
        raise TooLate(_("Dialogen er ikke åben."))
    source, _topic = commands.checked_words(said.body, "")
    speaker = Actor(politician_id, Role.POLITICIAN)
    voice = voices.voice_of(db, speaker, page)
    post = _written(voice, said, source, recorder)
    post.author_id = politician_id
    post.is_answer = question.kind is PostKind.QUESTION
    post.confirmation, post.confirm_by = Confirmation.WAITING, now + CONFIRM_WITHIN
    counters.place(db, page.thread, question, post)
    counters.take_part(db, page.thread, post, f"u{politician_id}")
    if post.is_answer:
        answered.answer(db, speaker, question, post, now)
    telling.tell_of_post(db, page, question, post, None, now)
    _ask_to_confirm(db, page, post, now)
    audit.append(db, recorder, "oral_answer_recorded", ("posts", post.id), now=now, content=source)
    live.announce_posted(db, page, post)
    return post


def rewrite(
    db: Session, recorder: Actor, *, post_id: int, body: str, edition: int, now: datetime
) -> Post:
    """What was written down, in better words, as long as its speaker has not confirmed it.

    edition: of the text that was being mended.
    Raises: NotFound, TooLate, InvalidInput (body), AlreadyDone when somebody else was first.
    """
    post, page = _oral_post(db, recorder, post_id)
    if post.confirmation not in (None, Confirmation.WAITING):
        raise TooLate(_("Taleren har taget stilling til teksten, så den kan ikke rettes mere."))
    if post.edition != edition:
        raise AlreadyDone(_("En anden har rettet det imens. Intet er overskrevet."))
    _change_words(db, recorder, page, post, body, now)
    return post


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
    own = Post(
        kind=PostKind.COMMENT,
        voice=voice.kind,
        author_id=actor.id,
        author_name=voice.name,
        author_title=voice.title,
        author_party=voice.party,
        author_party_name=voice.party_name,
        source=source,
        html=html.render(source),
        created_at=now,
        awaits_answer=False,
        is_answer=False,
    )
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
    post, page = _oral_post(db, VISITOR, post_id)
    if post.confirmation is not Confirmation.CONFIRMED:
        _settle(db, page, post, Confirmation.CONFIRMED, now)
        audit.append(db, VISITOR, "oral_confirmed", ("posts", post.id), now=now)
    return post


def correct_words(db: Session, *, post_id: int, body: str, edition: int, now: datetime) -> Post:
    """The citizen's words as he now puts them; the old text stays readable.

    Raises: NotFound, TooLate, InvalidInput (body), AlreadyDone for a stale form.
    """
    post, page = _oral_post(db, VISITOR, post_id)
    if post.edition != edition:
        raise AlreadyDone(_("Teksten er rettet et andet sted imens. Intet er overskrevet."))
    _demand_open(page, now)
    _change_words(db, VISITOR, page, post, body, now)
    post.confirmation, post.confirmed_at = Confirmation.CONFIRMED, now
    return post


def withdraw_words(db: Session, *, post_id: int, now: datetime) -> Post:
    """The citizen's words as a tombstone; what was answered stays.

    Raises: NotFound, TooLate.
    """
    post, page = _oral_post(db, VISITOR, post_id)
    commands.change_state(db, VISITOR, page, post, PostState.WITHDRAWN, reason=None, now=now)
    audit.append(db, VISITOR, "oral_withdrawn", ("posts", post.id), now=now)
    return post


def _written(voice: voices.VoiceOf, said: Said, source: str, recorder: Actor) -> Post:
    return Post(
        kind=PostKind.COMMENT,
        voice=voice.kind,
        author_name=voice.name,
        author_title=voice.title,
        author_party=voice.party,
        author_party_name=voice.party_name,
        author_area=voice.area,
        source=source,
        html=html.render(source),
        created_at=said.said_at,
        awaits_answer=False,
        is_answer=False,
        origin=said.origin,
        meeting_id=said.meeting_id,
        speaks_for=said.speaks_for,
        recorded_by=recorder.id,
    )


def _checked(said: Said) -> tuple[str, str]:
    """The words and the name, tidied. Raises: InvalidInput."""
    source, _topic = commands.checked_words(said.body, "")
    name = html.one_line(said.speaker) or _("En borger")
    wrong = {}
    if len(name) > LONGEST_NAME:
        wrong["speaker"] = _("Navnet er for langt. Der er plads til 80 tegn.")
    if not 1 <= said.speaks_for <= MOST_SPOKEN_FOR:
        wrong["speaks_for"] = _("Skriv, hvor mange det er: mindst 1 og højst 10.000.")
    if said.origin is Origin.ONLINE or (said.origin is Origin.MEETING) != bool(said.meeting_id):
        wrong["origin"] = _("Vælg, hvor det blev sagt.")
    if wrong:
        raise InvalidInput(wrong)
    return source, name


def _demand_open(page: queries.ThreadPage, said_at: datetime) -> None:
    """Nothing, if the debate was open when it was said; it may be written down later."""
    if not consultations.speech_is_open(page.consultation, said_at):
        raise TooLate(_("Debatten er lukket for nye indlæg. Du kan stadig læse det hele."))


def _ask_to_confirm(db: Session, page: queries.ThreadPage, post: Post, now: datetime) -> None:
    if post.author_id is None or post.confirm_by is None:
        return
    notifications.tell(
        db,
        post.author_id,
        "oral_answer",
        params={"thread": page.thread.title, "due": post.confirm_by.isoformat()},
        link=f"/posts/{post.id}/confirm",
        excerpt=html.excerpt(post.source),
        now=now,
        about=About("post", post.id),
        thread_id=page.thread.id,
    )


def _oral_post(db: Session, actor: Actor, post_id: int) -> tuple[Post, queries.ThreadPage]:
    """What was said aloud and still stands. Raises: NotFound, TooLate."""
    post, page = queries.access_post(db, actor, post_id, to_change=True)
    if post.origin is Origin.ONLINE:
        raise NotFound("post")
    if post.state is not PostState.VISIBLE:
        raise TooLate(_("Indlægget er ikke længere fremme."))
    return post, page


def _to_confirm(
    db: Session, actor: Actor, post_id: int, now: datetime
) -> tuple[Post, queries.ThreadPage]:
    demand(actor, Action.WRITE)
    post, page = _oral_post(db, actor, post_id)
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


def _change_words(
    db: Session, actor: Actor, page: queries.ThreadPage, post: Post, body: str, now: datetime
) -> None:
    source, _topic = commands.checked_words(body, "")
    if source == post.source:
        return
    editing.replace_words(db, page, post, source, keep=True, now=now)
    audit.append(db, actor, "oral_edited", ("posts", post.id), now=now, content=source)
    live.announce_changed(db, page, post)


def post_minutes(
    db: Session,
    actor: Actor,
    *,
    thread_id: int,
    meeting_id: int,
    topic: str,
    body: str,
    now: datetime,
) -> Post:
    """The post by which a meeting's minutes come back into a thread; one a thread, mended later.

    Raises: NotFound.
    """
    queries.lock_thread(db, thread_id)
    page = queries.access_thread(db, actor, thread_id)
    there = writing_queries.minutes_post(db, thread_id, meeting_id)
    if there is not None:
        if there.state is PostState.VISIBLE and there.source != body:
            _change_words(db, actor, page, there, body, now)
        return there
    voice = voices.VoiceOf(Voice.ADMINISTRATION, _("Referenten"))
    said = Said(body=body, meeting_id=meeting_id, said_at=now)
    post = _written(voice, said, body, actor)
    post.topic = topic
    counters.place(db, page.thread, page.opening, post)
    audit.append(db, actor, "minutes_came_back", ("posts", post.id), now=now, content=body)
    live.announce_posted(db, page, post)
    return post


def post_dissent(
    db: Session,
    actor: Actor,
    *,
    thread_id: int,
    meeting_id: int,
    body: str,
    name: str | None,
    now: datetime,
) -> Post:
    """What somebody says against the minutes, under them in the thread, also after the last day.

    name: of one without an account. Raises: NotFound, InvalidInput (body).
    """
    queries.lock_thread(db, thread_id)
    page = queries.access_thread(db, actor, thread_id)
    source, _topic = commands.checked_words(body, "")
    parent = writing_queries.minutes_post(db, thread_id, meeting_id) or page.opening
    if parent.state is not PostState.VISIBLE:
        parent = page.opening
    if name is None:
        voice, key = voices.voice_of(db, actor, page), f"u{actor.id}"
    else:
        voice, key = voices.VoiceOf(Voice.CITIZEN, name), f"o:{name.casefold()}"
    post = _written(voice, Said(body=body, said_at=now), source, actor)
    post.author_id, post.recorded_by, post.verified = actor.id, None, voice.verified
    post.origin = Origin.ONLINE
    counters.place(db, page.thread, parent, post)
    counters.take_part(db, page.thread, post, key)
    audit.append(db, actor, "dissent_posted", ("posts", post.id), now=now, content=source)
    live.announce_posted(db, page, post)
    return post


def owe_after_meeting(db: Session, actor: Actor, *, question_id: int, now: datetime) -> Duty | None:
    """The duty to answer online what a meeting took up and did not answer; None if it needs none.

    What was owed before keeps its date: a meeting gives nobody more time.
    Raises: NotFound.
    """
    owing.lock(db, question_id)
    question, page = queries.access_post(db, actor, question_id, to_change=True)
    if question.state is not PostState.VISIBLE or question.kind is not PostKind.QUESTION:
        return None
    if question.answers or duty_queries.duty_of(db, question_id) is not None:
        return None
    owner = asked_of.owner_of_thread(db, page, now)
    if owner is None:
        return None
    asked = asked_of.Asked(owner, DutyOrigin.MEETING)
    duty = asked_of.open_duty(db, actor, page, question, asked, now)
    counters.set_awaits(db, page.thread, question, awaits=True)
    return duty
