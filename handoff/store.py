"""Tickets in SQL; the one place of this package that knows a database."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    text,
    update,
)

from handoff.model import Assignee, Outcome, Reason, Request, Status, Ticket

metadata = MetaData()

tickets = Table(
    "tickets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("conversation_id", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("lang", String(8), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("assignee_id", String(32)),
    Column("assignee_name", Text),
    Column("claimed_at", DateTime),
    Column("closed_at", DateTime),
    Column("outcome", String(16)),
    Column("rating", Integer),
)
Index("ix_tickets_status_number", tickets.c.status, tickets.c.number)
Index("ix_tickets_conversation_id", tickets.c.conversation_id)
# The open ticket is the only truth about who holds a conversation, so the database itself allows no second one.
Index(
    "uq_tickets_open_conversation",
    tickets.c.conversation_id,
    unique=True,
    sqlite_where=text("status != 'closed'"),
    postgresql_where=text("status != 'closed'"),
)


class TicketStore:
    """The Tickets port on SQLAlchemy Core; every method takes part in the caller's transaction."""

    def add(self, tx: Connection, request: Request, at: datetime) -> Ticket:
        number = tx.execute(select(func.coalesce(func.max(tickets.c.number), 0) + 1)).scalar_one()
        ticket_id = uuid4().hex
        tx.execute(
            insert(tickets).values(
                id=ticket_id,
                number=number,
                conversation_id=request.conversation_id,
                status=Status.QUEUED.value,
                reason=request.reason.value,
                lang=request.lang,
                channel=request.channel,
                subject=request.subject,
                customer_name=request.customer_name,
                summary=request.summary,
                opened_at=_stored(at),
            )
        )
        return _present(self.get(tx, ticket_id))

    def get(self, tx: Connection, ticket_id: str) -> Ticket | None:
        return _one(tx, tickets.c.id == ticket_id)

    def open_one(self, tx: Connection, conversation_id: str) -> Ticket | None:
        return _one(tx, tickets.c.conversation_id == conversation_id, tickets.c.status != Status.CLOSED.value)

    def open_ones(self, tx: Connection) -> list[Ticket]:
        found = tx.execute(
            select(tickets)
            .where(tickets.c.status != Status.CLOSED.value)
            .order_by(tickets.c.opened_at, tickets.c.number)
        )
        return [_ticket(row) for row in found.mappings()]

    def ahead(self, tx: Connection, ticket: Ticket) -> int:
        earlier = select(func.count()).where(tickets.c.status == Status.QUEUED.value, tickets.c.number < ticket.number)
        return tx.execute(earlier).scalar_one()

    def claim(self, tx: Connection, ticket_id: str, assignee: Assignee, at: datetime) -> Ticket | None:
        return self._change(
            tx,
            ticket_id,
            (tickets.c.status == Status.QUEUED.value,),
            {
                "status": Status.CLAIMED.value,
                "assignee_id": assignee.id,
                "assignee_name": assignee.name,
                "claimed_at": _stored(at),
            },
        )

    def unclaim(self, tx: Connection, ticket_id: str, assignee_id: str) -> Ticket | None:
        return self._change(
            tx,
            ticket_id,
            (tickets.c.status == Status.CLAIMED.value, tickets.c.assignee_id == assignee_id),
            {"status": Status.QUEUED.value, "assignee_id": None, "assignee_name": None, "claimed_at": None},
        )

    def close(self, tx: Connection, ticket_id: str, outcome: Outcome, at: datetime) -> Ticket | None:
        return self._change(
            tx,
            ticket_id,
            (tickets.c.status != Status.CLOSED.value,),
            {"status": Status.CLOSED.value, "outcome": outcome.value, "closed_at": _stored(at)},
        )

    def rate(self, tx: Connection, ticket_id: str, score: int) -> Ticket | None:
        return self._change(tx, ticket_id, (tickets.c.rating.is_(None),), {"rating": score})

    def _change(
        self, tx: Connection, ticket_id: str, expected: tuple[Any, ...], values: dict[str, Any]
    ) -> Ticket | None:
        changed = tx.execute(update(tickets).where(tickets.c.id == ticket_id, *expected).values(**values))
        return self.get(tx, ticket_id) if changed.rowcount == 1 else None


def _one(tx: Connection, *conditions: Any) -> Ticket | None:
    row = tx.execute(select(tickets).where(*conditions)).mappings().first()
    return None if row is None else _ticket(row)


def _present(ticket: Ticket | None) -> Ticket:
    assert ticket is not None
    return ticket


def _stored(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _read(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)


def _ticket(row: RowMapping) -> Ticket:
    return Ticket(
        id=row["id"],
        number=row["number"],
        conversation_id=row["conversation_id"],
        status=Status(row["status"]),
        reason=Reason(row["reason"]),
        lang=row["lang"],
        channel=row["channel"],
        subject=row["subject"],
        customer_name=row["customer_name"],
        summary=row["summary"],
        opened_at=row["opened_at"].replace(tzinfo=UTC),
        assignee=Assignee(row["assignee_id"], row["assignee_name"]) if row["assignee_id"] else None,
        claimed_at=_read(row["claimed_at"]),
        closed_at=_read(row["closed_at"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        rating=row["rating"],
    )
