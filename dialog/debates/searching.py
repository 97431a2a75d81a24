"""Searching what is written in a consultation: FTS5 on SQLite, `danish` on PostgreSQL.

Only visible posts are ever in the index. On PostgreSQL it is an index over `posts` itself. On
SQLite triggers note which posts changed, and `keep_true` reads those in before the commit of the
same transaction: a trigger may not do it, as `trusted_schema` is off.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Text,
    column,
    event,
    func,
    literal,
    literal_column,
    select,
    table,
    type_coerce,
)
from sqlalchemy.orm import Session

from dialog.core import html
from dialog.debates import filters
from dialog.debates.filters import HITS, Hit, Show
from dialog.debates.models import Post, PostState, Thread, ThreadProposal

LONGEST_QUERY = 200  # signs
MOST_TERMS = 12
MOST_COUNTED = 200  # hits are counted to here; beyond it is "more than"
EXCERPT = 32  # words round a hit

_OPEN, _CLOSE = "\x02", "\x03"  # round a hit; `html.tidy` has taken both out of every post
_TERM = re.compile(r'"([^"]+)"|(\S+)')
_INDEX = table("post_search", column("rowid"))
_MATCHED: ColumnElement[Any] = literal_column("post_search")
_DANISH: ColumnElement[Any] = literal_column("'danish'::regconfig")


@dataclass(frozen=True)
class Term:
    """A word of the search, or several that must follow one another."""

    words: str
    is_beginning: bool = False  # whatever begins with it is found too


@dataclass(frozen=True)
class Piece:
    """A stretch of an excerpt, and whether it is what was searched for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Found:
    """A post that holds the words: where it stands, and its words round them."""

    hit: Hit
    thread: Thread
    topic: list[Piece]
    excerpt: list[Piece]


@dataclass(frozen=True)
class Asked:
    """What is searched for, and where."""

    consultation_id: int
    terms: list[Term]
    proposal_id: int | None = None
    show: Show | None = None


def terms_of(query: str) -> list[Term]:
    """The words of a query, all of which must occur. Nothing in it is a command.

    Words in quotes must follow one another. The last word may be unfinished.
    """
    found = []
    for match in _TERM.finditer(html.one_line(query[:LONGEST_QUERY])):
        words = (match[1] or match[2]).replace('"', " ").strip()
        if any(sign.isalnum() for sign in words):
            found.append(Term(words, is_beginning=match[1] is None and len(words) > 1))
    found = found[:MOST_TERMS]
    return [*(Term(term.words) for term in found[:-1]), *found[-1:]]


def found_posts(db: Session, asked: Asked, before: int | None = None) -> list[Found]:
    """The newest posts that hold every term, from before post number `before` on.

    A page of them, and one to tell of more.
    """
    search = _in_sqlite if _is_sqlite(db) else _in_postgres
    # FTS5 gives its rows in the order of its own number, and makes an excerpt of those alone.
    number = _INDEX.c.rowid if _is_sqlite(db) else Post.id
    wanted = _narrowed(search(asked.terms), asked)
    if before is not None:
        wanted = wanted.where(number < before)
    rows = db.execute(wanted.order_by(number.desc()).limit(HITS + 1)).all()
    hits = filters.hits_of(db, [row[0] for row in rows])
    return [
        Found(hit, thread, _pieces(topic), _pieces(excerpt))
        for hit, (_post, thread, topic, excerpt) in zip(hits, rows, strict=True)
    ]


def count_found(db: Session, asked: Asked) -> int:
    """How many posts hold every term; `MOST_COUNTED + 1` stands for more than that."""
    search = _in_sqlite if _is_sqlite(db) else _in_postgres
    ids = _narrowed(search(asked.terms), asked).with_only_columns(Post.id)
    counted = select(func.count()).select_from(ids.limit(MOST_COUNTED + 1).subquery())
    return db.scalar(counted) or 0


def keep_index_true(engine: Engine) -> None:
    """Reads changed posts into the index before each commit of this writer. SQLite only."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "commit", _keep_true)


def _keep_true(connection: Connection) -> None:
    run = connection.connection.cursor().execute  # past SQLAlchemy: four times, in every commit
    if run("SELECT 1 FROM post_search_changes LIMIT 1").fetchone() is None:
        return
    changed = "(SELECT post_id FROM post_search_changes)"
    run(f"DELETE FROM post_search WHERE rowid IN {changed}")  # noqa: S608
    run(
        "INSERT INTO post_search (rowid, topic, source)"  # noqa: S608
        f" SELECT id, topic, source FROM posts WHERE state = 'visible' AND id IN {changed}"
    )
    run("DELETE FROM post_search_changes")


def _narrowed(wanted: Select[Any], asked: Asked) -> Select[Any]:
    wanted = wanted.where(
        Thread.consultation_id == asked.consultation_id, Post.state == PostState.VISIBLE
    )
    if asked.proposal_id is not None:
        about = select(ThreadProposal.thread_id)
        about = about.where(ThreadProposal.proposal_id == asked.proposal_id)
        wanted = wanted.where(Post.thread_id.in_(about))
    if asked.show is not None:
        wanted = wanted.where(*filters.is_shown(asked.show))
    return wanted


def _in_sqlite(terms: list[Term]) -> Any:
    match = " ".join(f'"{term.words}"{"*" if term.is_beginning else ""}' for term in terms)
    topic = func.highlight(_MATCHED, 0, _OPEN, _CLOSE)
    excerpt = func.snippet(_MATCHED, 1, _OPEN, _CLOSE, "…", EXCERPT)
    return (
        select(Post, Thread, type_coerce(topic, Text), type_coerce(excerpt, Text))
        .select_from(_INDEX)
        .join(Post, Post.id == _INDEX.c.rowid)
        .join(Thread, Thread.id == Post.thread_id)
        .where(_MATCHED.op("MATCH")(match))
    )


def _in_postgres(terms: list[Term]) -> Any:
    words = func.coalesce(Post.topic, literal_column("''")).concat(literal_column("' '"))
    document = func.to_tsvector(_DANISH, words.concat(Post.source))
    query = _postgres_query(terms)
    marks = f"StartSel={_OPEN}, StopSel={_CLOSE}"
    some = f"{marks}, MaxWords={EXCERPT}, MinWords={EXCERPT // 2}"
    heading = func.coalesce(Post.topic, literal_column("''"))
    topic = func.ts_headline(_DANISH, heading, query, f"{marks}, HighlightAll=true")
    excerpt = func.ts_headline(_DANISH, Post.source, query, some)
    return (
        select(Post, Thread, topic, excerpt)
        .join(Thread, Thread.id == Post.thread_id)
        .where(document.op("@@")(query))
    )


def _postgres_query(terms: list[Term]) -> ColumnElement[Any]:
    """The terms as PostgreSQL asks: quoted for the web's way, the beginning of a word apart."""
    whole = " ".join(f'"{term.words}"' for term in terms if not term.is_beginning)
    query: ColumnElement[Any] = func.websearch_to_tsquery(_DANISH, literal(whole))
    begun = [term.words for term in terms if term.is_beginning]
    if begun:
        # Signs that are no letters or figures mean something to `to_tsquery`.
        parts = re.findall(r"[^\W_]+", begun[0])
        beginning = func.to_tsquery(_DANISH, literal(" <-> ".join(parts) + ":*"))
        query = query.op("&&")(beginning) if whole else beginning
    return query


def _pieces(marked: str | None) -> list[Piece]:
    parts = re.split(f"({_OPEN}[^{_CLOSE}]*{_CLOSE})", marked or "")
    return [Piece(part.strip(_OPEN + _CLOSE), part.startswith(_OPEN)) for part in parts if part]


def _is_sqlite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"
