"""What can be asked about tickets, agents and rules, and how a changed ticket is stored: ground of every use case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handoff import promise
from handoff.agenda import next_look
from handoff.errors import AlreadyClaimed, NotYourTicket, TicketClosed, TicketUnknown
from handoff.model import Agent, Assignee, AuditEntry, Event, Promise, Served, Ticket
from handoff.policy import Policy
from handoff.ports import Agents, History, Policies, Tickets, Transaction
from handoff.presence import shown
from handoff.routing import fits
from handoff.sla import hours_of, told_anew, warn_at

LATELY = timedelta(hours=4)
SAME_HOUR = timedelta(minutes=30)


class Reading:
    """Reads; changes nothing. Every method takes part in the caller's transaction."""

    def __init__(
        self, tickets: Tickets, agents: Agents, policies: Policies, history: History, clock: Callable[[], datetime]
    ) -> None:
        self._tickets, self._agents, self._policies, self._history = tickets, agents, policies, history
        self._clock = clock

    def holding(self, tx: Transaction, conversation_id: str) -> Ticket | None:
        """The open ticket that takes the conversation away from the bot, if there is one."""
        return self._tickets.open_one(tx, conversation_id)

    def bot_helps(self, tx: Transaction, ticket: Ticket) -> bool:
        """Whether the bot goes on answering meanwhile: the ticket waits and its group is closed now."""
        return ticket.waits and not hours_of(ticket, self.policy(tx)).open_at(self._clock())

    def get(self, tx: Transaction, ticket_id: str) -> Ticket:
        """Raises TicketUnknown."""
        ticket = self._tickets.get(tx, ticket_id)
        if ticket is None:
            raise TicketUnknown
        return ticket

    def last(self, tx: Transaction, conversation_id: str) -> Ticket | None:
        """The conversation's latest ticket, closed or not."""
        return self._tickets.last(tx, conversation_id)

    def queue(self, tx: Transaction) -> list[Ticket]:
        """Every open ticket in inbox order: priority, then longest waiting, then number; without their summaries."""
        return self._tickets.open_ones(tx)

    def held(self, tx: Transaction, operator_id: str) -> list[Ticket]:
        """What this operator has claimed, snoozed or is offered, in inbox order; without summaries."""
        return self._tickets.held(tx, operator_id)

    def position(self, tx: Transaction, ticket: Ticket) -> int | None:
        """Place among the waiting tickets of its group, 1 = next; None once somebody has claimed it."""
        return self._tickets.ahead(tx, ticket) + 1 if ticket.waits else None

    def promise(self, tx: Transaction, ticket: Ticket) -> Promise | None:
        """What its customer may be told now; None unless the ticket waits."""
        position = self.position(tx, ticket)
        if position is None:
            return None
        now, calendar = self._clock(), hours_of(ticket, self.policy(tx))
        if not calendar.open_at(now):
            return Promise(position, opens_at=calendar.next_open(now))
        agents = [agent for agent in self._agents.all(tx) if fits(agent, ticket)]
        outlook = promise.Outlook(position, agents, self._served(tx, ticket.group, now))
        return promise.expected(outlook, calendar, now)

    def warn_at(self, tx: Transaction, ticket: Ticket) -> datetime | None:
        """When operators are warned of the deadline `ticket.due`; None without one."""
        return None if ticket.due is None else warn_at(ticket, *ticket.due, self.policy(tx))

    def history(self, tx: Transaction, ticket_id: str) -> list[Event]:
        """What happened to a ticket, oldest first."""
        return self._history.of(tx, ticket_id)

    def policy(self, tx: Transaction) -> Policy:
        return self._policies.get(tx)

    def agents(self, tx: Transaction) -> list[Agent]:
        """Everybody who was ever at the desk, by name, with load and the presence that colleagues see."""
        now = self._clock()
        return [replace(agent, presence=shown(agent, now)) for agent in self._agents.all(tx)]

    def agent(self, tx: Transaction, operator_id: str) -> Agent | None:
        """One agent as `agents` shows them; None for who was never at the desk."""
        agent = self._agents.get(tx, operator_id)
        return None if agent is None else replace(agent, presence=shown(agent, self._clock()))

    def audit_entries(
        self, tx: Transaction, before: int | None = None, limit: int = 50, actor: str = "", act: str = ""
    ) -> list[AuditEntry]:
        """The audit log, newest first: entries older than `before`, of one actor or act if given."""
        return self._history.entries(tx, before, limit, actor, act)

    def held_by(self, tx: Transaction, ticket_id: str, operator_id: str) -> Ticket:
        """The ticket if this operator may write in it. Raises TicketUnknown, TicketClosed, NotYourTicket."""
        ticket = self._open(tx, ticket_id)
        if ticket.assignee is None or ticket.assignee.id != operator_id:
            raise NotYourTicket
        return ticket

    def _check_unlocked(self, tx: Transaction, ticket: Ticket, by: Assignee) -> None:
        """In a locked group only the assignee and leads change a ticket. Raises NotYourTicket."""
        mine = by.lead or (ticket.assignee is not None and ticket.assignee.id == by.id)
        if not mine and self.policy(tx).group(ticket.group).locked:
            raise NotYourTicket

    def _open(self, tx: Transaction, ticket_id: str) -> Ticket:
        """The open ticket, locked until the transaction ends. Raises TicketUnknown, TicketClosed."""
        ticket = self._any(tx, ticket_id)
        if not ticket.is_open:
            raise TicketClosed
        return ticket

    def _any(self, tx: Transaction, ticket_id: str) -> Ticket:
        ticket = self._tickets.locked(tx, ticket_id)
        if ticket is None:
            raise TicketUnknown
        return ticket

    def _save(self, tx: Transaction, before: Ticket, after: Ticket) -> Ticket:
        """Stores the change. Raises AlreadyClaimed, TicketClosed or NotYourTicket when somebody else was first."""
        after = told_anew(before, after)
        if self._tickets.change(tx, before, after, next_look(after, self.policy(tx))):
            return after
        found = self._open(tx, before.id)
        raise NotYourTicket if found.assignee is None else AlreadyClaimed(found.assignee.name)

    def _note(self, tx: Transaction, ticket: Ticket, actor: Assignee | None, act: str, **detail: Any) -> Ticket:
        """A line of the ticket's history; no actor: the product itself."""
        who, name = (actor.id, actor.name) if actor else ("", "")
        told = {key: value for key, value in detail.items() if value not in (None, "")}
        self._history.note(tx, [Event(ticket.id, self._clock(), who, name, act, told)])
        return ticket

    def _served(self, tx: Transaction, group: str, now: datetime) -> list[Served]:
        """Answers of the last hours; when they are too few, also those about this hour in the last week."""
        lately = [(now - LATELY, now)]
        served = self._tickets.served(tx, group, lately)
        if len(served) >= promise.KNOWN:
            return served
        days = [now - timedelta(days=day) for day in range(1, 8)]
        return self._tickets.served(tx, group, lately + [(day - SAME_HOUR, day + SAME_HOUR) for day in days])
