"""A meeting's minutes, as they come back into its threads, and what is said against them."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.debates import commands, counters, live, queries, spoken, voices, writing_queries
from dialog.debates.models import Post, PostState, Voice
from dialog.debates.spoken import Said
from dialog.permissions import Actor


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
    queries.lock_threads(db, thread_id)
    page = queries.access_thread(db, actor, thread_id)
    there = writing_queries.minutes_post(db, thread_id, meeting_id)
    if there is not None:
        if there.state is PostState.VISIBLE and there.source != body:
            spoken.change_words(db, actor, page, there, body, now)
        return there
    voice = voices.VoiceOf(Voice.ADMINISTRATION, _("Referenten"))
    said = Said(body=body, meeting_id=meeting_id, said_at=now)
    post = spoken.written(voice, said, body, actor)
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
    queries.lock_threads(db, thread_id)
    page = queries.access_thread(db, actor, thread_id)
    source, _topic = commands.checked_words(body, "")
    parent = writing_queries.minutes_post(db, thread_id, meeting_id) or page.opening
    if parent.state is not PostState.VISIBLE:
        parent = page.opening
    if name is None:
        voice, key = voices.voice_of(db, actor, page), f"u{actor.id}"
    else:
        voice, key = voices.VoiceOf(Voice.CITIZEN, name), f"o:{name.casefold()}"
    post = spoken.in_writing(voice, source, actor, now)
    counters.place(db, page.thread, parent, post)
    counters.take_part(db, page.thread, post, key)
    audit.append(db, actor, "dissent_posted", ("posts", post.id), now=now, content=source)
    live.announce_posted(db, page, post)
    return post
