"""From which school year a new school structure is to hold."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consultations", sa.Column("effective_year", sa.Integer, nullable=True))


def downgrade() -> None:
    op.drop_column("consultations", "effective_year")
