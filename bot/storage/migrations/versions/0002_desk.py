"""The desk: queues with priorities and clocks, agents, rules, notes, customers and search."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EMPTY_LIST = sa.text("'[]'")
EMPTY_TEXT = sa.text("''")
ZERO = sa.text("0")


def upgrade() -> None:
    tickets()
    agents_and_rules()
    conversations()
    search()
    # The first person of an older installation was an admin; somebody has to be able to do everything.
    op.execute(
        "UPDATE operators SET role = 'owner' WHERE id = (SELECT id FROM operators WHERE role = 'admin' AND active "
        "ORDER BY created_at LIMIT 1) AND NOT EXISTS (SELECT 1 FROM operators WHERE role = 'owner')"
    )


def tickets() -> None:
    added = (
        sa.Column("group", sa.String(length=64), nullable=False, server_default=EMPTY_TEXT),
        sa.Column("tier", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("topic", sa.String(length=64), nullable=False, server_default=EMPTY_TEXT),
        sa.Column("priority", sa.Integer(), nullable=False, server_default=sa.text("3")),
        sa.Column("manual_priority", sa.Boolean(), nullable=False, server_default=ZERO),
        sa.Column("raised", sa.Integer(), nullable=False, server_default=ZERO),
        sa.Column("mood", sa.String(length=16), nullable=False, server_default=sa.text("'calm'")),
        sa.Column("vip", sa.Boolean(), nullable=False, server_default=ZERO),
        sa.Column("tags", sa.Text(), nullable=False, server_default=EMPTY_LIST),
        sa.Column("offered_id", sa.String(length=32), nullable=True),
        sa.Column("offered_name", sa.Text(), nullable=True),
        sa.Column("offer_until", sa.DateTime(), nullable=True),
        sa.Column("declined", sa.Text(), nullable=False, server_default=EMPTY_LIST),
        sa.Column("queued_at", sa.DateTime(), nullable=True),
        sa.Column("rating_reason", sa.String(length=64), nullable=False, server_default=EMPTY_TEXT),
        sa.Column("waiting_since", sa.DateTime(), nullable=True),
        sa.Column("responded_at", sa.DateTime(), nullable=True),
        sa.Column("first_due", sa.DateTime(), nullable=True),
        sa.Column("next_due", sa.DateTime(), nullable=True),
        sa.Column("resolve_due", sa.DateTime(), nullable=True),
        sa.Column("resolve_left", sa.Integer(), nullable=True),
        sa.Column("warned", sa.Text(), nullable=False, server_default=EMPTY_LIST),
        sa.Column("breached", sa.Text(), nullable=False, server_default=EMPTY_LIST),
        sa.Column("remind_at", sa.DateTime(), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(), nullable=True),
        sa.Column("snooze_note", sa.Text(), nullable=False, server_default=EMPTY_TEXT),
        sa.Column("next_update_at", sa.DateTime(), nullable=True),
        sa.Column("wish", sa.String(length=16), nullable=False, server_default=sa.text("'wait'")),
        sa.Column("contact", sa.Text(), nullable=False, server_default=EMPTY_TEXT),
        sa.Column("promised_by", sa.DateTime(), nullable=True),
        sa.Column("promise_kept", sa.Boolean(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=False, server_default=ZERO),
        sa.Column("reopened", sa.Integer(), nullable=False, server_default=ZERO),
        sa.Column("last_seq", sa.Integer(), nullable=False, server_default=ZERO),
        sa.Column("last_author", sa.String(length=16), nullable=False, server_default=EMPTY_TEXT),
        sa.Column("last_text", sa.Text(), nullable=False, server_default=EMPTY_TEXT),
        sa.Column("last_at", sa.DateTime(), nullable=True),
        sa.Column("look_at", sa.DateTime(), nullable=True),
        sa.Column("stamp", sa.String(length=32), nullable=True),
    )
    for column in added:
        op.add_column("tickets", column)
    op.execute("""UPDATE tickets SET queued_at = opened_at, "group" = 'support'""")
    # Customers of an older version who wait now: the first sweep sets their clocks in motion.
    op.execute("UPDATE tickets SET waiting_since = opened_at, look_at = opened_at WHERE status = 'queued'")
    op.create_index("ix_tickets_assignee_id_status", "tickets", ["assignee_id", "status"])
    op.create_index("ix_tickets_offered_id", "tickets", ["offered_id"])
    op.create_index("ix_tickets_group_status", "tickets", ["group", "status", "priority", "queued_at"])
    op.create_index("ix_tickets_group_responded_at", "tickets", ["group", "responded_at"])
    op.create_index("ix_tickets_look_at", "tickets", ["look_at"])


def agents_and_rules() -> None:
    op.create_table(
        "agents",
        sa.Column("operator_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("presence", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("idle_since", sa.DateTime(), nullable=True),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("langs", sa.Text(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("operator_id", name=op.f("pk_agents")),
    )
    op.create_table(
        "policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
    )
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("ticket_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_events")),
    )
    op.create_index("ix_ticket_events_ticket_id", "ticket_events", ["ticket_id"])
    op.create_index("ix_ticket_events_act_at", "ticket_events", ["act", "at"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=48), nullable=False),
        sa.Column("object_kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )


def conversations() -> None:
    op.add_column("conversations", sa.Column("customer_id", sa.String(length=64), nullable=True))
    op.add_column("conversations", sa.Column("read_seq", sa.Integer(), nullable=False, server_default=ZERO))
    op.add_column("conversations", sa.Column("delivered_seq", sa.Integer(), nullable=False, server_default=ZERO))
    op.add_column("conversations", sa.Column("last_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE conversations SET last_at = (SELECT max(created_at) FROM messages WHERE conversation_id = id)")
    op.create_index("ix_conversations_customer_id", "conversations", ["customer_id"])
    op.create_index("ix_conversations_last_at", "conversations", ["last_at"])
    op.add_column("messages", sa.Column("files", sa.JSON(), nullable=True))
    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("cid", sa.String(length=128), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("approval", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("conversation_id", "cid", name=op.f("uq_notes_conversation_id_cid")),
    )
    op.create_table(
        "reads",
        sa.Column("operator_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("operator_id", "conversation_id", name=op.f("pk_reads")),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("last_rating", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_table(
        "customer_keys",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_customer_keys")),
    )
    op.create_index("ix_customer_keys_customer_id", "customer_keys", ["customer_id"])


def search() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE message_search USING fts5("
        "conversation_id UNINDEXED, seq UNINDEXED, stems, words, tokenize='unicode61 remove_diacritics 2')"
    )
    # What was said before is found by its words as they stand; stems come with new rows.
    op.execute(
        "INSERT INTO message_search (conversation_id, seq, stems, words) "
        "SELECT conversation_id, seq, '', text FROM messages WHERE author != 'system'"
    )
