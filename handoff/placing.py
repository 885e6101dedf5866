"""Where a ticket goes: opened, claimed, taken from the bot, woken; caps are kept here."""

from dataclasses import replace
from datetime import datetime

from handoff import steps
from handoff.agenda import next_look
from handoff.errors import AgentUnavailable, AlreadyClaimed, AlreadyOffered, OverCap
from handoff.model import Agent, Assignee, Reason, Request, Status, Ticket
from handoff.ports import Transaction
from handoff.reading import Reading
from handoff.routing import free


class Placing(Reading):
    """Keeps one rule above all: a conversation has at most one open ticket, and a ticket at most one assignee."""

    def open(self, tx: Transaction, request: Request) -> Ticket:
        """The conversation's open ticket; a new one when there was none, with the promise its customer is told."""
        held = self.holding(tx, request.conversation_id)
        if held is not None:
            return held
        ticket = self._opened(tx, request)
        told = self.promise(tx, ticket)
        if told is None or told.latest is None:
            return ticket
        return self._save(tx, ticket, replace(ticket, promised_by=told.latest))

    def claim(self, tx: Transaction, ticket_id: str, assignee: Assignee) -> tuple[Ticket, bool]:
        """The ticket and whether it is newly claimed: claiming one's own ticket again changes nothing.

        Raises TicketUnknown, TicketClosed, AlreadyClaimed and AlreadyOffered with the winner's name, OverCap.
        """
        ticket = self._open(tx, ticket_id)
        if ticket.assignee is not None:
            if ticket.assignee.id != assignee.id:
                raise AlreadyClaimed(ticket.assignee.name)
            return ticket, False
        if ticket.offered_to is not None and ticket.offered_to.id != assignee.id:
            raise AlreadyOffered(ticket.offered_to.name)
        now = self._clock()
        self._take_slot(tx, assignee, now, reserved=ticket.offered_to is not None)
        claimed = self._save(tx, ticket, steps.given(ticket, assignee, self.policy(tx), now))
        return self._note(tx, claimed, assignee, "claimed"), True

    def take(self, tx: Transaction, request: Request, assignee: Assignee) -> Ticket:
        """An operator steps into a conversation that the bot holds: opens and claims. Raises as `claim`."""
        ticket = self.holding(tx, request.conversation_id)
        if ticket is None:
            ticket = self._opened(tx, replace(request, reason=Reason.TAKEN))
        return self.claim(tx, ticket.id, assignee)[0]

    def wake(self, tx: Transaction, ticket_id: str, by: Assignee) -> Ticket:
        """A snoozed ticket back to its assignee if they can take it, else to the queue, raised; others stay as they
        are. Raises TicketUnknown, TicketClosed, and NotYourTicket as `prioritise`."""
        ticket = self._open(tx, ticket_id)
        self._check_unlocked(tx, ticket, by)
        return self._woken(tx, ticket, by.name, self._clock())

    def _opened(self, tx: Transaction, request: Request) -> Ticket:
        policy, now = self.policy(tx), self._clock()
        ticket = steps.opened(request, policy, now)
        ticket = self._tickets.add(tx, ticket, next_look(ticket, policy))
        return self._note(tx, ticket, None, "opened", reason=request.reason.value, group=ticket.group)

    def _woken(self, tx: Transaction, ticket: Ticket, why: str, at: datetime) -> Ticket:
        if ticket.status is not Status.SNOOZED or ticket.assignee is None:
            return ticket
        policy = self.policy(tx)
        agent = self._agents.locked(tx, ticket.assignee.id)
        if agent is not None and free(agent, at):
            woken = steps.given(ticket, ticket.assignee, policy, at)
            self._agents.given(tx, agent.id, at)
        else:
            late = replace(ticket, queued_at=at)
            woken = steps.raised(steps.queued(late, policy, at), policy, at)
        to = "" if woken.assignee is None else woken.assignee.name
        return self._note(tx, self._save(tx, ticket, woken), None, "woke", why=why, note=ticket.snooze_note, to=to)

    def _take_slot(self, tx: Transaction, assignee: Assignee, at: datetime, reserved: bool = False) -> None:
        """Counts one more ticket against the assignee's cap; `reserved`: it counts already, as an offer.

        Raises OverCap.
        """
        agent = self._agents.locked(tx, assignee.id)
        if agent is None:
            # Works through the API, without a page of the desk: offline, alive by what they do.
            self._agents.save(tx, Agent(assignee.id, assignee.name, left_at=at))
            agent = self._agents.locked(tx, assignee.id)
        if agent is None or agent.load - reserved >= agent.cap:
            raise OverCap
        self._agents.seen(tx, assignee.id, at)
        self._agents.given(tx, assignee.id, at)

    def _free_agent(self, tx: Transaction, operator_id: str, at: datetime) -> Agent:
        """The agent if work can be given to them now. Raises AgentUnavailable."""
        agent = self._agents.locked(tx, operator_id)
        if agent is None or not free(agent, at):
            raise AgentUnavailable
        return agent
