"""The agenda of a borgermøde."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATES = ("planned", "now", "answered", "not_reached")


def upgrade() -> None:
    op.create_table(
        "agenda_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "chosen_by",
            sa.Enum("overdue", "support", "chair", name="chosenby", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="atmeeting", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_off_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "question_id IS NULL OR proposal_id IS NULL", name="ck_agenda_items_one_thing"
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 240", name="ck_agenda_items_minutes"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_agenda_items_meeting_id_meetings"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["posts.id"], name="fk_agenda_items_question_id_posts"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name="fk_agenda_items_proposal_id_proposals"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_items"),
        sa.UniqueConstraint(
            "meeting_id", "question_id", name="uq_agenda_items_meeting_id_question_id"
        ),
        sa.UniqueConstraint(
            "meeting_id", "proposal_id", name="uq_agenda_items_meeting_id_proposal_id"
        ),
        sa.UniqueConstraint("meeting_id", "code", name="uq_agenda_items_meeting_id_code"),
    )
    op.create_index("ix_agenda_items_question_id", "agenda_items", ["question_id"])
    op.create_index(
        "ix_agenda_items_meeting_id_position", "agenda_items", ["meeting_id", "position"]
    )

    op.create_table(
        "selection_rules",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by_support", sa.Integer(), nullable=False),
        sa.Column("by_chair", sa.Integer(), nullable=False),
        sa.Column("overdue_first", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("selects_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_selection_rules_meeting_id_meetings"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "number", name="pk_selection_rules"),
    )

    op.create_table(
        "agenda_suggestions",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_agenda_suggestions_post_id_posts"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_agenda_suggestions_user_id_users"
        ),
        sa.PrimaryKeyConstraint("post_id", "user_id", name="pk_agenda_suggestions"),
    )

    # Not a batch: rebuilding `posts` on SQLite would lose the triggers of the search.
    op.execute(
        "ALTER TABLE posts ADD COLUMN at_meeting_id INTEGER"
        " CONSTRAINT fk_posts_at_meeting_id_meetings REFERENCES meetings (id)"
    )
    op.add_column(
        "posts",
        sa.Column(
            "at_meeting",
            sa.Enum(*STATES, name="atmeeting", native_enum=False, length=20),
            nullable=True,
        ),
    )
    op.create_index(
        "ix_posts_at_meeting",
        "posts",
        ["thread_id", "path"],
        sqlite_where=sa.text("at_meeting_id IS NOT NULL"),
        postgresql_where=sa.text("at_meeting_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_posts_at_meeting", table_name="posts")
    op.drop_column("posts", "at_meeting")
    op.drop_column("posts", "at_meeting_id")
    op.drop_table("agenda_suggestions")
    op.drop_table("selection_rules")
    op.drop_table("agenda_items")
