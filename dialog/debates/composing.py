"""What the form for a post is given, and what its writer is told."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from dialog.core import clock, limits, web
from dialog.debates import (
    before_sending,
    lineage_queries,
    queries,
    showing,
    tree,
    voices,
    writing_queries,
)
from dialog.debates.forms import PostForm
from dialog.debates.models import Draft, KeptText, Post, PostKind
from dialog.debates.queries import ThreadPage
from dialog.duties import queries as duties
from dialog.permissions import Action, Actor, Role, may

NEW_ACCOUNT = 24 * 60 * 60  # seconds; a new account writes slower (promises C.3)


def composer(
    db: Session, actor: Actor, page: ThreadPage, parent: Post, form: PostForm
) -> dict[str, Any]:
    """What the form needs to know of its writer."""
    voice = voices.voice_of(db, actor, page) if may(actor.role, Action.WRITE) else None
    grand = lineage_queries.parents_of(db, [parent])
    responsible = queries.politicians_of(db, page.thread.id)
    return {
        "page": page,
        "parent": parent,
        "focus": tree.Row(parent, max(1, parent.depth), parent=grand.get(parent.parent_id or 0)),
        "duties": duties.duties_of(db, showing.questions_of([parent])),
        "responsible": responsible,
        "offices": showing.offices_of(responsible),
        "may_ask": actor.role is Role.CITIZEN and bool(responsible),
        "kinds": _kinds(bool(responsible)) if actor.role is Role.CITIZEN else [],
        "is_politician": actor.role is Role.POLITICIAN,
        "office": voice.title if voice and voice.title != voices.COUNCILLOR else None,
        "form": form,
        "may_write": may(actor.role, Action.WRITE),
        "notice": _notice(db, actor, page, parent, {one.user_id for one in responsible}),
        "now": clock.now(),
    }


def begun(db: Session, actor: Actor, parent: Post, key: str) -> Draft | KeptText | None:
    """What the reader has already written under a post, here or before he signed in."""
    kept = queries.kept_text(db, key)
    if kept is not None and kept.parent_id == parent.id:
        return kept
    drafts = queries.drafts_in(db, parent.thread_id, actor.id) if actor.id else []
    return next((draft for draft in drafts if draft.parent_id == parent.id), None)


def thanks_for(db: Session, post: Post) -> str:
    """What a writer is told when the text is in the tree."""
    parent = lineage_queries.parents_of(db, [post]).get(post.parent_id or 0)
    if parent is None or parent.depth == 0 or parent.author_id in (None, post.author_id):
        return _("Dit indlæg er sendt. Alle kan læse det nu.")
    return _("Dit svar er sendt. %(name)s har fået besked.", name=parent.author_name)


def count_post(db: Session, actor: Actor, form: PostForm) -> None:
    """Counts a post against its writer's limit; one sent before is not counted again.

    Raises: TooMany.
    """
    joined_at, key = web.joined_at(), form.idempotency_key
    if joined_at is None or actor.id is None:
        return
    if key and writing_queries.post_with_key(db, actor.id, key):
        return
    is_new = (clock.now() - joined_at).total_seconds() < NEW_ACCOUNT
    limits.hit("post_new_account" if is_new else "post", f"u{actor.id}")


def _notice(
    db: Session, actor: Actor, page: ThreadPage, parent: Post, answerers: set[int]
) -> before_sending.Notice | None:
    if parent.awaits_answer and actor.role is Role.POLITICIAN:
        duty = duties.duty_of(db, parent.id)
        if actor.id in {parent.addressee_id, duty and duty.holder_id, *answerers}:
            return None  # what is owed never waits
    return before_sending.notice_of(db, actor, page, parent, clock.now())


def _kinds(may_ask: bool) -> list[tuple[PostKind, str]]:
    """What a citizen can say that his text is."""
    kinds = [
        (PostKind.COMMENT, _("En kommentar")),
        (PostKind.QUESTION, _("Et spørgsmål, som en politiker skal svare på")),
        (PostKind.EXPERIENCE, _("En erfaring")),
        (PostKind.ARGUMENT_FOR, _("Et argument for")),
        (PostKind.ARGUMENT_AGAINST, _("Et argument imod")),
        (PostKind.ALTERNATIVE, _("Et andet forslag")),
        (PostKind.CORRECTION, _("En fejl i et tal")),
    ]
    return [(kind, label) for kind, label in kinds if may_ask or kind is not PostKind.QUESTION]
