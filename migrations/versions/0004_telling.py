"""What people are told, and how often."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MAIL_STATES = ("waiting", "sent", "dropped", "given_up")


def upgrade() -> None:
    _upgrade_mails()
    _upgrade_inbox()
    _create_tables()


def downgrade() -> None:
    for name in (
        "question_follows",
        "thread_follows",
        "announcements",
        "mail_wishes",
        "digest_rounds",
        "stopped_addresses",
        "mail_road",
    ):
        op.drop_table(name)
    _downgrade_inbox()
    _downgrade_mails()


def _upgrade_mails() -> None:
    state = sa.Enum(*MAIL_STATES, name="mailstate", native_enum=False, length=20)
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_mails_sent_at"))
        batch_op.alter_column("sent_at", new_column_name="settled_at")
        batch_op.add_column(sa.Column("writer", sa.Text(), server_default="plain", nullable=False))
        batch_op.add_column(sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("thing", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("about_kind", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("about_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("stop_path", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("state", state, server_default="waiting", nullable=False))
        batch_op.add_column(sa.Column("locale", sa.Text(), server_default="da", nullable=False))
        batch_op.add_column(sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("refusals", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_outgoing_mails_user_id_users"), "users", ["user_id"], ["id"]
        )
    op.execute("UPDATE outgoing_mails SET leaves_at = created_at")
    op.execute("UPDATE outgoing_mails SET state = 'sent' WHERE settled_at IS NOT NULL")
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        for name in ("writer", "priority", "state", "locale", "refusals"):
            batch_op.alter_column(name, server_default=None)
        batch_op.alter_column("leaves_at", nullable=False)
        batch_op.create_index("ix_outgoing_mails_due", ["state", "priority", "next_try_at"])
        batch_op.create_index("ix_outgoing_mails_user_id_thing", ["user_id", "thing"])


def _upgrade_inbox() -> None:
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about_kind", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("about_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("thread_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("is_for_digest", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("mail_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_notifications_thread_id_threads"), "threads", ["thread_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notifications_mail_id_outgoing_mails"),
            "outgoing_mails",
            ["mail_id"],
            ["id"],
        )
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.alter_column("is_for_digest", server_default=None)
        batch_op.create_index("ix_notifications_about", ["about_kind", "about_id"])
        batch_op.create_index("ix_notifications_mail_id", ["mail_id"])


def _downgrade_inbox() -> None:
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_index("ix_notifications_mail_id")
        batch_op.drop_index("ix_notifications_about")
        batch_op.drop_constraint(
            batch_op.f("fk_notifications_mail_id_outgoing_mails"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_notifications_thread_id_threads"), type_="foreignkey"
        )
        for name in ("mail_id", "is_for_digest", "thread_id", "about_id", "about_kind"):
            batch_op.drop_column(name)


def _downgrade_mails() -> None:
    # The older house knows no mail without words of its own, nor one that nobody may send.
    op.execute("DELETE FROM outgoing_mails WHERE writer <> 'plain' OR state = 'dropped'")
    op.execute("UPDATE outgoing_mails SET settled_at = NULL WHERE state <> 'sent'")
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_mails_user_id_thing")
        batch_op.drop_index("ix_outgoing_mails_due")
        batch_op.drop_constraint(batch_op.f("fk_outgoing_mails_user_id_users"), type_="foreignkey")
        for name in (
            "refusals",
            "leaves_at",
            "locale",
            "state",
            "stop_path",
            "about_id",
            "about_kind",
            "thing",
            "user_id",
            "priority",
            "writer",
        ):
            batch_op.drop_column(name)
        batch_op.alter_column("settled_at", new_column_name="sent_at")
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_mails_sent_at"), ["sent_at"], unique=False)


def _create_tables() -> None:
    op.create_table(
        "mail_road",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blocked_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_road")),
    )
    op.create_table(
        "stopped_addresses",
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("about_kind", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "address_key", "about_kind", "about_id", name=op.f("pk_stopped_addresses")
        ),
    )
    op.create_table(
        "digest_rounds",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_digest_rounds")),
    )
    op.create_table(
        "mail_wishes",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "own",
                "answers",
                "meetings",
                "duties",
                "threads",
                "dialogues",
                name="topic",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "wish",
            sa.Enum("at_once", "daily", "never", name="when", native_enum=False, length=20),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mail_wishes_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", "topic", name=op.f("pk_mail_wishes")),
    )
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("about_kind", sa.Text(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("but", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_announcements_thread_id_threads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    with op.batch_alter_table("announcements", schema=None) as batch_op:
        batch_op.create_index("ix_announcements_done_at", ["done_at"], unique=False)

    op.create_table(
        "thread_follows",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("following", "muted", "left", name="followstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_thread_follows_thread_id_threads")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_thread_follows_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", "thread_id", name=op.f("pk_thread_follows")),
    )
    with op.batch_alter_table("thread_follows", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_thread_follows_thread_id"), ["thread_id"], unique=False
        )

    op.create_table(
        "question_follows",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["posts.id"], name=op.f("fk_question_follows_question_id_posts")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_question_follows_user_id_users")
        ),
        sa.PrimaryKeyConstraint("question_id", "user_id", name=op.f("pk_question_follows")),
    )
    with op.batch_alter_table("question_follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_follows_user_id"), ["user_id"], unique=False)
