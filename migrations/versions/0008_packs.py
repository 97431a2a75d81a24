"""Whom the meeting pack was sent to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "pack_sendings",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("again_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_pack_sendings_meeting_id_meetings"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_pack_sendings_user_id_users"),
        sa.PrimaryKeyConstraint("meeting_id", "user_id", name="pk_pack_sendings"),
    )


def downgrade() -> None:
    op.drop_table("pack_sendings")
