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

TABLES = (
    "minutes_versions",
    "halls",
    "hall_speakers",
    "hall_hands",
    "hall_notes",
    "slips",
    "dissents",
)
MOMENT = sa.DateTime(timezone=True)

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
    _create_tables()
    op.execute(
        "INSERT INTO minutes_versions"
        " (meeting_id, number, source, html, published_at, published_by)"
        " SELECT id, 1, minutes_source, minutes_html, minutes_published_at, note_taker"
        " FROM meetings WHERE minutes_published_at IS NOT NULL"
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    op.drop_index("ix_posts_confirm_by", table_name="posts")
    for name in (*_TIES, *(column.name for column in _columns())):
        op.execute(f"ALTER TABLE posts DROP COLUMN {name}")


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("verified", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("origin", _words("origin", _ORIGINS), server_default="online", nullable=False),
        sa.Column("speaks_for", sa.Integer(), server_default="1", nullable=False),
        sa.Column("confirmation", _words("confirmation", _CONFIRMATIONS), nullable=True),
        sa.Column("confirm_by", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
    ]


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=20)


def _create_tables() -> None:
    op.create_table(
        "halls",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("answering_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["answering_id"], ["users.id"], name="fk_halls_answering_id_users"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_halls_meeting_id_meetings"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_halls"),
        sa.UniqueConstraint("code", name="uq_halls_code"),
    )
    op.create_table(
        "hall_speakers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("spoken", sa.Integer(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_hall_speakers_meeting_id_meetings"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_hall_speakers_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_hall_speakers"),
        sa.UniqueConstraint("meeting_id", "key_hash", name="uq_hall_speakers_meeting_id_key_hash"),
    )
    op.create_table(
        "hall_hands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "speaking",
                "spoken",
                "lowered",
                name="handstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("called_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_hall_hands_meeting_id_meetings"
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["hall_speakers.id"], name="fk_hall_hands_speaker_id_hall_speakers"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hall_hands"),
    )
    op.create_index("ix_hall_hands_speaker_id", "hall_hands", ["speaker_id"])
    op.create_index("ix_hall_hands_meeting_id_state", "hall_hands", ["meeting_id", "state"])
    op.create_table(
        "hall_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "answer",
                "contribution",
                "question",
                "remark",
                name="notekind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_items.id"], name="fk_hall_notes_item_id_agenda_items"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_hall_notes_meeting_id_meetings"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_hall_notes_post_id_posts"),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name="fk_hall_notes_recorded_by_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hall_notes"),
        sa.UniqueConstraint("meeting_id", "key", name="uq_hall_notes_meeting_id_key"),
    )
    op.create_index("ix_hall_notes_item_id", "hall_notes", ["item_id"])
    op.create_index("ix_hall_notes_post_id", "hall_notes", ["post_id"])
    op.create_index("ix_hall_notes_meeting_id_said_at", "hall_notes", ["meeting_id", "said_at"])
    op.create_table(
        "slips",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("told_post_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_slips_made_by_users"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_slips_post_id_posts"),
        sa.ForeignKeyConstraint(["told_post_id"], ["posts.id"], name="fk_slips_told_post_id_posts"),
        sa.PrimaryKeyConstraint("id", name="pk_slips"),
        sa.UniqueConstraint("code_hash", name="uq_slips_code_hash"),
        sa.UniqueConstraint("post_id", name="uq_slips_post_id"),
    )
    op.create_table(
        "dissents",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("slip_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_dissents_meeting_id_meetings"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_dissents_post_id_posts"),
        sa.ForeignKeyConstraint(["slip_id"], ["slips.id"], name="fk_dissents_slip_id_slips"),
        sa.PrimaryKeyConstraint("post_id", name="pk_dissents"),
    )
    op.create_index("ix_dissents_meeting_id", "dissents", ["meeting_id"])
    op.create_table(
        "minutes_versions",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_minutes_versions_meeting_id_meetings"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "number", name="pk_minutes_versions"),
    )
