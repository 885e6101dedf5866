"""The desk's use cases: open, claim, give back, close and rate a ticket, inside the caller's transaction."""

from collections.abc import Callable
from datetime import datetime

from handoff.errors import AlreadyClaimed, AlreadyRated, NotYourTicket, TicketClosed, TicketUnknown
from handoff.model import Assignee, Outcome, Request, Status, Ticket
from handoff.ports import Tickets, Transaction


class Desk:
    """Keeps one rule above all: a conversation has at most one open ticket, and a ticket at most one assignee."""

    def __init__(self, tickets: Tickets, clock: Callable[[], datetime]) -> None:
        self._tickets = tickets
        self._clock = clock

    def open(self, tx: Transaction, request: Request) -> Ticket:
        """The conversation's open ticket; a new one when there was none."""
        return self.holding(tx, request.conversation_id) or self._tickets.add(tx, request, self._clock())

    def holding(self, tx: Transaction, conversation_id: str) -> Ticket | None:
        """The open ticket that takes the conversation away from the bot, if there is one."""
        return self._tickets.open_one(tx, conversation_id)

    def get(self, tx: Transaction, ticket_id: str) -> Ticket:
        """Raises TicketUnknown."""
        ticket = self._tickets.get(tx, ticket_id)
        if ticket is None:
            raise TicketUnknown
        return ticket

    def queue(self, tx: Transaction) -> list[Ticket]:
        """Every open ticket, longest waiting first."""
        return self._tickets.open_ones(tx)

    def position(self, tx: Transaction, ticket: Ticket) -> int | None:
        """Place in the queue, 1 = next; None once somebody has claimed it."""
        return self._tickets.ahead(tx, ticket) + 1 if ticket.status is Status.QUEUED else None

    def claim(self, tx: Transaction, ticket_id: str, assignee: Assignee) -> tuple[Ticket, bool]:
        """The ticket and whether it is newly claimed: claiming one's own ticket again changes nothing.

        Raises TicketUnknown, TicketClosed, AlreadyClaimed with the winner's name.
        """
        claimed = self._tickets.claim(tx, ticket_id, assignee, self._clock())
        if claimed is not None:
            return claimed, True
        ticket = self.get(tx, ticket_id)
        if ticket.assignee is None or not ticket.is_open:
            raise TicketClosed
        if ticket.assignee.id != assignee.id:
            raise AlreadyClaimed(ticket.assignee.name)
        return ticket, False

    def held_by(self, tx: Transaction, ticket_id: str, operator_id: str) -> Ticket:
        """The ticket if this operator may write in it. Raises TicketUnknown, TicketClosed, NotYourTicket."""
        ticket = self.get(tx, ticket_id)
        if not ticket.is_open:
            raise TicketClosed
        if ticket.assignee is None or ticket.assignee.id != operator_id:
            raise NotYourTicket
        return ticket

    def give_back(self, tx: Transaction, ticket_id: str, operator_id: str) -> Ticket:
        """Back to the queue at its old place. Raises as `held_by`."""
        self.held_by(tx, ticket_id, operator_id)
        ticket = self._tickets.unclaim(tx, ticket_id, operator_id)
        if ticket is None:
            raise NotYourTicket
        return ticket

    def close(self, tx: Transaction, ticket_id: str, outcome: Outcome) -> Ticket:
        """Raises TicketUnknown, TicketClosed."""
        closed = self._tickets.close(tx, ticket_id, outcome, self._clock())
        if closed is None:
            self.get(tx, ticket_id)
            raise TicketClosed
        return closed

    def rate(self, tx: Transaction, ticket_id: str, score: int) -> Ticket:
        """Rates a closed ticket once: 1 bad, 2 good, 3 excellent. Raises TicketUnknown, AlreadyRated."""
        rated = self._tickets.rate(tx, ticket_id, score)
        if rated is None:
            self.get(tx, ticket_id)
            raise AlreadyRated
        return rated
