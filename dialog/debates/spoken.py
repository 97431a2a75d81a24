"""What was said aloud, as a post: its words, and whose they are."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.core import html
from dialog.core.errors import NotFound, TooLate
from dialog.debates import commands, editing, live, queries, voices
from dialog.debates.models import Origin, Post, PostKind, PostState
from dialog.permissions import Actor


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


def written(voice: voices.VoiceOf, said: Said, source: str, recorder: Actor) -> Post:
    """The post that what was said becomes, not yet in its place."""
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


def in_writing(voice: voices.VoiceOf, source: str, writer: Actor, now: datetime) -> Post:
    """The post of one who writes for himself, about what was said aloud."""
    post = written(voice, Said(body=source, origin=Origin.ONLINE, said_at=now), source, writer)
    post.author_id, post.recorded_by, post.verified = writer.id, None, voice.verified
    return post


def demand_open(page: queries.ThreadPage, said_at: datetime) -> None:
    """Nothing, if the debate was open when it was said; it may be written down later."""
    if not consultations.speech_is_open(page.consultation, said_at):
        raise TooLate(_("Debatten er lukket for nye indlæg. Du kan stadig læse det hele."))


def access_spoken(db: Session, actor: Actor, post_id: int) -> tuple[Post, queries.ThreadPage]:
    """What was said aloud and still stands. Raises: NotFound, TooLate."""
    post, page = queries.access_post(db, actor, post_id, to_change=True)
    if post.origin is Origin.ONLINE:
        raise NotFound("post")
    if post.state is not PostState.VISIBLE:
        raise TooLate(_("Indlægget er ikke længere fremme."))
    return post, page


def change_words(
    db: Session, actor: Actor, page: queries.ThreadPage, post: Post, body: str, now: datetime
) -> None:
    """Puts the words in place of the old ones, which stay readable. Raises: InvalidInput (body)."""
    source, _topic = commands.checked_words(body, "")
    if source == post.source:
        return
    editing.replace_words(db, page, post, source, keep=True, now=now)
    audit.append(db, actor, "oral_edited", ("posts", post.id), now=now, content=source)
    live.announce_changed(db, page, post)
