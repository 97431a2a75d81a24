"""What was said aloud, entered by the administration: the one way such words get into the tree.

Who may enter them is the caller's to know: the agenda knows who runs a meeting.
"""

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
    confirming,
    counters,
    live,
    owing,
    queries,
    spoken,
    telling,
    voices,
)
from dialog.debates.models import Confirmation, Origin, Post, PostKind, PostState, Voice
from dialog.debates.spoken import Said
from dialog.duties import queries as duty_queries
from dialog.duties.models import Duty
from dialog.duties.models import Origin as DutyOrigin
from dialog.permissions import Actor, Role

MOST_SPOKEN_FOR = 10_000
LONGEST_NAME = 80
AFTER_HOURS = timedelta(hours=2)  # an evening that runs over


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
    queries.lock_threads(db, thread_id)
    page = queries.access_thread(db, recorder, thread_id)
    parent = commands.parent_in(db, page, parent_id)
    source, name = _checked(said)
    commands.demand_answerable(parent)
    spoken.demand_open(page, said.said_at)
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
    post = spoken.written(voice, said, source, recorder)
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
    post = spoken.written(voice, said, source, recorder)
    post.author_id = politician_id
    post.is_answer = question.kind is PostKind.QUESTION
    post.confirmation, post.confirm_by = Confirmation.WAITING, now + confirming.CONFIRM_WITHIN
    counters.place(db, page.thread, question, post)
    counters.take_part(db, page.thread, post, f"u{politician_id}")
    if post.is_answer:
        answered.answer(db, speaker, question, post, now)
    telling.tell_of_post(db, page, question, post, None, now)
    confirming.tell_speaker(db, page, post, "oral_answer", now)
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
    post, page = spoken.access_spoken(db, recorder, post_id)
    if post.confirmation not in (None, Confirmation.WAITING):
        raise TooLate(_("Taleren har taget stilling til teksten, så den kan ikke rettes mere."))
    if post.edition != edition:
        raise AlreadyDone(_("En anden har rettet det imens. Intet er overskrevet."))
    spoken.change_words(db, recorder, page, post, body, now)
    return post


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
