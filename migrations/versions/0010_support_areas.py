"""From how many parts of town those behind a question come, where a dialogue chooses it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rule_settings", sa.Column("support_areas", sa.Integer, nullable=True))


def downgrade() -> None:
    op.drop_column("rule_settings", "support_areas")
