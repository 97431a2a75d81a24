"""Where imported posts stand in the tree, and how many at once come there.

Places and counters are worked out in memory, so that a hundred thousand posts are a few hundred
statements. The caller holds the thread's lock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from dialog.core.errors import InvalidInput
from dialog.debates import tree
from dialog.debates.import_queries import StoredPost
from dialog.debates.models import BranchPerson, Post, PostKind, PostState, Thread, Voice
from dialog.debates.thread_file import ImportedPost, ThreadFile

POSTS: Any = Post.__table__
AT_A_TIME = 1_000  # rows in one statement


@dataclass(frozen=True, slots=True)
class Words:
    """A post's text and its author's name, ready to store."""

    author: str
    source: str
    html: str


@dataclass(slots=True)
class Node:
    """A post's place in the tree, stored (`post` is None) or about to be."""

    parent: "Node | None"
    path: str
    depth: int
    child_count: int = 0
    id: int = 0
    ordinal: int = 0
    below: int = 0  # new posts below it
    post: ImportedPost | None = None


def planned(
    stored: Iterable[StoredPost], thread_file: ThreadFile
) -> tuple[list[Node], dict[str, Node]]:
    """Every node, each after its parent, and the nodes by source id. Counters are in place."""
    by_id: dict[int | None, Node] = {}
    places: dict[str, Node] = {}
    for one in stored:
        place = Node(by_id.get(one.parent_id), one.path, one.depth, one.child_count, one.id)
        by_id[one.id] = places[one.source_id] = place
    nodes = list(places.values())
    for post in thread_file.posts:
        if post.source_id not in places:
            places[post.source_id] = _place(post, places.get(post.parent_source_id or ""))
            nodes.append(places[post.source_id])
    for node in reversed(nodes):
        if node.parent:
            node.parent.below += node.below + (node.post is not None)
    return nodes, places


def _place(post: ImportedPost, parent: Node | None) -> Node:
    if parent is None:
        return Node(None, "", 0, post=post)
    if parent.depth >= tree.DEEPEST:  # a parent was moved in the file since the last time
        sentence = _("Linje %(line)s: Indlægget ligger for langt nede.", line=post.line)
        raise InvalidInput({"file": sentence})
    ordinal, parent.child_count = parent.child_count, parent.child_count + 1
    path = tree.child_path(parent.path, ordinal)
    return Node(parent, path, parent.depth + 1, ordinal=ordinal, post=post)


def store(db: Session, thread: Thread, nodes: Sequence[Node], words: Mapping[str, Words]) -> None:
    """Writes the new posts, level by level since each names its parent, and all counters."""
    new = sorted((node for node in nodes if node.post), key=lambda node: node.depth)
    for _depth, level in groupby(new, key=lambda node: node.depth):
        _insert_level(db, thread, list(level), words)
    above = [node for node in nodes if node.post is None and node.below]
    if above:
        _add_below(db, thread, above)
    thread.post_count += sum(node.depth > 0 for node in new)
    db.flush()


def _insert_level(
    db: Session, thread: Thread, level: list[Node], words: Mapping[str, Words]
) -> None:
    by_source = {node.post.source_id: node for node in level if node.post}
    made = insert(POSTS).returning(POSTS.c.id, POSTS.c.source_id)
    for start in range(0, len(level), AT_A_TIME):
        rows = [_row(thread, node, words) for node in level[start : start + AT_A_TIME]]
        for post_id, source_id in db.execute(made, rows):
            by_source[source_id].id = post_id


def _row(thread: Thread, node: Node, words: Mapping[str, Words]) -> dict[str, Any]:
    post = node.post
    assert post is not None
    gone, own = post.removed, words[post.source_id]
    return {
        "thread_id": thread.id,
        "parent_id": node.parent.id if node.parent else None,
        "path": node.path,
        "depth": node.depth,
        "ordinal": node.ordinal,
        "kind": PostKind.COMMENT,
        "voice": Voice.CITIZEN,
        "state": PostState.REMOVED if gone else PostState.VISIBLE,
        "author_name": own.author,
        "source": "" if gone else own.source,
        "html": "" if gone else own.html,
        "created_at": post.created_at,
        "rev": thread.rev,
        "created_rev": thread.rev,
        "child_count": node.child_count,
        "descendant_count": node.below,
        "source_id": post.source_id,
    }


def _add_below(db: Session, thread: Thread, above: Iterable[Node]) -> None:
    grow = (
        update(POSTS)
        .where(POSTS.c.id == bindparam("post_id"))
        .values(
            child_count=bindparam("children"),
            descendant_count=POSTS.c.descendant_count + bindparam("more"),
            rev=thread.rev,
        )
    )
    db.execute(
        grow,
        [{"post_id": node.id, "children": node.child_count, "more": node.below} for node in above],
    )


def add_people(db: Session, fresh: Mapping[int, set[str]]) -> None:
    """Writes who is new to which branch, and how many that makes."""
    rows = [{"post_id": post_id, "key": key} for post_id, keys in fresh.items() for key in keys]
    if not rows:
        return
    db.execute(insert(BranchPerson), rows)
    more = update(POSTS).where(POSTS.c.id == bindparam("branch"))
    more = more.values(people=POSTS.c.people + bindparam("number"))
    db.execute(more, [{"branch": one, "number": len(keys)} for one, keys in fresh.items() if keys])
