"""People, what they are elected or hired to, and the sessions they are signed in with."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dialog.core.db import Base
from dialog.permissions import Role


class Party(Base):
    """A list in the council, known by its letter on the ballot."""

    __tablename__ = "parties"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Committee(Base):
    """A standing committee (fagudvalg), which owns proposals and answers for them."""

    __tablename__ = "committees"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class User(Base):
    """A person with an account. The e-mail address is never shown to anyone else."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(default=Role.CITIZEN)
    title: Mapped[str | None]  # what an official is, such as "skolechef"
    area: Mapped[str | None]  # the part of town a citizen gave
    party_id: Mapped[int | None] = mapped_column(ForeignKey("parties.id"))
    locale: Mapped[str] = mapped_column(default="da")
    password_hash: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]  # when a code showed that he lives here
    created_at: Mapped[datetime]
    is_demo: Mapped[bool] = mapped_column(default=False)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime | None]
    # A politician's leave, first and last day, and who answers meanwhile.
    leave_from: Mapped[date | None]
    leave_until: Mapped[date | None]
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]  # who he was is gone; the number stays, for what counts it


class OfficeTitle(StrEnum):
    MAYOR = "mayor"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"


class Office(Base):
    """A politician's seat on a committee; the mayor chairs the finance committee."""

    __tablename__ = "offices"
    __table_args__ = (UniqueConstraint("user_id", "committee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    committee_id: Mapped[int] = mapped_column(ForeignKey("committees.id"), index=True)
    title: Mapped[OfficeTitle]


class UserSession(Base):
    """A sign-in that can be ended from the server: the cookie only names it."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)  # SHA-256, hex
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class TokenPurpose(StrEnum):
    CONFIRM = "confirm"
    RESET = "reset"


class MailToken(Base):
    """A link sent by mail: single use, short-lived, stored as a hash."""

    __tablename__ = "mail_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[TokenPurpose]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class CodeBatch(Base):
    """Slips handed out at a meeting or the library, for people to show that they live here."""

    __tablename__ = "code_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str]  # where they are handed out, in words
    area: Mapped[str | None]  # the part of town they were sent to, if it is one
    made: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ResidentCode(Base):
    """A code nobody has used yet. It is deleted when used, so nothing ties a person to a slip."""

    __tablename__ = "resident_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("code_batches.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)  # SHA-256, hex
