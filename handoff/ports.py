"""What the desk needs from the world: places for tickets, agents, rules and history, handed an open transaction."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from handoff.model import Agent, Assignee, AuditEntry, Event, Served, Ticket
from handoff.policy import Policy

Transaction = Any
"""Whatever the stores need to take part in the caller's transaction; the desk only passes it on."""


class Tickets(Protocol):
    """The store of tickets. `look`: when a sweep must look at the ticket next."""

    def add(self, tx: Transaction, ticket: Ticket, look: datetime | None) -> Ticket:
        """Stores a new ticket under the next number; its own `number` is not looked at."""
        ...

    def change(self, tx: Transaction, before: Ticket, after: Ticket, look: datetime | None) -> bool:
        """Stores `after` if status and holder still are those of `before`; False means somebody else was first."""
        ...

    def get(self, tx: Transaction, ticket_id: str) -> Ticket | None: ...

    def locked(self, tx: Transaction, ticket_id: str) -> Ticket | None:
        """As `get`, and until the transaction ends nobody else changes it."""
        ...

    def open_one(self, tx: Transaction, conversation_id: str) -> Ticket | None: ...

    def last(self, tx: Transaction, conversation_id: str) -> Ticket | None: ...

    def open_ones(self, tx: Transaction) -> list[Ticket]:
        """In inbox order: priority, then longest waiting, then number. Lists of tickets come without `summary`."""
        ...

    def held(self, tx: Transaction, operator_id: str) -> list[Ticket]:
        """Open tickets claimed or snoozed by, or offered to an operator, in inbox order."""
        ...

    def holders(self, tx: Transaction) -> list[Assignee]:
        """Everybody who has tickets claimed, or put off while the customer waits."""
        ...

    def ahead(self, tx: Transaction, ticket: Ticket) -> int:
        """Waiting tickets of the same group before this one."""
        ...

    def due(self, tx: Transaction, now: datetime, limit: int) -> list[Ticket]:
        """Open tickets whose `look` has come, longest due first."""
        ...

    def apart(self, tx: Transaction) -> AbstractContextManager[object]:
        """What is done within is undone alone when it raises; the transaction goes on."""
        ...

    def put_off(self, tx: Transaction, ticket_id: str, look: datetime) -> None:
        """Nothing but the moment at which a sweep looks at it next."""
        ...

    def offerable(self, tx: Transaction, agents: Sequence[Agent], groups: Sequence[str], limit: int) -> list[Ticket]:
        """Queued tickets of these groups that fit agents of equal skills, langs and tier and that at least one of them
        has not declined, in inbox order."""
        ...

    def served(self, tx: Transaction, group: str, spans: Sequence[tuple[datetime, datetime]]) -> list[Served]:
        """First answers given in a group during the spans, newest first, at most 200."""
        ...


class Agents(Protocol):
    def all(self, tx: Transaction) -> list[Agent]:
        """Everybody who was ever at the desk, with load, by name."""
        ...

    def get(self, tx: Transaction, operator_id: str) -> Agent | None: ...

    def locked(self, tx: Transaction, operator_id: str) -> Agent | None:
        """As `get`, and until the transaction ends nobody else gives this agent work."""
        ...

    def save(self, tx: Transaction, agent: Agent) -> None:
        """Stores everything but `load`, which is counted, never stored."""
        ...

    def seen(self, tx: Transaction, operator_id: str, at: datetime) -> None:
        """A sign of life."""
        ...

    def given(self, tx: Transaction, operator_id: str, at: datetime) -> None:
        """New work: others, longer without, come first from now on."""
        ...

    def forget(self, tx: Transaction, operator_id: str) -> None: ...

    def lapsed(self, tx: Transaction, before: datetime) -> list[Agent]:
        """Who is not offline yet though last seen before a moment."""
        ...


class Policies(Protocol):
    def get(self, tx: Transaction) -> Policy: ...

    def save(self, tx: Transaction, policy: Policy, at: datetime, by: str) -> Policy | None:
        """Stores the policy as the next version; None when its `version` is not the stored one any more."""
        ...


class History(Protocol):
    def note(self, tx: Transaction, events: Iterable[Event]) -> None: ...

    def of(self, tx: Transaction, ticket_id: str) -> list[Event]: ...

    def audit(self, tx: Transaction, entry: AuditEntry) -> None: ...

    def entries(self, tx: Transaction, before: int | None, limit: int, actor: str, act: str) -> list[AuditEntry]:
        """Newest first, older than the entry `before`; empty `actor` and `act` mean all."""
        ...
