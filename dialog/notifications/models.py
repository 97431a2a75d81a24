"""What a person is told, what he follows, and what he wants by mail."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base


class Notification(Base):
    """A line in someone's inbox."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user_id_id", "user_id", "id"),
        Index("ix_notifications_mail_id", "mail_id"),
        Index("ix_notifications_about", "about_kind", "about_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]  # reply, answer, question, duty, …
    title: Mapped[str]  # one sentence in the receiver's language
    excerpt: Mapped[str]
    link: Mapped[str]  # a path of our own
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    about_kind: Mapped[str | None]  # what it tells of: "post", "meeting" …; a room knows the kind
    about_id: Mapped[int | None]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    is_for_digest: Mapped[bool] = mapped_column(default=False)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing_mails.id"))


class Topic(StrEnum):
    """What a person chooses about: one line each on the page of his mails."""

    OWN = "own"  # replies to what he wrote, and what became of it
    ANSWERS = "answers"  # to questions he asked or follows
    MEETINGS = "meetings"  # changes of meetings he goes to
    DUTIES = "duties"  # what he owes
    THREADS = "threads"  # what is new in threads he follows
    DIALOGUES = "dialogues"  # dialogues that open and are decided


class When(StrEnum):
    """How soon a mail leaves."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


class MailWish(Base):
    """What a person chose for a topic; without a row the topic's own default holds."""

    __tablename__ = "mail_wishes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(primary_key=True)
    wish: Mapped[When]


class FollowState(StrEnum):
    FOLLOWING = "following"
    MUTED = "muted"  # no mail about the thread, but for what he owes
    LEFT = "left"  # he stopped, so that writing there does not begin it again


class ThreadFollow(Base):
    """How a person stands to a thread."""

    __tablename__ = "thread_follows"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True, index=True)
    state: Mapped[FollowState]
    since: Mapped[datetime]


class QuestionFollow(Base):
    """A person who wants to hear when a question is answered."""

    __tablename__ = "question_follows"

    question_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    since: Mapped[datetime]


class DigestRound(Base):
    """One day's daily mails: what they tell of, and how far the telling has come.

    The next round tells of what came after this one, so nothing falls between two days.
    """

    __tablename__ = "digest_rounds"

    day: Mapped[date] = mapped_column(primary_key=True)  # in Denmark
    since: Mapped[datetime]
    until: Mapped[datetime]
    told_up_to: Mapped[int] = mapped_column(default=0)  # the last person's number
    done_at: Mapped[datetime | None]


class Announcement(Base):
    """News for many, told to them one batch after another by a job."""

    __tablename__ = "announcements"
    __table_args__ = (Index("ix_announcements_done_at", "done_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str]  # who hears it: "question" 7 is everyone who follows that question
    audience_id: Mapped[int]
    kind: Mapped[str]
    params: Mapped[str]  # JSON
    link: Mapped[str]
    excerpt: Mapped[str]
    about_kind: Mapped[str | None]
    about_id: Mapped[int | None]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    but: Mapped[str]  # JSON: the people who know already
    created_at: Mapped[datetime]
    told_up_to: Mapped[int] = mapped_column(default=0)  # the last person's number
    done_at: Mapped[datetime | None]


class StoppedAddress(Base):
    """An address without an account that wants no more mail about a thing.

    The address itself is not kept, but a keyed hash that only this installation can make.
    """

    __tablename__ = "stopped_addresses"

    address_key: Mapped[str] = mapped_column(primary_key=True)
    about_kind: Mapped[str] = mapped_column(primary_key=True)
    about_id: Mapped[int] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]
