"""What the desk needs from the world: a place for tickets, handed an open transaction for every call."""

from datetime import datetime
from typing import Any, Protocol

from handoff.model import Assignee, Outcome, Request, Ticket

Transaction = Any
"""Whatever the store needs to take part in the caller's transaction; the desk only passes it on."""


class Tickets(Protocol):
    """The store of tickets. Changes are conditional updates: `None` back means somebody else was first."""

    def add(self, tx: Transaction, request: Request, at: datetime) -> Ticket: ...

    def get(self, tx: Transaction, ticket_id: str) -> Ticket | None: ...

    def open_one(self, tx: Transaction, conversation_id: str) -> Ticket | None: ...

    def open_ones(self, tx: Transaction) -> list[Ticket]: ...

    def ahead(self, tx: Transaction, ticket: Ticket) -> int: ...

    def claim(self, tx: Transaction, ticket_id: str, assignee: Assignee, at: datetime) -> Ticket | None: ...

    def unclaim(self, tx: Transaction, ticket_id: str, assignee_id: str) -> Ticket | None: ...

    def close(self, tx: Transaction, ticket_id: str, outcome: Outcome, at: datetime) -> Ticket | None: ...

    def rate(self, tx: Transaction, ticket_id: str, score: int) -> Ticket | None: ...
