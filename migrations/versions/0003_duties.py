"""The answer duty, whole."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ORIGINS = ("addressed", "supported", "meeting", "correction", "promise")
STATES = (
    "triage",
    "owed",
    "acknowledged",
    "answered",
    "accepted",
    "declined",
    "merged",
    "closed",
)
DESKS = ("politician", "administration")
DECLINE_CODES = ("answered_here", "not_municipal", "personal_case", "other")
PAUSE_CAUSES = ("illness", "facts")
PROMISE_KINDS = ("investigating", "amendment", "changing", "standing_by")
EVENT_KINDS = (
    "opened",
    "triaged",
    "acknowledged",
    "handed_on",
    "rehomed",
    "facts_asked",
    "facts_given",
    "paused",
    "postponed",
    "answered",
    "taken_back",
    "accepted",
    "contested",
    "declined",
    "merged",
    "split",
    "closed",
    "reopened",
    "reminded",
    "overdue",
    "escalated",
)
NUMBERS = (
    "contested_working_days",
    "remind_working_days",
    "escalate_working_days",
    "pause_working_days",
    "support_needed",
    "triage_working_days",
)
STATE_THEN = (
    "CASE WHEN answered_at IS NOT NULL THEN 'answered'"
    " WHEN closed_reason IS NOT NULL THEN 'closed' ELSE 'owed' END"
)
# What a duty that is open already is; the model's own defaults are for new ones.
FILLED: dict[str, tuple[Any, str]] = {
    "origin": (ORIGINS, "'addressed'"),
    "state": (STATES, STATE_THEN),
    "desk": (DESKS, "'politician'"),
    "by_office": (sa.Boolean(), "false"),
    "first_due_at": (sa.DateTime(timezone=True), "due_at"),
    "step": (sa.Integer(), "0"),
    "paused_days": (sa.Integer(), "0"),
}
MAY_BE_EMPTY: dict[str, Any] = {
    "escalated_at": sa.DateTime(timezone=True),
    "pause_cause": PAUSE_CAUSES,
    "pause_reason": sa.Text(),
    "pause_until": sa.Date(),
    "acknowledged_at": sa.DateTime(timezone=True),
    "accepted_at": sa.DateTime(timezone=True),
    "contested_at": sa.DateTime(timezone=True),
    "contest_reason": sa.Text(),
    "declined_at": sa.DateTime(timezone=True),
    "decline_code": DECLINE_CODES,
    "decline_reason": sa.Text(),
    "promise_kind": PROMISE_KINDS,
    "promise_text": sa.Text(),
}
POINTS_AT = {
    "committee_id": "committees",
    "returns_to_id": "users",
    "prepared_by": "users",
    "contested_answer_id": "posts",
    "see_answer_id": "posts",
    "merged_into_id": "duties",
}


def upgrade() -> None:
    op.add_column("users", sa.Column("leave_from", sa.Date(), nullable=True))
    op.add_column("users", sa.Column("leave_until", sa.Date(), nullable=True))
    op.add_column("users", _pointer("users", "substitute_id", "users"), inline_references=True)
    for name in NUMBERS:
        op.add_column("rule_settings", sa.Column(name, sa.Integer(), nullable=True))
    _grow_duties()
    _create_tables()


def downgrade() -> None:
    op.drop_table("deadline_moves")
    op.drop_table("recesses")
    op.drop_table("supports")
    op.drop_table("duty_events")
    _shrink_duties()
    _drop_columns("rule_settings", NUMBERS)
    _drop_columns("users", ("substitute_id", "leave_until", "leave_from"))


def _grow_duties() -> None:
    for name, kind in MAY_BE_EMPTY.items():
        op.add_column("duties", sa.Column(name, _type(kind), nullable=True))
    for name, table in POINTS_AT.items():
        op.add_column("duties", _pointer("duties", name, table), inline_references=True)
    for name, (kind, value) in FILLED.items():
        op.add_column("duties", sa.Column(name, _type(kind), nullable=True))
        op.execute(f"UPDATE duties SET {name} = {value}")  # noqa: S608 (words of our own)
    op.drop_index("ix_duties_holder_id_answered_at_due_at", "duties")
    op.drop_index("ix_duties_consultation_id_answered_at", "duties")
    with op.batch_alter_table("duties") as batch_op:
        for name, (kind, _value) in FILLED.items():
            batch_op.alter_column(name, existing_type=_type(kind), nullable=False)
    op.create_index("ix_duties_holder_id_state_due_at", "duties", ["holder_id", "state", "due_at"])
    op.create_index("ix_duties_consultation_id_state", "duties", ["consultation_id", "state"])
    op.create_index("ix_duties_state_due_at", "duties", ["state", "due_at"])
    op.create_index("ix_duties_answer_id", "duties", ["answer_id"])
    op.create_index("ix_duties_merged_into_id", "duties", ["merged_into_id"])


def _shrink_duties() -> None:
    # What the old table cannot say it must not hold: a promise is no question.
    op.execute("DELETE FROM duties WHERE origin = 'promise'")
    op.execute(
        "UPDATE duties SET closed_reason = state"
        " WHERE state IN ('declined', 'merged') AND closed_reason IS NULL"
    )
    for name in ("merged_into_id", "answer_id"):
        op.drop_index(f"ix_duties_{name}", "duties")
    op.drop_index("ix_duties_state_due_at", "duties")
    op.drop_index("ix_duties_consultation_id_state", "duties")
    op.drop_index("ix_duties_holder_id_state_due_at", "duties")
    _drop_columns("duties", (*FILLED, *POINTS_AT, *MAY_BE_EMPTY))
    op.create_index(
        "ix_duties_holder_id_answered_at_due_at", "duties", ["holder_id", "answered_at", "due_at"]
    )
    op.create_index(
        "ix_duties_consultation_id_answered_at", "duties", ["consultation_id", "answered_at"]
    )


def _create_tables() -> None:
    op.create_table(
        "duty_events",
        sa.Column("id", sa.Integer(), nullable=False),
        _pointer("duty_events", "duty_id", "duties", nullable=False),
        sa.Column("kind", _type(EVENT_KINDS), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _pointer("duty_events", "actor_id", "users"),
        _pointer("duty_events", "holder_id", "users", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_events")),
    )
    op.create_index("ix_duty_events_duty_id", "duty_events", ["duty_id"])
    op.create_table(
        "supports",
        _pointer("supports", "post_id", "posts", nullable=False),
        _pointer("supports", "user_id", "users", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "user_id", name=op.f("pk_supports")),
    )
    op.create_index("ix_supports_user_id", "supports", ["user_id"])
    op.create_table(
        "recesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _pointer("recesses", "created_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recesses")),
    )
    op.create_table(
        "deadline_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        _pointer("deadline_moves", "consultation_id", "consultations", nullable=False),
        sa.Column("old_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        _pointer("deadline_moves", "moved_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_moves")),
    )
    op.create_index("ix_deadline_moves_consultation_id", "deadline_moves", ["consultation_id"])


def _type(kind: Sequence[str] | sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    """The type itself, or the words that a column may hold as one."""
    if isinstance(kind, sa.types.TypeEngine):
        return kind
    return sa.Enum(*kind, native_enum=False, length=20)


def _pointer(table: str, name: str, target: str, *, nullable: bool = True) -> sa.Column[int]:
    key = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{name}_{target}"))
    return sa.Column(name, sa.Integer(), key, nullable=nullable)


def _drop_columns(table: str, names: Iterable[str]) -> None:
    """Drops them, and with them what they point at."""
    with op.batch_alter_table(table) as batch_op:
        for name in names:
            batch_op.drop_column(name)
