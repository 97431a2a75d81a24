"""A thread is tied to a borgermøde; its posts form a tree kept in text order by `path`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base

# Tree order is text order, so the comparison must be byte by byte on every engine.
PathText = Text().with_variant(Text(collation="C"), "postgresql")


# Most posts are comments that nobody awaits. What a filter finds is few, and indexed alone.
_NOT_COMMENT = text("kind <> 'comment'")
_UNCONFIRMED = text("confirmation = 'waiting'")


class Thread(Base):
    """A question put to debate. Its opening post is the text everyone answers."""

    __tablename__ = "threads"
    __table_args__ = (UniqueConstraint("consultation_id", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    title: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    source_id: Mapped[str | None]  # of an imported debate
    created_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=1)  # bumped by every visible change
    post_count: Mapped[int] = mapped_column(default=0)  # replies; the opening post is not counted
    participant_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class ThreadProposal(Base):
    """A proposal that a thread debates."""

    __tablename__ = "thread_proposals"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposals.id"), primary_key=True, index=True
    )


class ThreadPolitician(Base):
    """A politician who answers for a thread; the lowest position answers first."""

    __tablename__ = "thread_politicians"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class BranchPerson(Base):
    """Someone who wrote below a post, counted once.

    The key is "u12", an imported name, or "former-…" once the account is closed.

    Under the opening post these are the people of the whole thread.
    """

    __tablename__ = "branch_people"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)


class PostKind(StrEnum):
    COMMENT = "comment"
    QUESTION = "question"
    ARGUMENT_FOR = "argument_for"
    ARGUMENT_AGAINST = "argument_against"
    EXPERIENCE = "experience"
    ALTERNATIVE = "alternative"
    CORRECTION = "correction"  # of a figure


class Voice(StrEnum):
    CITIZEN = "citizen"
    POLITICIAN = "politician"
    ADMINISTRATION = "administration"


class Origin(StrEnum):
    """Where a contribution was made. All but the first are entered by the administration."""

    ONLINE = "online"
    MEETING = "meeting"
    PHONE = "phone"
    LIBRARY = "library"
    LETTER = "letter"


class Confirmation(StrEnum):
    """What the speaker has said of the words that someone else wrote down for him."""

    WAITING = "waiting"  # a politician has 48 hours
    CONFIRMED = "confirmed"
    AMENDED = "amended"  # both texts stand
    LAPSED = "lapsed"  # he said nothing: it stands as the note-taker wrote it


class PostState(StrEnum):
    VISIBLE = "visible"
    HIDDEN = "hidden"  # by a moderator, with a public reason
    WITHDRAWN = "withdrawn"  # by its author
    REMOVED = "removed"  # already gone where it was imported from


class AtMeeting(StrEnum):
    """What a borgermøde does with a question, or did."""

    PLANNED = "planned"
    NOW = "now"
    ANSWERED = "answered"
    NOT_REACHED = "not_reached"


class Post(Base):
    """A contribution. `parent_id` is the truth; `path` is four base-62 signs a level.

    Siblings are numbered in the order they came, so that order needs no sorting and a page of
    replies is a range of numbers. The opening post has no parent, depth 0 and the empty path.
    Who wrote it is kept as it stood when it was written: an answer given as chair stays one.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("thread_id", "path"),
        UniqueConstraint("thread_id", "source_id"),
        UniqueConstraint("author_id", "idempotency_key"),
        CheckConstraint("depth BETWEEN 0 AND 50", name="depth"),
        CheckConstraint("(parent_id IS NULL) = (depth = 0)", name="opening"),
        UniqueConstraint("parent_id", "ordinal"),
        Index("ix_posts_first_level", "thread_id", "depth", "awaits_answer", "ordinal"),
        Index("ix_posts_thread_id_rev", "thread_id", "rev"),
        Index(
            "ix_posts_confirm_by",
            "confirm_by",
            sqlite_where=_UNCONFIRMED,
            postgresql_where=_UNCONFIRMED,
        ),
        Index("ix_posts_thread_id_created_rev", "thread_id", "created_rev"),
        Index(
            "ix_posts_kinds",
            "thread_id",
            "kind",
            "path",
            sqlite_where=_NOT_COMMENT,
            postgresql_where=_NOT_COMMENT,
        ),
        Index(
            "ix_posts_awaiting",
            "thread_id",
            "path",
            sqlite_where=text("awaits_answer = 1"),
            postgresql_where=text("awaits_answer"),
        ),
        Index(
            "ix_posts_answers",
            "thread_id",
            "path",
            sqlite_where=text("is_answer = 1"),
            postgresql_where=text("is_answer"),
        ),
        Index(
            "ix_posts_at_meeting",
            "thread_id",
            "path",
            sqlite_where=text("at_meeting_id IS NOT NULL"),
            postgresql_where=text("at_meeting_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    path: Mapped[str] = mapped_column(PathText)
    depth: Mapped[int]
    ordinal: Mapped[int]  # its number among its siblings, oldest first, from 0; never changes
    kind: Mapped[PostKind] = mapped_column(default=PostKind.COMMENT)
    voice: Mapped[Voice] = mapped_column(default=Voice.CITIZEN)
    state: Mapped[PostState] = mapped_column(default=PostState.VISIBLE)
    state_reason: Mapped[str | None]
    state_at: Mapped[datetime | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    author_name: Mapped[str]
    author_title: Mapped[str | None]  # "formand for Ældreudvalget", "skolechef"
    author_party: Mapped[str | None]  # letter
    author_party_name: Mapped[str | None]
    author_area: Mapped[str | None]
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    addressee_name: Mapped[str | None]
    topic: Mapped[str | None]  # a heading, on the first level
    source: Mapped[str]
    html: Mapped[str]
    created_at: Mapped[datetime]
    rev: Mapped[int]  # the thread's rev when this post last changed
    created_rev: Mapped[int] = mapped_column(default=0)  # … and when it came
    edited_at: Mapped[datetime | None]
    edition: Mapped[int] = mapped_column(default=1)  # of its text; one more at every edit
    child_count: Mapped[int] = mapped_column(default=0)
    descendant_count: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)  # who wrote below it
    open_questions: Mapped[int] = mapped_column(default=0)  # in this post and below it
    answers: Mapped[int] = mapped_column(default=0)  # politicians' answers below it
    awaits_answer: Mapped[bool] = mapped_column(default=False)  # this very post
    is_answer: Mapped[bool] = mapped_column(default=False)  # a politician's, to a question
    source_id: Mapped[str | None]
    idempotency_key: Mapped[str | None]
    at_meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))  # on its agenda
    at_meeting: Mapped[AtMeeting | None]
    verified: Mapped[bool] = mapped_column(default=False)  # its writer was a verified resident
    origin: Mapped[Origin] = mapped_column(default=Origin.ONLINE)
    speaks_for: Mapped[int] = mapped_column(default=1)  # people, the speaker among them
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))  # where it was said
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # who wrote it down
    confirmation: Mapped[Confirmation | None]
    confirm_by: Mapped[datetime | None]  # when a politician's time to confirm is over
    confirmed_at: Mapped[datetime | None]
    amended_by: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))  # the speaker's own post

    # No column: whoever has just put the post into the tree knows what stands above it.
    placed = cast("Placed | None", None)

    @property
    def may_be_owed(self) -> bool:
        """Whether a duty may hang on it: an answer, a source for a figure, or what it promises."""
        return self.kind in (PostKind.QUESTION, PostKind.CORRECTION) or self.is_answer


@dataclass(frozen=True)
class Placed:
    """Where a post was put: its thread, and the posts above it from the opening post down.

    All of them with their numbers as the post made them.
    """

    thread: Thread
    above: Sequence[Post]


class PostVersion(Base):
    """The text of a post as it stood. Written from the first edit after the free time on.

    Number 1 is what stood when the free time was over; the highest number is what stands now.
    """

    __tablename__ = "post_versions"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    html: Mapped[str]
    created_at: Mapped[datetime]


class Draft(Base):
    """Text that someone has not sent yet: it survives reload, sign-in and expiry."""

    __tablename__ = "drafts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    body: Mapped[str]
    kind: Mapped[PostKind] = mapped_column(default=PostKind.COMMENT)
    saved_at: Mapped[datetime]


class KeptText(Base):
    """What a visitor wrote before signing in. Whoever holds the key gets it back."""

    __tablename__ = "kept_texts"

    key: Mapped[str] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    body: Mapped[str]
    kind: Mapped[PostKind]
    saved_at: Mapped[datetime] = mapped_column(index=True)
