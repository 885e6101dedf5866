"""The tables of the human side and the types of their columns."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """Aware UTC datetimes in and out, on databases that forget time zones too."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        # A queue of 2,000 tickets has 30,000 of these: SQLite's text is read in one call, not in three.
        if dialect.name == "sqlite":
            return lambda value: None if value is None else datetime.fromisoformat(f"{value}+00:00")
        return lambda value: None if value is None else value.replace(tzinfo=UTC)


class Words(TypeDecorator[tuple[str, ...]]):
    """A few words as a JSON list in text, so that an empty list costs nothing to read and LIKE finds a word."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], tuple[str, ...]]:
        return lambda value: () if value == "[]" else tuple(json.loads(value))


def _text(name: str, length: int | None = None, default: str | None = "") -> Column[str]:
    kind = Text() if length is None else String(length)
    return Column(name, kind, nullable=False, server_default=None if default is None else text(f"'{default}'"))


def _number(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


def _words(name: str) -> Column[tuple[str, ...]]:
    return Column(name, Words, nullable=False, server_default=text("'[]'"))


tickets = Table(
    "tickets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("conversation_id", String(64), nullable=False),
    _text("status", 16, None),
    _text("reason", 32, None),
    _text("lang", 8, None),
    _text("channel", 16, None),
    _text("subject", default=None),
    _text("customer_name", default=None),
    Column("summary", JSON, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("assignee_id", String(32)),
    Column("assignee_name", Text),
    Column("claimed_at", Moment),
    Column("closed_at", Moment),
    Column("outcome", String(16)),
    Column("rating", Integer),
    _text("group", 64),
    _number("tier", 1),
    _text("topic", 64),
    _number("priority", 3),
    Column("manual_priority", Boolean, nullable=False, server_default=text("0")),
    _number("raised"),
    _text("mood", 16, "calm"),
    Column("vip", Boolean, nullable=False, server_default=text("0")),
    _words("tags"),
    Column("offered_id", String(32)),
    Column("offered_name", Text),
    Column("offer_until", Moment),
    _words("declined"),
    Column("queued_at", Moment),
    _text("rating_reason", 64),
    Column("waiting_since", Moment),
    Column("responded_at", Moment),
    Column("first_due", Moment),
    Column("next_due", Moment),
    Column("resolve_due", Moment),
    Column("resolve_left", Integer),
    _words("warned"),
    _words("breached"),
    Column("remind_at", Moment),
    Column("snoozed_until", Moment),
    _text("snooze_note"),
    Column("next_update_at", Moment),
    _text("wish", 16, "wait"),
    _text("contact"),
    Column("promised_by", Moment),
    Column("promise_kept", Boolean),
    _number("returned"),
    _number("reopened"),
    _number("last_seq"),
    _text("last_author", 16),
    _text("last_text"),
    Column("last_at", Moment),
    # When a sweep must look at the ticket next; it looks at nothing else, whatever the length of the queue.
    Column("look_at", Moment),
    # Another word for every version of the row, so that a version read once need not be read again.
    Column("stamp", String(32)),
)
Index("ix_tickets_status_number", tickets.c.status, tickets.c.number)
Index("ix_tickets_conversation_id", tickets.c.conversation_id)
Index("ix_tickets_assignee_id_status", tickets.c.assignee_id, tickets.c.status)
Index("ix_tickets_offered_id", tickets.c.offered_id)
Index("ix_tickets_group_status", tickets.c.group, tickets.c.status, tickets.c.priority, tickets.c.queued_at)
Index("ix_tickets_group_responded_at", tickets.c.group, tickets.c.responded_at)
Index("ix_tickets_look_at", tickets.c.look_at)
# The open ticket is the only truth about who holds a conversation, so the database itself allows no second one.
Index(
    "uq_tickets_open_conversation",
    tickets.c.conversation_id,
    unique=True,
    sqlite_where=text("status != 'closed'"),
    postgresql_where=text("status != 'closed'"),
)

agents = Table(
    "agents",
    metadata,
    Column("operator_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("presence", String(16), nullable=False),
    Column("since", Moment),
    Column("seen_at", Moment),
    Column("left_at", Moment),
    Column("idle_since", Moment),
    Column("cap", Integer, nullable=False),
    Column("groups", Words, nullable=False),
    Column("skills", Words, nullable=False),
    Column("langs", Words, nullable=False),
    Column("tier", Integer, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("value", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", Text, nullable=False),
)

events = Table(
    "ticket_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("ticket_id", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor_id", String(32), nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("act", String(32), nullable=False),
    Column("detail", JSON, nullable=False),
)
Index("ix_ticket_events_ticket_id", events.c.ticket_id)
Index("ix_ticket_events_act_at", events.c.act, events.c.at)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("actor_id", String(32), nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("act", String(48), nullable=False),
    Column("object_kind", String(32), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("detail", JSON, nullable=False),
)
