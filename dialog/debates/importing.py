"""A debate from elsewhere, taken into a consultation. The same file can be taken in again:
what is here stays as it is, and what is new comes under the posts it answers.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.audit import commands as audit
from dialog.consultations import queries as consultations
from dialog.consultations.models import Consultation, State
from dialog.core import html
from dialog.core.errors import InvalidInput, NotFound
from dialog.core.problems import Problem
from dialog.debates import grafting, import_queries, setting_up
from dialog.debates.grafting import Node, Words
from dialog.debates.models import PostState, Thread
from dialog.debates.thread_file import ThreadFile, ThreadFileError
from dialog.meetings import queries as meetings
from dialog.meetings.models import Meeting
from dialog.people import office_queries as offices
from dialog.people.models import OfficeTitle
from dialog.permissions import Action, Actor, demand

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ImportResult:
    """What became of a file."""

    thread_id: int
    posts: int  # in the file, the opening post among them
    adopted: int  # hung under the opening post because theirs is missing
    added: int  # that were not here before
    differing: int  # that are here with other words or under another post, and stay so


def rendered(thread_file: ThreadFile, progress: Progress | None = None) -> dict[str, Words]:
    """Every post's words by source id. Takes its time, so it is done before the transaction.

    progress: called with how many posts are done, and of how many.
    Raises: ThreadFileError for a text or a name of nothing but signs that cannot be seen.
    """
    found: dict[str, Words] = {}
    problems: list[Problem] = []
    for done, post in enumerate(thread_file.posts, start=1):
        source, author = html.tidy(post.text), html.one_line(post.author)
        found[post.source_id] = Words(author, source, html.render(source))
        needed = [] if post.removed else [("text", source), ("author", author)]
        problems += [
            Problem(post.line, "empty_field", {"field": name}) for name, text in needed if not text
        ]
        if progress:
            progress(done, len(thread_file.posts))
    if problems:
        raise ThreadFileError(problems)
    return found


def import_thread(
    db: Session,
    actor: Actor,
    *,
    consultation_id: int,
    thread_file: ThreadFile,
    meeting_id: int | None = None,
    politician_ids: Sequence[int] = (),
    words: Mapping[str, Words] | None = None,
    now: datetime,
) -> ImportResult:
    """The debate as a thread of the consultation, or what its file adds to the one it became.

    meeting_id: None is the next meeting, else the last one held. politician_ids: none are the
    chairs of the proposals' committees, else the mayor. words: from `rendered`, if made before.
    Raises: NotAllowed, NotFound, ThreadFileError, InvalidInput (meeting_id, politicians, file).
    """
    demand(actor, Action.SET_UP)
    consultation = consultations.access_consultation_by_id(db, actor, consultation_id)
    words = words or rendered(thread_file)
    opening = thread_file.posts[0]
    thread = import_queries.thread_from(db, consultation.id, opening.source_id)
    is_new = thread is None
    if thread is None:
        meeting = _meeting(db, consultation, meeting_id, now)
        thread = _new_thread(db, consultation, meeting, thread_file)
        answer = politician_ids or _who_answers(db, consultation)
        setting_up.set_politicians(db, thread, answer)
    stored = import_queries.imported_posts(db, thread.id)
    nodes, places = grafting.planned(stored, thread_file)
    new = [node for node in nodes if node.post]
    if new:
        thread.rev += 0 if is_new else 1
        grafting.store(db, thread, nodes, words)
        _take_part(db, thread, new, words)
        content = _fingerprint(new, words)
        audit.append(
            db,
            actor,
            "thread_imported",
            ("threads", thread.id),
            now=now,
            content=content,
            reason=f"{len(new)} posts",
        )
    return ImportResult(
        thread_id=thread.id,
        posts=len(thread_file.posts),
        adopted=thread_file.adopted,
        added=len(new),
        differing=_differing(stored, places, thread_file, words),
    )


def _meeting(
    db: Session, consultation: Consultation, meeting_id: int | None, now: datetime
) -> Meeting:
    if meeting_id is not None:
        return _chosen_meeting(db, consultation, meeting_id)
    held = [one for one in meetings.meetings(db, consultation.id) if meetings.is_over(one, now)]
    found = meetings.next_meeting(db, consultation.id, now) or (held[-1] if held else None)
    if found is None:
        raise InvalidInput(
            {"meeting_id": _("Dialogen har intet borgermøde endnu. Opret et, og prøv igen.")}
        )
    return found


def _chosen_meeting(db: Session, consultation: Consultation, meeting_id: int) -> Meeting:
    try:
        meeting = meetings.meeting_of(db, consultation.id, meeting_id)
    except NotFound:
        sentence = _("Dialogen har intet borgermøde med nummer %(id)s.", id=meeting_id)
        raise InvalidInput({"meeting_id": sentence}) from None
    if meeting.cancelled_at is not None:
        raise InvalidInput({"meeting_id": _("Borgermødet er aflyst. Vælg et andet.")})
    return meeting


def _new_thread(
    db: Session, consultation: Consultation, meeting: Meeting, thread_file: ThreadFile
) -> Thread:
    opening = thread_file.posts[0]
    thread = Thread(
        consultation_id=consultation.id,
        meeting_id=meeting.id,
        title=html.one_line(thread_file.title),
        position=setting_up.next_position(db, consultation.id),
        source_id=opening.source_id,
        created_at=opening.created_at,
        rev=1,
        post_count=0,
        participant_count=0,
    )
    db.add(thread)
    db.flush()
    return thread


def _who_answers(db: Session, consultation: Consultation) -> list[int]:
    """The chairs of the committees whose proposals are up; without any, the mayor or whoever
    is there.
    """
    about = setting_up.proposals(db, consultation.id)
    committees = dict.fromkeys(one.committee_id for one in about if one.committee_id is not None)
    chairs = [offices.chair_of(db, committee_id) for committee_id in committees]
    found = list(dict.fromkeys(chair for chair in chairs if chair is not None))
    if found:
        return found
    elected = offices.politicians(db)
    mayors = [
        one for one in elected if any(seat.title is OfficeTitle.MAYOR for seat in one.offices)
    ]
    if not elected and consultation.state is not State.DRAFT:
        raise InvalidInput(
            {"politicians": _("Ingen politiker kan svare for tråden. Opret en, og prøv igen.")}
        )
    return [one.id for one in (mayors or elected)[:1]]


def _take_part(
    db: Session, thread: Thread, new: Iterable[Node], words: Mapping[str, Words]
) -> None:
    """Counts each new writer once in every branch above; the opening post's own in the thread."""
    found: dict[int, set[str]] = {}
    opening = 0
    for node in new:
        author = words[node.post.source_id].author if node.post else ""
        branch: Node | None = node.parent or node
        while author and branch:
            found.setdefault(branch.id, set()).add(f"i:{author}")
            opening, branch = branch.id, branch.parent
    known = import_queries.people_below(db, thread.id)
    fresh = {branch: keys - known.get(branch, set()) for branch, keys in found.items()}
    grafting.add_people(db, fresh)
    thread.participant_count += len(fresh.get(opening, ()))
    db.flush()


def _fingerprint(new: Iterable[Node], words: Mapping[str, Words]) -> str:
    """What the audit commits to: SHA-256 (hex) over each new post's id and words."""
    digest = hashlib.sha256()
    for node in new:
        if node.post:
            digest.update(repr((node.post.source_id, words[node.post.source_id].source)).encode())
    return digest.hexdigest()


def _differing(
    stored: Iterable[import_queries.StoredPost],
    places: Mapping[str, Node],
    thread_file: ThreadFile,
    words: Mapping[str, Words],
) -> int:
    """How many posts of the file are here with other words or under another post."""
    here = {one.source_id: one for one in stored}
    count = 0
    for post in thread_file.posts:
        found = here.get(post.source_id)
        if found is None:
            continue
        parent = places[post.parent_source_id].id if post.parent_source_id else None
        gone = found.state is PostState.REMOVED
        same_words = post.removed == gone and (gone or found.source == words[post.source_id].source)
        count += not same_words or found.parent_id != parent
    return count
