"""The tables of conversations, their numbered messages and the bot turns owed to them."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.database import UtcDateTime, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("visitor_id", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("address", String(64), nullable=False),
    Column("lang", String(8), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("epoch_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("page", JSON, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("customer_id", String(64), index=True),
    Column("read_seq", Integer, nullable=False, server_default="0"),
    Column("delivered_seq", Integer, nullable=False, server_default="0"),
    Column("last_at", UtcDateTime, index=True),
    UniqueConstraint("visitor_id", "channel"),
)

messages = Table(
    "messages",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("cid", String(128), nullable=False),
    Column("author", String(16), nullable=False),
    Column("author_name", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("format", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("buttons", JSON, nullable=False),
    Column("source", JSON),
    Column("in_reply_to", Integer),
    Column("evidence", JSON),
    Column("created_at", UtcDateTime, nullable=False),
    Column("files", JSON),
    UniqueConstraint("conversation_id", "cid"),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("press", JSON),
    Column("created_at", UtcDateTime, nullable=False),
)
Index("ix_turns_state_created_at", turns.c.state, turns.c.created_at)
