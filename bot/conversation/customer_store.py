"""Customers' cards, and the confirmed identifiers that tie one customer's conversations together, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)

from bot.conversation.store import conversations
from bot.storage.database import UtcDateTime, metadata
from bot.storage.prepared import Prepared

customers = Table(
    "customers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("found", JSON, nullable=False),
    Column("vip", Boolean, nullable=False),
    Column("last_rating", Integer),
    Column("created_at", UtcDateTime, nullable=False),
)

customer_keys = Table(
    "customer_keys",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("value", String(200), primary_key=True),
    Column("customer_id", String(64), nullable=False, index=True),
)

_OF = Prepared(
    select(customers)
    .join(conversations, conversations.c.customer_id == customers.c.id)
    .where(conversations.c.id == bindparam("here"))
)


@dataclass(frozen=True, slots=True)
class Customer:
    """`fields`: what is known for sure, {key: {"value": …, "source": …}}; `found`: what was read out of their words and
    waits for a click, {key: value}; `last_rating`: 1 bad to 3 excellent."""

    id: str
    name: str
    created_at: datetime
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    vip: bool = False
    last_rating: int | None = None


class CustomerStore:
    """Every method takes part in the caller's transaction."""

    def of(self, tx: Connection, conversation_id: str) -> Customer | None:
        row = _OF.row(tx, here=conversation_id)
        return None if row is None else _customer(row)

    def add(self, tx: Connection, conversation_id: str, customer: Customer) -> Customer:
        tx.execute(insert(customers).values(asdict(customer)))
        self.tie(tx, [conversation_id], customer.id)
        return customer

    def keep(self, tx: Connection, customer: Customer) -> None:
        values: dict[str, Any] = asdict(customer)
        tx.execute(update(customers).where(customers.c.id == customer.id).values(values))

    def tie(self, tx: Connection, conversation_ids: Sequence[str], customer_id: str) -> None:
        tx.execute(
            update(conversations).where(conversations.c.id.in_(conversation_ids)).values(customer_id=customer_id)
        )

    def conversations(self, tx: Connection, customer_id: str) -> list[str]:
        """Every conversation of a customer, the newest first."""
        found = select(conversations.c.id).where(conversations.c.customer_id == customer_id)
        return list(tx.execute(found.order_by(conversations.c.created_at.desc())).scalars())

    def owner(self, tx: Connection, kind: str, value: str) -> Customer | None:
        """Whose identifier this is."""
        found = (
            select(customers)
            .join(customer_keys, customer_keys.c.customer_id == customers.c.id)
            .where(customer_keys.c.kind == kind, customer_keys.c.value == value)
        )
        row = tx.execute(found).first()
        return None if row is None else _customer(row)

    def claim(self, tx: Connection, kind: str, value: str, customer_id: str) -> None:
        """The identifier belongs to this customer from now on."""
        mine = (customer_keys.c.kind == kind) & (customer_keys.c.value == value)
        if tx.execute(update(customer_keys).where(mine).values(customer_id=customer_id)).rowcount == 0:
            tx.execute(insert(customer_keys).values(kind=kind, value=value, customer_id=customer_id))

    def release(self, tx: Connection, kind: str, customer_id: str) -> None:
        """The customer has no such identifier any more."""
        mine = (customer_keys.c.kind == kind) & (customer_keys.c.customer_id == customer_id)
        tx.execute(customer_keys.delete().where(mine))

    def merge(self, tx: Connection, gone: str, into: str) -> None:
        """Two cards turned out to be one person: conversations and identifiers move, the emptier card stays unused."""
        self.tie(tx, self.conversations(tx, gone), into)
        tx.execute(update(customer_keys).where(customer_keys.c.customer_id == gone).values(customer_id=into))


def _customer(row: Sequence[Any]) -> Customer:
    """The customer of a row of all columns."""
    return Customer(**dict(zip(customers.c.keys(), row, strict=True)))
