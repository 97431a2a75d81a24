"""Seats, staff and codes of a borgermøde."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# A meeting planned before anyone noted its changes is as old as its dialogue.
CHANGED = """
    UPDATE meetings SET changed_at =
        (SELECT c.created_at FROM consultations c WHERE c.id = meetings.consultation_id)
"""
PARTS = sa.Enum("chair", "note_taker", name="staffpart", native_enum=False, length=20)
PLACES = sa.Enum("seated", "waiting", name="place", native_enum=False, length=20)


def upgrade() -> None:
    with op.batch_alter_table("meetings") as batch_op:
        for column in _new():
            batch_op.add_column(column)
    op.execute(CHANGED)
    with op.batch_alter_table("meetings") as batch_op:
        batch_op.alter_column("changed_at", existing_type=MOMENT, nullable=False)
        for name, kind in (
            ("room", sa.Text()),
            ("wheelchair", sa.Text()),
            ("hearing_loop", sa.Boolean()),
            ("interpreter", sa.Text()),
        ):
            batch_op.alter_column(name, existing_type=kind, server_default=None)
    _staff()
    _sign_ups()
    _codes()


def downgrade() -> None:
    for table in (
        "resident_codes",
        "code_batches",
        "meeting_sign_ups",
        "meeting_panelists",
        "meeting_staff",
    ):
        op.drop_table(table)
    with op.batch_alter_table("meetings") as batch_op:
        for column in reversed(_new()):
            batch_op.drop_column(column.name)


def _staff() -> None:
    for table, more, unique in (
        ("meeting_staff", sa.Column("part", PARTS, nullable=False), ["part"]),
        ("meeting_panelists", sa.Column("position", sa.Integer(), nullable=False), []),
    ):
        names = ["meeting_id", "user_id", *unique]
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("meeting_id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            more,
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.ForeignKeyConstraint(
                ["meeting_id"], ["meetings.id"], name=op.f(f"fk_{table}_meeting_id_meetings")
            ),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users")
            ),
            sa.UniqueConstraint(*names, name=op.f(f"uq_{table}_{'_'.join(names)}")),
        )
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def _sign_ups() -> None:
    table = "meeting_sign_ups"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("place", PLACES, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f(f"fk_{table}_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users")),
        sa.UniqueConstraint("meeting_id", "user_id", name=op.f(f"uq_{table}_meeting_id_user_id")),
        sa.UniqueConstraint("code_hash", name=op.f(f"uq_{table}_code_hash")),
    )
    op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])
    op.create_index(f"ix_{table}_meeting_id_place_id", table, ["meeting_id", "place", "id"])


def _codes() -> None:
    op.create_table(
        "code_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_batches")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_code_batches_created_by_users")
        ),
    )
    op.create_table(
        "resident_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_codes")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["code_batches.id"], name=op.f("fk_resident_codes_batch_id_code_batches")
        ),
        sa.UniqueConstraint("code_hash", name=op.f("uq_resident_codes_code_hash")),
    )
    op.create_index(op.f("ix_resident_codes_batch_id"), "resident_codes", ["batch_id"])


def _new() -> list[sa.Column[Any]]:
    return [
        sa.Column("room", sa.Text(), nullable=False, server_default=""),
        sa.Column("wheelchair", sa.Text(), nullable=False, server_default=""),
        sa.Column("hearing_loop", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("interpreter", sa.Text(), nullable=False, server_default=""),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("stream_url", sa.Text(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("moved_at", MOMENT, nullable=True),
        sa.Column("moved_from_at", MOMENT, nullable=True),
        sa.Column("moved_from_place", sa.Text(), nullable=True),
        sa.Column("signed_up", sa.Integer(), nullable=True),
        sa.Column("attendance", sa.Integer(), nullable=True),
    ]
