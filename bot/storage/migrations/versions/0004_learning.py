"""Learning: customers' marks on answers, labelled questions, versions of what was learned, and what people set."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_marks",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_answer_marks")),
    )
    op.create_table(
        "kb_labels",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("article", sa.String(length=100), nullable=True),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("message_seq", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reviewed_by", sa.String(length=100), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_labels")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_kb_labels_conversation_id", "kb_labels", ["conversation_id"])
    op.create_index("ix_kb_labels_lang_state", "kb_labels", ["lang", "state"])
    op.create_index("ix_kb_labels_lang_key", "kb_labels", ["lang", "key"])
    op.create_table(
        "kb_versions",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("encoder", sa.String(length=200), nullable=False),
        sa.Column("calibration", sa.Text(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("learned_from", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_versions")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_kb_versions_lang_current", "kb_versions", ["lang", "current"])
    op.create_table(
        "kb_settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kb_settings")),
    )
