"""What is said in the hall."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# SQLite adds a column with its foreign key in place; Alembic would copy the whole table, and
# the triggers of the search would be lost with the old one.
_TIES = {"meeting_id": "meetings", "recorded_by": "users", "amended_by": "posts"}

_ORIGINS = ("online", "meeting", "phone", "library", "letter")
_CONFIRMATIONS = ("waiting", "confirmed", "amended", "lapsed")


def upgrade() -> None:
    for column in _columns():
        op.add_column("posts", column)
    for name, table in _TIES.items():
        constraint = f"CONSTRAINT fk_posts_{name}_{table} REFERENCES {table} (id)"
        op.execute(f"ALTER TABLE posts ADD COLUMN {name} INTEGER {constraint}")
    waiting = sa.text("confirmation = 'waiting'")
    op.create_index(
        "ix_posts_confirm_by",
        "posts",
        ["confirm_by"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_index("ix_posts_confirm_by", table_name="posts")
    for name in (*_TIES, *(column.name for column in _columns())):
        op.execute(f"ALTER TABLE posts DROP COLUMN {name}")


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("verified", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("origin", _words("origin", _ORIGINS), server_default="online", nullable=False),
        sa.Column("speaks_for", sa.Integer(), server_default="1", nullable=False),
        sa.Column("confirmation", _words("confirmation", _CONFIRMATIONS), nullable=True),
        sa.Column("confirm_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=20)
